"""How far results that should be equal differ."""

from collections.abc import Callable, Iterable, Sequence
from math import isclose, log10

import numpy as np
from numpy.typing import ArrayLike


def agreement(pairs: Iterable[tuple[ArrayLike, ArrayLike]], *, at_most: float = 1e-12) -> str:
    """The bound within which each pair of arrays is equal, as a formula: `$10^{-12}$`.

    What is shown is the bound that was checked, a power of ten, and not the difference that this machine happens to
    find: the last bits differ from processor to processor. 1e-12 leaves room for some thousand roundings of numbers
    near 1 (float64 has 16 digits); nan is beyond any bound.
    """
    exponent = round(log10(at_most))
    if not isclose(at_most, 10.0**exponent):
        raise ValueError(f"agreement: at_most must be a power of ten; got {at_most:g}.")
    largest = np.max([difference(ours, theirs) for ours, theirs in pairs])
    if not largest <= at_most:
        raise ArithmeticError(f"agreement: results must differ by at most {at_most:g}; got {largest:g}.")
    return f"$10^{{{exponent}}}$"


def difference(ours: ArrayLike, theirs: ArrayLike) -> float:
    """The largest difference of two arrays of one shape; equal infinities do not differ."""
    ours, theirs = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    if ours.shape != theirs.shape:
        raise ValueError(f"agreement: the arrays of a pair must have one shape; got {ours.shape} and {theirs.shape}.")
    with np.errstate(invalid="ignore"):
        return np.abs(ours - theirs).max(where=ours != theirs, initial=0)


def by_autograd(function: Callable, arrays: Sequence[np.ndarray], *upstream: np.ndarray) -> list[np.ndarray]:
    """What a function of PyTorch returns for these arrays, then its gradients with respect to each of them.

    `upstream` holds the gradient with respect to each result; without it, the gradient is that of the result's sum.
    """
    import torch

    leaves = [torch.tensor(array, dtype=torch.float64, requires_grad=True) for array in arrays]
    results = function(*leaves)
    results = results if isinstance(results, tuple) else (results,)
    weights = [torch.as_tensor(array) for array in upstream] or [torch.ones_like(result) for result in results]
    gradients = torch.autograd.grad(results, leaves, weights)
    return [tensor.detach().numpy() for tensor in (*results, *gradients)]

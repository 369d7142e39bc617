"""One table that names, for each public function of the mathematics, what it equals and how that is tried.

The rows stand in `oracle_<module>.py`, or `oracle_<package>__<part>.py`, as `ORACLES = {"function": Oracle(...)}`.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst


@dataclass(frozen=True)
class Oracle:
    """`ours(*arguments)` and `theirs(*arguments)` must agree, value by value, for all drawn arguments.

    `equal` is the name a reader would look up, or the reason why nothing equals the function; `theirs` is then an
    independent computation from the definition. Tolerances are absolute plus relative, as in `numpy.allclose`.
    `arguments` draws a tuple of positional arguments, or a dict of keyword arguments. Where a function does not take
    and return arrays, `call(function, *arguments)` calls it and gives what is to be compared.
    """

    equal: str
    theirs: Callable[..., Any]
    arguments: st.SearchStrategy
    rtol: float = 1e-9
    atol: float = 1e-12
    call: Callable[..., Any] = lambda function, *args, **kwargs: function(*args, **kwargs)


def table() -> dict[str, Oracle]:
    """All rows, by `module.function`."""
    rows = {}
    for path in sorted(Path(__file__).parent.glob("oracle_*.py")):
        module = path.stem.removeprefix("oracle_").partition("__")[0]
        oracles = importlib.import_module(path.stem).ORACLES
        rows |= {f"{module}.{name}": oracle for name, oracle in oracles.items()}
    return rows


def reals(bound: float = 1e3, **shape: Any) -> st.SearchStrategy[np.ndarray]:
    """float64 arrays of any small shape, the ends and both zeros included."""
    shapes = npst.array_shapes(**({"min_dims": 0, "max_dims": 3, "max_side": 4} | shape))
    return npst.arrays(np.float64, shapes, elements=st.floats(-bound, bound))


def drawn(shapes: dict[str, str], low: int = 1, high: int = 4, bound: float = 10, **more: st.SearchStrategy):
    """Keyword arguments: a float64 array for each name, whose axes of one name have one length, and `more`.

    `drawn({"x": "batch inputs", "weight": "outputs inputs"})` draws matrices that fit. `4·n` is four times `n`.
    """

    @st.composite
    def arguments(draw):
        lengths = {axis: draw(st.integers(low, high)) for spec in shapes.values() for axis in spec.split()}
        lengths |= {axis: 4 * lengths[axis[2:]] for axis in lengths if axis.startswith("4·")}
        numbers = st.floats(-bound, bound)
        arrays = {
            name: draw(npst.arrays(np.float64, [lengths[axis] for axis in spec.split()], elements=numbers))
            for name, spec in shapes.items()
        }
        return arrays | {name: draw(strategy) for name, strategy in more.items()}

    return arguments()


def backpropagated(function: Callable, *arrays: np.ndarray, upstream: Any = None) -> tuple[np.ndarray, ...]:
    """What autograd gives for each array, when `upstream` is the gradient with respect to what the function returns."""
    import torch

    leaves = [torch.as_tensor(array, dtype=torch.float64).detach().clone().requires_grad_() for array in arrays]
    output = function(*leaves)
    upstream = torch.ones_like(output) if upstream is None else torch.as_tensor(upstream)
    return tuple(gradient.numpy() for gradient in torch.autograd.grad(output, leaves, upstream))

"""Descent: follow an optimizer downhill, on one surface or on batches of data, and keep the path."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from dlref import _check
from dlref.optimizers._one_rate import Optimizer

__all__ = ["descend", "descend_batches", "mini_batches"]


def _walk(
    gradient: Callable, start: ArrayLike, optimizer: Optimizer, batches: Iterable
) -> Float[np.ndarray, "points *shape"]:
    """The start, and x after each batch."""
    _check.function("gradient", gradient)
    if not (isinstance(optimizer, tuple) and len(optimizer) == 2 and all(map(callable, optimizer))):
        raise _check.wrong_kind("optimizer", "be a pair (init, step), such as gradient_descent()", optimizer)
    (x,) = _check.alike(start=start)
    if not isinstance(batches, Iterable) or isinstance(batches, str) or getattr(batches, "ndim", 1) == 0:
        raise _check.wrong_kind("batches", "be a list", batches)

    init, step = optimizer
    path, state = [x], init(x)
    for batch in batches:
        x, state = step(x, gradient(x.copy(), batch), state)
        path.append(x)
    return np.stack(path)


def descend(
    gradient: Callable[[np.ndarray], ArrayLike], start: ArrayLike, optimizer: Optimizer, *, steps: int
) -> Float[np.ndarray, "{steps}+1 *shape"]:
    """Walk downhill from a start, one step of the optimizer at a time, and keep the path.

    Args:
        gradient: Gives the slope of the loss at x, in the shape of x.
        start: Where to start, an array of any shape.
        optimizer: A pair of `init` and `step`, such as `gradient_descent(learning_rate=0.1)`.
        steps: Number of steps, from 0.

    Returns:
        The path: the start, then x after each step.

    Raises:
        TypeError: If the gradient is no function, the optimizer no pair, or `steps` no integer.
        ValueError: If the start is empty, or a gradient has another shape than x.

    Examples:
        The loss x², whose slope is 2x: each step of rate 0.25 halves x.

        >>> from dlref.optimizers import descend
        >>> from dlref.optimizers import gradient_descent
        >>> path = descend(lambda x: 2 * x, [8.0, -4.0], gradient_descent(learning_rate=0.25), steps=3)
        >>> print(path)
        [[ 8.  -4. ]
         [ 4.  -2. ]
         [ 2.  -1. ]
         [ 1.  -0.5]]

        >>> from dlref.optimizers import descend
        >>> from dlref.optimizers import gradient_descent
        >>> print(descend(lambda x: 2 * x, [8.0, -4.0], gradient_descent(), steps=0))
        [[ 8. -4.]]

    References:
        The loop around any `torch.optim` optimizer. On the page: [Gradient descent][opt-gradient-descent].
    """
    steps, gradient = _check.integer("steps", steps, low=0), _check.function("gradient", gradient)

    return _walk(lambda x, _: gradient(x), start, optimizer, range(steps))


def descend_batches(
    gradient: Callable[[np.ndarray, Any], ArrayLike], start: ArrayLike, optimizer: Optimizer, *, batches: Iterable
) -> Float[np.ndarray, "points *shape"]:
    """Walk downhill, each step on the gradient of another batch of the data, and keep the path.

    Args:
        gradient: Gives the slope at x of the mean loss over one batch, `gradient(x, batch)`, in the shape of x.
        start: Where to start, an array of any shape.
        optimizer: A pair of `init` and `step`, such as `gradient_descent(learning_rate=0.1)`.
        batches: What to hand to `gradient`, one for each step, such as `mini_batches` gives.

    Returns:
        The path: the start, then x after each step.

    Raises:
        TypeError: If the gradient is no function or the optimizer no pair.
        ValueError: If the start is empty, or a gradient has another shape than x.

    Examples:
        The point with the least mean squared distance to four numbers is their mean, 4. Batches of two overshoot it.

        >>> import numpy as np
        >>> from dlref.optimizers import descend_batches
        >>> from dlref.optimizers import momentum
        >>> data = np.array([1.0, 2.0, 5.0, 8.0])
        >>> def gradient(x, batch):
        ...     return 2 * (x - data[batch]).mean(keepdims=True)
        >>> optimizer = momentum(learning_rate=0.25, momentum=0.5)
        >>> print(descend_batches(gradient, [0.0], optimizer, batches=[[0, 1], [2, 3], [1, 2]]).ravel())
        [0.    0.75  4.    5.375]

    References:
        Robbins and Monro, "A stochastic approximation method" (1951). On the page: [Other optimizers][opt-others].
    """
    return _walk(gradient, start, optimizer, batches)


def mini_batches(
    n: int, *, batch_size: int, rng: np.random.Generator, epochs: int = 1
) -> list[Int[np.ndarray, " batch"]]:
    """Deal n examples into batches, in a new random order each epoch; each example comes once an epoch.

    A `batch_size` of n gives batch gradient descent, 1 stochastic gradient descent, anything between mini-batches.

    Args:
        n: Number of examples, from 1.
        batch_size: Examples in a batch, from 1 to n; the last batch of an epoch may hold fewer.
        rng: Source of the order, such as `np.random.default_rng(0)`.
        epochs: Passes through all examples, from 1.

    Returns:
        The batches in order, each an array of row numbers from 0 to n - 1.

    Raises:
        TypeError: If `rng` is no generator, or another argument no integer.
        ValueError: If a number is out of range.

    Examples:
        >>> import numpy as np
        >>> from dlref.optimizers import mini_batches
        >>> for batch in mini_batches(5, batch_size=2, epochs=2, rng=np.random.default_rng(0)):
        ...     print(batch)
        [2 4]
        [3 0]
        [1]
        [4 1]
        [2 0]
        [3]

        One epoch, unless told otherwise, with all examples in one batch:

        >>> import numpy as np
        >>> from dlref.optimizers import mini_batches
        >>> print(mini_batches(5, batch_size=5, rng=np.random.default_rng(0)))
        [array([2, 4, 3, 0, 1])]

    References:
        Deals as `torch.utils.data.DataLoader` does with `shuffle=True`, in other random orders.
        On the page: [Other optimizers][opt-others].
    """
    n, epochs = _check.integer("n", n), _check.integer("epochs", epochs)
    batch_size = _check.integer("batch_size", batch_size)
    if batch_size > n:
        raise _check.wrong_value("batch_size", f"be an integer from 1 to n, {n}", batch_size)
    if not isinstance(rng, np.random.Generator):
        raise _check.wrong_kind("rng", "be a np.random.Generator", rng)

    orders = [rng.permutation(n) for _ in range(epochs)]
    return [order[i : i + batch_size] for order in orders for i in range(0, n, batch_size)]

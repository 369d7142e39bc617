"""Optimizers: rules that turn a gradient into new weights, and the descent that follows them.

A rule is a pair of functions without state of their own, so that every step can be looked at:

- `init(x)` gives the state to start with: what the rule remembers from step to step;
- `step(x, gradient, state)` gives the new x and the new state, and changes neither of the old ones.

In the formulas g is the gradient at x and η the learning rate. The defaults are those of `torch.optim`. A network calls
`init` and `step` for each of its arrays. Rules with a rate for each weight are in `dlref.adaptive_optimizers`.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from dlref import _check

__all__ = ["descend", "descend_batches", "gradient_descent", "mini_batches", "momentum", "nesterov"]

State = Any
Optimizer = tuple[Callable[[ArrayLike], State], Callable[[ArrayLike, ArrayLike, State], tuple[np.ndarray, State]]]


def _zeros(x: ArrayLike) -> Float[np.ndarray, "*shape"]:
    """A 0 for each weight."""
    return np.zeros_like(_check.not_empty("x", _check.floats("x", x)))


def gradient_descent(*, learning_rate: float = 0.001) -> Optimizer:
    r"""A step down the slope, as long as the slope is steep. On the gradients of mini-batches, this is SGD.

    $$x \leftarrow x - \eta\, g$$

    Args:
        learning_rate: η, over 0.

    Returns:
        `init` and `step`; there is nothing to remember.

    Raises:
        TypeError: If the rate is not a number; in `init` and `step`, if an array holds anything but real numbers.
        ValueError: If the rate is not over 0; in `init` and `step`, if arrays are empty or their shapes differ.

    Examples:
        >>> from dlref.optimizers import gradient_descent
        >>> init, step = gradient_descent(learning_rate=0.1)
        >>> x, state = step([1.0, -2.0], [4.0, -0.5], init([1.0, -2.0]))
        >>> print(x)
        [ 0.6  -1.95]

        >>> from dlref.optimizers import gradient_descent
        >>> try:
        ...     gradient_descent(learning_rate=0)
        ... except ValueError as error:
        ...     print(error)
        gradient_descent: learning_rate must be a finite number > 0; got 0.

    References:
        Cauchy, "Méthode générale pour la résolution des systèmes d'équations simultanées" (1847).
        Equals `torch.optim.SGD`. On the page: [Gradient descent][opt-gradient-descent].
    """
    learning_rate = _check.number("learning_rate", learning_rate, above=0)

    def init(x):
        _zeros(x)
        return ()

    def step(x, gradient, state):
        x, gradient = _check.alike(x=x, gradient=gradient)
        return x - learning_rate * gradient, state

    return init, step


def momentum(*, learning_rate: float = 0.001, momentum: float = 0.9) -> Optimizer:
    r"""Steps that build up speed: past gradients go on acting, each step a little less.

    $$v \leftarrow \mu\, v + g \qquad x \leftarrow x - \eta\, v$$

    Args:
        learning_rate: η, over 0.
        momentum: μ, the share of the velocity that is kept, from 0 to less than 1.

    Returns:
        `init` and `step`; the state is the velocity v, 0 at first.

    Raises:
        TypeError: If a hyperparameter is not a number; in `init` and `step`, if an array holds anything else.
        ValueError: If a hyperparameter is out of range; in `init` and `step`, if arrays are empty or shapes differ.

    Examples:
        On a constant slope the steps grow, in the end to 1/(1 - μ) times those of gradient descent.

        >>> from dlref.optimizers import momentum
        >>> init, step = momentum(learning_rate=0.1, momentum=0.5)
        >>> x, state = [1.0], init([1.0])
        >>> for gradient in [[2.0], [2.0], [-1.0]]:
        ...     x, state = step(x, gradient, state)
        ...     print(x.round(4), state)
        [0.8] [2.]
        [0.5] [3.]
        [0.45] [0.5]

    References:
        Polyak, "Some methods of speeding up the convergence of iteration methods" (1964). Equals `torch.optim.SGD` with
        `momentum`. Others put η into the velocity, which differs once the rate changes on the way.
        On the page: [Other optimizers][opt-others].
    """
    learning_rate = _check.number("learning_rate", learning_rate, above=0)
    momentum = _check.number("momentum", momentum, low=0, below=1)

    def init(x):
        return _zeros(x)

    def step(x, gradient, velocity):
        x, gradient = _check.alike(x=x, gradient=gradient)
        velocity = momentum * velocity + gradient
        return x - learning_rate * velocity, velocity

    return init, step


def nesterov(*, learning_rate: float = 0.001, momentum: float = 0.9) -> Optimizer:
    r"""Momentum that looks ahead: the step adds to the gradient the velocity that it leads to.

    $$v \leftarrow \mu\, v + g \qquad x \leftarrow x - \eta\,(g + \mu\, v)$$

    Args:
        learning_rate: η, over 0.
        momentum: μ, the share of the velocity that is kept, from 0 to less than 1.

    Returns:
        `init` and `step`; the state is the velocity v, 0 at first.

    Raises:
        TypeError: If a hyperparameter is not a number; in `init` and `step`, if an array holds anything else.
        ValueError: If a hyperparameter is out of range; in `init` and `step`, if arrays are empty or shapes differ.

    Examples:
        >>> from dlref.optimizers import nesterov
        >>> init, step = nesterov(learning_rate=0.1, momentum=0.5)
        >>> x, state = [1.0], init([1.0])
        >>> for gradient in [[2.0], [2.0], [-1.0]]:
        ...     x, state = step(x, gradient, state)
        ...     print(x.round(4), state)
        [0.7] [2.]
        [0.35] [3.]
        [0.425] [0.5]

    References:
        Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k²)" (1983), in the form
        of Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML (2013). Equals
        `torch.optim.SGD` with `nesterov=True`. On the page: [Other optimizers][opt-others].
    """
    learning_rate = _check.number("learning_rate", learning_rate, above=0)
    momentum = _check.number("momentum", momentum, low=0, below=1)

    def init(x):
        return _zeros(x)

    def step(x, gradient, velocity):
        x, gradient = _check.alike(x=x, gradient=gradient)
        velocity = momentum * velocity + gradient
        return x - learning_rate * (gradient + momentum * velocity), velocity

    return init, step


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

    References:
        Deals as `torch.utils.data.DataLoader` does with `shuffle=True`, in other random orders.
        On the page: [Other optimizers][opt-others].
    """
    n = _check.integer("n", n)
    batch_size = _check.integer("batch_size", batch_size)
    epochs = _check.integer("epochs", epochs)
    if not isinstance(rng, np.random.Generator):
        raise _check.wrong_kind("rng", "be a np.random.Generator", rng)
    if batch_size > n:
        raise _check.wrong_value("batch_size", f"be at most n, {n}", batch_size)

    orders = [rng.permutation(n) for _ in range(epochs)]
    return [order[i : i + batch_size] for order in orders for i in range(0, n, batch_size)]


def _walk(gradient: Callable, start: ArrayLike, optimizer: Optimizer, batches: Iterable) -> np.ndarray:
    """The start, and x after each batch."""
    if not callable(gradient):
        raise _check.wrong_kind("gradient", "be a function", gradient)
    if not (isinstance(optimizer, tuple) and len(optimizer) == 2 and all(map(callable, optimizer))):
        raise _check.wrong_kind("optimizer", "be a pair (init, step), such as gradient_descent()", optimizer)
    (x,) = _check.alike(start=start)

    init, step = optimizer
    path, state = [x], init(x)
    for batch in batches:
        x, state = step(x, gradient(x, batch), state)
        path.append(x)
    return np.stack(path)


def descend(
    gradient: Callable[[np.ndarray], ArrayLike], start: ArrayLike, optimizer: Optimizer, *, steps: int
) -> Float[np.ndarray, "steps+1 *shape"]:
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

        >>> from dlref.optimizers import descend, gradient_descent
        >>> path = descend(lambda x: 2 * x, [8.0, -4.0], gradient_descent(learning_rate=0.25), steps=3)
        >>> print(path)
        [[ 8.  -4. ]
         [ 4.  -2. ]
         [ 2.  -1. ]
         [ 1.  -0.5]]

        >>> from dlref.optimizers import descend, gradient_descent
        >>> try:
        ...     descend(lambda x: 2 * x, [8.0, -4.0], gradient_descent, steps=3)
        ... except TypeError as error:
        ...     print(str(error).split(";")[0])
        descend: optimizer must be a pair (init, step), such as gradient_descent()

    References:
        The loop around any `torch.optim` optimizer. On the page: [Gradient descent][opt-gradient-descent].
    """
    steps = _check.integer("steps", steps, low=0)

    return _walk(lambda x, _: gradient(x), start, optimizer, range(steps))


def descend_batches(
    gradient: Callable[[np.ndarray, Any], ArrayLike], start: ArrayLike, optimizer: Optimizer, *, batches: Iterable
) -> Float[np.ndarray, "steps+1 *shape"]:
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
        The point with the least mean squared distance to four numbers is their mean, 4. Batches of two pull it about.

        >>> import numpy as np
        >>> from dlref.optimizers import descend_batches, gradient_descent
        >>> data = np.array([1.0, 2.0, 5.0, 8.0])
        >>> def gradient(x, batch):
        ...     return 2 * (x - data[batch]).mean(keepdims=True)
        >>> path = descend_batches(gradient, [0.0], gradient_descent(learning_rate=0.25), batches=[[0, 1], [2, 3]])
        >>> print(path.ravel())
        [0.    0.75  3.625]

    References:
        Robbins and Monro, "A stochastic approximation method" (1951). On the page: [Other optimizers][opt-others].
    """
    return _walk(gradient, start, optimizer, batches)

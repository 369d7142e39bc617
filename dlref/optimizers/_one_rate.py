"""Optimizers with one learning rate for all weights."""

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from dlref import _check

__all__ = ["gradient_descent", "momentum", "nesterov"]

State = Any
Optimizer = tuple[Callable[[ArrayLike], State], Callable[[ArrayLike, ArrayLike, State], tuple[np.ndarray, State]]]


_RANGES = {"learning_rate": {"above": 0}, "eps": {"above": 0}, "weight_decay": {"low": 0}}


def _checked(**hyperparameters: float) -> list[float]:
    """The hyperparameters, each in its range; one that is not listed is a share, from 0 to less than 1."""
    share = {"low": 0, "below": 1}
    return [_check.number(name, value, **_RANGES.get(name, share)) for name, value in hyperparameters.items()]


def _zeros(x: ArrayLike) -> Float[np.ndarray, "*shape"]:
    """A 0 for each weight."""
    return np.zeros_like(_check.not_empty("x", _check.floats("x", x)))


def _stepped(x: ArrayLike, gradient: ArrayLike, *state: ArrayLike) -> list[np.ndarray]:
    """The arrays of a step, its state among them, all of one shape."""
    x, gradient = _check.alike(x=x, gradient=gradient)
    parts = [_check.floats("state", part) for part in state]
    for part in parts:
        _check.same_shape(x=x, state=part)
    return [x, gradient, *parts]


def _parts(state: State, count: int) -> State:
    """The state, if it has so many parts."""
    if not isinstance(state, tuple | list) or len(state) != count:
        raise _check.wrong_kind("state", "be what init or the step before gave", state)
    return state


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
        >>> init, step = gradient_descent()
        >>> x, state = step([1.0, -2.0], [40.0, -5.0], init([1.0, -2.0]))
        >>> print(x)
        [ 0.96  -1.995]

        It lowers a loss, here $x_1^2 + 10\,x_2^2$.

        >>> from dlref.optimizers import descend, gradient_descent
        >>> path = descend(lambda x: x * [2, 20], [3.0, 1.0], gradient_descent(learning_rate=0.02), steps=100)
        >>> print((path**2 @ [1, 10])[[0, 50, 100]].round(3).tolist())
        [19.0, 0.152, 0.003]

    References:
        Cauchy, "Méthode générale pour la résolution des systèmes d'équations simultanées" (1847).
        Equals `torch.optim.SGD`. On the page: [Gradient descent][opt-gradient-descent].
    """
    (learning_rate,) = _checked(learning_rate=learning_rate)

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
        >>> init, step = momentum()
        >>> x, state = [1.0], init([1.0])
        >>> for gradient in [[20.0], [20.0], [-10.0]]:
        ...     x, state = step(x, gradient, state)
        ...     print(x.round(4), state)
        [0.98] [20.]
        [0.942] [38.]
        [0.9178] [24.2]

        It lowers a loss, here $x_1^2 + 10\,x_2^2$.

        >>> from dlref.optimizers import descend, momentum
        >>> path = descend(lambda x: x * [2, 20], [3.0, 1.0], momentum(learning_rate=0.02), steps=100)
        >>> print((path**2 @ [1, 10])[[0, 50, 100]].round(3).tolist())
        [19.0, 0.044, 0.0]

    References:
        Polyak, "Some methods of speeding up the convergence of iteration methods" (1964). Equals `torch.optim.SGD` with
        `momentum`. Others put η into the velocity, which differs once the rate changes on the way.
        On the page: [Other optimizers][opt-others].
    """
    learning_rate, momentum = _checked(learning_rate=learning_rate, momentum=momentum)

    def init(x):
        return _zeros(x)

    def step(x, gradient, velocity):
        x, gradient, velocity = _stepped(x, gradient, velocity)
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
        >>> init, step = nesterov()
        >>> x, state = [1.0], init([1.0])
        >>> for gradient in [[20.0], [20.0], [-10.0]]:
        ...     x, state = step(x, gradient, state)
        ...     print(x.round(5), state)
        [0.962] [20.]
        [0.9078] [38.]
        [0.89602] [24.2]

        It lowers a loss, here $x_1^2 + 10\,x_2^2$.

        >>> from dlref.optimizers import descend, nesterov
        >>> path = descend(lambda x: x * [2, 20], [3.0, 1.0], nesterov(learning_rate=0.02), steps=100)
        >>> print((path**2 @ [1, 10])[[0, 50, 100]].round(3).tolist())
        [19.0, 0.006, 0.0]

    References:
        Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k²)" (1983), in the form
        of Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML (2013). Equals
        `torch.optim.SGD` with `nesterov=True`. On the page: [Other optimizers][opt-others].
    """
    learning_rate, momentum = _checked(learning_rate=learning_rate, momentum=momentum)

    def init(x):
        return _zeros(x)

    def step(x, gradient, velocity):
        x, gradient, velocity = _stepped(x, gradient, velocity)
        velocity = momentum * velocity + gradient
        return x - learning_rate * (gradient + momentum * velocity), velocity

    return init, step

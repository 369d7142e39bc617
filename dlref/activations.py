"""Activation functions and their derivatives.

Each takes numbers or arrays of any shape and returns the same shape. float32 stays float32; integers become float64.
The derivative of `f` is `f_gradient`. The softmax, which does not work on each number alone, is in `dlref.softmax`.

Examples:
    All of them keep float32:

    >>> import numpy as np
    >>> from dlref import activations
    >>> print({getattr(activations, name)(np.float32([0.5])).dtype.name for name in activations.__all__})
    {'float32'}
"""

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from dlref import _check

__all__ = [
    "leaky_relu",
    "leaky_relu_gradient",
    "logit",
    "relu",
    "relu_gradient",
    "sigmoid",
    "sigmoid_gradient",
    "tanh",
    "tanh_gradient",
]

# NumPy gives one number for one number.
Values = Float[np.ndarray, "*shape"] | np.floating


def sigmoid(x: ArrayLike) -> Values:
    r"""Map any real number into (0, 1): large negative to 0, zero to one half, large positive to 1.

    $$S(x) = \frac{1}{1 + e^{-x}}$$

    Args:
        x: Real numbers of any shape, each from -∞ to ∞; a logit (log-odds) where the result is read as a probability.

    Returns:
        Values from 0 to 1 in the shape of `x`. In floating point the ends are reached: `sigmoid(40.0)` is 1.

    Raises:
        TypeError: If `x` holds anything but real numbers.

    Examples:
        >>> from dlref.activations import sigmoid
        >>> print(sigmoid([-2, 0, 0.5, 2]).round(4))
        [0.1192 0.5    0.6225 0.8808]

        The formula as it stands overflows for large negative x; this does not.

        >>> from dlref.activations import sigmoid
        >>> print(sigmoid(-1000.0), sigmoid(1000.0))
        0.0 1.0

    References:
        Equals `torch.sigmoid` and `scipy.special.expit`. On the page: [The sigmoid][clf-sigmoid].
    """
    x = _check.floats("x", x)

    # e^-|x| cannot overflow; for x < 0, S(x) = e^x / (1 + e^x).
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def sigmoid_gradient(x: ArrayLike) -> Values:
    r"""Slope of the sigmoid: largest at 0, where it is one quarter, and next to nothing beyond ±6.

    $$S'(x) = S(x)\,(1 - S(x))$$

    Args:
        x: Real numbers of any shape.

    Returns:
        Values from 0 to 0.25 in the shape of `x`.

    Raises:
        TypeError: If `x` holds anything but real numbers.

    Examples:
        >>> from dlref.activations import sigmoid_gradient
        >>> print(sigmoid_gradient([-6, 0, 6]).round(4))
        [0.0025 0.25   0.0025]

        Far out it is next to nothing, and no overflow.

        >>> from dlref.activations import sigmoid_gradient
        >>> print(sigmoid_gradient([-800.0, 800.0]))
        [0. 0.]

    References:
        Equals the gradient that `torch.sigmoid` passes back. On the page: [The sigmoid][clf-sigmoid].
    """
    x = _check.floats("x", x)

    # S(x) S(-x) with e^-|x| in both; 1 - S(x) would round to 0 for large x.
    small = np.exp(-np.abs(x))
    return small / (1 + small) ** 2


def logit(p: ArrayLike) -> Values:
    r"""Log-odds of a probability: the inverse of the sigmoid.

    $$\operatorname{logit}(p) = \ln\frac{p}{1 - p}$$

    Args:
        p: Probabilities of any shape, from 0 to 1.

    Returns:
        Real numbers in the shape of `p`; -∞ at 0 and ∞ at 1.

    Raises:
        TypeError: If `p` holds anything but real numbers.
        ValueError: If a value lies outside [0, 1].

    Examples:
        >>> from dlref.activations import logit, sigmoid
        >>> print(logit([0.1, 0.5, 0.9]).round(4))
        [-2.1972  0.      2.1972]
        >>> print(sigmoid(logit([0.1, 0.5, 0.9])).round(4))
        [0.1 0.5 0.9]

        It is exact near one half, where the two logarithms cancel.

        >>> from dlref.activations import logit
        >>> print(f"{logit(0.5001):.13e} {logit(0.4):.6f} {logit(0.7):.6f} {logit(1e-20):.6f}")
        4.0000000533329e-04 -0.405465 0.847298 -46.051702

        The ends have infinite log-odds.

        >>> from dlref.activations import logit
        >>> print(logit([0, 1]))
        [-inf  inf]

        A percentage is no probability.

        >>> from dlref.activations import logit
        >>> try:
        ...     logit(73)
        ... except ValueError as error:
        ...     print(error)
        logit: p must lie in [0, 1]; got 73.0.

    References:
        Equals `torch.logit` and `scipy.special.logit`, except that those return nan outside [0, 1] where this raises.
        On the page: [The logit][clf-logit].
    """
    p = _check.probabilities("p", p)

    with np.errstate(divide="ignore"):
        # Near one half the two logarithms cancel; 2p - 1 is exact there.
        return np.where(np.abs(p - 0.5) < 0.25, np.log1p((2 * p - 1) / (1 - p)), np.log(p) - np.log1p(-p))[()]


def relu(x: ArrayLike) -> Values:
    r"""Rectified linear unit: positive numbers pass, all others become 0.

    $$\operatorname{relu}(x) = \max(0, x)$$

    Args:
        x: Real numbers of any shape.

    Returns:
        Values from 0 to ∞ in the shape of `x`.

    Raises:
        TypeError: If `x` holds anything but real numbers.

    Examples:
        >>> from dlref.activations import relu
        >>> print(relu([-3, 0, 0.5, 2]))
        [0.  0.  0.5 2. ]

    References:
        Nair and Hinton (2010), *Rectified linear units improve restricted Boltzmann machines*. Equals
        `torch.nn.functional.relu`. On the page: [ReLU][act-relu].
    """
    x = _check.floats("x", x)

    return np.maximum(x, 0)


def relu_gradient(x: ArrayLike) -> Values:
    r"""Slope of the rectified linear unit: 1 for positive numbers, 0 for all others.

    $$\operatorname{relu}'(x) = \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}$$

    Args:
        x: Real numbers of any shape.

    Returns:
        0 or 1, in the shape of `x`. At 0, where the function has a corner, 0 is taken.

    Raises:
        TypeError: If `x` holds anything but real numbers.

    Examples:
        >>> from dlref.activations import relu_gradient
        >>> print(relu_gradient([-3, 0, 0.5, 2]))
        [0. 0. 1. 1.]

    References:
        Equals the gradient that `torch.nn.functional.relu` passes back. On the page: [ReLU][act-relu].
    """
    x = _check.floats("x", x)

    return (x > 0).astype(x.dtype)


def leaky_relu(x: ArrayLike, *, negative_slope: float = 0.01) -> Values:
    r"""A rectified linear unit that lets a little of each negative number through.

    $$\operatorname{leaky}(x) = \begin{cases} x & x > 0 \\ \alpha x & x \le 0 \end{cases}$$

    Args:
        x: Real numbers of any shape.
        negative_slope: The slope α left of 0, from 0 (then it is the ReLU) to 1 (then it is a line).

    Returns:
        Real numbers in the shape of `x`.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If `negative_slope` lies outside [0, 1].

    Examples:
        >>> from dlref.activations import leaky_relu
        >>> print(leaky_relu([-3, 0, 0.5, 2]), leaky_relu(-3, negative_slope=0.2).round(4))
        [-0.03  0.    0.5   2.  ] -0.6

        With the slope 0 it is the plain one.

        >>> from dlref.activations import leaky_relu
        >>> print(leaky_relu([float("-inf"), -1, 0.5, float("inf")], negative_slope=0))
        [0.  0.  0.5 inf]

        A slope above 1 would bend the line the wrong way.

        >>> from dlref.activations import leaky_relu
        >>> try:
        ...     leaky_relu(-3, negative_slope=2)
        ... except ValueError as error:
        ...     print(error)
        leaky_relu: negative_slope must be a finite number >= 0 and <= 1; got 2.

    References:
        Maas, Hannun and Ng (2013), *Rectifier nonlinearities improve neural network acoustic models*. Equals
        `torch.nn.functional.leaky_relu`, which takes any slope. On the page: [Leaky ReLU][act-leaky].
    """
    x = _check.floats("x", x)
    negative_slope = _check.number("negative_slope", negative_slope, low=0, high=1)

    # The slope 0 apart, since 0 · ∞ is nan.
    return np.maximum(x, negative_slope * x if negative_slope else 0)


def leaky_relu_gradient(x: ArrayLike, *, negative_slope: float = 0.01) -> Values:
    r"""Slope of the leaky rectified linear unit: never 0, so that no unit stops learning.

    $$\operatorname{leaky}'(x) = \begin{cases} 1 & x > 0 \\ \alpha & x \le 0 \end{cases}$$

    Args:
        x: Real numbers of any shape.
        negative_slope: The slope α left of 0, from 0 to 1.

    Returns:
        α or 1, in the shape of `x`. At 0, where the function has a corner, α is taken.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If `negative_slope` lies outside [0, 1].

    Examples:
        >>> from dlref.activations import leaky_relu_gradient
        >>> print(leaky_relu_gradient([-3, 0, 0.5, 2]), leaky_relu_gradient(-3, negative_slope=0.2))
        [0.01 0.01 1.   1.  ] 0.2

    References:
        Equals the gradient that `torch.nn.functional.leaky_relu` passes back. On the page: [Leaky ReLU][act-leaky].
    """
    x = _check.floats("x", x)
    negative_slope = _check.number("negative_slope", negative_slope, low=0, high=1)

    return np.where(x > 0, 1, negative_slope).astype(x.dtype)


def tanh(x: ArrayLike) -> Values:
    r"""Hyperbolic tangent: map any real number into (-1, 1), zero to zero.

    $$\tanh(x) = \frac{e^x - e^{-x}}{e^x + e^{-x}} = 2\,S(2x) - 1$$

    Args:
        x: Real numbers of any shape.

    Returns:
        Values from -1 to 1 in the shape of `x`. In floating point the ends are reached: `tanh(20.0)` is 1.

    Raises:
        TypeError: If `x` holds anything but real numbers.

    Examples:
        >>> from dlref.activations import sigmoid, tanh
        >>> print(tanh([-1, 0, 0.5]).round(4), tanh(1000.0))
        [-0.7616  0.      0.4621] 1.0
        >>> print((2 * sigmoid(2 * 0.5) - 1).round(4))
        0.4621

    References:
        Equals `torch.tanh` and `numpy.tanh`, which it is. On the page: [Tanh][act-tanh].
    """
    x = _check.floats("x", x)

    return np.tanh(x)


def tanh_gradient(x: ArrayLike) -> Values:
    r"""Slope of the hyperbolic tangent: 1 at 0, and next to nothing beyond ±4.

    $$\tanh'(x) = 1 - \tanh^2(x)$$

    Args:
        x: Real numbers of any shape.

    Returns:
        Values from 0 to 1 in the shape of `x`.

    Raises:
        TypeError: If `x` holds anything but real numbers.

    Examples:
        >>> from dlref.activations import tanh_gradient
        >>> print(tanh_gradient([-4, 0, 1]).round(4))
        [0.0013 1.     0.42  ]

        Far out it is 0, although twice as much is more than a float holds.

        >>> from dlref.activations import tanh_gradient
        >>> print(tanh_gradient(1e308))
        0.0

    References:
        Equals the gradient that `torch.tanh` passes back. On the page: [Tanh][act-tanh].
    """
    x = _check.floats("x", x)

    # The same as 1 - tanh², which would round to 0 for large x.
    with np.errstate(over="ignore"):
        return 4 * sigmoid_gradient(2 * x)


# For callers that name an activation: the function and its derivative.
BY_NAME = {
    "identity": (np.positive, np.ones_like),
    "leaky_relu": (leaky_relu, leaky_relu_gradient),
    "relu": (relu, relu_gradient),
    "sigmoid": (sigmoid, sigmoid_gradient),
    "tanh": (tanh, tanh_gradient),
}

"""Activation functions and their derivatives.

Each takes numbers or arrays of any shape and returns the same shape. float32 stays float32; integers become float64.
The derivative of `f` is `f_gradient`.
"""

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from dlref import _check

__all__ = ["logit", "sigmoid", "sigmoid_gradient"]


def sigmoid(x: ArrayLike) -> Float[np.ndarray, "*shape"]:
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
        >>> print(sigmoid([-2, 0, 2]).round(4))
        [0.1192 0.5    0.8808]

        The formula as it stands overflows for large negative x; this does not.

        >>> from dlref.activations import sigmoid
        >>> print(sigmoid(-1000.0), sigmoid(1000.0))
        0.0 1.0

        Text is refused.

        >>> from dlref.activations import sigmoid
        >>> try:
        ...     sigmoid("2")
        ... except TypeError as error:
        ...     print(error)
        sigmoid: x must hold real numbers; got str '2'.

    References:
        Equals `torch.sigmoid` and `scipy.special.expit`. On the page: [The sigmoid][clf-sigmoid].
    """
    x = _check.floats("x", x)

    # e^-|x| cannot overflow; for x < 0, S(x) = e^x / (1 + e^x).
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def sigmoid_gradient(x: ArrayLike) -> Float[np.ndarray, "*shape"]:
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

    References:
        Equals the gradient that `torch.sigmoid` passes back. On the page: [The sigmoid][clf-sigmoid].
    """
    x = _check.floats("x", x)

    # S(-x) instead of 1 - S(x), which would round to 0 for large x.
    return sigmoid(x) * sigmoid(-x)


def logit(p: ArrayLike) -> Float[np.ndarray, "*shape"]:
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
        return np.log(p) - np.log1p(-p)

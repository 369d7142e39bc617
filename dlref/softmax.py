"""The softmax, its logarithm and its derivative, along the last axis of an array of scores.

float32 stays float32; integers become float64.
"""

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from dlref import _check

__all__ = ["log_softmax", "softmax", "softmax_gradient"]


def softmax(logits: ArrayLike, *, temperature: float = 1.0) -> Float[np.ndarray, "*batch classes"]:
    r"""Turn scores into probabilities that sum to 1 along the last axis; the largest score takes the most.

    $$\operatorname{softmax}(z)_i = \frac{e^{z_i / T}}{\sum_j e^{z_j / T}}$$

    Args:
        logits: Scores z, finite or -∞ for a class that is left out; the last axis runs over the classes.
        temperature: T > 0. Below 1 it sharpens the distribution, above 1 it evens it out.

    Returns:
        Probabilities from 0 to 1 in the shape of `logits`.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If `logits` is a single number, empty, nan or ∞, if a row leaves out all classes, or if
            `temperature` is not positive.

    Examples:
        >>> from dlref.softmax import softmax
        >>> print(softmax([1, 4, 2, 3]).round(4))
        [0.0321 0.6439 0.0871 0.2369]
        >>> print(softmax([[1, 4, 2, 3], [0, 0, 0, 0]], temperature=2).round(4))
        [[0.1015 0.4551 0.1674 0.276 ]
         [0.25   0.25   0.25   0.25  ]]

        Adding the same number to every score changes nothing, and large scores do not overflow.

        >>> from dlref.softmax import softmax
        >>> print(softmax([[1001, 1004, 1002, 1003], [1, 4, 2, 3]]).round(4))
        [[0.0321 0.6439 0.0871 0.2369]
         [0.0321 0.6439 0.0871 0.2369]]

        A score of -∞ masks a class: the others share what it had.

        >>> from dlref.softmax import softmax
        >>> print(softmax([1, float("-inf"), 2, 3]).round(4))
        [0.09   0.     0.2447 0.6652]

        At temperature 0 the quotient is undefined; what it tends to is the `argmax`.

        >>> import numpy as np
        >>> from dlref.softmax import softmax
        >>> print(softmax(np.float32([1, 4]), temperature=1e-50), softmax(np.float32([1, 4]), temperature=1e300))
        [0. 1.] [0.5 0.5]

    References:
        Bridle (1990), *Probabilistic interpretation of feedforward classification network outputs*. Equals
        `torch.softmax(logits / temperature, dim=-1)` and `scipy.special.softmax`. On the page: [Softmax][act-softmax].
    """
    return np.exp(_log_of_softmax(*_checked(logits, temperature)))


def log_softmax(logits: ArrayLike, *, temperature: float = 1.0) -> Float[np.ndarray, "*batch classes"]:
    r"""Logarithm of the softmax, exact where the softmax itself has rounded to 0.

    $$\ln \operatorname{softmax}(z)_i = \frac{z_i}{T} - \ln \sum_j e^{z_j / T}$$

    Args:
        logits: Scores z, finite or -∞ for a class that is left out; the last axis runs over the classes.
        temperature: T > 0.

    Returns:
        Log-probabilities in nats, from -∞ to 0, in the shape of `logits`.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If `logits` is a single number, empty, nan or ∞, if a row leaves out all classes, or if
            `temperature` is not positive.

    Examples:
        >>> from dlref.softmax import log_softmax, softmax
        >>> print(log_softmax([1, 4, 2, 3]).round(4), log_softmax([1, 4], temperature=2).round(4))
        [-3.4402 -0.4402 -2.4402 -1.4402] [-1.7014 -0.2014]
        >>> print(softmax([1000, 0]), log_softmax([[1000, 0], [0, 2000]]))
        [1. 0.] [[    0. -1000.]
         [-2000.     0.]]

        It also keeps how near to 0 it is where the softmax has rounded to 1.

        >>> from dlref.softmax import log_softmax
        >>> print(*(f"{value:.4e}" for value in log_softmax([50, 0])))
        -1.9287e-22 -5.0000e+01

    References:
        Equals `torch.log_softmax(logits / temperature, dim=-1)`. On the page: [Softmax][act-softmax].
    """
    return _log_of_softmax(*_checked(logits, temperature))


def softmax_gradient(logits: ArrayLike, *, temperature: float = 1.0) -> Float[np.ndarray, "*batch classes classes"]:
    r"""Jacobian of the softmax: how each probability answers to each score. Each row and each column sums to 0.

    $$\frac{\partial p_i}{\partial z_j} = \frac{p_i\,(\delta_{ij} - p_j)}{T}
    \qquad p = \operatorname{softmax}(z),\quad \delta_{ij} = 1 \text{ if } i = j \text{, else } 0$$

    Args:
        logits: Scores z, finite or -∞ for a class that is left out; the last axis runs over the classes.
        temperature: T > 0.

    Returns:
        A matrix for each set of scores: row i, column j holds ∂pᵢ/∂zⱼ. Symmetric.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If `logits` is a single number, empty, nan or ∞, if a row leaves out all classes, or if
            `temperature` is not positive.

    Examples:
        >>> from dlref.softmax import softmax_gradient
        >>> print(softmax_gradient([1, 4, 2], temperature=2).round(4))
        [[ 0.0603 -0.0441 -0.0162]
         [-0.0441  0.1167 -0.0727]
         [-0.0162 -0.0727  0.0889]]

        Two classes at temperature 1: the derivative of the sigmoid, with both signs. float32 stays float32.

        >>> import numpy as np
        >>> from dlref.softmax import softmax_gradient
        >>> jacobian = softmax_gradient(np.float32([0, 0]))
        >>> print(jacobian, jacobian.dtype)
        [[ 0.25 -0.25]
         [-0.25  0.25]] float32

    References:
        Equals `torch.autograd.functional.jacobian` of `torch.softmax`. On the page: [Softmax][act-softmax].
    """
    logits, temperature = _checked(logits, temperature)

    p = np.exp(_log_of_softmax(logits, temperature))
    return _over(p[..., :, None] * (np.eye(p.shape[-1], dtype=p.dtype) - p[..., None, :]), temperature)


def _log_of_softmax(logits: np.ndarray, temperature: float) -> np.ndarray:
    """The logarithm of the softmax, without checks: a row with inf or nan, or of nothing but -inf, becomes nan."""
    # Shifted so that the largest is 0: no exponential overflows.
    top = logits.argmax(axis=-1, keepdims=True)
    with np.errstate(over="ignore", invalid="ignore"):
        z = _over(logits - np.take_along_axis(logits, top, axis=-1), temperature)
        others = np.exp(z)
        # ln(1 + others) keeps what the others have even where 1 + others rounds to 1.
        np.put_along_axis(others, top, 0, axis=-1)
        return z - np.log1p(others.sum(axis=-1, keepdims=True))


def _over(array: np.ndarray, temperature: float) -> np.ndarray:
    """array / temperature, which may be beyond float32."""
    with np.errstate(over="ignore"):
        return array if temperature == 1 else (array / np.float64(temperature)).astype(array.dtype)


def _checked(logits, temperature):
    logits = _check.not_empty("logits", _check.floats("logits", logits))
    if logits.ndim == 0:
        raise _check.wrong_value("logits", "have an axis of classes", logits.item())
    wrong = np.isnan(logits) | (logits == np.inf)
    if wrong.any():
        raise _check.wrong_value("logits", "be finite", f"{logits[wrong][0]} among its values")
    if (logits.max(axis=-1) == -np.inf).any():
        raise _check.wrong_value("logits", "leave a class in every row", "a row of nothing but -inf")
    return logits, _check.number("temperature", temperature, above=0)

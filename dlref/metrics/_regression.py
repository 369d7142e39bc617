"""How far predicted numbers are from the true ones."""

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from dlref import _check


def sum_of_squared_errors(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Add up the squared distances between the true and the predicted values.

    $$\mathrm{SSE} = \sum_{i=1}^{n} (y_i - \hat y_i)^2$$

    Args:
        y_true: True values, shape (n,).
        y_pred: Predicted values in the same unit, shape (n,).

    Returns:
        A number from 0 to ∞, in the unit of `y_true` squared; it grows with n.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If a value is not finite, nothing is given, or the shapes differ.

    Examples:
        >>> from dlref.metrics import sum_of_squared_errors
        >>> print(sum_of_squared_errors(y_true=[1, 2, 4], y_pred=[1, 4, 1]))
        13.0

    References:
        Equals n times `sklearn.metrics.mean_squared_error` and `torch.nn.MSELoss(reduction="sum")`.
        On the page: [Classification against regression][ml-class-vs-reg].
    """
    y_true, y_pred = _values(y_true, y_pred)

    return float(np.sum((y_true - y_pred) ** 2))


def mean_squared_error(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Mean squared distance between the true and the predicted values.

    $$\mathrm{MSE} = \frac{1}{n} \sum_{i=1}^{n} (y_i - \hat y_i)^2$$

    Args:
        y_true: True values, shape (n,).
        y_pred: Predicted values in the same unit, shape (n,).

    Returns:
        A number from 0 to ∞, in the unit of `y_true` squared.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If a value is not finite, nothing is given, or the shapes differ.

    Examples:
        >>> from dlref.metrics import mean_squared_error
        >>> print(round(mean_squared_error(y_true=[1, 2, 4], y_pred=[1, 4, 1]), 4))
        4.3333

    References:
        Equals `sklearn.metrics.mean_squared_error` and `torch.nn.MSELoss`.
        On the page: [Classification against regression][ml-class-vs-reg].
    """
    y_true, y_pred = _values(y_true, y_pred)

    return float(np.mean((y_true - y_pred) ** 2))


def r2_score(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Share of the spread of `y_true` that is explained: 1 for perfect predictions, 0 for always guessing the mean.

    $$R^2 = 1 - \frac{\mathrm{SSE}}{\mathrm{SST}} = 1 - \frac{\sum_i (y_i - \hat y_i)^2}{\sum_i (y_i - \bar y)^2}$$

    Args:
        y_true: True values, shape (n,).
        y_pred: Predicted values in the same unit, shape (n,).

    Returns:
        A number from -∞ to 1, without a unit; nan where all true values are equal.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If a value is not finite, nothing is given, or the shapes differ.

    Examples:
        >>> from dlref.metrics import r2_score
        >>> print(r2_score(y_true=[1, 2, 3, 6], y_pred=[1, 3, 3, 5]))
        0.8571428571428572

        Despite its name it falls below 0 where the predictions are worse than the mean.

        >>> from dlref.metrics import r2_score
        >>> print(r2_score(y_true=[1, 2, 3], y_pred=[3, 2, 1]))
        -3.0
        >>> print(r2_score(y_true=[0.1, 0.2, 0.3], y_pred=[0.3, 0.2, 0.1]))
        -3.0

        With no spread there is nothing to explain:

        >>> from dlref.metrics import r2_score
        >>> print(r2_score(y_true=[2, 2], y_pred=[2, 3]))
        nan

        Values of any size have a spread; that of their squares overflows.

        >>> from dlref.metrics import r2_score
        >>> print(round(r2_score([1e200, 2e200, 4e200], [1e200, 2e200, 3e200]), 4))
        0.7857

    References:
        Equals `sklearn.metrics.r2_score(..., force_finite=False)`, except that one gives -∞ where all true values are
        equal and a prediction is wrong. On the page: [Classification against regression][ml-class-vs-reg].
    """
    y_true, y_pred = _values(y_true, y_pred)

    if y_true.min() == y_true.max():
        return np.nan
    spread = y_true - y_true.mean()
    # In units of a power of two near the largest distance: it rounds nothing, and no square over- or underflows.
    unit = -np.frexp(np.abs(spread).max())[1]
    with np.errstate(over="ignore"):
        sse, sst = (np.sum(np.ldexp(distance, unit) ** 2) for distance in (y_true - y_pred, spread))
    return float(1 - sse / sst)


def _values(y_true: ArrayLike, y_pred: ArrayLike) -> tuple[Float[np.ndarray, "cases"], Float[np.ndarray, "cases"]]:
    """Both arguments as finite arrays of one shape, in double precision, since squares and their sums need it."""
    y_true = _check.not_empty("y_true", _check.floats("y_true", y_true, ndim=1, finite=True))
    y_pred = _check.floats("y_pred", y_pred, ndim=1, finite=True)
    _check.same_shape(y_true=y_true, y_pred=y_pred)
    return y_true.astype(np.float64), y_pred.astype(np.float64)

"""Losses for regression: squared, absolute and bias error.

Each gives one value per example and leaves the reduction to the caller: `.mean()`, `.sum()`, or weights of one's own.
The derivative of `f` with respect to the prediction is `f_gradient`, per example. Shapes must be equal: (n,) against
(n, 1) would be broadcast to n × n errors, so it is refused.
"""

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from dlref import _check

__all__ = [
    "absolute_error",
    "absolute_error_gradient",
    "bias_error",
    "bias_error_gradient",
    "squared_error",
    "squared_error_gradient",
]


def squared_error(y_true: ArrayLike, y_pred: ArrayLike) -> Float[np.ndarray, "*shape"]:
    r"""Squared error of each prediction: twice the error costs four times as much. Its mean is the MSE.

    $$L(y, \hat y) = (y - \hat y)^2 \qquad \mathrm{MSE} = \frac{1}{n} \sum_{i=1}^{n} (y_i - \hat y_i)^2$$

    Args:
        y_true: Observed values of any shape, in any unit.
        y_pred: Predicted values in the shape and unit of `y_true`.

    Returns:
        Values from 0 in the shape of `y_true`, in the square of its unit.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If the shapes differ or hold nothing.

    Examples:
        >>> from dlref.losses import squared_error
        >>> loss = squared_error([3.0, 5.0, 2.0], [2.5, 5.0, 5.0])
        >>> print(loss, loss.mean().round(4))
        [0.25 0.   9.  ] 3.0833

        A column of predictions against a row of observations would give nine errors for three examples.

        >>> from dlref.losses import squared_error
        >>> try:
        ...     squared_error([3.0, 5.0, 2.0], [[2.5], [5.0], [5.0]])
        ... except ValueError as error:
        ...     print(error)
        squared_error: y_pred must have the shape of y_true, (3,); got shape (3, 1).

    References:
        Equals `torch.nn.functional.mse_loss(y_pred, y_true, reduction="none")`, which broadcasts with a warning where
        this raises; its mean equals `sklearn.metrics.mean_squared_error`.
        On the page: [Regression losses][loss-regression].
    """
    y_true, y_pred = _check.alike(y_true=y_true, y_pred=y_pred)

    return (y_true - y_pred) ** 2


def squared_error_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> Float[np.ndarray, "*shape"]:
    r"""Slope of the squared error by the prediction: it grows with the error, so that an outlier pulls hardest.

    $$\frac{\partial L}{\partial \hat y} = 2\,(\hat y - y)$$

    Args:
        y_true: Observed values of any shape.
        y_pred: Predicted values in the shape of `y_true`.

    Returns:
        Real numbers in the shape of `y_true`; positive where the prediction is too high.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If the shapes differ or hold nothing.

    Examples:
        >>> from dlref.losses import squared_error_gradient
        >>> print(squared_error_gradient([3.0, 5.0, 2.0], [2.5, 5.0, 5.0]))
        [-1.  0.  6.]

    References:
        Equals the gradient of `torch.nn.functional.mse_loss`. On the page: [Regression losses][loss-regression].
    """
    y_true, y_pred = _check.alike(y_true=y_true, y_pred=y_pred)

    return 2 * (y_pred - y_true)


def absolute_error(y_true: ArrayLike, y_pred: ArrayLike) -> Float[np.ndarray, "*shape"]:
    r"""Size of the error of each prediction, in the unit of the target. Its mean is the MAE.

    $$L(y, \hat y) = |y - \hat y| \qquad \mathrm{MAE} = \frac{1}{n} \sum_{i=1}^{n} |y_i - \hat y_i|$$

    Args:
        y_true: Observed values of any shape, in any unit.
        y_pred: Predicted values in the shape and unit of `y_true`.

    Returns:
        Values from 0 in the shape of `y_true`, in its unit.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If the shapes differ or hold nothing.

    Examples:
        >>> from dlref.losses import absolute_error
        >>> loss = absolute_error([3.0, 5.0, 2.0], [2.5, 5.0, 5.0])
        >>> print(loss, loss.mean().round(4))
        [0.5 0.  3. ] 1.1667

    References:
        Equals `torch.nn.functional.l1_loss(y_pred, y_true, reduction="none")`; its mean equals
        `sklearn.metrics.mean_absolute_error`. On the page: [Regression losses][loss-regression].
    """
    y_true, y_pred = _check.alike(y_true=y_true, y_pred=y_pred)

    return np.abs(y_true - y_pred)


def absolute_error_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> Float[np.ndarray, "*shape"]:
    r"""Slope of the absolute error by the prediction: a direction alone, so that every error pulls equally hard.

    $$\frac{\partial L}{\partial \hat y} = \operatorname{sign}(\hat y - y)$$

    Args:
        y_true: Observed values of any shape.
        y_pred: Predicted values in the shape of `y_true`.

    Returns:
        -1, 0 or 1 in the shape of `y_true`. Where the error is 0 the slope is undefined; this gives 0.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If the shapes differ or hold nothing.

    Examples:
        >>> from dlref.losses import absolute_error_gradient
        >>> print(absolute_error_gradient([3.0, 5.0, 2.0], [2.5, 5.0, 5.0]))
        [-1.  0.  1.]

    References:
        Equals the gradient of `torch.nn.functional.l1_loss`. On the page: [Regression losses][loss-regression].
    """
    y_true, y_pred = _check.alike(y_true=y_true, y_pred=y_pred)

    return np.sign(y_pred - y_true)


def bias_error(y_true: ArrayLike, y_pred: ArrayLike) -> Float[np.ndarray, "*shape"]:
    r"""Error of each prediction with its sign. The mean, MBE, tells whether a model is too low or too high on average.

    $$e(y, \hat y) = y - \hat y \qquad \mathrm{MBE} = \frac{1}{n} \sum_{i=1}^{n} (y_i - \hat y_i)$$

    A diagnostic and no loss: errors of opposite sign cancel, and it has no minimum.

    Args:
        y_true: Observed values of any shape, in any unit.
        y_pred: Predicted values in the shape and unit of `y_true`.

    Returns:
        Real numbers in the shape and unit of `y_true`; positive where the prediction is too low.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If the shapes differ or hold nothing.

    Examples:
        Two predictions that are wrong by 3 and by -3 have no bias.

        >>> from dlref.losses import bias_error
        >>> error = bias_error([5.0, 2.0], [2.0, 5.0])
        >>> print(error, error.mean())
        [ 3. -3.] 0.0

    References:
        Neither PyTorch nor scikit-learn has it. Meteorology and forecasting often use the opposite sign, ŷ - y.
        On the page: [Regression losses][loss-regression].
    """
    y_true, y_pred = _check.alike(y_true=y_true, y_pred=y_pred)

    return y_true - y_pred


def bias_error_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> Float[np.ndarray, "*shape"]:
    r"""Slope of the bias error by the prediction: always -1, so that a descent raises the prediction without end.

    $$\frac{\partial e}{\partial \hat y} = -1$$

    Args:
        y_true: Observed values of any shape.
        y_pred: Predicted values in the shape of `y_true`.

    Returns:
        -1 in the shape of `y_true`.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If the shapes differ or hold nothing.

    Examples:
        >>> from dlref.losses import bias_error_gradient
        >>> print(bias_error_gradient([5.0, 2.0], [2.0, 5.0]))
        [-1. -1.]

    References:
        The derivative of the definition. On the page: [Regression losses][loss-regression].
    """
    y_true, y_pred = _check.alike(y_true=y_true, y_pred=y_pred)

    return np.full_like(y_pred, -1)

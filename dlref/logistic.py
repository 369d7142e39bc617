"""Logistic regression by gradient descent: the probability of one class from a weighted sum of features.

`X` has a row for each case and a column for each feature. Features should be standardized first: the descent is slow
where one is measured in hundreds and another in tenths.
"""

import warnings

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from dlref import _check
from dlref.activations import sigmoid

__all__ = ["fit", "logistic_loss", "logistic_loss_gradient", "predict_proba"]

Coefficients = Float[np.ndarray, "features"]
Table = Float[np.ndarray, "cases features"]
Labels = Int[np.ndarray, "cases"]


def predict_proba(X: ArrayLike, coefficients: ArrayLike, intercept: float) -> Float[np.ndarray, "cases"]:
    r"""Probability of class 1 for each case: the sigmoid of a weighted sum.

    $$p_i = S(x_i \cdot w + b) = \frac{1}{1 + e^{-(x_i \cdot w + b)}}$$

    Args:
        X: Features, shape (cases, features).
        coefficients: The weights w, shape (features,).
        intercept: The constant b.

    Returns:
        Probabilities of class 1, from 0 to 1, shape (cases,).

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If a value is not finite, or the shapes do not fit.

    Examples:
        >>> from dlref.logistic import predict_proba
        >>> print(predict_proba(X=[[1, 0], [0, 2], [3, 1]], coefficients=[1, -2], intercept=0.5).round(4))
        [0.8176 0.0293 0.8176]

        A single feature still needs its column:

        >>> from dlref.logistic import predict_proba
        >>> try:
        ...     predict_proba([1, 2, 3], coefficients=[1], intercept=0)
        ... except ValueError as error:
        ...     print(error)
        predict_proba: X must have 2 dimensions; got shape (3,).

    References:
        Equals column 1 of `sklearn.linear_model.LogisticRegression.predict_proba`, whose column 0 is for class 0.
        On the page: [Logistic regression][clf-logistic].
    """
    X = _check.floats("X", X, ndim=2, finite=True)
    w, b = _weights(X, coefficients, intercept)

    return sigmoid(X @ w + b)


def logistic_loss(
    X: ArrayLike, y_true: ArrayLike, coefficients: ArrayLike, intercept: float, *, C: float = np.inf
) -> float:
    r"""Mean cross-entropy of the predicted probabilities, and a penalty on large coefficients if `C` is finite.

    $$L = -\frac{1}{n} \sum_{i=1}^{n} \bigl(y_i \ln p_i + (1 - y_i) \ln(1 - p_i)\bigr)
    + \frac{\lVert w \rVert^2}{2\,C\,n}$$

    Args:
        X: Features, shape (cases, features).
        y_true: Actual classes, 0 or 1, shape (cases,).
        coefficients: The weights w, shape (features,).
        intercept: The constant b, which is not penalized.
        C: Inverse strength of the penalty, above 0; ∞ for none.

    Returns:
        The loss in nats, 0 or more.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If a value is not finite, a class is not 0 or 1, `C` is not above 0, or the shapes do not fit.

    Examples:
        >>> from dlref.logistic import logistic_loss
        >>> X, y_true = [[1, 0], [0, 2], [3, 1]], [1, 1, 0]
        >>> print(round(logistic_loss(X, y_true, coefficients=[1, -2], intercept=0.5), 4))
        1.8109
        >>> print(round(logistic_loss(X, y_true, coefficients=[1, -2], intercept=0.5, C=2), 4))
        2.2275

        A confident mistake costs much, and never overflows:

        >>> from dlref.logistic import logistic_loss
        >>> print(logistic_loss([[1000]], [0], coefficients=[1], intercept=0))
        1000.0

    References:
        scikit-learn minimizes this times C · n, which has its minimum at the same place. With C = ∞ it equals
        `torch.nn.functional.binary_cross_entropy_with_logits`. On the page: [Logistic regression][clf-logistic].
    """
    X, y, C = _cases(X, y_true, C)
    w, b = _weights(X, coefficients, intercept)

    return _loss(X, y, w, b, C)


def logistic_loss_gradient(
    X: ArrayLike, y_true: ArrayLike, coefficients: ArrayLike, intercept: float, *, C: float = np.inf
) -> tuple[Coefficients, float]:
    r"""Slope of the loss in each coefficient and in the intercept: the features, weighted by the errors.

    $$\frac{\partial L}{\partial w} = \frac{1}{n} \sum_{i=1}^{n} (p_i - y_i)\,x_i + \frac{w}{C\,n}
    \qquad \frac{\partial L}{\partial b} = \frac{1}{n} \sum_{i=1}^{n} (p_i - y_i)$$

    Args:
        X: Features, shape (cases, features).
        y_true: Actual classes, 0 or 1, shape (cases,).
        coefficients: The weights w, shape (features,).
        intercept: The constant b, which is not penalized.
        C: Inverse strength of the penalty, above 0; ∞ for none.

    Returns:
        The gradient for the coefficients, shape (features,), and for the intercept.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If a value is not finite, a class is not 0 or 1, `C` is not above 0, or the shapes do not fit.

    Examples:
        >>> from dlref.logistic import logistic_loss_gradient
        >>> X, y_true = [[1, 0], [0, 2], [3, 1]], [1, 1, 0]
        >>> gradient, slope = logistic_loss_gradient(X, y_true, coefficients=[1, -2], intercept=0.5, C=2)
        >>> print(gradient.round(4), round(slope, 4))
        [ 0.9234 -0.7079] -0.1118

    References:
        Equals what autograd gives for the loss above. On the page: [Logistic regression][clf-logistic].
    """
    X, y, C = _cases(X, y_true, C)
    w, b = _weights(X, coefficients, intercept)

    return _gradient(X, y, w, b, C)


def fit(
    X: ArrayLike, y_true: ArrayLike, *, learning_rate: float = 1.0, steps: int = 1000, C: float = np.inf
) -> tuple[Coefficients, float, Float[np.ndarray, "losses"]]:
    r"""Find coefficients and intercept by gradient descent from 0.

    $$w \leftarrow w - \eta\,\frac{\partial L}{\partial w} \qquad b \leftarrow b - \eta\,\frac{\partial L}{\partial b}$$

    The loss is convex, so that every start leads to the same minimum. Without a penalty there is none where a line
    separates the classes without an error: the coefficients then grow with every step.

    Args:
        X: Features, shape (cases, features).
        y_true: Actual classes, 0 or 1, both of which occur, shape (cases,).
        learning_rate: Step size η, above 0.
        steps: Number of steps, 1 or more.
        C: Inverse strength of the penalty on the coefficients, above 0; ∞ for none.

    Returns:
        Coefficients, shape (features,): what one unit more of each feature adds to the log-odds. The intercept: the
        log-odds where all features are 0. The loss at the start and after every step, shape (steps + 1,).

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If a value is not finite, a class is not 0 or 1 or does not occur, a setting is out of range, the
            shapes do not fit, or the learning rate is so large that the numbers overflow.

    Warns:
        UserWarning: If the loss ends above where it began.

    Examples:
        >>> from dlref.logistic import fit
        >>> X, y_true = [[0, 1], [1, 0], [2, 2], [3, 1], [1, 3]], [0, 1, 0, 1, 0]
        >>> coefficients, intercept, losses = fit(X, y_true, steps=2000, C=1)
        >>> print(coefficients.round(4), round(intercept, 4), losses[[0, -1]].round(4))
        [ 0.5824 -0.9023] -0.0848 [0.6931 0.4503]

        Unless told otherwise it takes 1000 steps, and gives the loss before the first and after each.

        >>> from dlref.logistic import fit
        >>> print(len(fit([[0], [1], [2]], [0, 1, 0])[2]))
        1001

        The first step from 0, where every probability is one half:

        >>> from dlref.logistic import fit
        >>> coefficients, intercept, losses = fit([[0], [1], [2], [4]], [0, 0, 0, 1], learning_rate=0.5, steps=1)
        >>> print(coefficients, intercept, losses.round(4))
        [0.0625] -0.125 [0.6931 0.6552]

        Nothing can be learned from one class, nor from a single case.

        >>> from dlref.logistic import fit
        >>> try:
        ...     fit([[2]], [1])
        ... except ValueError as error:
        ...     print(error)
        fit: y_true must hold both classes; got class 1 alone.

        A descent that leads upwards is returned, and warned of.

        >>> import warnings
        >>> from dlref.logistic import fit
        >>> with warnings.catch_warnings(record=True) as caught:
        ...     warnings.simplefilter("always")
        ...     _, _, losses = fit([[100], [140], [120], [180]], [0, 1, 1, 0], steps=1)
        >>> print(caught[0].message)
        fit: the loss ends at 162.5, above 0.6931 where it began; standardize X or lower learning_rate.

    References:
        Equals `sklearn.linear_model.LogisticRegression(C=C)` once the descent has arrived; scikit-learn's default is
        C = 1. On the page: [Logistic regression][clf-logistic].
    """
    X, y, C = _cases(X, y_true, C)
    if y.min() == y.max():
        raise _check.wrong_value("y_true", "hold both classes", f"class {y[0]} alone")
    learning_rate = _check.number("learning_rate", learning_rate, above=0)
    steps = _check.integer("steps", steps)

    w, b = np.zeros(X.shape[1]), 0.0
    losses = [_loss(X, y, w, b, C)]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            gradient, slope = _gradient(X, y, w, b, C)
            w, b = w - learning_rate * gradient, b - learning_rate * slope
            losses.append(_loss(X, y, w, b, C))
    if not np.isfinite(losses[-1]):
        raise _check.wrong_value("learning_rate", "be small enough for the loss to stay finite", learning_rate)
    if losses[-1] > losses[0]:
        ends = f"the loss ends at {losses[-1]:.4g}, above {losses[0]:.4g} where it began"
        warnings.warn(f"fit: {ends}; standardize X or lower learning_rate.", stacklevel=2)
    return w, b, np.array(losses)


def _loss(X: Table, y: Labels, w: Coefficients, b: float, C: float) -> float:
    """The loss, without checks."""
    with np.errstate(over="ignore"):
        z, penalty = X @ w + b, w @ w / (2 * C * len(y)) if np.isfinite(C) else 0.0
    # -ln p = ln(1 + e^-z) and -ln(1 - p) = ln(1 + e^z); logaddexp(0, z) is ln(1 + e^z) and does not overflow.
    return float(np.mean(np.logaddexp(0, np.where(y == 1, -z, z))) + penalty)


def _gradient(X: Table, y: Labels, w: Coefficients, b: float, C: float) -> tuple[Coefficients, float]:
    """Its gradient, without checks."""
    # S(z) - y; for y = 1 as -S(-z), which keeps what 1 - S(z) would round away.
    sign = 1 - 2 * y
    error = sign * sigmoid(sign * (X @ w + b))
    return X.T @ error / len(y) + w / (C * len(y)), float(error.mean())


def _cases(X: ArrayLike, y_true: ArrayLike, strength: float) -> tuple[Table, Labels, float]:
    """Checked features, classes and penalty."""
    X = _check.floats("X", X, ndim=2, finite=True)
    y_true = _check.binary("y_true", y_true)
    if len(X) != len(y_true):
        raise _check.wrong_value(
            "y_true", f"have one class for each of the {len(X)} rows of X", f"shape {y_true.shape}"
        )
    unbounded = isinstance(strength, float) and strength == np.inf
    return X, y_true, strength if unbounded else _check.number("C", strength, above=0)


def _weights(X: Table, coefficients: ArrayLike, intercept: float) -> tuple[Coefficients, float]:
    """Checked coefficients and intercept."""
    w = _check.floats("coefficients", coefficients, ndim=1, finite=True)
    if len(w) != X.shape[1]:
        raise _check.wrong_value(
            "coefficients", f"have one value for each of {X.shape[1]} features", f"shape {w.shape}"
        )
    return w, _check.number("intercept", intercept)

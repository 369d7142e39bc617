"""Rates read from a confusion matrix."""

import numpy as np
from jaxtyping import Float, Real
from numpy.typing import ArrayLike

from dlref.metrics._confusion import _matrices, _outcomes

Rates = float | Float[np.ndarray, "*stack"]
Counted = Real[np.ndarray, "*stack"] | np.number


def true_positive_rate(matrix: ArrayLike) -> Rates:
    r"""Share of the actual positives that are found; also called recall, sensitivity, hit rate.

    $$\mathrm{TPR} = \frac{TP}{TP + FN}$$

    Args:
        matrix: Counts with a row for each actual class, shape (..., 2, 2).

    Returns:
        A value from 0 to 1 for each matrix; nan where there are no actual positives.

    Raises:
        TypeError: If `matrix` holds anything but numbers.
        ValueError: If it is no confusion matrix of two classes.

    Examples:
        >>> from dlref.metrics import true_positive_rate
        >>> print(round(true_positive_rate([[50, 10], [5, 100]]), 4))
        0.9524

        Without positives there is nothing to find:

        >>> from dlref.metrics import true_positive_rate
        >>> print(true_positive_rate([[50, 10], [0, 0]]))
        nan

    References:
        Equals `sklearn.metrics.recall_score`, which returns 0 with a warning where this returns nan.
        On the page: [The ROC curve][clf-roc].
    """
    _, _, fn, tp = _outcomes(matrix)

    return _ratio(tp, tp + fn)


def false_positive_rate(matrix: ArrayLike) -> Rates:
    r"""Share of the actual negatives that raise a false alarm.

    $$\mathrm{FPR} = \frac{FP}{FP + TN}$$

    Args:
        matrix: Counts with a row for each actual class, shape (..., 2, 2).

    Returns:
        A value from 0 to 1 for each matrix; nan where there are no actual negatives.

    Raises:
        TypeError: If `matrix` holds anything but numbers.
        ValueError: If it is no confusion matrix of two classes.

    Examples:
        >>> from dlref.metrics import false_positive_rate
        >>> print(round(false_positive_rate([[50, 10], [5, 100]]), 4))
        0.1667

    References:
        1 - specificity, and the horizontal axis of `sklearn.metrics.roc_curve`. On the page: [The ROC curve][clf-roc].
    """
    tn, fp, _, _ = _outcomes(matrix)

    return _ratio(fp, fp + tn)


def specificity(matrix: ArrayLike) -> Rates:
    r"""Share of the actual negatives that are left in peace; also called true negative rate.

    $$\mathrm{specificity} = \frac{TN}{TN + FP} = 1 - \mathrm{FPR}$$

    Args:
        matrix: Counts with a row for each actual class, shape (..., 2, 2).

    Returns:
        A value from 0 to 1 for each matrix; nan where there are no actual negatives.

    Raises:
        TypeError: If `matrix` holds anything but numbers.
        ValueError: If it is no confusion matrix of two classes.

    Examples:
        >>> from dlref.metrics import specificity
        >>> print(round(specificity([[50, 10], [5, 100]]), 4))
        0.8333

    References:
        Equals `sklearn.metrics.recall_score(..., pos_label=0)`. On the page: [The confusion matrix][clf-confusion].
    """
    tn, fp, _, _ = _outcomes(matrix)

    return _ratio(tn, tn + fp)


def precision(matrix: ArrayLike) -> Rates:
    r"""Share of the alarms that are right; also called positive predictive value.

    $$\mathrm{precision} = \frac{TP}{TP + FP}$$

    Args:
        matrix: Counts with a row for each actual class, shape (..., 2, 2).

    Returns:
        A value from 0 to 1 for each matrix; nan where nothing was predicted positive.

    Raises:
        TypeError: If `matrix` holds anything but numbers.
        ValueError: If it is no confusion matrix of two classes.

    Examples:
        The transposed matrix would give the true positive rate instead.

        >>> import numpy as np
        >>> from dlref.metrics import precision
        >>> matrix = np.array([[50, 10], [5, 100]])
        >>> print(round(precision(matrix), 4), round(precision(matrix.T), 4))
        0.9091 0.9524

    References:
        Equals `sklearn.metrics.precision_score`, which returns 0 with a warning where this returns nan.
        On the page: [The confusion matrix][clf-confusion].
    """
    _, fp, _, tp = _outcomes(matrix)

    return _ratio(tp, tp + fp)


def f1(matrix: ArrayLike) -> Rates:
    r"""Harmonic mean of precision and true positive rate: high only where both are.

    $$F_1 = \frac{2 \cdot TP}{2 \cdot TP + FP + FN}$$

    Args:
        matrix: Counts with a row for each actual class, shape (..., 2, 2).

    Returns:
        A value from 0 to 1 for each matrix; nan where there are no positives, actual or predicted.

    Raises:
        TypeError: If `matrix` holds anything but numbers.
        ValueError: If it is no confusion matrix of two classes.

    Examples:
        >>> from dlref.metrics import f1
        >>> print(round(f1([[50, 10], [5, 100]]), 4))
        0.9302

    References:
        Equals `sklearn.metrics.f1_score`, which returns 0 with a warning where this returns nan.
        On the page: [Accuracy and the baseline][clf-accuracy].
    """
    _, fp, fn, tp = _outcomes(matrix)

    return _ratio(2 * tp, 2 * tp + fp + fn)


def accuracy(matrix: ArrayLike) -> Rates:
    r"""Share of all predictions that are right, for any number of classes.

    $$\mathrm{accuracy} = \frac{TP + TN}{TP + TN + FP + FN}$$

    Read it against `baseline_accuracy`: where one class is rare, guessing the other is right most of the time.

    Args:
        matrix: Counts with a row for each actual class, shape (..., classes, classes).

    Returns:
        A value from 0 to 1 for each matrix; nan where it counts nothing.

    Raises:
        TypeError: If `matrix` holds anything but numbers.
        ValueError: If it is no confusion matrix.

    Examples:
        >>> from dlref.metrics import accuracy
        >>> print(round(accuracy([[50, 10], [5, 100]]), 4))
        0.9091

        Three classes, and a stack of two matrices:

        >>> from dlref.metrics import accuracy
        >>> print(accuracy([[[1, 0, 0], [0, 1, 0], [1, 0, 1]], [[0, 3, 0], [0, 0, 0], [0, 0, 1]]]))
        [0.75 0.25]

    References:
        Equals `sklearn.metrics.accuracy_score`. On the page: [Accuracy and the baseline][clf-accuracy].
    """
    matrix = _matrices(matrix)

    return _ratio(np.trace(matrix, axis1=-2, axis2=-1), matrix.sum(axis=(-2, -1)))


def error_rate(matrix: ArrayLike) -> Rates:
    r"""Share of all predictions that are wrong, for any number of classes.

    $$\mathrm{error} = \frac{FP + FN}{TP + TN + FP + FN} = 1 - \mathrm{accuracy}$$

    Args:
        matrix: Counts with a row for each actual class, shape (..., classes, classes).

    Returns:
        A value from 0 to 1 for each matrix; nan where it counts nothing.

    Raises:
        TypeError: If `matrix` holds anything but numbers.
        ValueError: If it is no confusion matrix.

    Examples:
        >>> from dlref.metrics import error_rate
        >>> print(round(error_rate([[50, 10], [5, 100]]), 4))
        0.0909
        >>> print(error_rate([[[1, 0, 0], [0, 1, 0], [1, 0, 1]], [[0, 3, 0], [0, 0, 0], [0, 0, 1]]]))
        [0.25 0.75]

    References:
        Equals `sklearn.metrics.zero_one_loss`. On the page: [Accuracy and the baseline][clf-accuracy].
    """
    matrix = _matrices(matrix)

    total = matrix.sum(axis=(-2, -1))
    return _ratio(total - np.trace(matrix, axis1=-2, axis2=-1), total)


def baseline_accuracy(matrix: ArrayLike) -> Rates:
    r"""Accuracy of always predicting the majority class, which no useful model may fall below.

    $$\mathrm{baseline} = \frac{\max(TN + FP,\ FN + TP)}{TP + TN + FP + FN}$$

    Args:
        matrix: Counts with a row for each actual class, shape (..., classes, classes).

    Returns:
        A value from 1 / classes to 1 for each matrix; nan where it counts nothing.

    Raises:
        TypeError: If `matrix` holds anything but numbers.
        ValueError: If it is no confusion matrix.

    Examples:
        The predictions do not matter, the sizes of the actual classes do.

        >>> from dlref.metrics import baseline_accuracy
        >>> print(round(baseline_accuracy([[3117, 1842], [84, 1469]]), 4))
        0.7615
        >>> print(baseline_accuracy([[[1, 0, 0], [0, 1, 0], [1, 0, 2]], [[0, 5, 0], [0, 0, 1], [1, 0, 1]]]))
        [0.6   0.625]

    References:
        Equals the score of `sklearn.dummy.DummyClassifier(strategy="most_frequent")` where training and test data have
        the same majority class. On the page: [Accuracy and the baseline][clf-accuracy].
    """
    matrix = _matrices(matrix)

    return _ratio(matrix.sum(axis=-1).max(axis=-1), matrix.sum(axis=(-2, -1)))


def _ratio(part: Counted, whole: Counted) -> Rates:
    """part / whole, nan where the whole is 0; a float where there is one matrix only."""
    with np.errstate(invalid="ignore"):
        ratio = np.divide(part, whole)
    return float(ratio) if np.ndim(ratio) == 0 else ratio

"""Rates and costs read from a confusion matrix."""

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from dlref import _check
from dlref.metrics._confusion import _matrices, _outcomes

Rates = float | Float[np.ndarray, "*stack"]


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


def expected_cost(matrix: ArrayLike, *, cost_fp: float = 1.0, cost_fn: float = 1.0) -> Rates:
    r"""Mean cost of a prediction when the two kinds of error cost differently.

    $$\frac{c_{FP} \cdot FP + c_{FN} \cdot FN}{TP + TN + FP + FN}$$

    With both costs 1 this is the error rate.

    Args:
        matrix: Counts with a row for each actual class, shape (..., 2, 2).
        cost_fp: Cost of a false alarm, 0 or more, in any unit.
        cost_fn: Cost of a miss, 0 or more, in the same unit.

    Returns:
        A mean cost for each matrix, in that unit; nan where it counts nothing.

    Raises:
        TypeError: If an argument holds anything but numbers.
        ValueError: If `matrix` is no confusion matrix of two classes, or a cost is negative.

    Examples:
        >>> from dlref.metrics import expected_cost
        >>> print(round(expected_cost([[50, 10], [5, 100]], cost_fp=1, cost_fn=20), 4))
        0.6667

    References:
        C. Elkan, *The foundations of cost-sensitive learning*, IJCAI 2001. Correct predictions cost nothing here.
        On the page: [The tsunami example][clf-tsunami].
    """
    tn, fp, fn, tp = _outcomes(matrix)
    cost_fp, cost_fn = _check.number("cost_fp", cost_fp, low=0), _check.number("cost_fn", cost_fn, low=0)

    return _ratio(cost_fp * fp + cost_fn * fn, tn + fp + fn + tp)


def cost_threshold(*, cost_fp: float, cost_fn: float) -> float:
    r"""The probability from which an alarm is cheaper than silence.

    $$p^* = \frac{c_{FP}}{c_{FP} + c_{FN}}$$

    An alarm at probability p costs $(1 - p)\,c_{FP}$ on average, silence costs $p\,c_{FN}$; at p* they are equal. This
    holds for true probabilities. Scores that are not calibrated have their cheapest threshold elsewhere.

    Args:
        cost_fp: Cost of a false alarm, above 0.
        cost_fn: Cost of a miss, above 0, in the same unit.

    Returns:
        A probability between 0 and 1.

    Raises:
        TypeError: If a cost is no number.
        ValueError: If a cost is not above 0.

    Examples:
        Where a miss costs as much as 19 false alarms, one chance in twenty is enough for an alarm.

        >>> from dlref.metrics import cost_threshold
        >>> print(cost_threshold(cost_fp=1, cost_fn=19))
        0.05

        No error is free here, and a cost is never negative.

        >>> from dlref.metrics import cost_threshold, expected_cost
        >>> try:
        ...     cost_threshold(cost_fp=0, cost_fn=19)
        ... except ValueError as error:
        ...     print(error)
        cost_threshold: cost_fp must be a finite number > 0; got 0.
        >>> try:
        ...     expected_cost([[5, 1], [0, 4]], cost_fn=-2)
        ... except ValueError as error:
        ...     print(error)
        expected_cost: cost_fn must be a finite number >= 0; got -2.

    References:
        C. Elkan, *The foundations of cost-sensitive learning*, IJCAI 2001, equation 2 with correct predictions free.
        On the page: [The tsunami example][clf-tsunami].
    """
    cost_fp, cost_fn = _check.number("cost_fp", cost_fp, above=0), _check.number("cost_fn", cost_fn, above=0)

    return cost_fp / (cost_fp + cost_fn)


def _ratio(part: Float[np.ndarray, "*stack"] | Int[np.ndarray, "*stack"], whole: Int[np.ndarray, "*stack"]) -> Rates:
    """part / whole, nan where the whole is 0; a float where there is one matrix only."""
    with np.errstate(invalid="ignore"):
        ratio = np.divide(part, whole)
    return float(ratio) if np.ndim(ratio) == 0 else ratio

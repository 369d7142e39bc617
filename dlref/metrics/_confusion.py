"""The confusion matrix, from predictions or from scores and a threshold."""

import numpy as np
from jaxtyping import Float, Int, Num
from numpy.typing import ArrayLike

from dlref import _check

Counts = int | Int[np.ndarray, "*stack"]


def confusion_matrix(y_true: ArrayLike, y_pred: ArrayLike, *, classes: int = 2) -> Int[np.ndarray, "classes classes"]:
    r"""Count how often each actual class was predicted as each class.

    $$C_{ij} = \left|\{k : y_k = i,\ \hat y_k = j\}\right|$$

    For two classes the matrix is $\begin{pmatrix} TN & FP \\ FN & TP \end{pmatrix}$. Many books print its transpose, or
    put the positive class first. To tell which one you have, add up: here the sums of the rows are the sizes of the
    actual classes, which no prediction can change.

    Args:
        y_true: Actual classes from 0 to `classes` - 1, shape (n,).
        y_pred: Predicted classes, shape (n,).
        classes: Number of classes, 2 or more.

    Returns:
        Counts, a row for each actual class and a column for each predicted class; they add up to n.

    Raises:
        TypeError: If an argument holds anything but numbers.
        ValueError: If a class lies outside the range, nothing is given, or the shapes differ.

    Examples:
        >>> from dlref.metrics import confusion_matrix
        >>> print(confusion_matrix(y_true=[0, 0, 0, 1, 1, 1], y_pred=[0, 0, 1, 1, 1, 1]))
        [[2 1]
         [0 3]]

        More than two classes, of which the last need not occur; class 1 is mistaken for class 0 once:

        >>> from dlref.metrics import confusion_matrix
        >>> print(confusion_matrix([0, 1, 1], [0, 1, 0], classes=3))
        [[1 0 0]
         [1 1 0]
         [0 0 0]]

        Probabilities are no classes; a threshold comes first.

        >>> from dlref.metrics import confusion_matrix
        >>> try:
        ...     confusion_matrix([0, 1], [0.2, 0.9])
        ... except ValueError as error:
        ...     print(error)
        confusion_matrix: y_pred must hold integers from 0 to 1; got 0.2.

    References:
        Equals `sklearn.metrics.confusion_matrix(y_true, y_pred, labels=range(classes))`.
        On the page: [The confusion matrix][clf-confusion].
    """
    classes = _check.integer("classes", classes, low=2)
    y_true = _check.not_empty("y_true", _check.integers("y_true", y_true, ndim=1, high=classes))
    y_pred = _check.integers("y_pred", y_pred, ndim=1, high=classes)
    _check.same_shape(y_true=y_true, y_pred=y_pred)

    return np.bincount(y_true * classes + y_pred, minlength=classes**2).reshape(classes, classes)


def confusion_at(y_true: ArrayLike, y_score: ArrayLike, threshold: ArrayLike) -> Int[np.ndarray, "*thresholds 2 2"]:
    """Confusion matrix of the rule "positive if the score is at least the threshold", for one threshold or many.

    Args:
        y_true: Actual classes, 0 or 1, shape (n,).
        y_score: Scores that are higher where the positive class is likelier: probabilities or logits, shape (n,).
        threshold: One threshold or an array of any shape; ∞ predicts no positives.

    Returns:
        A matrix for each threshold: the shape of `threshold`, followed by 2 × 2.

    Raises:
        TypeError: If an argument holds anything but numbers.
        ValueError: If a class is not 0 or 1, a score is not finite, a threshold is nan, or the shapes differ.

    Examples:
        >>> from dlref.metrics import confusion_at
        >>> print(confusion_at(y_true=[0, 0, 1, 1, 1], y_score=[0.1, 0.5, 0.4, 0.8, 0.9], threshold=0.5))
        [[1 1]
         [1 2]]

        A lower threshold misses nobody, a higher one alarms nobody:

        >>> from dlref.metrics import confusion_at
        >>> low, high = confusion_at([0, 0, 1, 1, 1], [0.1, 0.5, 0.4, 0.8, 0.9], [0.4, 0.6])
        >>> print(low.tolist(), high.tolist())
        [[1, 1], [0, 3]] [[2, 0], [1, 2]]

        A single threshold is taken in the precision of the scores: 0.7 in float32 is a little below 0.7 in float64.

        >>> import numpy as np
        >>> from dlref.metrics import confusion_at
        >>> y_score = np.array([0.7], dtype=np.float32)
        >>> print(confusion_at([1], y_score, 0.7).tolist(), confusion_at([1], y_score, np.array(0.7)).tolist())
        [[0, 0], [0, 1]] [[0, 0], [1, 0]]

    References:
        Equals `sklearn.metrics.confusion_matrix(y_true, y_score >= threshold)`. scikit-learn's thresholds, too, count a
        score that equals the threshold as positive. On the page: [From probabilities to classes][clf-threshold].
    """
    y_true, y_score = _cases(y_true, y_score)
    # One number is taken in the precision of the scores, as `y_score >= threshold` takes it.
    one = isinstance(threshold, float)
    threshold = _check.floats("threshold", threshold)
    threshold = threshold.astype(y_score.dtype) if one else threshold
    if np.isnan(threshold).any():
        raise _check.wrong_value("threshold", "not be nan", "nan among its values")

    # The number of scores below each threshold, from a sorted list: no loop over the thresholds.
    tn, fn = (np.searchsorted(np.sort(y_score[y_true == label]), threshold) for label in (0, 1))
    fp, tp = np.sum(y_true == 0) - tn, np.sum(y_true == 1) - fn
    return np.stack([tn, fp, fn, tp], axis=-1).reshape(*threshold.shape, 2, 2)


def counts(matrix: ArrayLike) -> tuple[Counts, Counts, Counts, Counts]:
    r"""Take a confusion matrix apart: true negatives, false positives, false negatives, true positives.

    A false positive is a Type I error, a false negative a Type II error.

    Args:
        matrix: Counts with a row for each actual class, shape (..., 2, 2).

    Returns:
        TN, FP, FN and TP: an integer each, or for a stack of matrices an array each.

    Raises:
        TypeError: If `matrix` holds anything but numbers.
        ValueError: If its last two dimensions are not 2 × 2, or a count is negative or broken.

    Examples:
        >>> from dlref.metrics import counts
        >>> print(counts([[50, 10], [5, 100]]))
        (50, 10, 5, 100)

        Rates in place of counts are refused.

        >>> from dlref.metrics import counts
        >>> try:
        ...     counts([[0.83, 0.17], [0.05, 0.95]])
        ... except ValueError as error:
        ...     print(error)
        counts: matrix must hold integers from 0; got 0.83.

        A stack of matrices gives an array of each count.

        >>> import numpy as np
        >>> from dlref.metrics import counts
        >>> tn, fp, fn, tp = counts([[[50, 10], [5, 100]], [[1, 2], [3, 4]]])
        >>> print(tn, fp, fn, tp)
        [50  1] [10  2] [5 3] [100   4]
        >>> print(counts(np.ones((3, 1, 2, 2)))[0].shape)
        (3, 1)

    References:
        Equals `sklearn.metrics.confusion_matrix(...).ravel()`. On the page: [The confusion matrix][clf-confusion].
    """
    tn, fp, fn, tp = _outcomes(matrix, np.int64)

    return (tn, fp, fn, tp) if np.ndim(tn) else (int(tn), int(fp), int(fn), int(tp))


def _matrices(matrix: ArrayLike, dtype: type = float) -> Num[np.ndarray, "*stack classes classes"]:
    """The argument `matrix` as a stack of confusion matrices; of floats, whose sums do not wrap."""
    matrix = _check.integers("matrix", matrix)
    if matrix.ndim < 2 or matrix.shape[-1] != matrix.shape[-2] or matrix.shape[-1] < 2:
        expected = "be as confusion_matrix(y_true, y_pred) gives it, 2 × 2 or more"
        raise _check.wrong_value("matrix", expected, f"shape {matrix.shape}")
    return matrix.astype(dtype)


def _outcomes(matrix: ArrayLike, dtype: type = float) -> Num[np.ndarray, "4 *stack"]:
    """The argument `matrix`, for two classes, as the counts TN, FP, FN, TP."""
    matrix = _matrices(matrix, dtype)
    if matrix.shape[-1] != 2:
        raise _check.wrong_value("matrix", "have shape (..., 2, 2)", f"shape {matrix.shape}")
    return np.moveaxis(matrix.reshape(*matrix.shape[:-2], 4), -1, 0)


def _cases(y_true: ArrayLike, y_score: ArrayLike) -> tuple[Int[np.ndarray, "cases"], Float[np.ndarray, "cases"]]:
    """Both arguments as arrays, a class and a score for each case."""
    y_true = _check.binary("y_true", y_true)
    y_score = _check.floats("y_score", y_score, ndim=1, finite=True)
    _check.same_shape(y_true=y_true, y_score=y_score)
    return y_true, y_score

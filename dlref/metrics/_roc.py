"""The ROC curve, the area under it, and how sure that area is."""

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from dlref import _check
from dlref.metrics._confusion import _cases
from dlref.metrics._rates import _ratio

Curve = Float[np.ndarray, "points"]


def roc_curve(y_true: ArrayLike, y_score: ArrayLike) -> tuple[Curve, Curve, Curve]:
    """Both rates at every threshold that changes a prediction, from "no alarm" to "alarm for all".

    Args:
        y_true: Actual classes, 0 or 1, shape (n,).
        y_score: Scores that are higher where the positive class is likelier, finite, shape (n,).

    Returns:
        False positive rates, true positive rates, and the thresholds: ∞, which predicts no positives, then every score
        that occurs, from the highest down. A score equal to the threshold counts as positive. The rate of a class that
        does not occur is nan.

    Raises:
        TypeError: If an argument holds anything but numbers.
        ValueError: If a class is not 0 or 1, a score is not finite, nothing is given, or the shapes differ.

    Examples:
        >>> from dlref.metrics import roc_curve
        >>> fpr, tpr, thresholds = roc_curve(y_true=[0, 0, 1, 1], y_score=[0.1, 0.4, 0.35, 0.8])
        >>> print(fpr, tpr, thresholds)
        [0.  0.  0.5 0.5 1. ] [0.  0.5 0.5 1.  1. ] [ inf 0.8  0.4  0.35 0.1 ]

        Equal scores share one point: no threshold parts them.

        >>> from dlref.metrics import roc_curve
        >>> fpr, tpr, thresholds = roc_curve([0, 1, 1], [0.5, 0.5, 0.7])
        >>> print(fpr, tpr, thresholds)
        [0. 0. 1.] [0.  0.5 1. ] [inf 0.7 0.5]

    References:
        T. Fawcett, *An introduction to ROC analysis*, Pattern Recognition Letters 27, 2006.
        Equals `sklearn.metrics.roc_curve(..., drop_intermediate=False)`; by default, points on a line are left out.
        On the page: [The ROC curve][clf-roc].
    """
    y_true, y_score = _cases(y_true, y_score)

    order = np.argsort(-y_score)
    y_true, y_score = y_true[order], y_score[order]
    # The last case of each score, and before them "no alarm".
    last = np.append(np.flatnonzero(y_score[1:] != y_score[:-1]), len(y_score) - 1)
    tp = np.append(0, np.cumsum(y_true)[last])
    fp = np.append(0, last + 1) - tp
    return _ratio(fp, fp[-1]), _ratio(tp, tp[-1]), np.append(np.inf, y_score[last])


def auc(x: ArrayLike, y: ArrayLike) -> float:
    r"""Area under a curve given by points, by trapezoids.

    $$\mathrm{area} = \sum_{i=1}^{n-1} (x_{i+1} - x_i)\,\frac{y_i + y_{i+1}}{2}$$

    Args:
        x: Positions that do not decrease, shape (n,), n at least 2.
        y: Heights, shape (n,).

    Returns:
        The area; nan if a value is nan.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If there are fewer than 2 points, `x` decreases, or the shapes differ.

    Examples:
        >>> from dlref.metrics import auc
        >>> print(auc(x=[0, 0.25, 1], y=[0, 0.5, 1]))
        0.625

        A curve that runs backward is most likely two arrays exchanged.

        >>> from dlref.metrics import auc
        >>> try:
        ...     auc(x=[0, 0.5, 0.25], y=[0, 0.5, 1])
        ... except ValueError as error:
        ...     print(error)
        auc: x must not decrease; got a step of -0.25.

    References:
        Equals `sklearn.metrics.auc`, which also takes an x that decreases all the way.
        On the page: [Comparing methods][clf-roc-compare].
    """
    x, y = _check.floats("x", x, ndim=1), _check.floats("y", y, ndim=1)
    _check.same_shape(x=x, y=y)
    if len(x) < 2:
        raise _check.wrong_value("x", "have 2 points or more", f"{len(x)}")
    if (np.diff(x) < 0).any():
        raise _check.wrong_value("x", "not decrease", f"a step of {np.diff(x).min():g}")

    return float(np.sum(np.diff(x) * (y[:-1] / 2 + y[1:] / 2)))


def roc_auc_score(y_true: ArrayLike, y_score: ArrayLike) -> float:
    """Area under the ROC curve: the chance that a random positive scores higher than a random negative.

    Args:
        y_true: Actual classes, 0 or 1, shape (n,).
        y_score: Scores that are higher where the positive class is likelier, finite, shape (n,).

    Returns:
        From 0 to 1: 1 for a perfect order, 0.5 for guessing, below 0.5 for an order turned round. Equal scores count
        one half. nan where one class does not occur.

    Raises:
        TypeError: If an argument holds anything but numbers.
        ValueError: If a class is not 0 or 1, a score is not finite, nothing is given, or the shapes differ.

    Examples:
        Of four pairs of a positive and a negative, three are in the right order.

        >>> from dlref.metrics import roc_auc_score
        >>> print(roc_auc_score(y_true=[0, 0, 1, 1], y_score=[0.1, 0.4, 0.35, 0.8]))
        0.75

        Only the order counts: scores and their cubes have the same area.

        >>> import numpy as np
        >>> from dlref.metrics import roc_auc_score
        >>> print(roc_auc_score(y_true=[0, 0, 1, 1], y_score=np.array([0.1, 0.4, 0.35, 0.8]) ** 3))
        0.75

    References:
        J. A. Hanley and B. J. McNeil, *The meaning and use of the area under a ROC curve*, Radiology 143, 1982.
        Equals `sklearn.metrics.roc_auc_score`. On the page: [Comparing methods][clf-roc-compare].
    """
    y_true, y_score = _cases(y_true, y_score)

    fpr, tpr, _ = roc_curve(y_true, y_score)
    return auc(fpr, tpr)


def delong(
    y_true: ArrayLike, y_scores: ArrayLike
) -> tuple[Float[np.ndarray, "models"], Float[np.ndarray, "models models"]]:
    r"""Areas of several models on the same cases, and the covariance of these areas: how sure they are.

    For each of the m positives, $V_i$ is the share of negatives that it outscores; for each of the n negatives, $W_j$
    is the share of positives that outscore it. Equal scores count one half. The mean of either is the area, and their
    spread gives its variance; for several models, $S_V$ and $S_W$ are their sample covariance matrices.

    $$\hat A = \frac{1}{m} \sum_{i=1}^{m} V_i = \frac{1}{n} \sum_{j=1}^{n} W_j
    \qquad \operatorname{Cov}(\hat A) = \frac{S_V}{m} + \frac{S_W}{n}$$

    Args:
        y_true: Actual classes, 0 or 1, with at least 2 cases of each, shape (cases,).
        y_scores: A row of scores for each model, higher where the positive class is likelier, shape (models, cases).

    Returns:
        The areas, and their covariance matrix. The square root of its diagonal is the standard error of each area; the
        variance of a difference is $c_{11} + c_{22} - 2 c_{12}$.

    Raises:
        TypeError: If an argument holds anything but numbers.
        ValueError: If a class is not 0 or 1 or has fewer than 2 cases, a score is not finite, or the shapes do not fit.

    Examples:
        >>> from dlref.metrics import delong
        >>> y_true = [0, 0, 0, 1, 1, 1]
        >>> areas, covariance = delong(y_true, [[1, 2, 5, 3, 4, 6], [1, 4, 2, 3, 5, 4]])
        >>> print(areas.round(4))
        [0.7778 0.8333]
        >>> print(covariance.round(4))
        [[ 0.0617 -0.0185]
         [-0.0185  0.037 ]]

    References:
        E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, *Comparing the areas under two or more correlated receiver
        operating characteristic curves: a nonparametric approach*, Biometrics 44, 1988. Equals `var` and `cov` of the R
        package pROC; scikit-learn has no such function. On the page: [Comparing methods][clf-roc-compare].
    """
    y_true = _check.binary("y_true", y_true)
    y_scores = _check.not_empty("y_scores", _check.floats("y_scores", y_scores, ndim=2, finite=True))
    if y_scores.shape[1] != len(y_true):
        raise _check.wrong_value("y_scores", f"have shape (models, {len(y_true)})", f"shape {y_scores.shape}")
    for label in (0, 1):
        if np.sum(y_true == label) < 2:
            raise _check.wrong_value("y_true", f"have at least 2 cases of class {label}", f"{np.sum(y_true == label)}")

    # The share of negatives below each positive, and of positives below each negative: a covariance knows no sign.
    v = np.stack([_share_below(scores[y_true == 1], scores[y_true == 0]) for scores in y_scores])
    w = np.stack([_share_below(scores[y_true == 0], scores[y_true == 1]) for scores in y_scores])
    covariance = np.cov(v) / v.shape[1] + np.cov(w) / w.shape[1]
    return v.mean(axis=1), covariance.reshape(len(y_scores), len(y_scores))


def _share_below(scores: np.ndarray, others: np.ndarray) -> np.ndarray:
    """For each score the share of the others that are below it, equal ones as halves: by sorting, not by all pairs."""
    others = np.sort(others)
    return (np.searchsorted(others, scores) + np.searchsorted(others, scores, side="right")) / (2 * len(others))

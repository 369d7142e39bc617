"""Hinge losses: the losses of maximum-margin classifiers, binary and multi-class.

Both take raw scores, not probabilities, and ask that the right side win by at least 1. Each gives one value per
example and leaves the reduction to the caller. The derivative of `f` with respect to the scores is `f_gradient`; at the
hinge, where the slope is undefined, it is 0.
"""

import numpy as np
from jaxtyping import Bool, Float
from numpy.typing import ArrayLike

from dlref import _check

__all__ = ["hinge_loss", "hinge_loss_gradient", "multiclass_hinge_loss", "multiclass_hinge_loss_gradient"]


def _signs(y_true: ArrayLike, y_score: ArrayLike) -> tuple[Float[np.ndarray, "*shape"], Float[np.ndarray, "*shape"]]:
    """Labels -1 and 1, and a score for each."""
    y_true, y_score = _check.alike(y_true=y_true, y_score=y_score)
    other = ~np.isin(y_true, (-1, 1))
    if other.any():
        raise _check.wrong_value("y_true", "hold -1 and 1", f"{y_true[other].flat[0]:g}")
    return y_true.astype(y_score.dtype), y_score


def _margins(
    y_true: ArrayLike, y_score: ArrayLike
) -> tuple[Float[np.ndarray, "n classes"], Bool[np.ndarray, "n classes"]]:
    """By how much each class comes too near the true one, s_j - s_y + 1; and which column is the true one."""
    y_true, y_score = _check.class_scores(y_true, y_score=y_score)
    true = np.arange(y_score.shape[1]) == y_true[:, None]
    return y_score - y_score[true][:, None] + 1, true


def hinge_loss(y_true: ArrayLike, y_score: ArrayLike) -> Float[np.ndarray, "*shape"]:
    r"""Binary hinge loss: 0 once the score is on the right side by at least 1, then one for one.

    $$L(y, s) = \max(0,\; 1 - y\,s)$$

    Args:
        y_true: Labels -1 and 1 of any shape.
        y_score: Raw scores s in the shape of `y_true`, real numbers, positive for label 1; y·s is the margin.

    Returns:
        Values from 0 in the shape of `y_true`.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If the shapes differ or hold nothing, or a label is not -1 or 1.

    Examples:
        A right answer with a margin under 1 still costs something.

        >>> from dlref.losses import hinge_loss
        >>> print(hinge_loss([1, 1, 1, -1, -1], [2.0, 0.4, -1.5, -2.0, 0.5]))
        [0.  0.6 2.5 0.  1.5]

        Labels 0 and 1 would make every example of class 0 cost 1, whatever its score.

        >>> from dlref.losses import hinge_loss
        >>> try:
        ...     hinge_loss([1, 0], [2.0, -2.0])
        ... except ValueError as error:
        ...     print(error)
        hinge_loss: y_true must hold -1 and 1; got 0.

    References:
        Cortes and Vapnik, "Support-vector networks", Machine Learning 20 (1995). Its mean equals
        `sklearn.metrics.hinge_loss`. PyTorch has none: its `HingeEmbeddingLoss` is for distances.
        On the page: [Hinge loss][loss-hinge].
    """
    y_true, y_score = _signs(y_true, y_score)

    return np.maximum(0, 1 - y_true * y_score)


def hinge_loss_gradient(y_true: ArrayLike, y_score: ArrayLike) -> Float[np.ndarray, "*shape"]:
    r"""Slope of the binary hinge loss by the score: examples beyond the margin have no say.

    $$\frac{\partial L}{\partial s} = \begin{cases} -y & y\,s < 1 \\ 0 & \text{otherwise} \end{cases}$$

    Args:
        y_true: Labels -1 and 1 of any shape.
        y_score: Raw scores in the shape of `y_true`, real numbers.

    Returns:
        -1, 0 or 1 in the shape of `y_true`.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If the shapes differ or hold nothing, or a label is not -1 or 1.

    Examples:
        >>> from dlref.losses import hinge_loss_gradient
        >>> print(hinge_loss_gradient([1, 1, 1, -1, -1], [2.0, 1.0, 0.4, -2.0, 0.5]))
        [ 0.  0. -1.  0.  1.]

    References:
        Equals the gradient of `torch.relu(1 - y * s)`. On the page: [Hinge loss][loss-hinge].
    """
    y_true, y_score = _signs(y_true, y_score)

    return np.where(y_true * y_score < 1, -y_true, 0)


def multiclass_hinge_loss(y_true: ArrayLike, y_score: ArrayLike) -> Float[np.ndarray, " n"]:
    r"""Multi-class hinge loss: what each wrong class lacks to be at least 1 below the true one, summed.

    $$L(y, s) = \sum_{j \neq y} \max(0,\; s_j - s_y + 1)$$

    Args:
        y_true: The class of each example, (n,), integers from 0 to C - 1.
        y_score: Raw scores of the C classes, (n, C), real numbers.

    Returns:
        Values from 0, (n,); C - 1 where all classes score alike.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If shapes do not fit, scores are empty, or a label is no class.

    Examples:
        >>> from dlref.losses import multiclass_hinge_loss
        >>> scores = [[3.0, 5.0, -2.0], [1.0, 5.0, 2.0], [2.0, 2.5, -3.0]]
        >>> print(multiclass_hinge_loss([0, 1, 2], scores))
        [ 3.   0.  12.5]

    References:
        Weston and Watkins, "Support vector machines for multi-class pattern recognition", ESANN (1999).
        `torch.nn.functional.multi_margin_loss` divides this by C. `sklearn.metrics.hinge_loss` takes the largest term
        in place of the sum (Crammer and Singer, 2001). On the page: [Hinge loss][loss-hinge].
    """
    margins, true = _margins(y_true, y_score)

    return np.maximum(0, margins).sum(axis=1, where=~true)


def multiclass_hinge_loss_gradient(y_true: ArrayLike, y_score: ArrayLike) -> Float[np.ndarray, "n classes"]:
    r"""Slope of the multi-class hinge loss: 1 for a class that comes too near, minus their number for the true one.

    $$\frac{\partial L}{\partial s_j} = [s_j - s_y + 1 > 0] \quad (j \neq y) \qquad
      \frac{\partial L}{\partial s_y} = -\sum_{j \neq y} [s_j - s_y + 1 > 0]$$

    Args:
        y_true: The class of each example, (n,), integers from 0 to C - 1.
        y_score: Raw scores of the C classes, (n, C), real numbers.

    Returns:
        Whole numbers from -(C - 1) to 1 as floats, (n, C); each row sums to 0.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If shapes do not fit, scores are empty, or a label is no class.

    Examples:
        >>> from dlref.losses import multiclass_hinge_loss_gradient
        >>> print(multiclass_hinge_loss_gradient([1, 2], [[1.0, 2.0, 1.5], [2.0, 2.5, -3.0]]))
        [[ 0. -1.  1.]
         [ 1.  1. -2.]]

        float32 stays float32.

        >>> import numpy as np
        >>> from dlref.losses import multiclass_hinge_loss_gradient
        >>> print(multiclass_hinge_loss_gradient([0], np.float32([[1.0, 2.0]])).dtype)
        float32

    References:
        C times the gradient of `torch.nn.functional.multi_margin_loss`. On the page: [Hinge loss][loss-hinge].
    """
    margins, true = _margins(y_true, y_score)

    near = (margins > 0) & ~true
    return np.where(true, -near.sum(axis=1, keepdims=True), near).astype(margins.dtype)

"""Cross-entropy, the loss for probabilities: binary, multi-class and multi-label.

Each gives one value per example, in nats, and leaves the reduction to the caller: `.mean()`, `.sum()`, or weights of
one's own. The derivative of `f` with respect to the logits is `f_gradient`: for all of them probability minus label.
"""

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from dlref import _check
from dlref.activations import sigmoid
from dlref.softmax import _log_of_softmax

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_from_logits",
    "binary_cross_entropy_from_logits_gradient",
    "cross_entropy_from_logits",
    "cross_entropy_from_logits_gradient",
    "multilabel_cross_entropy_from_logits",
    "multilabel_cross_entropy_from_logits_gradient",
]


def _binary(
    y_true: ArrayLike, logits: ArrayLike, ndim: int | None = None
) -> tuple[Int[np.ndarray, "*shape"], Float[np.ndarray, "*shape"]]:
    """Labels 0 and 1, and a logit for each."""
    y_true = _check.integers("y_true", y_true, ndim=ndim, high=2)
    _, logits = _check.alike(y_true=y_true, logits=logits)
    return y_true, logits


def binary_cross_entropy(y_true: ArrayLike, p: ArrayLike) -> Float[np.ndarray, "*shape"]:
    r"""Surprise at a label that was given probability p: 0 if certain and right, infinite if certain and wrong.

    $$L(y, p) = -\bigl(y \ln p + (1 - y) \ln(1 - p)\bigr)$$

    Args:
        y_true: Labels 0 and 1 of any shape.
        p: Predicted probability of label 1, from 0 to 1, in the shape of `y_true`.

    Returns:
        Values from 0 to ∞ in the shape of `y_true`, in nats.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If the shapes differ or hold nothing, a label is not 0 or 1, or a probability lies outside [0, 1].

    Examples:
        >>> from dlref.losses import binary_cross_entropy
        >>> print(binary_cross_entropy([1, 1, 0, 0], [0.9, 0.2, 0.2, 0.9]).round(4))
        [0.1054 1.6094 0.2231 2.3026]

        No finite loss fits a model that is certain and wrong.

        >>> from dlref.losses import binary_cross_entropy
        >>> print(binary_cross_entropy([1, 0, 1], [0.0, 1.0, 1.0]))
        [inf inf  0.]

    References:
        Equals `torch.nn.functional.binary_cross_entropy(p, y, reduction="none")`, except that torch clamps each
        logarithm at -100, so that its loss ends at 100 where this is infinite. The mean equals
        `sklearn.metrics.log_loss`, which clips p by the spacing of floats at 1, so that its loss ends near 36.
        On the page: [Binary cross-entropy][loss-bce].
    """
    y_true, p = _check.integers("y_true", y_true, high=2), _check.probabilities("p", p)
    _check.alike(y_true=y_true, p=p)

    # Chosen, not multiplied by y and 1 - y, since 0 · ∞ is nan. Subtracted from 0, since -0.0 reads badly.
    with np.errstate(divide="ignore"):
        return 0 - np.where(y_true == 1, np.log(p), np.log1p(-p))


def binary_cross_entropy_from_logits(y_true: ArrayLike, logits: ArrayLike) -> Float[np.ndarray, "*shape"]:
    r"""Binary cross-entropy of the sigmoid of a logit, computed without the sigmoid: it never overflows.

    $$L(y, z) = \begin{cases} \ln(1 + e^{-z}) & y = 1 \\ \ln(1 + e^{z}) & y = 0 \end{cases}$$

    Args:
        y_true: Labels 0 and 1 of any shape.
        logits: Predicted log-odds z of label 1, real numbers in the shape of `y_true`.

    Returns:
        Values from 0 in the shape of `y_true`, in nats; for a wrong logit far from 0, the size of the logit.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If the shapes differ or hold nothing, or a label is not 0 or 1.

    Examples:
        >>> from dlref.losses import binary_cross_entropy_from_logits
        >>> print(binary_cross_entropy_from_logits([1, 1, 0, 0], [2.0, -2.0, 0.0, 3.0]).round(4))
        [0.1269 2.1269 0.6931 3.0486]

        In floating point the sigmoid of 800 is 1, which leaves nothing for label 0; the logit still tells.

        >>> from dlref.activations import sigmoid
        >>> from dlref.losses import binary_cross_entropy, binary_cross_entropy_from_logits
        >>> print(binary_cross_entropy([0], sigmoid([800.0])), binary_cross_entropy_from_logits([0], [800.0]))
        [inf] [800.]

        Labels are 0 and 1 here; the hinge loss has -1 and 1.

        >>> from dlref.losses import binary_cross_entropy_from_logits
        >>> try:
        ...     binary_cross_entropy_from_logits([2, 1], [2.0, -2.0])
        ... except ValueError as error:
        ...     print(error)
        binary_cross_entropy_from_logits: y_true must hold integers from 0 to 1; got 2.

    References:
        Equals `torch.nn.functional.binary_cross_entropy_with_logits(logits, y_true, reduction="none")`, which
        also takes labels between 0 and 1. On the page: [Binary cross-entropy][loss-bce].
    """
    y_true, logits = _binary(y_true, logits)

    # ln(e^0 + e^z) = max(0, z) + ln(1 + e^-|z|), which takes the larger exponent out before it raises e to anything.
    z = np.where(y_true == 1, -logits, logits)
    return np.maximum(0, z) + np.log1p(np.exp(-np.abs(z)))


def binary_cross_entropy_from_logits_gradient(y_true: ArrayLike, logits: ArrayLike) -> Float[np.ndarray, "*shape"]:
    r"""Slope of the binary cross-entropy by the logit: the predicted probability minus the label.

    $$\frac{\partial L}{\partial z} = S(z) - y$$

    Args:
        y_true: Labels 0 and 1 of any shape.
        logits: Predicted log-odds of label 1, real numbers in the shape of `y_true`.

    Returns:
        Values from -1 to 1 in the shape of `y_true`.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If the shapes differ or hold nothing, or a label is not 0 or 1.

    Examples:
        >>> from dlref.losses import binary_cross_entropy_from_logits_gradient
        >>> print(binary_cross_entropy_from_logits_gradient([1, 1, 0, 0], [2.0, -2.0, 0.0, 3.0]).round(4))
        [-0.1192 -0.8808  0.5     0.9526]

        float32 stays float32.

        >>> import numpy as np
        >>> from dlref.losses import binary_cross_entropy_from_logits_gradient
        >>> print(binary_cross_entropy_from_logits_gradient([1, 0], np.float32([2.0, -2.0])).dtype)
        float32

    References:
        Equals the gradient of `torch.nn.functional.binary_cross_entropy_with_logits`.
        On the page: [Binary cross-entropy][loss-bce].
    """
    y_true, logits = _binary(y_true, logits)

    # For label 1, -S(-z), since S(z) - 1 would round to 0 for large z.
    sign = np.where(y_true == 1, -1, 1).astype(logits.dtype)
    return sign * sigmoid(sign * logits)


def cross_entropy_from_logits(y_true: ArrayLike, logits: ArrayLike) -> Float[np.ndarray, " n"]:
    r"""Multi-class cross-entropy: minus the log of the probability that softmax gives to the true class.

    $$L(y, z) = -\ln \frac{e^{z_y}}{\sum_j e^{z_j}} = \ln \sum_j e^{z_j} - z_y$$

    Args:
        y_true: The class of each example, (n,), integers from 0 to C - 1; the classes exclude one another.
        logits: Scores of the C classes, (n, C), real numbers before softmax.

    Returns:
        Values from 0, (n,), in nats; ln C where all classes score alike.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If shapes do not fit, logits are empty, or a label is no class.

    Examples:
        >>> from dlref.losses import cross_entropy_from_logits
        >>> logits = [[1.0, 4.0, 2.0, 3.0], [0.0, 0.0, 0.0, 0.0], [0.0, 900.0, 0.0, 0.0]]
        >>> for loss in cross_entropy_from_logits([1, 3, 0], logits):
        ...     print(loss.round(4))
        0.4402
        1.3863
        900.0

        What all logits have in common changes nothing, however large; a class of -∞ is left out.

        >>> from dlref.losses import cross_entropy_from_logits
        >>> print(cross_entropy_from_logits([0, 0], [[1e8, 1e8, 1e8], [0.0, float("-inf"), 0.0]]).round(4))
        [1.0986 0.6931]

    References:
        Equals `torch.nn.functional.cross_entropy(logits, y_true, reduction="none")`, which likewise takes logits: to
        give it softmax's output is a common mistake. On the page: [Multi-class cross-entropy][loss-multilabel].
    """
    y_true, logits = _check.class_scores(y_true, logits=logits)

    # Subtracted from 0, since -0.0 reads badly.
    return 0 - _log_of_softmax(logits, 1)[np.arange(len(logits)), y_true]


def cross_entropy_from_logits_gradient(y_true: ArrayLike, logits: ArrayLike) -> Float[np.ndarray, "n classes"]:
    r"""Slope of the multi-class cross-entropy by each logit: its softmax, minus 1 for the true class.

    $$\frac{\partial L}{\partial z_j} = \operatorname{softmax}(z)_j - [j = y]$$

    Args:
        y_true: The class of each example, (n,), integers from 0 to C - 1.
        logits: Scores of the C classes, (n, C), real numbers before softmax.

    Returns:
        Values from -1 to 1, (n, C); each row sums to 0.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If shapes do not fit, logits are empty, or a label is no class.

    Examples:
        >>> from dlref.losses import cross_entropy_from_logits_gradient
        >>> print(cross_entropy_from_logits_gradient([1, 0], [[1.0, 4.0, 2.0], [0.0, 0.0, 0.0]]).round(4))
        [[ 0.042  -0.1562  0.1142]
         [-0.6667  0.3333  0.3333]]

        A class of -∞ is left out, and stays where it is.

        >>> from dlref.losses import cross_entropy_from_logits_gradient
        >>> print(cross_entropy_from_logits_gradient([0], [[0.0, float("-inf"), 0.0]]))
        [[-0.5  0.   0.5]]

    References:
        Equals the gradient of `torch.nn.functional.cross_entropy`.
        On the page: [Multi-class cross-entropy][loss-multilabel].
    """
    y_true, logits = _check.class_scores(y_true, logits=logits)

    probabilities = np.exp(_log_of_softmax(logits, 1))
    probabilities[np.arange(len(logits)), y_true] -= 1
    return probabilities


def multilabel_cross_entropy_from_logits(y_true: ArrayLike, logits: ArrayLike) -> Float[np.ndarray, " n"]:
    r"""Multi-label cross-entropy: the mean of one binary cross-entropy for each of N labels, since any may hold.

    $$L(y, z) = \frac{1}{N} \sum_{k=1}^{N} \mathrm{BCE}(y_k, S(z_k))$$

    Args:
        y_true: Multi-hot labels, (n, N), each 0 or 1; a row may hold none, one or several ones.
        logits: Predicted log-odds of each label, (n, N), real numbers before the sigmoid.

    Returns:
        Values from 0, (n,), in nats a label.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If shapes are not (n, N) or differ or hold nothing, or a label is not 0 or 1.

    Examples:
        >>> from dlref.losses import multilabel_cross_entropy_from_logits
        >>> print(multilabel_cross_entropy_from_logits([[1, 1, 0], [0, 0, 0]], [[2.0, -1.0, -3.0]] * 2).round(4))
        [0.4963 0.8296]

        A column of class numbers is not multi-hot.

        >>> from dlref.losses import multilabel_cross_entropy_from_logits
        >>> try:
        ...     multilabel_cross_entropy_from_logits([0, 2], [[2.0, -1.0, -3.0]] * 2)
        ... except ValueError as error:
        ...     print(error)
        multilabel_cross_entropy_from_logits: y_true must have 2 dimensions; got shape (2,).

    References:
        Equals `torch.nn.functional.multilabel_soft_margin_loss(logits, y_true, reduction="none")`. Others sum over the
        labels, which gives the negative log-likelihood of independent labels, N times as much.
        On the page: [Multi-label cross-entropy][loss-multilabel].
    """
    y_true, logits = _binary(y_true, logits, ndim=2)

    return binary_cross_entropy_from_logits(y_true, logits).mean(axis=1)


def multilabel_cross_entropy_from_logits_gradient(
    y_true: ArrayLike, logits: ArrayLike
) -> Float[np.ndarray, "n labels"]:
    r"""Slope of the multi-label cross-entropy by each logit: probability minus label, over the number of labels.

    $$\frac{\partial L}{\partial z_k} = \frac{S(z_k) - y_k}{N}$$

    Args:
        y_true: Multi-hot labels, (n, N), each 0 or 1.
        logits: Predicted log-odds of each label, (n, N), real numbers before the sigmoid.

    Returns:
        Values from -1/N to 1/N, (n, N).

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If shapes are not (n, N) or differ or hold nothing, or a label is not 0 or 1.

    Examples:
        >>> from dlref.losses import multilabel_cross_entropy_from_logits_gradient
        >>> print(multilabel_cross_entropy_from_logits_gradient([[1, 1, 0]], [[2.0, -1.0, -3.0]]).round(4))
        [[-0.0397 -0.2437  0.0158]]

    References:
        Equals the gradient of `torch.nn.functional.multilabel_soft_margin_loss`.
        On the page: [Multi-label cross-entropy][loss-multilabel].
    """
    y_true, logits = _binary(y_true, logits, ndim=2)

    return binary_cross_entropy_from_logits_gradient(y_true, logits) / logits.shape[1]

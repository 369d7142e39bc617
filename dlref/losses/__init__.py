"""Losses: how wrong a prediction is, as one number per example, and the derivative with respect to the prediction.

Squared, absolute and bias error for regression; cross-entropy for probabilities, binary, multi-class and multi-label;
hinge losses for scores with a margin. Each gives one value per example and leaves the reduction to the caller:
`.mean()`, `.sum()`, or weights of one's own. The derivative of `f` is `f_gradient`.
"""

from dlref.losses._cross_entropy import (
    binary_cross_entropy,
    binary_cross_entropy_from_logits,
    binary_cross_entropy_from_logits_gradient,
    cross_entropy_from_logits,
    cross_entropy_from_logits_gradient,
    multilabel_cross_entropy_from_logits,
    multilabel_cross_entropy_from_logits_gradient,
)
from dlref.losses._hinge import hinge_loss, hinge_loss_gradient, multiclass_hinge_loss, multiclass_hinge_loss_gradient
from dlref.losses._regression import (
    absolute_error,
    absolute_error_gradient,
    bias_error,
    bias_error_gradient,
    squared_error,
    squared_error_gradient,
)

__all__ = [
    "absolute_error",
    "absolute_error_gradient",
    "bias_error",
    "bias_error_gradient",
    "binary_cross_entropy",
    "binary_cross_entropy_from_logits",
    "binary_cross_entropy_from_logits_gradient",
    "cross_entropy_from_logits",
    "cross_entropy_from_logits_gradient",
    "hinge_loss",
    "hinge_loss_gradient",
    "multiclass_hinge_loss",
    "multiclass_hinge_loss_gradient",
    "multilabel_cross_entropy_from_logits",
    "multilabel_cross_entropy_from_logits_gradient",
    "squared_error",
    "squared_error_gradient",
]

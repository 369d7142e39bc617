"""How good predictions are: the confusion matrix and its rates, the ROC curve and its area, errors of a regression.

A rate is a function of a confusion matrix, and has a plain name: `f1`, `accuracy`. What takes labels or scores has
scikit-learn's: `roc_auc_score`, `r2_score`. So a rate serves labels, `f1(confusion_matrix(y_true, y_pred))`,
and counts that someone else made, `f1([[50, 10], [5, 100]])`, alike. Matrices have scikit-learn's orientation,
a row for each actual class and a column for each predicted class: `[[TN, FP], [FN, TP]]`.

Rates also take a stack of matrices, of shape (..., 2, 2), and return a value for each. A ratio whose denominator is 0
is undefined: nan.
"""

from dlref.metrics._confusion import confusion_at, confusion_matrix, counts
from dlref.metrics._costs import cost_threshold, expected_cost
from dlref.metrics._rates import (
    accuracy,
    baseline_accuracy,
    error_rate,
    f1,
    false_positive_rate,
    precision,
    specificity,
    true_positive_rate,
)
from dlref.metrics._regression import mean_squared_error, r2_score, sum_of_squared_errors
from dlref.metrics._roc import auc, delong, roc_auc_score, roc_curve

__all__ = [
    "accuracy",
    "auc",
    "baseline_accuracy",
    "confusion_at",
    "confusion_matrix",
    "cost_threshold",
    "counts",
    "delong",
    "error_rate",
    "expected_cost",
    "f1",
    "false_positive_rate",
    "mean_squared_error",
    "precision",
    "r2_score",
    "roc_auc_score",
    "roc_curve",
    "specificity",
    "sum_of_squared_errors",
    "true_positive_rate",
]

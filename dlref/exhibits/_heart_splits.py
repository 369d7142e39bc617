"""The heart model over many random splits: what a held-out score is a draw of."""

import numpy as np
import torch
from sklearn.model_selection import StratifiedShuffleSplit

from dlref.engine.trained import trained
from dlref.exhibits._heart import heart_model, heart_table
from dlref.metrics import accuracy, confusion_at, roc_auc_score

SPLITS = 100


def random_splits(count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Rows to train on and rows held out, of random splits like that of the page: four to one, the same share ill."""
    X, y = heart_table()
    return list(StratifiedShuffleSplit(count, test_size=0.2, random_state=0).split(X, y))


@trained
def heart_over_splits(gaps: bool) -> dict:
    """Of each split the coefficients of logistic regression, the truth of the held-out patients, and the probabilities
    that they are given.
    """
    X, y = heart_table()
    coefficients, y_true, p = [], [], []
    for train, test in random_splits(SPLITS):
        model = heart_model(gaps=gaps).fit(X.iloc[train], y.iloc[train])
        coefficients.append(model[-1].coef_[0])
        y_true.append(y.iloc[test])
        p.append(model.predict_proba(X.iloc[test])[:, 1])
    kept = {"coefficients": coefficients, "y_true": y_true, "p": p}
    return {name: torch.tensor(np.array(rows)) for name, rows in kept.items()}


def areas(gaps: bool = True) -> np.ndarray:
    """The area under the ROC curve in each split."""
    found = heart_over_splits(gaps)
    return np.array([roc_auc_score(*case) for case in zip(found["y_true"].numpy(), found["p"].numpy(), strict=True)])


def accuracies(gaps: bool = True) -> np.ndarray:
    """The accuracy at a threshold of one half in each split."""
    found = heart_over_splits(gaps)
    cases = zip(found["y_true"].numpy(), found["p"].numpy(), strict=True)
    return np.array([accuracy(confusion_at(*case, 0.5)) for case in cases])

"""Networks on the heart data, one for each of many random splits, all trained at once; and logistic regression."""

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from dlref.engine.trained import trained
from dlref.exhibits._heart import heart_table, preparation
from dlref.exhibits._heart_splits import random_splits
from dlref.metrics import roc_auc_score

SPLITS, HIDDEN, STEPS, DECAY = 20, 16, 400, 0.1
# Of the training patients four fifths are learned from; the others say when to stop.
LEARNED = 0.8


def prepared_splits() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Features and labels to train on, then of the held-out patients: float64, the split first."""
    X, y = heart_table()
    parts = []
    for train, test in random_splits(SPLITS):
        prepare = preparation(gaps=True).fit(X.iloc[train])
        tables = prepare.transform(X.iloc[train]), y.iloc[train], prepare.transform(X.iloc[test]), y.iloc[test]
        parts.append([torch.tensor(np.asarray(table, dtype=float)) for table in tables])
    return tuple(torch.stack(part) for part in zip(*parts, strict=True))


def logits(parameters: list[Tensor], x: Tensor) -> Tensor:
    """What each network, one a split, gives its patients: (split, patient)."""
    w, b, v, c = parameters
    return ((torch.relu(x @ w + b) @ v) + c)[..., 0]


def losses(parameters: list[Tensor], x: Tensor, y: Tensor) -> Tensor:
    """The mean cross-entropy of each network."""
    return binary_cross_entropy_with_logits(logits(parameters, x), y, reduction="none").mean(dim=1)


def started(columns: int) -> list[Tensor]:
    """Random weights of one network a split, drawn as PyTorch's `Linear` draws them."""
    shapes = [(columns, HIDDEN), (1, HIDDEN), (HIDDEN, 1), (1, 1)]
    spread = [columns**-0.5, columns**-0.5, HIDDEN**-0.5, HIDDEN**-0.5]
    drawn = [torch.rand(SPLITS, *shape, dtype=torch.float64) * 2 - 1 for shape in shapes]
    return [(values * s).requires_grad_() for values, s in zip(drawn, spread, strict=True)]


def descend(x: Tensor, y: Tensor, *, decay: float):
    """Train all networks together, step by step; each step gives their parameters."""
    parameters = started(x.shape[-1])
    optimizer = torch.optim.AdamW(parameters, lr=0.01, weight_decay=decay)
    for _ in range(STEPS):
        optimizer.zero_grad()
        losses(parameters, x, y).sum().backward()
        optimizer.step()
        yield [p.detach() for p in parameters]


def best_steps(x: Tensor, y: Tensor) -> Tensor:
    """For each split the step from which the loss on the training patients that were kept back rises again."""
    count = int(LEARNED * x.shape[1])
    # The rows of a split come shuffled, so the last ones are a random part.
    measured = [losses(p, x[:, count:], y[:, count:]) for p in descend(x[:, :count], y[:, :count], decay=DECAY)]
    return torch.stack(measured).argmin(dim=0)


def areas_of(scores: Tensor, y: Tensor) -> Tensor:
    """The area under the ROC curve in each split."""
    return torch.tensor([roc_auc_score(a.numpy(), s.numpy()) for a, s in zip(y, scores, strict=True)])


@trained
def network_areas() -> dict:
    """Areas on the held-out patients of each split: of logistic regression, of a network that is regularized and
    stopped early, and of one that is neither; of the last also on the patients it was trained on.
    """
    x, y, x_test, y_test = prepared_splits()
    torch.manual_seed(0)
    models = [LogisticRegression(tol=1e-8, max_iter=1000).fit(a, b) for a, b in zip(x.numpy(), y.numpy(), strict=True)]
    logistic = torch.tensor(np.array([m.decision_function(a) for m, a in zip(models, x_test.numpy(), strict=True)]))
    stop = best_steps(x, y)
    path = [logits(p, x_test) for p in descend(x, y, decay=DECAY)]
    stopped = torch.stack(path)[stop, torch.arange(SPLITS)]
    *_, last = descend(x, y, decay=0.0)
    return {
        "logistic": areas_of(logistic, y_test),
        "stopped": areas_of(stopped, y_test),
        "to the end": areas_of(logits(last, x_test), y_test),
        "on its own patients": areas_of(logits(last, x), y),
    }

"""The learning curves of the page on data size: three tasks, the same care for each method, several draws.

Of the rows that a method is given, it learns from four fifths. The other fifth chooses among its four settings, and
tells boosting and networks when to stop. Nothing is chosen by the rows on which it is measured.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import torch
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC
from torch import nn

from dlref.exhibits._heart import TARGET, heart_split, preparation
from dlref.exhibits.deep_learning._shifted import new_network, shifted_digits

DRAWN_SIZES, HEART_SIZES, SHEET_SIZES = (100, 300, 1000, 3000, 10000), (50, 100, 200, 400, 734), (100, 300, 1000, 3000)
TABLE_METHODS = ("logistic regression", "gradient boosting", "network")
SHEET_METHODS = ("support vectors", "convolutional network")
COLUMNS = 40
# Inverse penalties of logistic regression and of support vectors, leaves of a boosted tree, layers and dropout of a
# network, learning rates of a convolutional network: four settings for each.
PENALTIES, MARGINS, LEAVES = (0.01, 0.1, 1, 10), (1, 3, 10, 30), (4, 8, 16, 32)
LAYERS, RATES = (([64], 0.3), ([256], 0.5), ([1024], 0.5), ([64, 64], 0.3)), (1e-3, 2e-3, 4e-3, 8e-3)

Rows = tuple[np.ndarray, np.ndarray]
Answer = Callable[[np.ndarray], np.ndarray]


def drawn(count: int, generator: np.random.Generator) -> Rows:
    """A made table: the answer depends on ten columns by themselves, on four products of pairs, and on chance."""
    x = generator.normal(size=(count, COLUMNS))
    alone = x[:, :10].sum(axis=1) / np.sqrt(10)
    pairs = (x[:, 0:8:2] * x[:, 1:8:2]).sum(axis=1) / np.sqrt(4)
    return x, (alone + 0.8 * pairs + 0.6 * generator.normal(size=count) > 0).astype(int)


def drawn_task(count: int, seed: int) -> tuple[Rows, Rows]:
    """So many rows to learn from, 4000 to be measured on."""
    generator = np.random.default_rng(seed)
    return drawn(count, generator), drawn(4000, generator)


def heart_task(count: int, seed: int) -> tuple[Rows, Rows]:
    """So many patients to learn from; 184 others to be measured on, different ones for each seed.

    Categories and scales come from all who are not held out: a small draw can lack a category. They use no labels.
    """
    import pandas as pd

    train, test, y_train, y_test = heart_split()
    features, target = pd.concat([train, test]), pd.concat([y_train, y_test]).rename(TARGET)
    train, test, y_train, y_test = train_test_split(features, target, test_size=184, stratify=target, random_state=seed)
    prepared = preparation().fit(train)
    known = prepared.transform(train[:count]), y_train[:count].to_numpy()
    return known, (prepared.transform(test), y_test.to_numpy())


def sheet_task(count: int, seed: int) -> tuple[Rows, Rows]:
    """So many sheets with a digit somewhere to learn from, as rows of pixels; 500 to be measured on."""
    train, test, y_train, y_test = (part.flatten(1).numpy() if part.ndim > 1 else part.numpy()
                                    for part in shifted_digits(seed))  # fmt: skip
    chosen = np.random.default_rng(seed).permutation(len(train))[:count]
    return (train[chosen], y_train[chosen]), (test, y_test)


def boosted(x: np.ndarray, y: np.ndarray, kept: Rows, leaves: int, seed: int) -> Answer:
    """Gradient boosting with as many trees as serve the rows kept aside."""
    model = HistGradientBoostingClassifier(
        max_leaf_nodes=leaves, max_iter=200, early_stopping=False, random_state=seed
    ).fit(x, y)
    right = [np.log(p[np.arange(len(kept[1])), kept[1]] + 1e-9).mean() for p in model.staged_predict_proba(kept[0])]
    trees = int(np.argmax(right))
    return lambda rows: next(p for i, p in enumerate(model.staged_predict_proba(rows)) if i == trees).argmax(axis=1)


def stopped(model: nn.Module, x: np.ndarray, y: np.ndarray, kept: Rows, learning_rate: float) -> Answer:
    """Train a network until its loss on the rows kept aside has not fallen for 300 steps, and take its best state."""
    x, y, x_kept, y_kept = (torch.tensor(part) for part in (x, y, *kept))
    x, x_kept = x.float(), x_kept.float()
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate, weight_decay=1e-2)
    best, state, step, at = float("inf"), {}, 0, 0
    while step - at < 300 and step < 5000:
        model.train()
        for _ in range(20):
            batch = torch.randint(len(x), (64,))
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
            optimizer.step()
        step += 20
        loss = _loss(model.eval(), x_kept, y_kept)
        if loss < best:
            best, at, state = loss, step, {name: one.clone() for name, one in model.state_dict().items()}
    model.load_state_dict(state)
    return lambda rows: _answers(model, torch.tensor(rows).float())


@torch.no_grad()
def _loss(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> float:
    return nn.functional.cross_entropy(model(x), y).item()


@torch.no_grad()
def _answers(model: nn.Module, x: torch.Tensor) -> np.ndarray:
    return model(x).argmax(dim=1).numpy()


def dense(inputs: int, hidden: list[int], dropout: float) -> nn.Sequential:
    """Dense layers with ReLU and dropout between them, for two classes."""
    layers = [(nn.Linear(a, b), nn.ReLU(), nn.Dropout(dropout)) for a, b in pairwise([inputs, *hidden])]
    return nn.Sequential(*(part for layer in layers for part in layer), nn.Linear(hidden[-1], 2))


def candidates(method: str, x: np.ndarray, y: np.ndarray, kept: Rows, seed: int) -> Iterator[Answer]:
    """Of one method, what it has learned with each of its four settings."""
    torch.manual_seed(seed)
    if method == "logistic regression":
        yield from (LogisticRegression(C=c, max_iter=2000).fit(x, y).predict for c in PENALTIES)
    elif method == "support vectors":
        yield from (SVC(C=c).fit(x, y).predict for c in MARGINS)
    elif method == "gradient boosting":
        yield from (boosted(x, y, kept, leaves, seed) for leaves in LEAVES)
    elif method == "network":
        yield from (stopped(dense(x.shape[1], *setting), x, y, kept, 3e-3) for setting in LAYERS)
    else:
        # The network's first layer wants a picture where the others take a row of pixels.
        networks = (nn.Sequential(nn.Unflatten(1, (16, 16)), *new_network("convolutional")) for _ in RATES)
        yield from (stopped(network, x, y, kept, rate) for network, rate in zip(networks, RATES, strict=True))


def accuracy(method: str, task: tuple[Rows, Rows], seed: int) -> float:
    """Held-out accuracy of a method with the setting that is right most often on the fifth kept aside."""
    (x, y), (test, y_test) = task
    split = len(x) * 4 // 5
    kept = x[split:], y[split:]
    answers = list(candidates(method, x[:split], y[:split], kept, seed))
    best = max(answers, key=lambda answer: np.mean(answer(kept[0]) == kept[1]))
    return float(np.mean(best(test) == y_test))


TASKS = {
    "made table": (drawn_task, DRAWN_SIZES, TABLE_METHODS),
    "heart": (heart_task, HEART_SIZES, TABLE_METHODS),
    "sheets": (sheet_task, SHEET_SIZES, SHEET_METHODS),
}


def size_measures(seed: int, sizes: dict[str, tuple[int, ...]] | None = None) -> dict[str, float]:
    """Held-out accuracy of each method on each task, for one draw; `sizes` limits it to some sizes of some tasks."""
    return {
        f"{task}, {size}, {method}": accuracy(method, make(size, seed), seed)
        for task, (make, all_sizes, methods) in TASKS.items()
        for size in (all_sizes if sizes is None else sizes.get(task, ()))
        for method in methods
    }

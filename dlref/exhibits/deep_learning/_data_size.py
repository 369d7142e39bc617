"""The learning curves of the page on data size: four methods, two tasks, several seeds."""

from collections.abc import Callable

import numpy as np
import torch
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from torch import Tensor, nn

from dlref.engine.trained import trained
from dlref.exhibits._heart import TARGET, heart_split, preparation
from dlref.pytorch.networks import MLP

METHODS = ("logistic regression", "random forest", "small network", "large network")
DRAWN_SIZES, HEART_SIZES = (100, 300, 1000, 3000, 10000), (50, 100, 200, 400, 734)
DRAWN_SEEDS, HEART_SEEDS = 3, 5
COLUMNS = 40

Task = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def drawn(count: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A made table: the answer depends on ten columns by themselves, on four products of pairs, and on chance."""
    x = generator.normal(size=(count, COLUMNS))
    alone = x[:, :10].sum(axis=1) / np.sqrt(10)
    pairs = (x[:, 0:8:2] * x[:, 1:8:2]).sum(axis=1) / np.sqrt(4)
    return x, (alone + 0.8 * pairs + 0.6 * generator.normal(size=count) > 0).astype(int)


def drawn_task(count: int, seed: int) -> Task:
    """So many rows to learn from, 4000 to be measured on."""
    generator = np.random.default_rng(seed)
    return *drawn(count, generator), *drawn(4000, generator)


def heart_task(count: int, seed: int) -> Task:
    """So many patients to learn from; 184 others to be measured on, different ones for each seed.

    Categories and scales come from all who are not held out: a small draw can lack a category. They use no labels.
    """
    import pandas as pd

    train, test, y_train, y_test = heart_split()
    features, target = pd.concat([train, test]), pd.concat([y_train, y_test]).rename(TARGET)
    train, test, y_train, y_test = train_test_split(features, target, test_size=184, stratify=target, random_state=seed)
    prepared = preparation().fit(train)
    train, y_train = train[:count], y_train[:count]
    return prepared.transform(train), y_train.to_numpy(), prepared.transform(test), y_test.to_numpy()


def network_accuracy(sizes: list[int], task: Task, seed: int) -> float:
    """Train a network for 400 steps with weight decay; its accuracy on the held-out rows."""
    train, y_train, test, y_test = (torch.tensor(part) for part in task)
    torch.manual_seed(seed)
    model = MLP(sizes)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=1e-2)
    for _ in range(400):
        batch = torch.randint(len(train), (64,))
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(train[batch].float()), y_train[batch]).backward()
        optimizer.step()
    with torch.no_grad():
        return _share(model(test.float()).argmax(dim=1) == y_test)


def _share(right: Tensor) -> float:
    return right.float().mean().item()


def accuracies(task: Task, seed: int) -> list[float]:
    """The held-out accuracy of each of METHODS."""
    train, y_train, test, y_test = task
    classical = LogisticRegression(max_iter=1000), RandomForestClassifier(50, random_state=seed)
    columns = train.shape[1]
    networks = [columns, 8, 2], [columns, 64, 64, 2]
    return [
        *(float(model.fit(train, y_train).score(test, y_test)) for model in classical),
        *(network_accuracy(sizes, task, seed) for sizes in networks),
    ]


def _over_seeds(make: Callable[[int, int], Task], size: int, seeds: int) -> dict:
    """Accuracies by seed and method."""
    return {"accuracy": [accuracies(make(size, seed), seed) for seed in range(seeds)]}


@trained
def on_drawn(size: int) -> dict:
    """Accuracies on the made table with so many rows."""
    return _over_seeds(drawn_task, size, DRAWN_SEEDS)


@trained
def on_heart(size: int) -> dict:
    """Accuracies on the heart data with so many patients."""
    return _over_seeds(heart_task, size, HEART_SEEDS)


def drawn_curves() -> np.ndarray:
    """Accuracies on the made table by size, seed and method."""
    return np.array([on_drawn(size)["accuracy"] for size in DRAWN_SIZES])


def heart_curves() -> np.ndarray:
    """Accuracies on the heart data by size, seed and method."""
    return np.array([on_heart(size)["accuracy"] for size in HEART_SIZES])

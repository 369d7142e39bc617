"""The searches that the page on hyperparameter tuning shows, over ten splits of the patients, trained side by side.

Each is what `GridSearchCV` and `RandomizedSearchCV` do with a network: the same folds, each prepared by its own
training part, the same scores. Side by side, the 720 trainings of a search take seconds.
"""

from functools import cache

import numpy as np
import torch
from sklearn.model_selection import StratifiedKFold, train_test_split
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, pad

from dlref.datasets import heart
from dlref.engine.trained import trained
from dlref.exhibits._heart import DISGUISED, TARGET, preparation
from dlref.exhibits._side_by_side import outputs, shuffled, stacked

SPLITS, FOLDS, EPOCHS, BATCH = 10, 3, 10, 64
RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]
NODES = [2, 6, 20, 64]


@cache
def tables(split: int) -> list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Features and labels to train on and to score on: of each fold of 734 patients, then of all of them and of the 184
    held out; each prepared by its own training part.
    """
    patients = heart()
    patients[DISGUISED] = patients[DISGUISED].replace(0, np.nan)
    features, ill = patients.drop(columns=TARGET), patients[TARGET].to_numpy(dtype=float)
    train, test = train_test_split(np.arange(len(ill)), test_size=0.2, stratify=ill, random_state=split)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=split).split(train, ill[train])
    found = []
    for rows, scored in [*((train[rows], train[scored]) for rows, scored in folds), (train, test)]:
        prepared = preparation().fit(features.iloc[rows])
        x, x_scored = (prepared.transform(features.iloc[part]) for part in (rows, scored))
        found.append((x, ill[rows], x_scored, ill[scored]))
    return found


def settings(search: str) -> list[list[tuple[float, int]]]:
    """Rate and nodes of each trial, by split: the grid's are the same in all, the random search's drawn anew."""
    if search == "grid":
        return [[(rate, nodes) for rate in RATES for nodes in NODES]] * SPLITS
    random = np.random.default_rng(0)
    # Uniform on a logarithmic scale; whole numbers of nodes.
    rates = np.exp(random.uniform(np.log(RATES[0]), np.log(RATES[-1]), (SPLITS, len(RATES) * len(NODES))))
    nodes = np.exp(random.uniform(np.log(NODES[0]), np.log(NODES[-1]), rates.shape)).round().astype(int)
    return [list(zip(r.tolist(), n.tolist(), strict=True)) for r, n in zip(rates, nodes, strict=True)]


def started(columns: int, nodes: list[int], seeds: list[int]) -> list[Tensor]:
    """Networks of several sizes as one stack: nodes that a smaller one lacks have weights of 0, and keep them."""
    drawn = []
    for count, seed in zip(nodes, seeds, strict=True):
        (w1, b1, w2, b2), missing = stacked([columns, count, 1], [seed]), max(nodes) - count
        drawn.append([pad(w1, (0, 0, 0, missing)), pad(b1, (0, missing)), pad(w2, (0, missing)), b2])
    return [torch.cat(layer).requires_grad_() for layer in zip(*drawn, strict=True)]


def trained_networks(x: Tensor, y: Tensor, chosen: list[tuple[float, int]], seeds: list[int]) -> list[Tensor]:
    """Ten epochs of Adam, each network at its own rate and on its own rows: x is (networks, rows, columns)."""
    weights = started(x.shape[2], [nodes for _, nodes in chosen], seeds)
    rate = torch.tensor([rate for rate, _ in chosen], dtype=torch.float64)[:, None, None]
    optimizer, orders, each = torch.optim.Adam(weights, lr=1), shuffled(*x.shape[:2], seeds[0]), torch.arange(len(x))
    for _ in range(EPOCHS):
        for rows in next(orders).split(BATCH, dim=1):
            logits = outputs(weights, x[each[:, None], rows])[..., 0]
            losses = binary_cross_entropy_with_logits(logits, y.gather(1, rows), reduction="none").mean(dim=1)
            before = [weight.detach().clone() for weight in weights]
            optimizer.zero_grad()
            losses.sum().backward()
            optimizer.step()
            # Adam's step is proportional to its rate: each network goes its own share of a step at rate 1.
            with torch.no_grad():
                for weight, old in zip(weights, before, strict=True):
                    weight.copy_(old + rate * (weight - old))
    return [weight.detach() for weight in weights]


def area(y: np.ndarray, logits: Tensor) -> float:
    """Area under the ROC curve: the share of pairs of an ill and a healthy patient that are in the right order."""
    ill, healthy = logits[torch.tensor(y == 1)], logits[torch.tensor(y == 0)]
    apart = ill[:, None] - healthy
    return ((apart > 0).double().mean() + (apart == 0).double().mean() / 2).item()


def scores(jobs: list[tuple[int, int, float, int]]) -> list[float]:
    """The area for each job: its split, its fold (or FOLDS for all patients), rate and nodes."""
    parts = [tables(split)[fold] for split, fold, _, _ in jobs]
    # Folds may differ by one row.
    rows = min(len(x) for x, *_ in parts)
    x, y = (torch.tensor(np.stack([part[k][:rows] for part in parts])) for k in (0, 1))
    seeds = [1000 * split + 10 * fold + nodes for split, fold, _, nodes in jobs]
    weights = trained_networks(x, y, [job[2:] for job in jobs], seeds)
    return [
        area(part[3], outputs([weight[k] for weight in weights], torch.tensor(part[2]))[:, 0])
        for k, part in enumerate(parts)
    ]


@trained
def searched(search: str) -> dict:
    """A search over learning rate and nodes on each of ten splits: rate, nodes and the score in each fold of every
    trial, and the score on the held-out patients of the best, trained on all others.
    """
    trials = settings(search)
    jobs = [(split, fold, *trial) for split in range(SPLITS) for trial in trials[split] for fold in range(FOLDS)]
    # Networks of about one size go together, so that little is computed for nodes that are missing.
    order, found = sorted(range(len(jobs)), key=lambda k: jobs[k][3]), torch.zeros(len(jobs), dtype=torch.float64)
    for start in range(0, len(jobs), 90):
        places = order[start : start + 90]
        found[places] = torch.tensor(scores([jobs[k] for k in places]), dtype=torch.float64)
    folds = found.view(SPLITS, -1, FOLDS)
    best = folds.mean(dim=2).argmax(dim=1).tolist()
    held_out = scores([(split, FOLDS, *trials[split][place]) for split, place in enumerate(best)])
    rates, nodes = torch.tensor(trials, dtype=torch.float64).unbind(dim=2)
    return {"rates": rates, "nodes": nodes, "folds": folds, "best": best, "held out": held_out}

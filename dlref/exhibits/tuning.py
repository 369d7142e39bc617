"""Exhibits of the page on hyperparameter tuning."""

from functools import cache

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame
from scipy.stats import binom, loguniform
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV, StratifiedKFold

from dlref.exhibit import exhibit
from dlref.exhibits._heart_tables import heart_tables
from dlref.networks import MLP
from dlref.plots import style

RATES = [0.0003, 0.001, 0.003, 0.01, 0.03]
NODES = [2, 8, 32, 128]
SEARCHES = ["grid", "random"]
TRIED = [1, 2, 5, 10, 20, 50, 100, 200, 500]


def network(nodes: int) -> MLP:
    """A network with one hidden layer for the heart data."""
    return MLP([heart_tables()[0].shape[1], nodes, 1])


def estimator():
    """That network as an estimator of scikit-learn, by skorch: ten epochs of Adam."""
    from skorch import NeuralNetBinaryClassifier

    return NeuralNetBinaryClassifier(
        network,
        module__nodes=8,
        optimizer=torch.optim.Adam,
        max_epochs=10,
        batch_size=64,
        iterator_train__shuffle=True,
        train_split=None,
        verbose=0,
    )


@cache
def searched(search: str):
    """A search over learning rate and nodes on the 734 training patients, three-fold cross-validated, and refitted."""
    x, y, _, _ = heart_tables()
    folds = {"cv": StratifiedKFold(3, shuffle=True, random_state=0), "scoring": "roc_auc"}
    torch.manual_seed(0)
    if search == "grid":
        found = GridSearchCV(estimator(), {"lr": RATES, "module__nodes": NODES}, **folds)
    else:
        # Uniform on a logarithmic scale; whole numbers of nodes.
        drawn = {"lr": loguniform(0.0003, 0.03), "module__nodes": np.unique(np.geomspace(2, 128, 40).astype(int))}
        found = RandomizedSearchCV(estimator(), drawn, n_iter=len(RATES) * len(NODES), random_state=0, **folds)
    return found.fit(x, y[:, 0])


@exhibit(
    alt=lambda search: (
        f"Learning rate against hidden nodes, both on logarithmic scales: 20 settings of a {search} search, each "
        "with its area under the ROC curve. Low rates with few nodes score worst; the best setting, outlined, has a "
        f"score of {searched(search).best_score_:.3f}."
    ),
    explore={"search": SEARCHES},
)
def search_map(search: str = "grid") -> Figure:
    """Twenty settings each, scored by cross-validated area under the ROC curve. The grid tries five rates, the random
    search twenty."""
    results = searched(search).cv_results_
    rates, nodes = (np.array(results[f"param_{name}"], dtype=float) for name in ("lr", "module__nodes"))
    scores, best = results["mean_test_score"], searched(search).best_index_
    figure, axes = style.figure(4.8, 3.4)
    colors = style.ramp(style.BLUE, high=0.55)
    # On a grid there is room for numbers; drawn at random, settings may lie on each other.
    look = {"marker": "s", "s": 560} if search == "grid" else {"marker": "o", "s": 110}
    axes.scatter(
        rates, nodes, c=scores, cmap=colors, vmin=0.7, vmax=0.93, edgecolor=style.GROUND, linewidth=0.8, **look
    )
    axes.scatter(rates[best], nodes[best], facecolor="none", edgecolor=style.INK, linewidth=1.6, **look)
    for x, y, score in zip(rates, nodes, scores, strict=True):
        if search == "grid":
            axes.text(x, y, f"{score:.2f}".removeprefix("0"), ha="center", va="center_baseline", fontsize=9)
    axes.set(xscale="log", yscale="log", xlim=(0.00019, 0.048), ylim=(1.2, 215))
    axes.set_xticks(RATES, [f"{rate:g}" for rate in RATES])
    axes.set_yticks(NODES, [f"{count}" for count in NODES])
    axes.minorticks_off()
    axes.set(xlabel="learning rate", ylabel="hidden nodes")
    return figure


@exhibit(digits={"learning rate": 4, "cross-validated": 3, "held out": 3})
def best_settings() -> DataFrame:
    """The best setting of each search, its cross-validated score, and its score on the patients kept out so far."""
    _, _, x, y = heart_tables()
    rows = []
    for search in SEARCHES:
        found = searched(search)
        held_out = roc_auc_score(y[:, 0], found.predict_proba(x)[:, 1])
        setting = found.best_params_
        rows.append((search, setting["lr"], setting["module__nodes"], found.best_score_, held_out))
    return DataFrame(rows, columns=["search", "learning rate", "nodes", "cross-validated", "held out"])


def expected_best(models: int, patients: int = 184) -> float:
    """Mean accuracy of the best of some models that flip coins, from the distribution of a maximum."""
    at_most = binom.cdf(np.arange(-1, patients + 1), patients, 0.5) ** models
    return float(np.sum(np.diff(at_most) * np.arange(patients + 1)) / patients)


@exhibit(
    alt=lambda models: (
        "Expected accuracy of the best of several coin-flipping models on 184 patients, against their number on a "
        f"logarithmic scale: a curve that rises from 0.5. For {models} it is {expected_best(models):.2f}."
    ),
    explore={"models": TRIED},
)
def coin_flippers(models: int = 20) -> Figure:
    """The best of many models that all only guess looks better than chance, on the data by which it was chosen."""
    figure, axes = style.figure()
    counts = np.unique(np.geomspace(1, 500, 60).astype(int))
    axes.axhline(0.5, color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.semilogx(counts, [expected_best(count) for count in counts], color=style.BLUE)
    axes.plot(models, expected_best(models), "o", color=style.INK, markersize=6)
    axes.set_xticks([1, 10, 100, 500], ["1", "10", "100", "500"])
    axes.minorticks_off()
    axes.text(420, 0.502, "true accuracy", color=style.MUTED, ha="right", va="bottom", fontsize=9.5)
    axes.set(xlabel="models tried", ylabel="accuracy of the best", ylim=(0.48, 0.64))
    return figure


@exhibit(explore={"models": TRIED})
def tried(models: int = 20) -> int:
    """How many models the slider is at."""
    return models


@exhibit(explore={"models": TRIED}, digits=3)
def best_by_luck(models: int = 20) -> float:
    """Expected accuracy of the best of that many coin-flipping models on 184 patients."""
    return expected_best(models)

"""Exhibits of the page on hyperparameter tuning."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame
from scipy.stats import binom

from dlref.engine.exhibit import exhibit
from dlref.exhibits._heart import heart_split
from dlref.exhibits.pytorch._tuning import NODES, RATES, SPLITS, searched
from dlref.plots import style

SEARCHES = ["grid", "random"]
TRIED = [1, 2, 5, 10, 20, 50, 100, 200, 500]
OVER = f"{SPLITS} splits of the patients, each with folds and starts of its own"


def mean_scores(search: str) -> np.ndarray:
    """The cross-validated score of every trial, (splits, trials)."""
    return searched(search)["folds"].mean(dim=2).numpy()


def trials(search: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rates, nodes and scores to draw: of the grid the means over all splits, of the random search the first split."""
    rates, nodes = (searched(search)[name][0].numpy() for name in ("rates", "nodes"))
    scores = mean_scores(search)
    return rates, nodes, scores.mean(axis=0) if search == "grid" else scores[0]


@exhibit(
    alt=lambda search: (
        "Learning rate against hidden nodes, both on logarithmic scales: 24 settings of a "
        f"{search} search, each with its area under the ROC curve, and a scale of colors. Low rates with few nodes "
        f"score worst; the best setting, outlined, has {max(trials(search)[2]):.2f}."
    ),
    explore={"search": SEARCHES},
    over=OVER,
)
def search_map(search: str = "grid") -> Figure:
    """Twenty-four settings each, scored by cross-validated area under the ROC curve; the best is framed. The grid tries
    six rates, and its scores are means of ten splits; the random search, drawn for one split, tries 24.
    """
    rates, nodes, scores = trials(search)
    best = int(np.argmax(scores))
    figure, axes = style.figure(4.8, 3.4)
    colors = style.ramp(style.BLUE, high=0.55)
    # On a grid there is room for numbers; drawn at random, settings may lie on each other.
    look = {"marker": "s", "s": 520} if search == "grid" else {"marker": "o", "s": 90}
    shown = {"cmap": colors, "vmin": 0.7, "vmax": 0.93, "edgecolor": style.GROUND, "linewidth": 0.8}
    dots = axes.scatter(rates, nodes, c=scores, **shown, **look)
    axes.scatter(rates[best], nodes[best], facecolor="none", edgecolor=style.INK, linewidth=1.6, **look)
    for x, y, score in zip(rates, nodes, scores, strict=True):
        if search == "grid":
            axes.text(x, y, f"{score:.2f}".removeprefix("0"), ha="center", va="center_baseline", fontsize=9)
    figure.colorbar(dots, ax=axes, label="area under the ROC curve")
    axes.set(xscale="log", yscale="log", xlim=(0.0006, 0.5), ylim=(1.3, 100))
    axes.set_xticks(RATES, [f"{rate:g}" for rate in RATES])
    axes.set_yticks(NODES, [f"{count}" for count in NODES])
    axes.minorticks_off()
    axes.set(xlabel="learning rate", ylabel="hidden nodes")
    return figure


def both(search: str) -> tuple[np.ndarray, np.ndarray]:
    """For each split, the cross-validated score of the best setting and its score on the held-out patients."""
    return mean_scores(search).max(axis=1), np.array(searched(search)["held out"])


@exhibit(digits=3, over=OVER)
def best_settings() -> DataFrame:
    """What each search chooses in ten splits: how many different settings, their cross-validated scores, and their
    scores on the patients that were held out, each as mean and standard deviation (sd).
    """
    rows = []
    for search in SEARCHES:
        found = searched(search)
        chosen = {(found["rates"][k, b].item(), found["nodes"][k, b].item()) for k, b in enumerate(found["best"])}
        validated, held_out = both(search)
        columns = {"settings": len(chosen), "cross-validated": validated.mean(), "sd": validated.std(ddof=1)}
        rows.append({"search": search} | columns | {"held out": held_out.mean(), "sd ": held_out.std(ddof=1)})
    return DataFrame(rows)


def standard_error(area: float) -> float:
    """Of an area under the ROC curve on the held-out patients, by the formula of Hanley and McNeil (1982)."""
    y = heart_split()[3]
    ill, healthy = int(y.sum()), int((1 - y).sum())
    two_ill, two_healthy = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (ill - 1) * (two_ill - area**2) + (healthy - 1) * (two_healthy - area**2)
    return float(np.sqrt(spread / (ill * healthy)))


@exhibit(digits=2, over="the mean held-out score of the grid search")
def error_held_out() -> float:
    """Standard error of a held-out score, by the formula of Hanley and McNeil: it covers the draw of the held-out
    patients, not that of the training patients.
    """
    return standard_error(both("grid")[1].mean())


@exhibit(over=OVER)
def within_chance() -> bool:
    """For both searches, the mean of held-out less cross-validated score is smaller than its standard deviation."""
    differences = [held_out - validated for validated, held_out in map(both, SEARCHES)]
    return all(abs(difference.mean()) < difference.std(ddof=1) for difference in differences)


@exhibit(follows="how the two searches choose their trials")
def more_values() -> bool:
    """The 24 trials of the grid have 6 rates and 4 numbers of nodes; those of the random search 24 rates in each split,
    and more than 10 numbers of nodes.
    """
    different = {
        s: [[len(set(row.tolist())) for row in searched(s)[name]] for name in ("rates", "nodes")] for s in SEARCHES
    }
    rates, nodes = different["random"]
    return different["grid"] == [[6] * SPLITS, [4] * SPLITS] and min(rates) == 24 and min(nodes) > 10


@exhibit(over=OVER)
def ridge() -> bool:
    """In the grid's mean scores, each number of nodes has a rate that scores within 0.02 of the best setting, and the
    best rate for 2 nodes is higher than that for 64.
    """
    scores = mean_scores("grid").mean(axis=0).reshape(len(RATES), len(NODES))
    best = scores.argmax(axis=0)
    return bool(scores.max(axis=0).min() > scores.max() - 0.02 and best[0] > best[-1])


@exhibit(over=OVER)
def folds_differ_more() -> bool:
    """In both searches, the standard deviation between the folds of the best setting, as a mean over the splits, is
    more than the mean distance between the best setting and the fifth best.
    """
    for search in SEARCHES:
        spreads = searched(search)["folds"].std(dim=2).numpy()
        ranked, best = np.sort(mean_scores(search), axis=1), searched(search)["best"]
        if spreads[np.arange(SPLITS), best].mean() <= (ranked[:, -1] - ranked[:, -5]).mean():
            return False
    return True


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

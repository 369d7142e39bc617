"""Exhibits of the page on hyperparameter tuning."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame
from scipy.stats import binom

from dlref.engine.exhibit import exhibit
from dlref.exhibits._heart import heart_split
from dlref.exhibits.pytorch._tuning import NODES, RATES, searched
from dlref.plots import style

SEARCHES = ["grid", "random"]
TRIED = [1, 2, 5, 10, 20, 50, 100, 200, 500]


@exhibit(
    alt=lambda search: (
        f"Learning rate against hidden nodes, both on logarithmic scales: 20 settings of a {search} search, each "
        "with its area under the ROC curve. Low rates with few nodes score worst; the best setting, outlined, has a "
        f"score of {max(searched(search)['scores']):.3f}."
    ),
    explore={"search": SEARCHES},
)
def search_map(search: str = "grid") -> Figure:
    """Twenty settings each, scored by cross-validated area under the ROC curve: darker is better, the best is framed.
    The grid tries five rates, the random search twenty.
    """
    rates, nodes, scores = (searched(search)[name] for name in ("rates", "nodes", "scores"))
    best = int(np.argmax(scores))
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


@exhibit(digits={"rate": 4, "cross-validated": 3, "held out": 3})
def best_settings() -> DataFrame:
    """The best setting of each search, its cross-validated score, and its score on the patients kept out so far."""
    rows = []
    for search in SEARCHES:
        found = searched(search)
        best = int(np.argmax(found["scores"]))
        rows.append((search, found["rates"][best], found["nodes"][best], found["scores"][best], found["held out"]))
    return DataFrame(rows, columns=["search", "rate", "nodes", "cross-validated", "held out"])


def standard_error(area: float) -> float:
    """Of an area under the ROC curve on the held-out patients, by the formula of Hanley and McNeil (1982)."""
    y = heart_split()[3]
    ill, healthy = int(y.sum()), int((1 - y).sum())
    two_ill, two_healthy = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (ill - 1) * (two_ill - area**2) + (healthy - 1) * (two_healthy - area**2)
    return float(np.sqrt(spread / (ill * healthy)))


@exhibit(digits=3)
def error_held_out() -> float:
    """Standard error of the grid's held-out score, by the formula of Hanley and McNeil."""
    return standard_error(searched("grid")["held out"])


@exhibit()
def within_chance() -> bool:
    """For both searches, held-out and cross-validated score differ by less than two standard errors of the first."""
    scores = [(searched(search)["held out"], max(searched(search)["scores"])) for search in SEARCHES]
    return all(abs(held_out - validated) < 2 * standard_error(held_out) for held_out, validated in scores)


@exhibit()
def more_values() -> bool:
    """The 20 trials of the grid have 5 rates and 4 numbers of nodes; those of the random search 20 and more than 10."""
    different = {s: [len(set(searched(s)[name])) for name in ("rates", "nodes")] for s in SEARCHES}
    return different["grid"] == [5, 4] and different["random"][0] == 20 and different["random"][1] > 10


@exhibit()
def ridge() -> bool:
    """In the grid, each number of nodes has a rate that scores within 0.015 of the best setting, and the best rate of
    the smallest network is higher than that of the largest."""
    table = DataFrame({name: searched("grid")[name] for name in ("rates", "nodes", "scores")})
    scores = table.pivot(index="rates", columns="nodes", values="scores")
    best = scores.idxmax()
    return bool(scores.max().min() > scores.max().max() - 0.015 and best[NODES[0]] > best[NODES[-1]])


@exhibit()
def folds_differ_more() -> bool:
    """In both searches, the scores of the best setting in its three folds have a standard deviation above the distance
    between the best setting and the fifth best."""
    found = [(np.array(searched(search)["scores"]), searched(search)["spreads"]) for search in SEARCHES]
    return all(spreads[np.argmax(scores)] > np.ptp(np.sort(scores)[-5:]) for scores, spreads in found)


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

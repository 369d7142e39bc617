"""Drawings of fits: a curve through a binary target, points of two classes in a plane."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.figure import Figure

from dlref.plots import style


def binary_target(
    x: np.ndarray,
    y_true: np.ndarray,
    curve: Callable[[np.ndarray], np.ndarray],
    *,
    names: Sequence[str],
    xlabel: str,
    ylabel: str,
) -> Figure:
    """All cases at 0 or 1 over one feature, the share of 1s in bins one unit wide, and a fitted curve.

    Cases of equal x and class are one mark, whose area grows with their number. A bin's share stands at the mean x of
    its cases, and their number below it; it is hollow where they are fewer than 10.
    """
    figure, axes = style.figure()
    for edge in (0, 1):
        axes.axhline(edge, color=style.GRID, linewidth=0.9, zorder=0)
    for label, color, marker in ((0, style.NEGATIVE, "s"), (1, style.POSITIVE, "o")):
        places, numbers = np.unique(x[y_true == label], return_counts=True)
        look = {"marker": marker, "facecolor": "none", "edgecolor": color, "linewidth": 0.7}
        axes.scatter(places, np.full(len(places), label), s=4 + numbers, **look)
        axes.text(x.max(), (-0.17, 1.17)[label], names[label], color=color, ha="right", va="center")
    axes.text(x.min() - 0.75, -0.42, "n", fontsize=9.5, ha="right", va="center")
    for inside in bins(x):
        face = style.INK if inside.sum() >= 10 else style.GROUND
        axes.plot(x[inside].mean(), y_true[inside].mean(), "D", markersize=6, color=style.INK, markerfacecolor=face)
        axes.text(x[inside].mean(), -0.42, str(inside.sum()), fontsize=9.5, ha="center", va="center")
    grid = np.linspace(x.min(), x.max(), 201)
    axes.plot(grid, curve(grid), color=style.VIOLET, linewidth=2.2)
    axes.set(xlabel=xlabel, ylabel=ylabel, ylim=(-0.52, 1.75), yticks=(0, 0.5, 1, 1.5))
    return figure


def bins(x: np.ndarray) -> list[np.ndarray]:
    """Which cases lie in each bin one unit wide that holds any."""
    return [np.floor(x) == low for low in np.unique(np.floor(x))]


def classes(X: np.ndarray, y_true: np.ndarray, *, names: Sequence[str]) -> Figure:
    """Cases of two classes in the plane of two features."""
    figure, axes = style.figure()
    for label, color, marker in ((0, style.NEGATIVE, "s"), (1, style.POSITIVE, "o")):
        chosen = y_true == label
        axes.scatter(
            *X[chosen].T, s=12, marker=marker, facecolor="none", edgecolor=color, linewidth=0.8, label=names[label]
        )
    axes.legend(loc="upper left", handletextpad=0.2, borderaxespad=0.2)
    return figure

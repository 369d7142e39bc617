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
    """Cases at 0 or 1 over one feature, the share of 1s in bins one unit wide, and a fitted curve.

    The points are spread a little in height, so that those of equal x can be told apart; one in three is drawn.
    """
    figure, axes = style.figure()
    for edge in (0, 1):
        axes.axhline(edge, color=style.GRID, linewidth=0.9, zorder=0)
    for name, height, color in zip(names, (-0.17, 1.17), (style.NEGATIVE, style.POSITIVE), strict=True):
        axes.text(x.min(), height, name, color=color, va="center")
    spread = np.random.default_rng(0).uniform(-0.05, 0.05, len(x))
    for label, color, marker in ((0, style.NEGATIVE, "s"), (1, style.POSITIVE, "o")):
        some = np.flatnonzero(y_true == label)[::3]
        axes.scatter(
            x[some], label + spread[some], s=9, marker=marker, facecolor="none", edgecolor=color, linewidth=0.7
        )
    edges = np.arange(np.floor(x.min()), np.ceil(x.max()) + 1)
    for low in edges[:-1]:
        inside = (x >= low) & (x < low + 1)
        if inside.sum() >= 10:
            axes.plot(low + 0.5, y_true[inside].mean(), "D", markersize=6, color=style.INK)
    grid = np.linspace(x.min(), x.max(), 201)
    axes.plot(grid, curve(grid), color=style.VIOLET, linewidth=2.2)
    axes.set(xlabel=xlabel, ylabel=ylabel, ylim=(-0.25, 1.65), yticks=(0, 0.5, 1, 1.5))
    return figure


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

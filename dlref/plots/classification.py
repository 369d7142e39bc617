"""Drawings of classifiers at work: scores against classes, confusion matrices, ROC curves."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from dlref.metrics import confusion_at, counts
from dlref.plots import style

# Behind a label that may lie on a line.


def score_strip(
    y_true: np.ndarray, y_score: np.ndarray, threshold: float, *, names: Sequence[str], score: str = "score"
) -> Figure:
    """Scores in two strips, one for each actual class, cut by the threshold.

    Filled circles are right, hollow squares wrong. The counts stand outside the axes, where no point can cover them.
    """
    figure, axes = style.figure()
    right = (y_score >= threshold) == y_true
    # Where in its strip a point stands means nothing; the same seed keeps it still when the threshold moves.
    x = y_true + np.random.default_rng(0).uniform(-0.22, 0.22, len(y_true))
    for label, color in enumerate((style.NEGATIVE, style.POSITIVE)):
        for drawn, marker, fill in ((right, "o", color), (~right, "s", "none")):
            chosen = drawn & (y_true == label)
            axes.scatter(
                x[chosen], y_score[chosen], s=14, marker=marker, facecolor=fill, edgecolor=color, linewidth=0.9
            )
    axes.axhline(threshold, color=style.INK, linewidth=1.1)
    tn, fp, fn, tp = counts(confusion_at(y_true, y_score, threshold))
    for label, above, below in ((0, f"{fp} false alarms", f"{tn} correct"), (1, f"{tp} hits", f"{fn} misses")):
        axes.annotate(
            above, (label, 1), (0, 3), xycoords=("data", "axes fraction"), textcoords="offset points", ha="center"
        )
        axes.annotate(
            below,
            (label, 0),
            (0, -30),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="center",
            va="top",
        )
    axes.set(xlim=(-0.5, 1.5), ylim=(-0.03, 1.03), ylabel=score, xticks=(0, 1), xticklabels=names)
    axes.tick_params(axis="x", length=0)
    return figure


def matrix(table: ArrayLike, *, names: Sequence[str], title: str = "") -> Figure:
    """A 2×2 confusion matrix, rows actual: right outcomes in the color of their class, errors hollow and hatched."""
    table = np.asarray(table)
    figure, axes = style.figure(4.0, 3.1)
    words = (("TN", "correct rejection"), ("FP", "false alarm")), (("FN", "miss"), ("TP", "hit"))
    for row, column in np.ndindex(2, 2):
        color = (style.NEGATIVE, style.POSITIVE)[row]
        share = table[row, column] / max(table[row].sum(), 1)
        right = row == column
        face = style.tint(color, 0.1 + 0.25 * share) if right else "none"
        axes.add_patch(_cell(column, row, facecolor=face, edgecolor=color, hatch=None if right else "///"))
        short, long = words[row][column]
        box = {"facecolor": face if right else style.GROUND, "edgecolor": "none", "pad": 2}
        axes.text(column, row - 0.05, f"{table[row, column]}", ha="center", va="center", fontsize=15, bbox=box)
        axes.text(column, row + 0.28, f"{short} · {long}", ha="center", va="center", fontsize=9.5, bbox=box)
    axes.set(xlim=(-0.5, 1.5), ylim=(1.5, -0.5), xticks=(0, 1), yticks=(0, 1), xticklabels=names, yticklabels=names)
    axes.set(xlabel=f"predicted{title}", ylabel="actual")
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
    axes.spines[:].set_visible(False)
    return figure


def _cell(column: int, row: int, **look):
    from matplotlib.patches import Rectangle

    return Rectangle((column - 0.48, row - 0.47), 0.96, 0.94, linewidth=0.8, **look)


def roc(
    curves: dict[str, tuple[np.ndarray, np.ndarray]],
    *,
    point: tuple[float, float] | None = None,
) -> Figure:
    """ROC curves, each `name: (fpr, tpr)`, with the diagonal of guessing and, if asked for, one marked point."""
    figure, axes = style.figure()
    axes.plot((0, 1), (0, 1), color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.text(
        0.78,
        0.735,
        "guessing",
        color=style.MUTED,
        rotation=45,
        rotation_mode="anchor",
        ha="center",
        va="top",
        fontsize=9.5,
        bbox=style.LABEL,
        zorder=3,
    )
    for (name, (fpr, tpr)), color, dash in zip(curves.items(), style.SERIES, style.DASHES, strict=False):
        axes.plot(fpr, tpr, color=color, linestyle=dash, label=name)
    if point:
        axes.plot((0, point[0], point[0]), (point[1], point[1], 0), color=style.MUTED, linewidth=0.8)
        axes.plot(*point, marker="o", markersize=7, color=style.INK)
        # The point is in the upper left half: below and to the right of it there is room.
        text = f"({point[0]:.2f}, {point[1]:.2f})"
        axes.annotate(text, point, (8, -13), textcoords="offset points", bbox=style.LABEL)
    if len(curves) > 1:
        axes.legend(loc="lower right")
    axes.set(xlabel="false positive rate", ylabel="true positive rate", aspect="equal")
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    return figure

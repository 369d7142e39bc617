"""Drawings of a 2×2 table of outcomes: in any orientation, with any cells marked."""

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dlref.plots import style

# How a cell can look; each has a shade and a second cue, so that none rests on color alone.
Look = dict


def right(color: str, share: float = 0.25) -> Look:
    """A correct outcome: filled."""
    return {"facecolor": style.tint(color, share), "edgecolor": color, "linewidth": 0.9}


def wrong(color: str) -> Look:
    """An error: hatched."""
    return {"facecolor": "none", "edgecolor": color, "linewidth": 0.9, "hatch": "///"}


def plain() -> Look:
    """A cell that is not meant: outlined with dashes."""
    return {"facecolor": "none", "edgecolor": style.MUTED, "linewidth": 0.8, "linestyle": (0, (4, 3))}


def table(
    texts: Sequence[Sequence[tuple[str, str]]],
    looks: Sequence[Sequence[Look]],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    down: str = "actual",
    across: str = "predicted",
    below: str = "",
) -> Figure:
    """Two rows and two columns of cells, each with a large text and a small one under it, and a line under all."""
    figure, axes = style.figure(4.0, 3.1 + 0.35 * bool(below))
    for r in range(2):
        for c in range(2):
            look = looks[r][c]
            axes.add_patch(Rectangle((c - 0.48, r - 0.47), 0.96, 0.94, **look))
            ground = style.GROUND if look["facecolor"] == "none" else look["facecolor"]
            box = {"facecolor": ground, "edgecolor": "none", "pad": 2}
            large, small = texts[r][c]
            axes.text(c, r - 0.07, large, ha="center", va="center", fontsize=15, bbox=box)
            axes.text(c, r + 0.27, small, ha="center", va="center", fontsize=9.5, bbox=box)
    axes.set(xlim=(-0.5, 1.5), ylim=(1.5, -0.5), xticks=(0, 1), yticks=(0, 1), xticklabels=columns, yticklabels=rows)
    axes.set(xlabel=across, ylabel=down)
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
    axes.spines[:].set_visible(False)
    if below:
        axes.text(0.5, 1.75, below, ha="center", va="center", fontsize=11)
    return figure

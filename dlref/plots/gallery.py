"""Drawings of pictures: rows of them with words beneath, and what a model says of one."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from dlref.plots import style


def gallery(images: np.ndarray, captions: Sequence[str], *, columns: int) -> Figure:
    """Pictures in rows, each with a caption of one or two lines beneath it."""
    rows = -(-len(images) // columns)
    lines = 1 + max(caption.count("\n") for caption in captions)
    width = 3.8
    side = width / columns
    figure, axes = style.figure(width, rows * (side + 0.19 * lines), nrows=rows, ncols=columns, squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, image, caption in zip(axes.flat, images, captions, strict=False):
        ax.imshow(image)
        ax.text(0.5, -0.05, caption, transform=ax.transAxes, ha="center", va="top", linespacing=1.4)
    return figure


def verdicts(image: np.ndarray, classes: Sequence[str], answers: dict[str, np.ndarray], truth: np.ndarray) -> Figure:
    """A picture, and beside it for each model a bar for each class; classes that are in the picture are in bold."""
    figure, axes = style.figure(4.2, 1.8, ncols=1 + len(answers), width_ratios=[1.15] + [1] * len(answers))
    axes[0].imshow(image)
    axes[0].set_axis_off()
    for ax, (name, p) in zip(axes[1:], answers.items(), strict=True):
        ax.barh(range(len(classes)), p, color=style.BLUE, height=0.55)
        for place, value in enumerate(p):
            ax.text(value + 0.04, place, f"{value:.2f}", va="center", fontsize=9.5, bbox=style.LABEL, zorder=3)
        ax.axvline(0.5, color=style.MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
        ax.set(xlim=(0, 1.3), ylim=(len(classes) - 0.45, -0.55), title=name, xticks=(0, 0.5, 1), xlabel="probability")
        ax.set_yticks(range(len(classes)), classes if ax is axes[1] else [""] * len(classes))
        ax.tick_params(axis="y", length=0)
        for label, present in zip(ax.get_yticklabels(), truth, strict=True):
            label.set_fontweight("semibold" if present else "normal")
    return figure

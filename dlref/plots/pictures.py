"""Drawings of pictures, with what is found in them: boxes, masks, tables of counts."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dlref.plots import style


def show(axes: Axes, image: np.ndarray, title: str = "") -> None:
    """A picture as it is, pixel by pixel: red, green and blue from 0 to 1, or gray from 0 (the ground) to 1 (ink)."""
    if image.ndim == 2:
        # A gray that is seen on light and on dark ground: the picture brings its own paper.
        image = 1 - 0.87 * image[..., None].repeat(3, axis=2)
    axes.imshow((image.clip(0, 1) * 255).round().astype(np.uint8), interpolation="none")
    axes.set_title(title, pad=4)
    axes.set(xticks=(), yticks=())
    axes.spines[:].set_visible(False)


def grid(
    images: Sequence[np.ndarray],
    columns: int,
    *,
    titles: Sequence[str] = (),
    width: float = 4.8,
    height: float | None = None,
) -> tuple[Figure, np.ndarray]:
    """Pictures in rows; the figure, and its axes in a flat array."""
    rows = -(-len(images) // columns)
    tall = images[0].shape[0] / images[0].shape[1]
    figure, axes = style.figure(
        width,
        height or rows * (width / columns * tall + 0.24 * bool(titles)),
        nrows=rows,
        ncols=columns,
        squeeze=False,
    )
    figure.get_layout_engine().set(w_pad=0.03, h_pad=0.03, wspace=0, hspace=0)
    for axis in axes.flat[len(images) :]:
        axis.set_axis_off()
    for axis, image, title in zip(axes.flat, images, titles or [""] * len(images), strict=False):
        show(axis, image, title)
    return figure, axes.ravel()


def box(axes: Axes, sides: Sequence[float], text: str = "", *, color: str, dash: str | tuple = "-") -> None:
    """A box, given in pixels as left, top, right, bottom, with a text at its upper left corner."""
    left, top, right, bottom = sides
    # A picture's first pixel lies between -0.5 and 0.5.
    corner, across, down = (left - 0.5, top - 0.5), right - left, bottom - top
    axes.add_patch(Rectangle(corner, across, down, fill=False, edgecolor=style.GROUND, linewidth=3.2))
    axes.add_patch(Rectangle(corner, across, down, fill=False, edgecolor=color, linewidth=1.6, linestyle=dash))
    if text:
        label = {"facecolor": style.GROUND, "edgecolor": color, "linewidth": 0.8, "pad": 1.5}
        axes.text(max(left, 0), max(top, 4) - 1, text, fontsize=9.5, color=color, va="bottom", bbox=label)


def mask(labels: np.ndarray, colors: Sequence[str], image: np.ndarray | None = None) -> np.ndarray:
    """A mask as a picture: each pixel in its class's color, class 0 as faded `image` or white."""
    painted = np.array([(1.0, 1.0, 1.0), *map(to_rgb, colors)])[labels]
    if image is not None:
        gray = 0.5 + 0.5 * image.mean(axis=2, keepdims=True).repeat(3, axis=2)
        painted = np.where((labels == 0)[..., None], gray, painted)
    return painted


def counts_table(table: np.ndarray, names: Sequence[str]) -> Figure:
    """A confusion matrix of many classes: the darker, the larger the share of the actual class; errors in orange."""
    figure, axes = style.figure(4.4, 4.1)
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    for row, column in np.argwhere(table > 0):
        right = row == column
        share = shares[row, column]
        color = style.tint(style.BLUE, 0.1 + 0.25 * share) if right else style.tint(style.ORANGE, 0.25 + 0.35 * share)
        axes.add_patch(Rectangle((column - 0.47, row - 0.47), 0.94, 0.94, facecolor=color, edgecolor="none"))
        axes.text(column, row, f"{table[row, column]}", ha="center", va="center", fontsize=9)
    ticks = range(len(names))
    axes.set(xlim=(-0.5, len(names) - 0.5), ylim=(len(names) - 0.5, -0.5), aspect="equal")
    axes.set(xticks=ticks, yticks=ticks, xticklabels=names, yticklabels=names, xlabel="predicted", ylabel="actual")
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)
    return figure

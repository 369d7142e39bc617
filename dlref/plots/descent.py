"""Drawings of losses and of the paths that go down them."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlref.plots import style


def curves(
    x: np.ndarray,
    heights: Mapping[str, np.ndarray],
    *,
    labels: Mapping[str, tuple[float, float]] | None = None,
    size: tuple[float, float] = (4.0, 3.1),
    **axes_settings,
) -> Figure:
    """One line for each name, labeled where `labels` says, or in a legend."""
    figure, axes = style.figure(*size)
    for (name, y), color, dash in zip(heights.items(), style.SERIES, style.DASHES, strict=False):
        axes.plot(x, y, color=color, linestyle=dash, label=name)
        if labels:
            box = {"facecolor": style.GROUND, "edgecolor": "none", "pad": 1.5}
            axes.text(*labels[name], name, color=color, ha="center", va="center", bbox=box)
    if not labels and len(heights) > 1:
        axes.legend()
    axes.set(**axes_settings)
    return figure


def path_on_curve(
    loss: Callable[[np.ndarray], np.ndarray],
    path: np.ndarray,
    *,
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    slope: Callable[[float], float] | None = None,
    xlabel: str = "weight w",
    note: str = "",
) -> Figure:
    """A path of single weights on the curve of their loss, the last point marked, with its tangent if asked for.

    Points outside the frame are left out; `note` is written where the axes end.
    """
    figure, axes = style.figure(4.0, 3.1)
    w = np.linspace(*xlim, 201)
    axes.plot(w, loss(w), color=style.MUTED, linewidth=1.1)
    heights = loss(path)
    axes.plot(path, heights, color=style.BLUE, linewidth=1, marker="o", markersize=4)
    axes.plot(path[0], heights[0], marker="o", markersize=6, markerfacecolor=style.GROUND, color=style.BLUE)
    axes.plot(path[-1], heights[-1], marker="o", markersize=7, color=style.INK)
    if slope:
        half = 0.16 * (xlim[1] - xlim[0])
        run = np.array([-half, half])
        axes.plot(path[-1] + run, heights[-1] + slope(path[-1]) * run, color=style.ORANGE, linewidth=1.3)
    if note:
        axes.text(0.5, 1.0, note, transform=axes.transAxes, ha="center", va="bottom")
    axes.set(xlim=xlim, ylim=ylim, xlabel=xlabel, ylabel="loss")
    return figure


def contour(
    axes: Axes,
    loss: Callable[[np.ndarray], np.ndarray],
    *,
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    levels: Sequence[float],
    points: int = 61,
) -> None:
    """Lines of equal loss; `loss` takes points (..., 2)."""
    u, v = np.meshgrid(np.linspace(*xlim, points), np.linspace(*ylim, points))
    colors = [style.tint(style.MUTED, share) for share in np.linspace(0.75, 0.3, len(levels))]
    axes.contour(u, v, loss(np.stack([u, v], axis=-1)), levels=levels, colors=colors, linewidths=0.8)
    axes.set(xlim=xlim, ylim=ylim)


def path_on_contour(
    loss: Callable[[np.ndarray], np.ndarray],
    paths: Mapping[str, np.ndarray] | np.ndarray,
    *,
    minima: Sequence[Sequence[float]],
    labels: tuple[str, str] = ("w₁", "w₂"),
    note: str = "",
    size: tuple[float, float] = (4.0, 3.35),
    **surface,
) -> Figure:
    """Paths over lines of equal loss, each from a hollow start to a filled end; stars are minima.

    A path ends where it leaves the frame. Several paths are told apart by color and dash, and named in a legend.
    """
    figure, axes = style.figure(*size)
    contour(axes, loss, **surface)
    for minimum in minima:
        axes.plot(*minimum, marker="*", markersize=11, color=style.GREEN, linestyle="none", zorder=3)
    several = isinstance(paths, Mapping)
    for (name, path), color, dash in zip(
        (paths if several else {"": paths}).items(), style.SERIES, style.DASHES, strict=False
    ):
        path = _inside(path, surface["xlim"], surface["ylim"])
        axes.plot(*path.T, color=color, linewidth=1.3, linestyle=dash, label=name)
        if not several:
            axes.plot(*path.T, color=color, linestyle="none", marker="o", markersize=2.2)
        axes.plot(*path[-1], marker="o", markersize=6, color=color, zorder=3)
    axes.plot(*path[0], marker="o", markersize=6, markerfacecolor=style.GROUND, color=style.INK)
    if several:
        figure.legend(loc="outside upper center", ncols=len(paths), handlelength=1.8, columnspacing=1)
    if note:
        axes.text(0.5, 1.0, note, transform=axes.transAxes, ha="center", va="bottom")
    axes.set(xlabel=labels[0], ylabel=labels[1])
    return figure


def _inside(path: np.ndarray, xlim: tuple[float, float], ylim: tuple[float, float]) -> np.ndarray:
    """The path to the first point that is far outside the frame."""
    (left, right), (bottom, top) = xlim, ylim
    width, height = right - left, top - bottom
    outside = (
        (path[:, 0] < left - width)
        | (path[:, 0] > right + width)
        | (path[:, 1] < bottom - height)
        | (path[:, 1] > top + height)
        | ~np.isfinite(path).all(axis=1)
    )
    if not outside.any():
        return path
    first = np.argmax(outside)
    return path[: first + 1] if np.isfinite(path[first]).all() else path[:first]

"""Draws activation functions: a curve with its slope, gradients by layer, probabilities as bars."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from dlref.plots import style

# Below this share of its largest value a slope counts as flat.
FLAT = 0.05


def curve_and_slope(
    function: Callable, slope: Callable, x: float, *, name: str, limit: float = 5.0, ylim: tuple[float, float]
) -> Figure:
    """A function and its derivative on one scale, the flat stretches shaded, one point and its tangent marked."""
    figure, axes = style.figure(4.6, 3.1)
    xs = np.linspace(-limit, limit, 401)
    flat = slope(xs) <= FLAT * slope(xs).max()
    axes.fill_between(xs, *ylim, where=flat, color=style.GRID, linewidth=0)
    axes.axhline(0, color=style.MUTED, linewidth=0.7)
    axes.plot(xs, function(xs), color=style.BLUE, label=name)
    axes.plot(xs, slope(xs), color=style.ORANGE, linestyle=style.DASHES[1], label="its derivative")
    y, gradient = function(np.array(x)), slope(np.array(x))
    reach = 1.1 / np.hypot(1, gradient)
    axes.plot((x - reach, x + reach), (y - reach * gradient, y + reach * gradient), color=style.INK, linewidth=1)
    axes.plot(x, y, "o", color=style.BLUE, markersize=6)
    axes.plot(x, gradient, "s", color=style.ORANGE, markersize=5.5)
    axes.set(xlim=(-limit, limit), ylim=ylim, xlabel="x")
    axes.legend(loc="upper left")
    return figure


def by_layer(norms: Mapping[str, np.ndarray], *, ylabel: str, ylim: tuple[float, float]) -> Figure:
    """A line for each activation: the median size of the gradient at each layer, on a scale of powers of ten.

    Args:
        norms: For each activation the sizes, shape (draws, layers); a band holds nine tenths of the draws.
        ylabel: What the sizes are.
        ylim: Ends of the scale.
    """
    figure, axes = style.figure(4.8, 3.5)
    for (name, draws), color, dash, marker in zip(
        norms.items(), style.SERIES, style.DASHES, style.MARKERS, strict=False
    ):
        low, middle, high = np.quantile(draws, (0.05, 0.5, 0.95), axis=0)
        layers = np.arange(1, len(middle) + 1)
        axes.fill_between(layers, low, high, color=style.tint(color, 0.25), linewidth=0)
        axes.plot(layers, middle, color=color, linestyle=dash, marker=marker, markersize=3.5, label=name)
    axes.set(
        yscale="log",
        ylim=ylim,
        xticks=(1, *range(5, len(layers) + 1, 5)),
        xlabel="layer, from input to output",
        ylabel=ylabel,
    )
    axes.legend(loc="lower right")
    return figure


def bars(
    heights: np.ndarray, names: Sequence[str], *, ylabel: str, ylim: tuple[float, float], digits: int = 2
) -> Figure:
    """One bar per class, each with its height above it."""
    figure, axes = style.figure(3.6, 2.9)
    axes.bar(range(len(heights)), heights, width=0.62, color=style.tint(style.BLUE, 0.5), edgecolor=style.BLUE)
    for place, height in enumerate(heights):
        axes.annotate(f"{height:.{digits}f}", (place, height), (0, 3), textcoords="offset points", ha="center")
    axes.set(ylim=ylim, ylabel=ylabel, xticks=range(len(heights)), xticklabels=names)
    axes.tick_params(axis="x", length=0)
    return figure

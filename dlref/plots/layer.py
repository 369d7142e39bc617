"""Draws what a layer computes: a matrix product with its shapes, the window of a convolution, cells over time."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

from dlref.plots import style
from dlref.plots.network import arrow, node, number

# Inches: side of a cell.
CELL = 0.42


def product(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, y: np.ndarray, output: int) -> Figure:
    """x Wᵀ + b = y for one example, the numbers that make one output marked; beneath, its sum."""
    inputs, outputs = weight.T.shape
    width, height = 4.8, CELL * (inputs + 2) + 0.75
    drawing, axes = style.blank(width, height, xlim=(0, width), ylim=(0, height))
    x_left, top = 0.05, height - 0.4
    w_left = x_left + CELL * inputs + 0.25
    b_left = w_left + CELL * outputs + 0.3
    # x and b stand beside the middle of the weights, y beneath them.
    beside, bottom = top - CELL * (inputs - 1) / 2, top - CELL * inputs - 0.35
    marked = (np.arange(outputs) == output)[None]
    grid(axes, (x_left, beside), x[None], marked=np.ones((1, inputs), dtype=bool))
    grid(axes, (w_left, top), weight.T, marked=marked.repeat(inputs, axis=0))
    grid(axes, (b_left, beside), bias[None], marked=marked)
    grid(axes, (w_left, bottom), y[None], marked=marked, color=style.BLUE)
    for left, columns, text in (
        (x_left, inputs, f"x  1 × {inputs}"),
        (w_left, outputs, f"$W^T$  {inputs} × {outputs}"),
        (b_left, outputs, f"b  {outputs}"),
    ):
        axes.text(left + CELL * columns / 2, top + 0.08, text, ha="center", va="bottom")
    axes.text(w_left - 0.1, bottom - CELL / 2, f"y = x $W^T$ + b  1 × {outputs}", ha="right", va="center")
    for place, sign, size in ((w_left - 0.125, "·", 14), (b_left - 0.15, "+", 12)):
        axes.text(place, beside - CELL / 2, sign, ha="center", va="center", size=size)
    terms = " + ".join(f"{bracketed(a)}·{bracketed(b)}" for a, b in zip(x, weight[output], strict=True))
    text = f"{terms} + {bracketed(bias[output])} = {number(y[output])}"
    axes.text(width / 2, 0.08, text, ha="center", va="bottom", size=9.5, color=style.BLUE)
    return drawing


def grid(axes: Axes, corner: tuple[float, float], table: np.ndarray, *, marked: np.ndarray, color: str = style.ORANGE):
    """A table of numbers in square cells, the upper left one at `corner`; marked cells are tinted."""
    for (row, column), value in np.ndenumerate(table):
        cell(
            axes,
            (corner[0] + CELL * column, corner[1] - CELL * row),
            number(value),
            color if marked[row, column] else "",
        )


def cell(
    axes: Axes, corner: tuple[float, float], text: str, color: str = "", *, dashed: bool = False, side: float = CELL
) -> None:
    """One square cell with a number, hung from its upper left corner."""
    x, y = corner
    look = {"facecolor": style.tint(color, 0.2) if color else "none", "edgecolor": color or style.MUTED}
    dash = (0, (3, 2)) if dashed else "-"
    axes.add_patch(Rectangle((x, y - side), side, side, linewidth=0.9, linestyle=dash, zorder=2 + bool(color), **look))
    axes.text(x + side / 2, y - side / 2, text, ha="center", va="center_baseline", size=9.5, zorder=4)


def bracketed(value: float) -> str:
    """A number for use in a sum of products: in brackets if it is negative."""
    return f"({number(value)})" if value < 0 else number(value)


def windows(x: np.ndarray, kernel: np.ndarray, y: np.ndarray, *, stride: int, padding: int) -> Figure:
    """The (padded) input once for each window of a kernel, with the products and the output that it gives.

    Args:
        x: The input, one channel.
        kernel: The weights of one filter.
        y: The outputs, without bias.
        stride: Steps from one window to the next.
        padding: Zeros at each end.
    """
    # There is room for as many windows, at as much padding, as are ever shown.
    width, row, rows, widest = 4.8, 0.5, len(x) + 2, len(x) + 4
    height = row * rows + 0.35
    drawing, axes = style.blank(width, height, xlim=(0, width), ylim=(0, height))
    padded, side = np.pad(x, padding), 0.27
    left = 0.05 + side * (widest - len(padded)) / 2
    axes.text(left, height - 0.05, "input" + " with padding" * (padding > 0), ha="left", va="top", color=style.MUTED)
    axes.text(width - 0.05, height - 0.05, "weights · window = output", ha="right", va="top", color=style.MUTED)
    for t, value in enumerate(y):
        top, here = height - 0.36 - row * t, range(t * stride, t * stride + len(kernel))
        for i, entry in enumerate(padded):
            outside = not padding <= i < padding + len(x)
            color = style.ORANGE if i in here else ""
            cell(axes, (left + side * i, top), number(entry), color, dashed=outside, side=side)
        terms = " + ".join(f"{number(k)}·{bracketed(padded[i])}" for k, i in zip(kernel, here, strict=True))
        text = f"{terms} = {number(value)}".replace("+ −", "− ")
        axes.text(width - 0.05, top - side / 2, text, ha="right", va="center_baseline", color=style.BLUE, size=9.5)
    return drawing


def unrolled(inputs: Sequence[float], states: Sequence[float], feedback: float) -> Figure:
    """A recurrent cell drawn once for each step, its input below, its state above and passed on to the right."""
    gap, first = 0.82, 0.98
    width, height = first + gap * len(inputs) - 0.3, 2.3
    drawing, axes = style.blank(width, height, xlim=(0, width), ylim=(0, height))
    for t, (x, h) in enumerate(zip(inputs, states[1:], strict=True)):
        place = first + gap * t
        rounded(axes, (place, 1.2), "tanh", style.VIOLET)
        named(axes, place, (0.3, 0.08), number(x), f"$x_{t + 1}$", style.INK)
        named(axes, place, (1.95, 2.18), number(h), f"$h_{t + 1}$", style.BLUE)
        arrow(axes, (place, 0.44), (place, 0.98), style.MUTED)
        arrow(axes, (place, 1.42), (place, 1.82), style.BLUE)
        arrow(axes, (place - gap + 0.22 if t else 0.36, 1.2), (place - 0.22, 1.2), style.BLUE)
        # Above the boxes, since a negative number is wider than the gap between them.
        axes.text(place - gap / 2, 1.46, f"×{number(feedback)}", ha="center", va="bottom", size=9, color=style.MUTED)
    named(axes, 0.2, (1.2, 1.43), number(states[0]), "$h_0$", style.BLUE)
    return drawing


def named(axes: Axes, x: float, heights: tuple[float, float], value: str, name: str, color: str) -> None:
    """A value, and its name at another height."""
    axes.text(x, heights[0], value, ha="center", va="center_baseline", color=color)
    axes.text(x, heights[1], name, ha="center", va="center_baseline", color=style.MUTED, size=9.5)


def rounded(axes: Axes, place: tuple[float, float], text: str, color: str) -> None:
    """A box with a word in a color."""
    shape = FancyBboxPatch(
        (place[0] - 0.22, place[1] - 0.22),
        0.44,
        0.44,
        boxstyle="round,pad=0,rounding_size=0.09",
        facecolor=style.tint(color, 0.12),
        edgecolor=color,
        linewidth=1,
        zorder=3,
    )
    axes.add_patch(shape)
    axes.text(*place, text, ha="center", va="center_baseline", size=9.5, zorder=4)


def inputs(raw: Sequence[tuple[str, str, int]], names: Sequence[str], values: np.ndarray, *, rows: int) -> Figure:
    """Raw columns on the left, the input nodes that they become on the right.

    Args:
        raw: For each column its name, its value, and how many nodes it becomes.
        names: The nodes' names.
        values: The nodes' values.
        rows: How many nodes there is room for.
    """
    step, width = 0.37, 4.4
    height = step * rows
    drawing, axes = style.blank(width, height, xlim=(0, width), ylim=(0, height))
    top, at = (height + step * len(names)) / 2, 0
    for name, value, size in raw:
        ys = [top - step * (at + i + 0.5) for i in range(size)]
        middle = sum(ys) / size
        axes.text(1.05, middle + 0.1, name, ha="right", va="center_baseline", weight="semibold")
        axes.text(1.05, middle - 0.1, value, ha="right", va="center_baseline")
        for y, node_name, node_value in zip(ys, names[at : at + size], values[at : at + size], strict=True):
            on = node_value != 0
            axes.plot(
                (1.15, 2.45),
                (middle, y),
                color=style.BLUE if on else style.tint(style.MUTED, 0.4),
                linewidth=1.4 if on else 0.9,
            )
            node(axes, (2.66, y), number(node_value), radius=0.17)
            axes.text(2.95, y, node_name, va="center_baseline", color=style.INK if on else style.MUTED)
        at += size
    return drawing

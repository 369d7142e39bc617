"""Draws neurons: a network from the weights of its layers, and one perceptron with its numbers.

A weight's size is the width of its line; its sign is color and dash: solid blue above 0, dashed orange below.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from dlref.plots import style

Place = tuple[float, float]
# Inches: radius of a node, distance between rows.
RADIUS, ROW = 0.18, 0.54


def network(
    weights: Sequence[np.ndarray],
    *,
    values: Sequence[np.ndarray] | None = None,
    names: Sequence[Sequence[str]] | None = None,
    counts: bool = True,
    width: float = 4.8,
    rows: int | None = None,
) -> Figure:
    """A network drawn from its weights: one column per layer, one line per weight.

    Args:
        weights: The weight of each layer, shape (outputs, inputs).
        values: What stands in the nodes, an array for each column; nothing by default.
        names: What stands beside the input and the output nodes: two lists.
        counts: Whether nodes and parameters are counted beneath.
        width: Inches.
        rows: How many nodes there is room for in a column; by default as many as the largest has.
    """
    sizes = [weights[0].shape[1], *(weight.shape[0] for weight in weights)]
    foot, height = 0.75 if counts else 0.1, ROW * (rows or max(sizes)) + 0.1
    drawing, axes = style.blank(width, height + foot, xlim=(0, width), ylim=(-foot, height))
    edge = 0.9 if names else 0.5
    xs = np.linspace(edge, width - edge, len(sizes))
    places = [
        [(x, height / 2 + ROW * ((size - 1) / 2 - row)) for row in range(size)]
        for x, size in zip(xs, sizes, strict=True)
    ]
    largest = max(np.abs(weight).max() for weight in weights)
    for weight, starts, ends in zip(weights, places, places[1:], strict=False):
        for (row, column), w in np.ndenumerate(weight):
            connection(axes, starts[column], ends[row], w, largest)
    for column, nodes in enumerate(places):
        for row, place in enumerate(nodes):
            node(axes, place, number(values[column][row]) if values is not None else "")
    if names:
        for (x, y), name in zip(places[0], names[0], strict=True):
            axes.text(x - RADIUS - 0.07, y, name, ha="right", va="center", size=9.5)
        for (x, y), name in zip(places[-1], names[1], strict=True):
            axes.text(x + RADIUS + 0.07, y, name, ha="left", va="center", size=9.5)
    if counts:
        _counts(axes, xs, sizes)
    return drawing


def _counts(axes: Axes, xs: np.ndarray, sizes: Sequence[int]) -> None:
    """Under each column its role and nodes; under each gap the weights and biases of the layer that it leads to."""
    roles = ["input", *["hidden"] * (len(sizes) - 2), "output"]
    for x, role, size in zip(xs, roles, sizes, strict=True):
        axes.text(x, -0.12, f"{role}\n{size} node{'s' * (size > 1)}", ha="center", va="top", size=9.5, linespacing=1.3)
    for (x, inputs), (x_next, outputs) in zip(
        zip(xs, sizes, strict=True), zip(xs[1:], sizes[1:], strict=True), strict=False
    ):
        text = f"{inputs}·{outputs} + {outputs} = {inputs * outputs + outputs}"
        axes.text((x + x_next) / 2, -0.6, text, ha="center", va="center", size=9, color=style.MUTED)


def perceptron(x: np.ndarray, weights: np.ndarray, total: float, activation: str, output: float) -> Figure:
    """One neuron with every number: inputs, weights and products on their edges, sum, activation and output."""
    width, height = 4.8, ROW * len(x) + 0.35
    drawing, axes = style.blank(width, height, xlim=(0, width), ylim=(0, height))
    middle = (height - 0.35) / 2
    ends = [(0.42, middle + ROW * ((len(x) - 1) / 2 - row)) for row in range(len(x))]
    heart, gate, end = (2.72, middle), (3.62, middle), (4.5, middle)
    largest = np.abs(weights).max()
    for place, value, weight in zip(ends, x, weights, strict=True):
        connection(axes, place, heart, weight, largest)
        node(axes, place, number(value), radius=0.21)
        text = f"{number(weight)} · {_bracketed(value)} = {number(weight * value)}"
        _on_line(axes, place, heart, text, style.POSITIVE if weight >= 0 else style.NEGATIVE)
    for start, stop in ((heart, gate), (gate, end)):
        arrow(axes, (start[0] + 0.3, middle), (stop[0] - 0.3, middle))
    node(axes, heart, number(total), radius=0.28)
    box(axes, gate, activation.replace("_", "\n"))
    node(axes, end, number(output), radius=0.28)
    for (place, _), text in ((ends[0], "input"), (heart, "sum"), (gate, "activation"), (end, "output")):
        axes.text(place, height - 0.06, text, ha="center", va="top", size=9.5, color=style.MUTED)
    return drawing


def connection(axes: Axes, start: Place, end: Place, weight: float, largest: float) -> None:
    """A weight as a line: its size is the width, its sign color and dash."""
    color, dash = (style.POSITIVE, "-") if weight >= 0 else (style.NEGATIVE, (0, (4, 1.5)))
    axes.plot(
        *zip(start, end, strict=True),
        color=color,
        linestyle=dash,
        linewidth=0.4 + 2.6 * abs(weight) / max(largest, 1e-12),
        dash_capstyle="butt",
        solid_capstyle="butt",
        zorder=1,
    )


def node(axes: Axes, place: Place, text: str = "", *, radius: float = RADIUS) -> None:
    """A node with its value."""
    face, edge = style.BOX["facecolor"], style.BOX["edgecolor"]
    axes.add_patch(Circle(place, radius, facecolor=face, edgecolor=edge, linewidth=0.9, zorder=3))
    axes.text(*place, text, ha="center", va="center_baseline", size=9.5, zorder=4)


def box(axes: Axes, place: Place, text: str, *, width: float = 0.6, height: float = 0.5) -> None:
    """A box with a word: what is done to a value."""
    x, y = place
    face, edge = style.BOX["facecolor"], style.BOX["edgecolor"]
    shape = "round,pad=0,rounding_size=0.09"
    axes.add_patch(
        FancyBboxPatch((x - width / 2, y - height / 2), width, height, shape, fc=face, ec=edge, linewidth=0.9, zorder=3)
    )
    axes.text(x, y, text, ha="center", va="center", size=9.5, zorder=4)


def arrow(axes: Axes, start: Place, end: Place, color: str = style.MUTED) -> None:
    """An arrow from one place to another."""
    axes.annotate("", end, start, arrowprops=style.ARROW | {"color": color, "shrinkA": 0, "shrinkB": 0})


def number(value: float) -> str:
    """A number in three digits, with a true minus sign."""
    return f"{value:.3g}".replace("-", "−")


def _bracketed(value: float) -> str:
    return f"({number(value)})" if value < 0 else number(value)


def _on_line(axes: Axes, start: Place, end: Place, text: str, color: str) -> None:
    x, y = (a + 0.4 * (b - a) for a, b in zip(start, end, strict=True))
    ground = {"boxstyle": "round,pad=0.15", "facecolor": style.GROUND, "edgecolor": "none"}
    axes.text(x, y, text, ha="center", va="center_baseline", color=color, size=9.5, bbox=ground, zorder=5)

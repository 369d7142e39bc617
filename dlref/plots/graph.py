"""Draws a computation as a graph: values on their way forward, gradients on their way back."""

import re
from collections.abc import Iterable

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlref.autograd import Node, gradients, topological_order
from dlref.plots import style

Place = tuple[float, float]
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
# Inches: half a box, and the distance between rows.
HALF_WIDTH, HALF_HEIGHT, ROW = 0.3, 0.25, 1.25


def forward(output: Node, *, step: int | None = None, width: float | None = None) -> Figure:
    """The graph with the values of the first `step` operations; all of them by default.

    Args:
        output: The last node; any small expression.
        step: How many operations have been computed, from 0.
        width: Inches; by default 4.8, or more where the graph has over four columns.
    """
    order = topological_order(output)
    known = set(_operations(order)[:step]) | {node for node in order if not node.parents}
    drawing, axes, places = _canvas(order, width)
    for child in order:
        for parent in child.parents:
            color = style.FORWARD if child in known else style.MUTED
            _arrow(axes, places[parent], places[child], color)
    for node in order:
        _box(axes, places[node], node, style.FORWARD if node in known else style.MUTED, node in known)
        if len(node.operation) > 1:
            _beside(axes, places[node], f"= {subscripts(node.operation)}", style.INK)
    return drawing


def backward(output: Node, *, step: int | None = None, width: float | None = None) -> Figure:
    """The graph after the last `step` operations have handed their gradients back; all of them by default.

    An edge bears its local gradient, of its later end with respect to its earlier one. Times the gradient of the
    later end, that is what it hands back; what arrives at a node adds up.

    Args:
        output: The last node; any small expression.
        step: How many operations have handed back, from 0.
        width: Inches; by default 4.8, or more where the graph has over four columns.
    """
    order = topological_order(output)
    done = _operations(order)[::-1][:step]
    gradient = gradients(output)
    terms: dict[Node, list[tuple[float, float]]] = {node: [] for node in order}
    drawing, axes, places = _canvas(order, width)
    for child in order:
        color = style.BACKWARD if child in done else style.MUTED
        for parent, local in zip(child.parents, child.local_gradients, strict=True):
            ends = places[parent], places[child]
            _arrow(axes, *(ends[::-1] if child in done else ends), color)
            _on_edge(axes, *ends, number(local), color)
            if child in done:
                terms[parent].append((local, gradient[child]))
    for node in order:
        reached = node is output or bool(terms[node])
        _box(axes, places[node], node, style.BACKWARD if reached else style.MUTED, True)
        complete = all(child in done for child in order if node in child.parents)
        if reached and (node.name or node.parents):
            text = _sum(output, node, terms[node], gradient[node] if complete else None)
            _beside(axes, places[node], text, style.BACKWARD)
    return drawing


def steps(output: Node) -> range:
    """The steps that `forward` and `backward` can show, from none to all operations."""
    return range(len(_operations(topological_order(output))) + 1)


def number(value: float) -> str:
    """A number in three digits, four from 100 on, one of those below a thousandth; with a true minus sign."""
    if 0 < abs(value) < 0.001:
        return f"{value:.0e}".replace("e-0", "e-").replace("-", "−")
    return f"{value:.{4 if abs(value) >= 100 else 3}g}".replace("-", "−")


def subscripts(text: str) -> str:
    """Digits that follow a letter set low: x11 as x₁₁."""
    low = [text[i].isdigit() and i > 0 and _continues_a_name(text, i) for i in range(len(text))]
    return "".join(c.translate(_SUBSCRIPT) if below else c for c, below in zip(text, low, strict=True))


def _continues_a_name(text: str, index: int) -> bool:
    start = len(text[:index].rstrip("0123456789"))
    return start > 0 and text[start - 1].isalpha()


def _operations(order: Iterable[Node]) -> list[Node]:
    return [node for node in order if node.parents]


def _sum(output: Node, node: Node, terms: list[tuple[float, float]], gradient: float | None) -> str:
    """The gradient of a node as the sum of what has arrived; with its result, once all has."""
    result = "…" if gradient is None else number(gradient)
    quotient = f"∂{subscripts(output.name or 'out')}/∂{subscripts(node.name)} = " if node.name else ""
    if not terms or (len(terms) == 1 and gradient is not None):
        return quotient + result
    texts = [_product(*term) if len(terms) < 3 else number(term[0] * term[1]) for term in terms]
    joined = " + ".join(texts).replace("+ −", "− ")
    return f"{quotient}\n{joined}".lstrip() + (f" + {result}" if gradient is None else f" = {result}")


def _product(local: float, gradient: float) -> str:
    return f"{number(local)}·{number(gradient)}" if gradient >= 0 else f"{number(local)}·({number(gradient)})"


def _columns(order: list[Node]) -> list[list[Node]]:
    """Nodes by how far along they are computed; an input stands right before what first needs it."""
    depth: dict[Node, int] = {}
    for node in order:
        depth[node] = 1 + max((depth[parent] for parent in node.parents), default=-1)
    for node in order:
        if not node.parents:
            depth[node] = min((depth[child] for child in order if node in child.parents), default=1) - 1
    return [[node for node in order if depth[node] == column] for column in range(max(depth.values()) + 1)]


def _places(order: list[Node], width: float, height: float) -> dict[Node, Place]:
    """One column per depth, each spread over the height; in a column, nodes stand in the order of their neighbors."""
    columns = _columns(order)
    neighbors = {node: {*node.parents, *(c for c in order if node in c.parents)} for node in order}
    gap = (width - 2 * HALF_WIDTH - 0.5) / max(len(columns) - 1, 1)
    places: dict[Node, Place] = {}
    for _ in range(4):
        for index, column in enumerate(columns):
            height_of = {node: _mean(places[n][1] for n in neighbors[node] if n in places) for node in column}
            # Inputs on top, so that the chain of what is computed runs straight beneath.
            column.sort(key=lambda node: (not node.parents, height_of[node]), reverse=True)
            for row, node in enumerate(column):
                y = height - ROW * (row + 0.5) - (height - ROW * len(column)) / 2
                places[node] = (HALF_WIDTH + 0.25 + gap * index, y)
    return places


def _mean(values: Iterable[float]) -> float:
    values = list(values)
    return sum(values) / len(values) if values else 0.0


def _canvas(order: list[Node], width: float | None) -> tuple[Figure, Axes, dict[Node, Place]]:
    columns = _columns(order)
    width = width or max(4.8, 1.2 * len(columns))
    height = ROW * max(map(len, columns))
    drawing, axes = style.blank(width, height, xlim=(0, width), ylim=(0, height))
    return drawing, axes, _places(order, width, height)


def _box(axes: Axes, place: Place, node: Node, color: str, known: bool) -> None:
    from matplotlib.patches import FancyBboxPatch

    x, y = place
    box = FancyBboxPatch(
        (x - HALF_WIDTH, y - HALF_HEIGHT),
        2 * HALF_WIDTH,
        2 * HALF_HEIGHT,
        boxstyle="round,pad=0,rounding_size=0.09",
        facecolor=style.tint(color, 0.1),
        edgecolor=color,
        linewidth=1.1,
        zorder=3,
    )
    axes.add_patch(box)
    label = subscripts(node.name) or node.operation
    lines = [label] * bool(label) + [number(node.value)] * known
    for line, text in enumerate(lines):
        offset = 0.11 * (len(lines) - 1 - 2 * line)
        weight = "semibold" if text == label else "regular"
        axes.text(x, y + offset, text, ha="center", va="center_baseline", weight=weight, zorder=4)


def _beside(axes: Axes, place: Place, text: str, color: str) -> None:
    """Text above a box in the upper half, under one in the lower: outside the graph, and inside the drawing.

    Under a box in the middle, edges may pass on either side: there the text is set narrow.
    """
    x, y = place
    width, height = axes.get_xlim()[1], axes.get_ylim()[1]
    side = 1 if y > height / 2 + 0.1 else -1
    if abs(y - height / 2) < 0.1 and height > ROW:
        text = _narrow(text)
    room = 0.062 * max(map(len, text.split("\n"))) / 2
    x = min(max(x, room), width - room)
    ground = {"boxstyle": "round,pad=0.1", "facecolor": style.GROUND, "edgecolor": "none"}
    va = "bottom" if side > 0 else "top"
    axes.text(x, y + side * (HALF_HEIGHT + 0.05), text, ha="center", va=va, color=color, size=9, bbox=ground, zorder=4)


def _narrow(text: str, most: int = 10) -> str:
    """Lines of at most so many characters where it can be broken: before a sign."""
    lines: list[str] = []
    for part in re.split(r" (?=[=+−] )", " ".join(text.split())):
        if lines and len(lines[-1]) + 1 + len(part) <= most:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    return "\n".join(lines)


def _arrow(axes: Axes, start: Place, end: Place, color: str) -> None:
    axes.annotate("", _edge_of_box(end, start), _edge_of_box(start, end), arrowprops=style.ARROW | {"color": color})


def _edge_of_box(place: Place, towards: Place) -> Place:
    """Where the line between two boxes leaves the first."""
    dx, dy = towards[0] - place[0], towards[1] - place[1]
    share = min(HALF_WIDTH / abs(dx) if dx else 1, HALF_HEIGHT / abs(dy) if dy else 1)
    return place[0] + share * dx, place[1] + share * dy


def _on_edge(axes: Axes, parent: Place, child: Place, text: str, color: str) -> None:
    """Text on an edge, nearer to its earlier end, where edges that cross are apart."""
    (ax, ay), (bx, by) = _edge_of_box(parent, child), _edge_of_box(child, parent)
    share = 0.36 if abs(bx - ax) > 0.8 else 0.5
    x, y = ax + share * (bx - ax), ay + share * (by - ay)
    ground = {"boxstyle": "round,pad=0.18", "facecolor": style.GROUND, "edgecolor": "none"}
    ink = style.INK if color == style.MUTED else color
    axes.text(x, y, text, ha="center", va="center_baseline", color=ink, size=9.5, bbox=ground, zorder=5)

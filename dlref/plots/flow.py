"""Diagrams of boxes and arrows, drawn from data structures; bars split to scale; tables with their columns' roles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle
from pandas import DataFrame

from dlref.plots import style

# What a box stands for, with its color and the roundness of its corners.
KINDS = {
    "data": (style.MUTED, 0.02),
    "work": (style.VIOLET, 0.16),
    "made": (style.GREEN, 0.02),
}
# Training, validation, test: color and hatch.
SPLIT = ((style.TRAINING, ""), (style.VALIDATION, "///"), (style.VIOLET, "..."))
# What a column is for.
ROLES = {"identifier": style.MUTED, "predictor": style.BLUE, "target": style.VIOLET}
# Inches: a row of boxes, a box, and what lies between neighbors.
ROW, HEIGHT, GAP = 0.86, 0.5, 0.22


@dataclass(frozen=True)
class Box:
    """A labeled box: something that is there ("data"), something that is done ("work"), or what comes of it ("made").

    Rows count down and columns to the right, both from 0; halves are allowed. A box may be several columns wide.
    """

    text: str
    row: float
    column: float = 0
    kind: str = "data"
    wide: float = 1


@dataclass(frozen=True)
class Arrow:
    """An arrow between two boxes, named by their keys."""

    start: str
    end: str
    label: str = ""


def flow(boxes: Mapping[str, Box], arrows: Sequence[Arrow], *, width: float = 4.0, columns: float = 0) -> Figure:
    """Boxes in rows and columns, and arrows from edge to edge: downwards between rows, sideways within one.

    Args:
        boxes: The boxes, by the keys that arrows name.
        arrows: The arrows.
        width: Width of the figure in inches; the columns share it.
        columns: How many columns share it; as many as the boxes fill, unless told.

    Raises:
        ValueError: If a label is too large for its box.
    """
    columns = columns or max(box.column + box.wide for box in boxes.values())
    height = ROW * max(box.row for box in boxes.values()) + HEIGHT + 0.12
    axes = _inches(width, height)
    places = {key: _place(box, width / columns) for key, box in boxes.items()}
    for key, box in boxes.items():
        _draw(axes, box, *places[key])
    for arrow in arrows:
        _join(axes, arrow, places[arrow.start], places[arrow.end])
    return axes.figure


def join(first: str, second: str, work: str, made: str, *, kinds: Sequence[str] = ("data", "data")) -> Figure:
    """Two boxes side by side, what is done with them, and what comes of it."""
    boxes = {
        "first": Box(first, 0, 0, kinds[0]),
        "second": Box(second, 0, 1, kinds[1]),
        "work": Box(work, 1, 0, "work", 2),
        "made": Box(made, 2, 0.5, "made"),
    }
    return flow(boxes, [Arrow("first", "work"), Arrow("second", "work"), Arrow("work", "made")], width=2.9)


def _inches(width: float, height: float) -> Axes:
    """Axes over the whole figure, in inches from its upper left corner."""
    style.use()
    figure = Figure(figsize=(width, height), layout="none")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    return axes


def _place(box: Box, column: float) -> tuple[float, float, float]:
    """Center and width of a box."""
    return column * (box.column + box.wide / 2), ROW * box.row + HEIGHT / 2 + 0.06, column * box.wide - GAP


def _draw(axes: Axes, box: Box, x: float, y: float, width: float) -> None:
    color, corner = KINDS[box.kind]
    shape = FancyBboxPatch(
        (x - width / 2, y - HEIGHT / 2),
        width,
        HEIGHT,
        boxstyle=f"round,pad=0,rounding_size={corner}",
        facecolor=style.tint(color, 0.12),
        edgecolor=color,
        linewidth=1.0,
    )
    axes.add_patch(shape)
    text = axes.text(x, y, box.text, ha="center", va="center", linespacing=1.15)
    drawn = text.get_window_extent(FigureCanvasAgg(axes.figure).get_renderer())
    if drawn.width > 0.98 * width * axes.figure.dpi or drawn.height > HEIGHT * axes.figure.dpi:
        raise ValueError(f"flow: text must fit its box; got {box.text!r}.")


def _join(axes: Axes, arrow: Arrow, start: tuple[float, float, float], end: tuple[float, float, float]) -> None:
    (x0, y0, w0), (x1, y1, w1) = start, end
    level = y0 == y1
    if level:
        side = 1 if x1 > x0 else -1
        tail, head = (x0 + side * w0 / 2, y0), (x1 - side * w1 / 2, y1)
    else:
        side = HEIGHT / 2 if y1 > y0 else -HEIGHT / 2
        tail, head = (_toward(x0, w0, x1, w1), y0 + side), (_toward(x1, w1, x0, w0), y1 - side)
    axes.add_patch(FancyArrowPatch(tail, head, mutation_scale=10, **style.ARROW))
    x, y = (tail[0] + head[0]) / 2, (tail[1] + head[1]) / 2
    where = {"ha": "center", "va": "bottom"} if level else {"ha": "left", "va": "center"}
    axes.text(x + 0.08 * (not level), y - 0.05 * level, arrow.label, fontsize=9.5, color=style.MUTED, **where)


def _toward(x: float, width: float, other: float, other_width: float) -> float:
    """Where an arrow leaves a box: straight below the narrower of the two, as far as the wider one reaches."""
    if width <= other_width:
        return x
    return min(max(other, x - width / 2 + 0.15), x + width / 2 - 0.15)


def split_bar(parts: Mapping[str, int], *, width: float = 3.9) -> Figure:
    """A bar cut to scale, each part with its name, its count and its share; the order gives the color."""
    axes = _inches(width, 1.25)
    total, left = sum(parts.values()), 0.06
    for (name, count), (color, hatch) in zip(parts.items(), SPLIT, strict=False):
        wide = (width - 0.12) * count / total
        axes.add_patch(
            Rectangle((left, 0.06), wide, 0.5, facecolor=style.tint(color, 0.25), edgecolor=color, hatch=hatch)
        )
        axes.text(left + wide / 2, 0.66, name, ha="center", va="top", color=color)
        axes.text(left + wide / 2, 0.86, f"{count}\n{count / total:.0%}", ha="center", va="top")
        left += wide
    return axes.figure


def role_table(table: DataFrame, roles: Sequence[str], *, width: float = 4.6) -> Figure:
    """A small table whose columns are tinted by role; a bracket over neighbors of one role names it."""
    row, step, top = 0.28, width / table.shape[1], 0.36
    axes = _inches(width, top + row * (len(table) + 1) + 0.06)
    for i, (name, role) in enumerate(zip(table.columns, roles, strict=True)):
        x, color = step * (i + 0.5), ROLES[role]
        wide, high = step - 0.06, row * (len(table) + 1)
        axes.add_patch(Rectangle((x - wide / 2, top), wide, high, facecolor=style.tint(color, 0.1), edgecolor="none"))
        axes.plot((x - wide / 2, x + wide / 2), (top + row, top + row), color=color, linewidth=0.8)
        for j, text in enumerate((name, *table.iloc[:, i])):
            weight = "semibold" if j == 0 else "normal"
            axes.text(x, top + row * (j + 0.5), str(text), ha="center", va="center", fontsize=9.5, weight=weight)
    for role in dict.fromkeys(roles):
        first, last = roles.index(role), len(roles) - 1 - roles[::-1].index(role)
        left, right = step * first + 0.03, step * (last + 1) - 0.03
        axes.plot((left, left, right, right), (top, top - 0.07, top - 0.07, top), color=ROLES[role], linewidth=1)
        axes.text(
            (left + right) / 2, top - 0.12, role + "s" * (last > first), ha="center", va="bottom", color=ROLES[role]
        )
    return axes.figure

"""Diagrams show what they are told: where boxes stand, where arrows start and end, and how a bar is cut."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from dlref.plots.flow import Arrow, Box, flow, join, role_table, split_bar

BOXES = {
    "a": Box("above", 0, 0),
    "b": Box("beside", 0, 1, "work"),
    "wide": Box("below both", 1, 0, "made", 2),
}


def patches(figure, kind):
    return [patch for patch in figure.axes[0].patches if isinstance(patch, kind)]


def corners(patch):
    """Left, top, right and bottom, in inches; down is positive."""
    box = patch.get_path().get_extents(patch.get_patch_transform())
    return box.x0, box.y0, box.x1, box.y1


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def test_boxes_stand_in_rows_and_columns_and_inside_the_figure():
    figure = flow(BOXES, [], width=4)
    a, b, wide = (corners(box) for box in patches(figure, FancyBboxPatch))
    assert a[2] < b[0] and (a[1], a[3]) == (b[1], b[3])
    assert a[3] < wide[1] and (wide[0], wide[2]) == pytest.approx((a[0], b[2]))
    assert texts(figure) == ["above", "beside", "below both"]
    width, height = figure.get_size_inches()
    assert all(0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height for x0, y0, x1, y1 in (a, b, wide))


@pytest.mark.parametrize(
    ("start", "end", "tail_side", "head_side"),
    [("a", "b", 2, 0), ("b", "a", 0, 2), ("a", "wide", 3, 1), ("wide", "b", 1, 3)],
)
def test_an_arrow_goes_from_the_edge_of_one_box_to_the_edge_of_another(start, end, tail_side, head_side):
    figure = flow(BOXES, [Arrow(start, end, "label")], width=4)
    places = dict(zip(BOXES, map(corners, patches(figure, FancyBboxPatch)), strict=True))
    (arrow,) = patches(figure, FancyArrowPatch)
    for point, box, side in zip(arrow._posA_posB, (places[start], places[end]), (tail_side, head_side), strict=True):
        assert point[side % 2] == pytest.approx(box[side])
        assert box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
    assert "label" in texts(figure)


def test_arrows_between_rows_are_upright():
    figure = flow(BOXES, [Arrow("a", "wide"), Arrow("wide", "b")], width=4)
    for arrow in patches(figure, FancyArrowPatch):
        (x0, _), (x1, _) = arrow._posA_posB
        assert x0 == pytest.approx(x1)


def test_a_label_too_large_for_its_box_is_refused():
    with pytest.raises(ValueError, match="flow: text must fit its box; got 'much too long"):
        flow({"a": Box("much too long for a box of this width", 0)}, [], width=1.5)
    with pytest.raises(ValueError, match="must fit its box"):
        flow({"a": Box("four\nlines\nof\ntext", 0)}, [], width=3)


def test_a_bar_is_cut_to_scale():
    figure = split_bar({"training": 60, "validation": 30, "test": 10})
    parts = patches(figure, Rectangle)
    widths = np.array([part.get_width() for part in parts])
    assert widths / widths.sum() == pytest.approx([0.6, 0.3, 0.1])
    assert [part.get_x() for part in parts[1:]] == pytest.approx([p.get_x() + p.get_width() for p in parts[:-1]])
    assert texts(figure) == ["training", "60\n60%", "validation", "30\n30%", "test", "10\n10%"]


def test_two_boxes_join_in_a_third():
    figure = join("salt", "water", "stir", "brine")
    first, second, work, made = (box.get_bbox() for box in patches(figure, FancyBboxPatch))
    assert texts(figure) == ["salt", "water", "stir", "brine"]
    assert first.y0 == second.y0 < work.y0 < made.y0
    assert work.x0 == pytest.approx(first.x0) and work.x1 == pytest.approx(second.x1)
    assert (made.x0 + made.x1) / 2 == pytest.approx((work.x0 + work.x1) / 2)


def test_a_table_names_each_role_once():
    table = pd.DataFrame({"id": [1, 2], "a": [3, 4], "b": [5, 6], "y": [7, 8]})
    figure = role_table(table, ["identifier", "predictor", "predictor", "target"])
    shown = texts(figure)
    assert [shown.count(word) for word in ("identifier", "predictors", "target")] == [1, 1, 1]
    cells = [word for name in table for word in (name, *map(str, table[name]))]
    assert [word for word in shown if word in cells] == cells

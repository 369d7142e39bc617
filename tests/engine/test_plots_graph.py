"""Graphs show the values and gradients of their computation at every step of both passes, and no text on another."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text
from oracle_autograd import moderate, nodes, programs, run

from dlref.autograd import gradients, topological_order
from dlref.exhibits.pytorch import autograd
from dlref.exhibits.pytorch import computational_graphs as cg
from dlref.plots import graph

PAGES = {
    "chain": cg.chain(),
    "network": cg.network(),
    **{f"error {n}": cg.error(*cg.weights_after(n)) for n in cg.UPDATES},
    **{f"polynomial {x}": autograd.factors(x) for x in (0.5, 1.0, 6.0, 7.0)},
}


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def boxes(figure):
    return [patch for patch in figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]


def check_forward(output, step):
    """The boxes of the inputs and of the first `step` operations hold their values; the others only their names."""
    order = topological_order(output)
    operations = [node for node in order if node.parents]
    known = [node for node in order if not node.parents] + operations[:step]
    labels = [graph.subscripts(node.name) or node.operation for node in order]
    formulas = [f"= {graph.subscripts(node.operation)}" for node in order if len(node.operation) > 1]
    expected = [*filter(None, labels), *(graph.number(node.value) for node in known), *formulas]
    shown = [" ".join(text.split()) for text in texts(graph.forward(output, step=step))]
    assert sorted(shown) == sorted(expected)


def check_backward(output, step):
    """Each edge bears its local gradient; a node's gradient is shown once all operations that use it handed back."""
    order = topological_order(output)
    operations = [node for node in order if node.parents]
    waiting = operations[: len(operations) - step]
    slopes = gradients(output)
    shown = [" ".join(text.split()) for text in texts(graph.backward(output, step=step))]
    for node in order:
        asked = f"∂{output.name}/∂{graph.subscripts(node.name)} = "
        (text,) = [text for text in shown if text.startswith(asked)] or [""]
        uses = [child for child in operations if node in child.parents]
        if node is output or (uses and not any(child in waiting for child in uses)):
            assert text.rpartition("= ")[2] == graph.number(slopes[node])
        elif all(child in waiting for child in uses):
            assert not text
        else:
            assert text.endswith("…")
    edges = [graph.number(local) for node in operations for local in node.local_gradients]
    values = [graph.number(node.value) for node in order]
    assert sorted(text for text in shown if "∂" not in text and not text[0].isalpha()) == sorted(edges + values)


@pytest.mark.parametrize("name", PAGES)
def test_the_graphs_of_the_pages_show_each_pass_step_by_step(name):
    for step in graph.steps(PAGES[name]):
        check_forward(PAGES[name], step)
        check_backward(PAGES[name], step)


def test_a_planted_fault_is_found(monkeypatch):
    network = PAGES["network"]

    def overwritten(output):
        """The classic fault: what arrives over a second edge replaces what came over the first."""
        return {node: slope if node.parents else slope / 2 for node, slope in gradients(output).items()}

    monkeypatch.setattr(graph, "gradients", overwritten)
    check_backward(network, 1)
    with pytest.raises(AssertionError):
        check_backward(network, 3)
    monkeypatch.undo()
    shown = graph._operations
    monkeypatch.setattr(graph, "_operations", lambda order: shown(order)[::-1])
    with pytest.raises(AssertionError):
        check_forward(network, 1)


@pytest.mark.parametrize("name", PAGES)
def test_texts_stand_clear_of_each_other_and_of_edges(name):
    output = PAGES[name]
    for figure in (graph.forward(output), *(graph.backward(output, step=step) for step in graph.steps(output))):
        axes, renderer = figure.axes[0], FigureCanvasAgg(figure).get_renderer()
        figure.draw_without_rendering()
        labels = [text for text in axes.texts if text.get_text()]
        extents = [Text.get_window_extent(text, renderer).padded(-1) for text in labels]
        for (a, first), (b, second) in itertools.combinations(zip(labels, extents, strict=True), 2):
            assert not first.overlaps(second), (a.get_text(), b.get_text())
        beside = [extent for text, extent in zip(labels, extents, strict=True) if text.get_va() in ("top", "bottom")]
        for arrow in (text for text in axes.texts if getattr(text, "arrow_patch", None)):
            start, end = axes.transData.transform([arrow.xyann, arrow.xy])
            points = start + np.linspace(0, 1, 101)[:, None] * (end - start)
            assert not any(extent.count_contains(points) for extent in beside)
        assert all(axes.bbox.padded(1).containsx(e.x0) and axes.bbox.padded(1).containsx(e.x1) for e in extents)


@settings(max_examples=10, deadline=None, derandomize=True, database=None)
@given(programs.filter(moderate))
def test_every_small_expression_is_drawn(case):
    output = run(case[0], nodes(case[1]))[-1]
    for step in (0, len(graph.steps(output)) // 2, None):
        for figure in (graph.forward(output, step=step), graph.backward(output, step=step)):
            places = [box.get_bbox().bounds[:2] for box in boxes(figure)]
            assert len(set(places)) == len(places) == len(gradients(output))


def test_a_node_of_an_unknown_operation_is_drawn_too():
    x = nodes([3.0])[0]
    larger = replace(x, value=3.0, parents=(x, x), local_gradients=(0.5, 0.5), operation="max", name="")
    assert "max" in texts(graph.forward(larger))


@pytest.mark.parametrize(
    ("text", "low"),
    [
        ("x11", "x₁₁"),
        ("5·x11 − 3", "5·x₁₁ − 3"),
        ("2·x11²", "2·x₁₁²"),
        ("w2·y", "w₂·y"),
        ("10", "10"),
        ("σ(x1)", "σ(x₁)"),
    ],
)
def test_digits_of_a_name_are_set_low(text, low):
    assert graph.subscripts(text) == low


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-3.0, "−3"),
        (0.12345, "0.123"),
        (1234.5, "1234"),
        (-112.5, "−112.5"),
        (0.0, "0"),
        (0.00123, "0.00123"),
        (-3.92e-06, "−4e−6"),
        (3e-12, "3e−12"),
    ],
)
def test_numbers_are_short(value, text):
    assert graph.number(value) == text

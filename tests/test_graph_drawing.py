"""Any small computation can be drawn, at every step of both passes, with the numbers that it holds."""

import pytest
from hypothesis import given, settings
from oracle_autograd import moderate, nodes, programs, run

from dlref.autograd import Node, gradients
from dlref.graphs import collapse
from dlref.plots import graph


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def network():
    x11, x21 = Node(2.0, name="x11"), Node(1.0, name="x21")
    x12 = (5 * x11 - 3 * x21).named("x12")
    x22 = (2 * x11**2 + 2 * x21).named("x22")
    return collapse((4 * x12 + 3 * x22).named("y"))


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(programs.filter(moderate))
def test_every_small_expression_is_drawn(case):
    output = run(case[0], nodes(case[1]))[-1]
    for step in (0, len(graph.steps(output)) // 2, None):
        forward, backward = graph.forward(output, step=step), graph.backward(output, step=step)
        # Every node has its box, and the boxes stand apart.
        places = [patch.get_bbox().bounds[:2] for patch in forward.axes[0].patches if hasattr(patch, "get_bbox")]
        assert len(set(places)) == len(places) == len(gradients(output))
        assert len(backward.axes[0].patches) >= len(places)


def test_values_come_forward_one_operation_a_step():
    shown = [{"7", "10", "58"} & set(texts(graph.forward(network(), step=step))) for step in graph.steps(network())]
    assert shown == [set(), {"7"}, {"7", "10"}, {"7", "10", "58"}]


def test_gradients_come_back_and_add_up():
    shown = [texts(graph.backward(network(), step=step)) for step in graph.steps(network())]
    assert "∂y/∂y = 1" in shown[0] and not any("x₁" in text and "∂" in text for text in shown[0])
    assert {"∂y/∂x₁₂ = 4", "∂y/∂x₂₂ = 3"} <= set(shown[1])
    assert {"∂y/∂x₁₁ = \n8·3 + …", "∂y/∂x₂₁ = \n2·3 + …"} <= set(shown[2])
    assert {"∂y/∂x₁₁ = \n5·4 + 8·3 = 44", "∂y/∂x₂₁ = \n−3·4 + 2·3 = −6"} <= set(shown[3])


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


@pytest.mark.parametrize(("value", "text"), [(-3.0, "−3"), (0.12345, "0.123"), (1234.5, "1234"), (-112.5, "−112.5")])
def test_numbers_are_short(value, text):
    assert graph.number(value) == text

"""What the oracles do not reach in `dlref.autograd` and `dlref.graphs`: depth, sharing, and what is refused."""

import math
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
import torch

from dlref.autograd import Node, gradients, topological_order
from dlref.graphs import collapse, formula

DEEP = 50_000


def test_a_deep_chain_does_not_overflow_the_stack():
    x = Node(1.0, name="x")
    y = x
    for _ in range(DEEP):
        y = y * 1.00001
    assert len(topological_order(y)) == 2 * DEEP + 1
    assert math.isclose(gradients(y)[x], 1.00001**DEEP, rel_tol=1e-9)
    assert math.isclose(collapse(y).local_gradients[0], 1.00001**DEEP, rel_tol=1e-9)
    assert formula(y) == "…"
    assert repr(y) == f"Node(value={y.value!r}, operation='×', name='')"


def test_a_deep_chain_of_named_nodes_collapses_to_itself():
    x = Node(1.0, name="x")
    y = x
    for step in range(20_000):
        y = (y + 1).named(f"y{step}")
    assert len(topological_order(collapse(y))) == 20_001
    assert gradients(y)[x] == 1


def test_shared_results_cost_one_visit_each():
    x = Node(1.0, name="x")
    y = x
    for _ in range(60):
        y = y + y  # 2⁶⁰ paths lead to x
    assert len(topological_order(y)) == 61
    assert gradients(y)[x] == 2.0**60
    assert collapse(y).local_gradients == (2.0**60,)


def test_collapsing_a_long_sum_of_named_nodes_does_not_take_the_square_of_its_length(growth):
    def collapsed(length: int) -> Node:
        return collapse(sum((Node(1.0, name=f"x{index}") for index in range(length)), Node(0.0)))

    assert [parent.name for parent in collapsed(8000).parents] == [f"x{index}" for index in range(8000)]
    assert set(collapsed(8000).local_gradients) == {1.0}
    assert growth(collapsed, 2000) < 9


def test_parents_of_a_collapsed_node_come_in_the_order_of_its_formula():
    a, b, c, d = (Node(2.0, name=name) for name in "abcd")
    collapsed = collapse(((a * b) * c + d * (b + a)).named("y"))
    assert [parent.name for parent in collapsed.parents] == ["a", "b", "c", "d"]
    assert collapsed.local_gradients == (6.0, 6.0, 4.0, 4.0)


@pytest.mark.parametrize("value", [5.0, 20.0, -20.0, 300.0])
def test_far_out_tanh_still_has_a_slope(value):
    """As `tanh_gradient`, where 1 − tanh² is 0: after karpathy/micrograd #74 and #102."""
    expected = 1 / math.cosh(value) ** 2
    assert expected > 0
    assert math.isclose(*Node(value).tanh().local_gradients, expected, rel_tol=1e-12)


def test_a_node_that_the_output_does_not_need_has_no_gradient():
    x, unused = Node(1.0), Node(2.0)
    assert unused not in gradients(x * 3)


def test_a_graph_does_not_change():
    x = Node(1.0)
    with pytest.raises(FrozenInstanceError):
        x.value = 2.0


def test_equal_values_are_different_nodes():
    a, b = Node(1.0), Node(1.0)
    assert a != b
    assert gradients(a * b * b)[a] == 1.0
    assert gradients(a * a * b)[a] == 2.0


@pytest.mark.parametrize("number", [3, np.float32(3), np.int64(3), np.float64(3)])
def test_numbers_of_every_kind(number):
    x = Node(2.0)
    assert [(x * number).value, (number * x).value, (number - x).value, (x**number).value] == [6, 6, 1, 8]
    assert type((number * x).value) is float


@pytest.mark.parametrize(
    ("value", "results"),
    [
        (0.0, [math.inf, -math.inf, 1, 0.5, 0]),
        (-1.0, [-1, math.nan, math.exp(-1), 1 / (1 + math.e), math.tanh(-1)]),
        (1000.0, [0.001, math.log(1000), math.inf, 1, 1]),
        (-math.inf, [0, math.nan, 0, 0, -1]),
    ],
)
def test_the_ends_of_the_number_line_follow_torch(value, results):
    x, t = Node(value), torch.tensor(value, dtype=torch.float64)
    ours = [node.value for node in (1 / x, x.log(), x.exp(), x.sigmoid(), x.tanh())]
    theirs = [tensor.item() for tensor in (1 / t, t.log(), t.exp(), t.sigmoid(), t.tanh())]
    np.testing.assert_allclose(ours, results)
    np.testing.assert_allclose(ours, theirs)


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (lambda: Node("1"), TypeError, "Node: value must be a real number; got str '1'."),
        (lambda: Node(True), TypeError, "Node: value must be a real number; got bool True."),
        (lambda: Node(1j), TypeError, "Node: value must be a real number; got complex 1j."),
        (lambda: [1] * Node(1.0), TypeError, "Node: value must be a real number; got list [1]."),
        (lambda: np.ones(2) * Node(1.0), TypeError, "Node: value must be a real number; got ndarray array([1., 1.])."),
        (lambda: Node(1.0) - None, TypeError, "Node: value must be a real number; got NoneType None."),
        (
            lambda: Node(1.0, parents=(Node(2.0),)),
            ValueError,
            "Node: local_gradients must hold one number per parent; got 0 for 1 parents.",
        ),
        (lambda: gradients(3.0), TypeError, "gradients: output must be a Node; got float 3.0."),
        (lambda: topological_order("y"), TypeError, "topological_order: output must be a Node; got str 'y'."),
        (lambda: collapse(None), TypeError, "collapse: output must be a Node; got NoneType None."),
        (lambda: formula(1), TypeError, "formula: output must be a Node; got int 1."),
    ],
)
def test_what_is_refused(wrong, error, message):
    with pytest.raises(error) as caught:
        wrong()
    assert str(caught.value) == message


@pytest.mark.parametrize("exponent", ["2", Node(2.0), math.inf])
def test_an_exponent_is_a_plain_number(exponent):
    with pytest.raises((TypeError, ValueError), match=r"exponent must be a "):
        Node(2.0) ** exponent

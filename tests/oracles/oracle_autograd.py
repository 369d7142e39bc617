"""What `dlref.autograd` equals: PyTorch, on random programs that run alike on nodes and on tensors."""

import numpy as np
import torch
from hypothesis import strategies as st
from oracles import Oracle

from dlref.autograd import Node

# Each step takes two of the results so far and a constant, and gives the next result.
STEPS = {
    "+": lambda a, b, c: a + b,
    "-": lambda a, b, c: a - b,
    "*": lambda a, b, c: a * b,
    "/": lambda a, b, c: a / b,
    "negative": lambda a, b, c: -a,
    "+ number": lambda a, b, c: a + c,
    "number +": lambda a, b, c: c + a,
    "- number": lambda a, b, c: a - c,
    "number -": lambda a, b, c: c - a,
    "number *": lambda a, b, c: c * a,
    "number /": lambda a, b, c: c / a,
    "power": lambda a, b, c: a**c,
    "square": lambda a, b, c: a**2,
    "exp": lambda a, b, c: a.exp(),
    "log": lambda a, b, c: a.log(),
    "relu": lambda a, b, c: a.relu(),
    "sigmoid": lambda a, b, c: a.sigmoid(),
    "tanh": lambda a, b, c: a.tanh(),
}
CONSTANTS = [-3.0, -1.0, -0.5, 0.0, 0.25, 1.0, 2.0, 3.0]


def run(program, inputs):
    """All results of a program: the inputs, then one a step. `inputs` are nodes, or torch scalars."""
    results = list(inputs)
    for step, first, second, constant in program:
        results.append(STEPS[step](results[first % len(results)], results[second % len(results)], constant))
    return results


def nodes(values, kind=Node):
    return [kind(value, name=f"x{index}") for index, value in enumerate(values)]


def torch_results(program, values):
    return run(program, [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in values])


def torch_gradients(program, values):
    """The derivative of the last result by every result; 0 where it does not depend on one."""
    results = torch_results(program, values)
    slopes = torch.autograd.grad(results[-1], results, allow_unused=True, materialize_grads=True)
    return np.array([float(slope) for slope in slopes])


def moderate(case) -> bool:
    """Whether rounding errors stay small; beyond that, any two orders of summation differ."""
    values = [result.item() for result in torch_results(*case)]
    return bool((np.abs([*values, *torch_gradients(*case)]) < 1e5).all())


def our_gradients(function, program, values):
    results = run(program, nodes(values))
    slopes = function(results[-1])
    return np.array([slopes.get(result, 0.0) for result in results])


def ancestors(node: Node) -> set[Node]:
    """Every node that `node` depends on, itself included, from the definition."""
    return {node}.union(*map(ancestors, node.parents))


def order_of(function, program, values):
    """How many nodes there are, and whether each comes after its parents."""
    order = function(run(program, nodes(values))[-1])
    place = {node: index for index, node in enumerate(order)}
    return len(order), all(place[parent] < place[node] for node in order for parent in node.parents)


steps = st.tuples(st.sampled_from(list(STEPS)), st.integers(0, 99), st.integers(0, 99), st.sampled_from(CONSTANTS))
programs = st.tuples(
    st.lists(steps, min_size=1, max_size=10),
    st.lists(st.sampled_from([-2.0, -1.0, -0.3, 0.0, 0.5, 1.0, 2.5]) | st.floats(-3, 3), min_size=1, max_size=3),
)
cases = programs.filter(moderate)

ORACLES = {
    "Node": Oracle(
        "arithmetic on float64 tensors, every step of a random program",
        lambda program, values: np.array([result.item() for result in torch_results(program, values)]),
        cases,
        call=lambda kind, program, values: np.array([node.value for node in run(program, nodes(values, kind))]),
    ),
    "gradients": Oracle(
        "torch.autograd.grad by every input and every result in between, on random programs",
        torch_gradients,
        cases,
        atol=1e-9,
        call=our_gradients,
    ),
    "topological_order": Oracle(
        "the definition: all ancestors, each after its parents",
        lambda program, values: (len(ancestors(run(program, nodes(values))[-1])), True),
        programs,
        call=order_of,
    ),
}

"""Exhibits of the page on computational graphs."""

from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.autograd import Node, gradients
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement, by_autograd
from dlref.graphs import collapse
from dlref.plots import graph

CHAIN_STEPS, NETWORK_STEPS = [0, 1, 2], [0, 1, 2, 3]
RATE = 0.1
UPDATES = [0, 1, 2, 3, 4, 5, 6]


def chain(x: float = 2.0) -> Node:
    """y = x³, z = 5y − 4."""
    y = (Node(x, name="x") ** 3).named("y")
    return collapse((5 * y - 4).named("z"))


def network(x11: float = 2.0, x21: float = 1.0) -> Node:
    """Two inputs, two nodes computed from both, one output."""
    a, b = Node(x11, name="x11"), Node(x21, name="x21")
    x12 = (5 * a - 3 * b).named("x12")
    x22 = (2 * a**2 + 2 * b).named("x22")
    return collapse((4 * x12 + 3 * x22).named("y"))


def error(w1: float, w2: float, x: float = 1.5, t: float = 1.0) -> Node:
    """The squared error of z = w2 · y, y = w1 · x, against the true output t."""
    first, second = Node(w1, name="w1"), Node(w2, name="w2")
    y = (first * Node(x, name="x")).named("y")
    z = (second * y).named("z")
    return collapse(((z - Node(t, name="t")) ** 2).named("E"))


def by_name(output: Node) -> dict[str, float]:
    """The gradient of the output with respect to each named node."""
    return {node.name: slope for node, slope in gradients(output).items()}


def weights_after(updates: int) -> tuple[float, float]:
    """Both weights after some steps of gradient descent from (0.8, -0.5)."""
    w1, w2 = 0.8, -0.5
    for _ in range(updates):
        slopes = by_name(error(w1, w2))
        w1, w2 = w1 - RATE * slopes["w1"], w2 - RATE * slopes["w2"]
    return w1, w2


@exhibit(
    alt="A chain of three boxes: x, then y = x³, then z = 5·y − 4. After step {chain_step} of 2, that many results "
    "are in.",
    explore={"chain_step": CHAIN_STEPS},
)
def chain_forward(chain_step: int = 2) -> Figure:
    """Forward: each box computes its value from the one before."""
    return graph.forward(chain(), step=chain_step, width=3.6)


@exhibit(
    alt="The same chain. After step {chain_step} of 2, gradients have come back from z over that many edges, each "
    "multiplied by the number on the edge.",
    explore={"chain_step": CHAIN_STEPS},
)
def chain_backward(chain_step: int = 2) -> Figure:
    """Backward: the gradient of z is multiplied by the number on each edge it crosses."""
    return graph.backward(chain(), step=chain_step, width=3.6)


@exhibit(digits=0)
def chain_gradient() -> float:
    """dz/dx at x = 2, from `dlref.autograd`."""
    return by_name(chain())["x"]


@exhibit(follows="the chain rule")
def chain_rule_holds() -> bool:
    """dz/dx on the graph equals 5 · 3x² to 1e-9, at 81 values of x from −4 to 4."""
    return all(abs(by_name(chain(x / 10))["x"] - 15 * (x / 10) ** 2) < 1e-9 for x in range(-40, 41))


@exhibit(
    alt="Graph of x and w1, which make y; y and w2, which make z; z and the true output t, which make the error E. "
    "Gradients of E are at every box, after {updates} updates.",
    explore={"updates": UPDATES},
)
def weights_graph(updates: int = 0) -> Figure:
    """Weights are nodes like any other, so the error has a gradient with respect to each of them."""
    return graph.backward(error(*weights_after(updates)))


@exhibit(explore={"updates": UPDATES}, digits=3)
def weights_update(updates: int = 0) -> DataFrame:
    """One update: the step is −0.1 times the gradient."""
    old, new = weights_after(updates), weights_after(updates + 1)
    slopes = by_name(error(*old))
    rows = [
        (graph.subscripts(name), a, slopes[name], -RATE * slopes[name], b)
        for name, a, b in zip(("w1", "w2"), old, new, strict=True)
    ]
    return DataFrame(rows, columns=["weight", "before", "gradient", "step", "after"])


@exhibit(explore={"updates": UPDATES}, digits=4)
def error_before(updates: int = 0) -> float:
    """The squared error with the weights before this update."""
    return error(*weights_after(updates)).value


@exhibit(explore={"updates": UPDATES}, digits=4)
def error_after(updates: int = 0) -> float:
    """The squared error with the weights after this update."""
    return error(*weights_after(updates + 1)).value


@exhibit()
def updates_differ() -> str:
    """Largest difference of the two weights from those of `torch.optim.SGD` after each of 20 updates."""
    import torch

    weights = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in weights_after(0)]
    optimizer, pairs = torch.optim.SGD(weights, lr=RATE), []
    for count in range(1, 21):
        optimizer.zero_grad()
        ((weights[1] * weights[0] * 1.5 - 1.0) ** 2).backward()
        optimizer.step()
        pairs.append((weights_after(count), [weight.item() for weight in weights]))
    return agreement(pairs)


@exhibit(
    alt="Graph of the inputs x₁₁ = 2 and x₂₁ = 1, the nodes x₁₂ and x₂₂, each fed by both inputs, and the output y. "
    "After step {forward_step} of 3, that many of the three results are in.",
    explore={"forward_step": NETWORK_STEPS},
)
def network_forward(forward_step: int = 3) -> Figure:
    """Values go forward: a node is computed once all that it needs is known."""
    return graph.forward(network(), step=forward_step)


@exhibit(
    alt="The same graph. After step {backward_step} of 3, that many nodes have handed gradients back, y the first.",
    explore={"backward_step": NETWORK_STEPS},
)
def network_backward(backward_step: int = 3) -> Figure:
    """Gradients come back: each is multiplied by the number on its edge, and where edges meet they add up."""
    return graph.backward(network(), step=backward_step)


@exhibit(digits=0)
def by_x11() -> float:
    """dy/dx11 at x11 = 2, x21 = 1, from `dlref.autograd`."""
    return by_name(network())["x11"]


@exhibit(digits=0)
def by_x21() -> float:
    """dy/dx21 at x11 = 2, x21 = 1, from `dlref.autograd`."""
    return by_name(network())["x21"]


@exhibit()
def gradients_differ() -> str:
    """Largest difference of the two gradients from PyTorch's, for both inputs from -3 to 3 in steps of a quarter."""
    grid = [value / 4 for value in range(-12, 13)]
    pairs = []
    for x11 in grid:
        for x21 in grid:
            slopes = by_name(network(x11, x21))
            theirs = by_autograd(lambda a, b: 4 * (5 * a - 3 * b) + 3 * (2 * a**2 + 2 * b), [x11, x21])[1:]
            pairs.append(([slopes["x11"], slopes["x21"]], theirs))
    return agreement(pairs)


@exhibit(
    alt="Graph of a neuron: x and w and the bias b make the score z, its sigmoid p, and the loss L; the gradient of L "
    "is at every box."
)
def neuron() -> Figure:
    """A neuron with a sigmoid, and the cross-entropy of a positive example: the gradient with respect to z is p − 1."""
    x, w, b = (Node(value, name=name) for name, value in (("x", 2.0), ("w", 0.5), ("b", -0.4)))
    z = (w * x + b).named("z")
    p = z.sigmoid().named("p")
    return graph.backward(collapse((-p.log()).named("L")))

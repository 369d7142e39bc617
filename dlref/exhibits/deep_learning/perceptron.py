"""Exhibits of the page on the perceptron."""

import itertools

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement, by_autograd
from dlref.layers import perceptron, perceptron_gradient
from dlref.plots import network, style

# The workshop's example; the first input is the constant that the bias belongs to.
X = np.array([1, 2, -2, 0, 1])
WEIGHTS = np.array([0.5, -1.25, -0.5, 0.25, 0.5])
ACTIVATIONS = ["identity", "relu", "leaky_relu", "tanh", "sigmoid"]


def output_alt(activation: str) -> str:
    """What the drawing shows, in words."""
    products = ", ".join(f"{w:g} times {x:g}" for w, x in zip(WEIGHTS, X, strict=True))
    total, y = weighted_sum(), perceptron(X, WEIGHTS, activation=activation)
    return (
        f"Five inputs lead into one node, with weight times input on each line: {products}. "
        f"Their sum {total:g} goes through {activation} and comes out as {y:.3g}."
    )


@exhibit(alt=output_alt, explore={"activation": ACTIVATIONS})
def worked(activation: str = "relu") -> Figure:
    """The workshop's perceptron. Solid blue lines are positive weights, dashed orange ones negative; a wider line is a
    larger weight.
    """
    y = perceptron(X, WEIGHTS, activation=activation)
    return network.perceptron(X, WEIGHTS, weighted_sum(), activation, y)


@exhibit(digits=1)
def weighted_sum() -> float:
    """Sum of the products of the workshop's five weights and inputs."""
    return perceptron(X, WEIGHTS, activation="identity")


@exhibit(explore={"activation": ACTIVATIONS})
def chosen(activation: str = "relu") -> str:
    """The activation that is chosen in the drawing."""
    return activation.replace("_", " ")


@exhibit(explore={"activation": ACTIVATIONS}, digits=3)
def output(activation: str = "relu") -> float:
    """What the workshop's perceptron returns with this activation."""
    return perceptron(X, WEIGHTS, activation=activation)


@exhibit(follows="the formula, for these weights and inputs")
def sum_and_output() -> bool:
    """The weighted sum of the workshop's example is -0.5, and ReLU turns it into 0."""
    return weighted_sum() == -0.5 and perceptron(X, WEIGHTS) == 0


@exhibit(digits=2)
def gradients() -> DataFrame:
    """What the output gains for each unit that a weight gains, by activation; $w_1$ is the bias. With ReLU the
    sum is below 0, and nothing can be learned from this example.
    """
    rows = {name: perceptron_gradient(X, WEIGHTS, activation=name)[1] + 0 for name in ACTIVATIONS}
    columns = [f"w{index}" for index in "₁₂₃₄₅"]
    return DataFrame(rows, index=columns).T.rename_axis("activation")


@exhibit(
    alt="Two squares with a point at each corner. For and, a line parts the corner (1, 1) from the other three. For "
    "exclusive or, the corners (0, 1) and (1, 0) are filled and lie opposite each other, and no line is drawn."
)
def and_xor() -> Figure:
    """*And* can be told by one line; for *exclusive or* no line has the filled circles on one side and the hollow
    squares on the other.
    """
    figure, axes = style.figure(4.8, 2.6, ncols=2)
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    for ax, name, y in zip(axes, ("and", "exclusive or"), ([0, 0, 0, 1], [0, 1, 1, 0]), strict=True):
        for corner, label in zip(corners, y, strict=True):
            color = style.POSITIVE if label else style.NEGATIVE
            face = color if label else style.GROUND
            ax.plot(*corner, "o" if label else "s", color=color, markerfacecolor=face, markersize=8, clip_on=False)
        ax.set(xlim=(-0.3, 1.3), ylim=(-0.3, 1.3), xticks=(0, 1), yticks=(0, 1), aspect="equal", title=name)
    axes[0].plot((0.2, 1.3), (1.3, 0.2), color=style.INK, linewidth=1.2)
    return figure


@exhibit(follows="a linear program that has no solution")
def xor_cannot_be_separated() -> bool:
    """No line puts (0,0) and (1,1) on one side, (0,1) and (1,0) on the other: its linear program has no solution."""
    from scipy.optimize import linprog

    points, signs = np.array([[0, 0, 1], [1, 1, 1], [0, 1, 1], [1, 0, 1]]), np.array([-1, -1, 1, 1])
    program = linprog(np.zeros(3), A_ub=-signs[:, None] * points, b_ub=-np.ones(4), bounds=(None, None))
    return program.status == 2


@exhibit()
def largest_difference() -> str:
    """Largest difference from PyTorch, output and both gradients, for each of the five activations and 1, 5 and 100
    random inputs.
    """
    import torch

    theirs = {
        "identity": lambda z: z,
        "relu": torch.relu,
        "leaky_relu": torch.nn.functional.leaky_relu,
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
    }
    rng, pairs = np.random.default_rng(0), []
    for name, size in itertools.product(ACTIVATIONS, (1, 5, 100)):
        x, weights = rng.normal(size=(2, size))
        ours = [perceptron(x, weights, activation=name), *perceptron_gradient(x, weights, activation=name)]
        pairs += zip(ours, by_autograd(lambda x, w, f=theirs[name]: f(x @ w), [x, weights]), strict=True)
    return agreement(pairs)

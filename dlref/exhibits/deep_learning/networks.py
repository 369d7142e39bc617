"""Exhibits of the page on simple and deep networks."""

import itertools
from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref import mlp
from dlref.activations import sigmoid
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.plots import network, style
from dlref.softmax import softmax

HIDDEN = [0, 1, 2, 3, 4, 6]
SHAPES = {"simple": (3, 4, 3), "deep": (3, 4, 4, 3)}


@cache
def flowers() -> tuple[np.ndarray, ...]:
    """Three standardized measures of 150 irises and their species, as train and test halves: x, x_test, y, y_test."""
    from sklearn.datasets import load_iris
    from sklearn.model_selection import train_test_split

    data = load_iris()
    x, x_test, y, y_test = train_test_split(
        data.data[:, [0, 2, 3]], data.target, test_size=0.5, stratify=data.target, random_state=0
    )
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    return (x - mean) / deviation, (x_test - mean) / deviation, y, y_test


@cache
def flower_network(name: str) -> mlp.Layers:
    """A network trained from scratch to tell three species apart."""
    x, _, y, _ = flowers()
    layers = mlp.init(SHAPES[name], rng=np.random.default_rng(0))
    for _ in range(500):
        layers = mlp.step(layers, x, lambda logits: (softmax(logits) - np.eye(3)[y]) / len(y), learning_rate=0.2)
    return layers


def drawing(name: str) -> Figure:
    """A trained network, with its inputs and outputs named."""
    inputs = ["sepal\nlength", "petal\nlength", "petal\nwidth"]
    outputs = ["setosa", "versi-\ncolor", "virgi-\nnica"]
    return network.network([weight for weight, _ in flower_network(name)], names=(inputs, outputs))


@exhibit(
    alt="Three input nodes, four hidden nodes, three output nodes; a line for each of the 24 weights, its width and "
    "color by the weight. Parameters: 16 in the hidden layer, 15 in the output layer."
)
def simple_network() -> Figure:
    """A simple network, 3-4-3, trained to tell three species of iris apart. Solid blue lines are positive weights,
    dashed orange ones negative; a wider line is a larger weight.
    """
    return drawing("simple")


@exhibit(
    alt="Three input nodes, two columns of four hidden nodes, three output nodes; a line for each of the 40 weights, "
    "its width and color by the weight. Parameters: 16, 20 and 15 by layer."
)
def deep_network() -> Figure:
    """A deep network, 3-4-4-3, trained on the same flowers. The second hidden layer adds 20 parameters."""
    return drawing("deep")


@exhibit(digits=3)
def sizes() -> DataFrame:
    """Both networks: what they consist of, and the share of held-out flowers that each names right."""
    _, x, _, y = flowers()
    rows = []
    for name in SHAPES:
        layers = flower_network(name)
        right = np.mean(mlp.forward(layers, x)[1][-1].argmax(axis=1) == y)
        weights, parameters = sum(weight.size for weight, _ in layers), mlp.parameter_count(layers)
        rows.append((name, weights, parameters - weights, parameters, right))
    return DataFrame(rows, columns=["network", "weights", "biases", "total", "accuracy"]).set_index("network")


@exhibit()
def held_out() -> int:
    """Number of flowers that were held out from training."""
    return len(flowers()[3])


@exhibit()
def deeper_is_no_better() -> bool:
    """On the held-out flowers, the deep network names no larger a share right than the simple one."""
    accuracy = sizes()["accuracy"]
    return bool(accuracy["deep"] <= accuracy["simple"])


@cache
def rings() -> tuple[np.ndarray, np.ndarray]:
    """200 points in the plane: label 1 in the middle, label 0 in a ring around them."""
    from sklearn.datasets import make_circles

    return make_circles(200, noise=0.12, factor=0.35, random_state=0)


@cache
def ring_network(hidden: int, steps: int = 2000) -> mlp.Layers:
    """A network with so many hidden units, trained from scratch to tell the middle from the ring."""
    x, y = rings()
    layers = mlp.init([2, hidden, 1] if hidden else [2, 1], rng=np.random.default_rng(3))
    for _ in range(steps):
        layers = mlp.step(layers, x, lambda z: (sigmoid(z) - y[:, None]) / len(y), learning_rate=0.5)
    return layers


def probability(hidden: int, x: np.ndarray) -> np.ndarray:
    """Probability of the middle that the network gives, for each point."""
    return sigmoid(mlp.forward(ring_network(hidden), x)[1][-1][:, 0])


def right_share(hidden: int) -> float:
    """Share of the points on their side of the boundary."""
    x, y = rings()
    return float(np.mean((probability(hidden, x) >= 0.5) == y))


@exhibit(
    alt=lambda hidden: (
        f"Points in the middle and in a ring around it. With {hidden} hidden units the boundary has "
        f"{right_share(hidden):.1%} of them on the right side."
    ),
    explore={"hidden": HIDDEN},
)
def surface(hidden: int = 3) -> Figure:
    """Without a hidden layer the boundary is a straight line, which cannot close. Three hidden units are enough
    to fence the middle in. Filled circles are the middle, hollow squares the ring.
    """
    x, y = rings()
    grid = np.linspace(-1.6, 1.6, 61)
    points = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    heights = probability(hidden, points).reshape(61, 61)
    figure, axes = style.figure(3.6, 3.5)
    axes.contourf(grid, grid, heights, levels=np.linspace(0, 1, 8), cmap=style.diverging(), vmin=-0.7, vmax=1.7)
    axes.contour(grid, grid, heights, levels=[0.5], colors=style.INK, linewidths=1.4)
    for label, color, marker, face in (
        (1, style.POSITIVE, "o", style.POSITIVE),
        (0, style.NEGATIVE, "s", style.GROUND),
    ):
        axes.plot(*x[y == label].T, marker, markersize=3.5, color=color, markerfacecolor=face, markeredgewidth=0.8)
    axes.set(xlim=(-1.6, 1.6), ylim=(-1.6, 1.6), aspect="equal", xlabel="feature 1", ylabel="feature 2")
    return figure


@exhibit(
    alt=lambda hidden: f"The network of the surface drawn: 2 input nodes, {hidden} hidden nodes, 1 output node.",
    explore={"hidden": HIDDEN},
)
def surface_network(hidden: int = 3) -> Figure:
    """The network that draws this boundary, with its trained weights."""
    weights = [weight for weight, _ in ring_network(hidden)]
    return network.network(weights, width=3.6, rows=6)


@exhibit(explore={"hidden": HIDDEN})
def hidden_units(hidden: int = 3) -> int:
    """The number of hidden units that is chosen."""
    return hidden


@exhibit(explore={"hidden": HIDDEN}, digits=3)
def surface_accuracy(hidden: int = 3) -> float:
    """Share of the 200 points that the network puts on the right side."""
    return right_share(hidden)


@exhibit(explore={"hidden": HIDDEN})
def surface_parameters(hidden: int = 3) -> int:
    """Weights and biases of the network."""
    return mlp.parameter_count(ring_network(hidden))


@exhibit()
def three_units_close() -> bool:
    """All around the data, at distance 1.5, networks with 3, 4 and 6 hidden units say ring; with 0, 1 and 2, some of it
    is called middle.
    """
    angles = np.linspace(0, 2 * np.pi, 360)
    around = 1.5 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return [bool((probability(hidden, around) < 0.5).all()) for hidden in HIDDEN] == [False] * 3 + [True] * 3


@exhibit()
def largest_difference() -> str:
    """Largest difference of any weight of the NumPy network from the PyTorch one's in 100 steps from the same start.

    A 2-3-1 network with ReLU, float64, full batches, learning rate 0.5.
    """
    import torch

    x, y = rings()
    layers = mlp.init([2, 3, 1], rng=np.random.default_rng(4))
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1)).double()
    with torch.no_grad():
        for parameter, array in zip(model.parameters(), itertools.chain(*layers), strict=True):
            parameter.copy_(torch.as_tensor(array))
    optimizer, loss, pairs = torch.optim.SGD(model.parameters(), lr=0.5), torch.nn.BCEWithLogitsLoss(), []
    for _ in range(100):
        layers = mlp.step(layers, x, lambda z: (sigmoid(z) - y[:, None]) / len(y), learning_rate=0.5)
        optimizer.zero_grad()
        loss(model(torch.as_tensor(x))[:, 0], torch.as_tensor(y, dtype=torch.float64)).backward()
        optimizer.step()
        theirs = [parameter.detach().numpy().copy() for parameter in model.parameters()]
        pairs += zip(itertools.chain(*layers), theirs, strict=True)
    return agreement(pairs)


@exhibit()
def without_activation_is_one_layer() -> bool:
    """Three layers with nothing between them give the same as the one layer whose weight is their product."""
    rng = np.random.default_rng(0)
    layers, x = mlp.init([3, 4, 4, 3], rng=rng), rng.normal(size=(20, 3))
    product = layers[2][0] @ layers[1][0] @ layers[0][0]
    return bool(np.allclose(mlp.forward(layers, x, activation="identity")[1][-1], x @ product.T, rtol=0, atol=1e-12))

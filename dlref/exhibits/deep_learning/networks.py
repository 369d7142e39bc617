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
from dlref.exhibits.deep_learning._stacked import Layers, first_layers, forward, step
from dlref.plots import network, style
from dlref.softmax import softmax

HIDDEN = [0, 1, 2, 3, 4, 6]
SHAPES = {"simple": (3, 4, 3), "deep": (3, 4, 4, 3)}
SPLITS = STARTS = 20


@cache
def flowers() -> tuple[np.ndarray, ...]:
    """Three measures of 150 irises, standardized, and their species, as x, x_test, y, y_test: 20 splits in halves."""
    from sklearn.datasets import load_iris
    from sklearn.model_selection import train_test_split

    data = load_iris()
    x, y = data.data[:, [0, 2, 3]], data.target
    halves = [train_test_split(x, y, test_size=0.5, stratify=y, random_state=split) for split in range(SPLITS)]
    x, x_test, y, y_test = map(np.stack, zip(*halves, strict=True))
    mean, deviation = x.mean(axis=1, keepdims=True), x.std(axis=1, keepdims=True)
    return (x - mean) / deviation, (x_test - mean) / deviation, y, y_test


@cache
def flower_networks(name: str) -> Layers:
    """Networks trained from scratch to tell three species apart, one for each split, each from a start of its own."""
    x, _, y, _ = flowers()
    layers, one_hot = first_layers(SHAPES[name], SPLITS, np.random.default_rng(0)), np.eye(3)[y]
    for _ in range(500):
        layers = step(layers, x, lambda logits: (softmax(logits) - one_hot) / y.shape[1], rate=0.2)
    return layers


def accuracies(name: str) -> np.ndarray:
    """For each split, the share of held-out flowers that the network names right."""
    _, x, _, y = flowers()
    return (forward(flower_networks(name), x)[1][-1].argmax(axis=-1) == y).mean(axis=1)


def drawing(name: str) -> Figure:
    """A trained network, with its inputs and outputs named."""
    inputs = ["sepal\nlength", "petal\nlength", "petal\nwidth"]
    outputs = ["setosa", "versi-\ncolor", "virgi-\nnica"]
    return network.network([weight[0] for weight, _ in flower_networks(name)], names=(inputs, outputs))


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


@exhibit(over="20 splits of the flowers in halves, one start each")
def sizes() -> DataFrame:
    """Both networks: what they consist of, and the share of held-out flowers that they name right, as the mean of 20
    random splits and its standard deviation from split to split.
    """
    rows = []
    for name in SHAPES:
        layers = [(weight[0], bias[0, 0]) for weight, bias in flower_networks(name)]
        weights, parameters = sum(weight.size for weight, _ in layers), mlp.parameter_count(layers)
        right = f"{accuracies(name).mean():.2f} ± {accuracies(name).std(ddof=1):.2f}"
        rows.append((name, weights, parameters - weights, parameters, right))
    return DataFrame(rows, columns=["network", "weights", "biases", "total", "accuracy"]).set_index("network")


@exhibit()
def held_out() -> int:
    """Number of flowers that are held out from training."""
    return flowers()[3].shape[1]


@exhibit(over="20 splits of the flowers in halves, one start each")
def deeper_is_no_better() -> bool:
    """The mean accuracy of the deep network is above that of the simple one by less than two percentage points."""
    return bool(accuracies("deep").mean() - accuracies("simple").mean() < 0.02)


@cache
def rings() -> tuple[np.ndarray, np.ndarray]:
    """100 points in the plane: label 1 in the middle, label 0 in a ring around them."""
    from sklearn.datasets import make_circles

    return make_circles(100, noise=0.12, factor=0.35, random_state=0)


@cache
def ring_networks() -> tuple[Layers, np.ndarray]:
    """Networks of 1, 2, 3, 4 and 6 hidden units, from 20 starts each, trained to tell the middle from the ring.

    All have room for 6 units; those that a network does not have get weights of 0, which stay 0. Also: the loss of
    each network at the end, shape (sizes, starts).
    """
    x, y = rings()
    (w1, b1), (w2, b2) = first_layers([2, max(HIDDEN), 1], len(HIDDEN[1:]) * STARTS, np.random.default_rng(0))
    units = np.repeat(HIDDEN[1:], STARTS)[:, None]
    has = np.arange(max(HIDDEN)) < units
    # He's rule for as many inputs as there are.
    w2 = w2 * (has * np.sqrt(max(HIDDEN) / units))[:, None]
    layers = [(w1 * has[:, :, None], b1), (w2, b2)]
    for _ in range(1000):
        layers = step(layers, x, lambda z: (sigmoid(z) - y[:, None]) / len(y), rate=0.5)
    z = forward(layers, x)[1][-1][:, :, 0]
    return layers, np.logaddexp(0, np.where(y, -z, z)).mean(axis=1).reshape(-1, STARTS)


@cache
def ring_network(hidden: int) -> mlp.Layers:
    """Of the networks with so many hidden units, that of the 20 starts which ended with the smallest loss."""
    if not hidden:
        x, y = rings()
        layers = mlp.init([2, 1], rng=np.random.default_rng(0))
        for _ in range(1000):
            layers = mlp.step(layers, x, lambda z: (sigmoid(z) - y[:, None]) / len(y), learning_rate=0.5)
        return layers
    layers, losses = ring_networks()
    row = HIDDEN[1:].index(hidden)
    best = row * STARTS + losses[row].argmin()
    [(w1, b1), (w2, b2)] = [(weight[best], bias[best]) for weight, bias in layers]
    return [(w1[:hidden], b1[0, :hidden]), (w2[:, :hidden], b2[0])]


def probability(hidden: int, x: np.ndarray) -> np.ndarray:
    """Probability of the middle that the network drawn gives, for each point."""
    return sigmoid(mlp.forward(ring_network(hidden), x)[1][-1][:, 0])


def right_share(hidden: int) -> float:
    """Share of the points on their side of the boundary that is drawn."""
    x, y = rings()
    return float(np.mean((probability(hidden, x) >= 0.5) == y))


def closed() -> np.ndarray:
    """Whether each network's boundary closes around the middle: all around the data, at distance 1.5, it says ring, and
    middle somewhere inside. Shape (sizes, starts).
    """
    angles = np.linspace(0, 2 * np.pi, 360)
    around = 1.5 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    layers, _ = ring_networks()
    outside, inside = (forward(layers, x)[1][-1][:, :, 0] for x in (around, rings()[0]))
    return ((outside < 0).all(axis=1) & (inside > 0).any(axis=1)).reshape(-1, STARTS)


@exhibit(over="20 starts for each number of hidden units")
def closing() -> DataFrame:
    """Of 20 starts, how many boundaries close around the middle, and the share of points on the right side: the median
    of the starts, and the range.
    """
    x, y = rings()
    right = ((forward(ring_networks()[0], x)[1][-1][:, :, 0] > 0) == y).mean(axis=1).reshape(-1, STARTS)
    rows = [
        (hidden, f"{ring.sum()} of {STARTS}", f"{np.median(share):.2f} ({share.min():.2f} to {share.max():.2f})")
        for hidden, ring, share in zip(HIDDEN[1:], closed(), right, strict=True)
    ]
    return DataFrame(rows, columns=["hidden units", "closes", "right side"]).set_index("hidden units")


@exhibit(
    alt=lambda hidden: (
        f"Points in the middle and in a ring around it. With {hidden} hidden units the boundary has "
        f"{right_share(hidden):.0%} of them on the right side."
    ),
    explore={"hidden": HIDDEN},
)
def surface(hidden: int = 3) -> Figure:
    """Without a hidden layer the boundary is a straight line, which cannot close. Three hidden units are enough
    to fence the middle in. Drawn is the best of 20 starts. Filled circles are the middle, hollow squares the ring.
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


@exhibit(explore={"hidden": HIDDEN}, over="the best of 20 starts")
def surface_accuracy(hidden: int = 3) -> float:
    """Share of the 100 points that the network drawn puts on the right side."""
    return right_share(hidden)


@exhibit(explore={"hidden": HIDDEN})
def surface_parameters(hidden: int = 3) -> int:
    """Weights and biases of the network."""
    return mlp.parameter_count(ring_network(hidden))


@exhibit(follows="the geometry: from any point of the middle leads a ray along which two folds do not fall")
def two_cannot_close() -> bool:
    """With one or two ReLU units no boundary closes, whatever the weights; none of 20 starts each does."""
    return not closed()[:2].any()


@exhibit(over="20 starts for each number of hidden units")
def three_can_close() -> bool:
    """With three units the boundary closes from at least 5 of 20 starts, with four and six from at least 15."""
    ring = closed().sum(axis=1)
    return bool(ring[2] >= 5 and (ring[3:] >= 15).all())


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


@exhibit(follows="the associative law of matrix products")
def without_activation_is_one_layer() -> bool:
    """Three layers with nothing between them give the same as the one layer whose weight is their product."""
    rng = np.random.default_rng(0)
    layers, x = mlp.init([3, 4, 4, 3], rng=rng), rng.normal(size=(20, 3))
    product = layers[2][0] @ layers[1][0] @ layers[0][0]
    return bool(np.allclose(mlp.forward(layers, x, activation="identity")[1][-1], x @ product.T, rtol=0, atol=1e-12))

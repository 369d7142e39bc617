"""Exhibits of the page on activation functions."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.activations import (
    leaky_relu,
    leaky_relu_gradient,
    relu,
    relu_gradient,
    sigmoid,
    sigmoid_gradient,
    tanh,
    tanh_gradient,
)
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement, by_autograd
from dlref.exhibits.deep_learning._stacked import Layers, first_layers, forward, step
from dlref.plots import activation
from dlref.plots.activation import FLAT

XS = [round(0.5 * i, 1) for i in range(-9, 10)]
FUNCTIONS = {
    "ReLU": (relu, relu_gradient),
    "leaky ReLU": (leaky_relu, leaky_relu_gradient),
    "tanh": (tanh, tanh_gradient),
    "sigmoid": (sigmoid, sigmoid_gradient),
}
# What the first weights are multiplied with, beside 1/√inputs; a layer of PyTorch draws evenly, see `first_layer`.
GAINS = {"Xavier": 1.0, "He": 2**0.5}
STARTS = ["nn.Linear", "Xavier", "He"]
DEPTH, WIDTH, DRAWS, START_COUNT = 20, 32, 50, 20
SLOPES = {"ReLU": 0.0, "leaky, α = 0.01": 0.01, "leaky, α = 0.1": 0.1}
BIASES = [0.0, -2.0]


def steep_leaky(x: np.ndarray) -> np.ndarray:
    """Leaky ReLU with a slope that can be seen."""
    return leaky_relu(x, negative_slope=0.1)


def steep_leaky_gradient(x: np.ndarray) -> np.ndarray:
    """Its derivative."""
    return leaky_relu_gradient(x, negative_slope=0.1)


DRAWN = FUNCTIONS | {"leaky ReLU, α = 0.1": (steep_leaky, steep_leaky_gradient)}


def curve(name: str, x: float, ylim: tuple[float, float]) -> Figure:
    """One of the functions with its derivative and a marked point."""
    return activation.curve_and_slope(*DRAWN[name], x, name=name, ylim=ylim)


def curve_alt(name: str):
    """What such a drawing shows, in words."""
    function, slope = DRAWN[name]
    return lambda x: f"{name} and its derivative from -5 to 5. At {x:g}: {function(x):.3f}, slope {slope(x):.3f}."


@exhibit(alt=curve_alt("ReLU"), explore={"x": XS})
def relu_curve(x: float = 1.5) -> Figure:
    """ReLU: its slope is 1 or 0. In the shaded half it is 0, and nothing is learned."""
    return curve("ReLU", x, (-1.2, 5))


@exhibit(alt=curve_alt("leaky ReLU, α = 0.1"), explore={"x": XS})
def leaky_curve(x: float = 1.5) -> Figure:
    """Leaky ReLU, drawn with α = 0.1, ten times the usual slope, so that it can be told from 0."""
    return curve("leaky ReLU, α = 0.1", x, (-1.2, 5))


@exhibit(alt=curve_alt("tanh"), explore={"x": XS})
def tanh_curve(x: float = 1.5) -> Figure:
    """Tanh saturates at both ends: shaded is where its slope is below a twentieth of its largest."""
    return curve("tanh", x, (-1.2, 1.9))


@exhibit(alt=curve_alt("sigmoid"), explore={"x": XS})
def sigmoid_curve(x: float = 1.5) -> Figure:
    """The sigmoid on the scale of tanh: half as high, and a quarter as steep. Shaded as above."""
    return curve("sigmoid", x, (-1.2, 1.9))


@exhibit(explore={"x": XS}, digits=1)
def x_chosen(x: float = 1.5) -> float:
    """The x that is chosen."""
    return x


@exhibit(explore={"x": XS}, digits=4)
def at_x(x: float = 1.5) -> DataFrame:
    """All four at the chosen x; leaky ReLU with its usual slope below 0."""
    rows = {name: (float(f(x)), float(slope(x))) for name, (f, slope) in FUNCTIONS.items()}
    return DataFrame(rows, index=["value", "derivative"]).T.rename_axis("activation")


@exhibit(follows="the derivatives, 1 − tanh² and S·(1 − S)")
def steepest_at_zero() -> bool:
    """At 0 the sigmoid's slope is 0.25 and that of tanh is 1, and nowhere on a grid from -50 to 50 are they steeper."""
    xs = np.linspace(-50, 50, 10_001)
    return bool(
        sigmoid_gradient(0) == sigmoid_gradient(xs).max() == 0.25 and tanh_gradient(0) == tanh_gradient(xs).max() == 1
    )


@exhibit(follows="the two formulas")
def tanh_is_a_sigmoid() -> bool:
    """On a grid from -20 to 20, tanh(x) and 2·S(2x) - 1 differ by less than 1e-14."""
    xs = np.linspace(-20, 20, 4001)
    return bool(np.abs(tanh(xs) - (2 * sigmoid(2 * xs) - 1)).max() < 1e-14)


@exhibit(follows="the definition, with α = 0.01")
def relu_keeps_the_sign() -> bool:
    """Leaky ReLU of any number on a grid from -50 to 50 has its sign, and its slope is at least 0.01."""
    xs = np.linspace(-50, 50, 10_001)
    return bool((np.sign(leaky_relu(xs)) == np.sign(xs)).all() and leaky_relu_gradient(xs).min() == 0.01)


@exhibit(digits=3)
def comparison() -> DataFrame:
    """The four functions compared, each entry computed from the function itself on a grid from -50 to 50: where the
    slope is below a twentieth of its largest it counts as flat, here and in the pictures; the mean is that of the
    outputs for standard normal inputs. Leaky ReLU has α = 0.01.
    """
    xs = np.linspace(-50, 50, 100_001)
    density = np.exp(-(xs**2) / 2) / np.exp(-(xs**2) / 2).sum()
    rows = {}
    for name, (function, slope) in FUNCTIONS.items():
        flat = slope(xs) <= FLAT * slope(xs).max()
        rows[name] = {
            "range": "{:g} to {:g}".format(*function([-np.inf, np.inf])).replace("inf", "∞").replace("-", "−"),
            "largest slope": f"{slope(xs).max():.2f}",
            "smallest slope": f"{slope(xs).min():.2g}" if slope(xs).min() in (0, 0.01) else "near 0",
            "flat": flat_zone(xs, flat),
            "mean output": f"{abs((density * function(xs)).sum()):.2f}",
            "zero-centered": "yes" if np.allclose(function(-xs), -function(xs)) else "no",
        }
    return DataFrame(rows).rename_axis("property")


def flat_zone(xs: np.ndarray, flat: np.ndarray) -> str:
    """Where a function is flat, in words."""
    below, above = xs[flat & (xs <= 0)], xs[flat & (xs > 0)]
    if below.size and above.size and np.isclose(above.min(), -below.max()):
        return f"|x| ≥ {above.min():.1f}"
    parts = [f"x ≤ {below.max():.1f}"] if below.size else []
    parts += [f"x ≥ {above.min():.1f}"] if above.size else []
    return ", ".join(parts).replace("-", "−").replace("−0.0", "0").replace("0.0", "0") or "nowhere"


def first_layer(start: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """First weights and biases of a layer from 32 nodes to 32, for all draws at once."""
    if start == "nn.Linear":
        weight, bias = (rng.uniform(-1, 1, (DRAWS, rows, WIDTH)) / WIDTH**0.5 for rows in (WIDTH, 1))
        return weight, bias
    return rng.normal(0, GAINS[start] / WIDTH**0.5, (DRAWS, WIDTH, WIDTH)), np.zeros((DRAWS, 1, WIDTH))


@cache
def gradient_norms(start: str) -> dict[str, np.ndarray]:
    """For each activation, the gradient with respect to the sums of each of 20 layers: its norm, shape (draws, layers).

    Each draw is a network with weights of its own, and the mean of 16 random examples.
    """
    norms = {}
    for name, (function, slope) in FUNCTIONS.items():
        rng = np.random.default_rng(0)
        layers = [first_layer(start, rng) for _ in range(DEPTH)]
        outputs, sums = rng.normal(size=(DRAWS, 16, WIDTH)), []
        for weight, bias in layers:
            sums.append(outputs @ weight.transpose(0, 2, 1) + bias)
            outputs = function(sums[-1])
        gradient = rng.normal(size=outputs.shape) / WIDTH**0.5
        sizes = [np.linalg.norm(gradient, axis=2).mean(axis=1)]
        for (weight, _), below in zip(layers[:0:-1], sums[-2::-1], strict=True):
            gradient = (gradient @ weight) * slope(below)
            sizes.insert(0, np.linalg.norm(gradient, axis=2).mean(axis=1))
        norms[name] = np.stack(sizes, axis=1)
    return norms


@exhibit(
    alt=lambda start: (
        f"Size of the gradient at each of 20 layers, first weights by {start}, a line for each activation and a band "
        "for nine tenths of the draws. At the first layer: "
        + ", ".join(f"{name} {np.median(norms[:, 0]):.0e}" for name, norms in gradient_norms(start).items())
        + "; at the last, all are near 1."
    ),
    explore={"start": STARTS},
)
def depth(start: str = "He") -> Figure:
    """The gradient on its way from layer 20 back to layer 1, before training: the median of 50 draws of the weights,
    and the band that holds nine tenths of them. The sigmoid's fades at every layer, whatever the start. ReLU's and,
    nearly the same, leaky ReLU's fade least with He's rule, and by a half at every layer and more as `nn.Linear`
    starts.
    """
    return activation.by_layer(gradient_norms(start), ylabel="norm of the gradient", ylim=(1e-18, 100))


@exhibit(digits={"standard deviation": 4}, over="50 networks of 20 layers; the standard deviation, 20 layers")
def starts() -> DataFrame:
    """Three ways to draw the first weights: the standard deviation of the 256 × 256 weights that PyTorch draws, and
    what is left at layer 1 of a gradient of size 1 at layer 20 (32 nodes a layer): the median of 50 draws.
    """
    rows = {}
    for start, call in zip(STARTS, ("nn.Linear", "xavier_normal_", "kaiming_normal_"), strict=True):
        left = {name: np.median(n[:, 0] / n[:, -1]) for name, n in gradient_norms(start).items()}
        rows[f"`{call}`"] = {"standard deviation": deviation_in_pytorch(start)} | {
            name: f"{left[name]:.2f}" if left[name] > 0.005 else f"{left[name]:.0e}" for name in ("ReLU", "tanh")
        }
    return DataFrame.from_dict(rows, orient="index").rename_axis("first weights")


def deviation_in_pytorch(start: str, size: int = 256) -> float:
    """Standard deviation of the weights of a layer as PyTorch draws them, over 20 layers."""
    import torch

    torch.manual_seed(0)
    layers = [torch.nn.Linear(size, size) for _ in range(20)]
    for layer in layers if start != "nn.Linear" else ():
        draw = {"Xavier": torch.nn.init.xavier_normal_, "He": torch.nn.init.kaiming_normal_}[start]
        draw(layer.weight, **({"nonlinearity": "relu"} if start == "He" else {}))
    return float(np.std([layer.weight.detach().numpy() for layer in layers], dtype=float))


@exhibit(over="50 draws of the weights of 20 layers, three rules each")
def fades_with_sigmoid() -> bool:
    """In every draw the sigmoid's gradient is less than a millionth at layer 1 of what it is at layer 20, by each of
    the three rules.
    """
    return all((n["sigmoid"][:, 0] < 1e-6 * n["sigmoid"][:, -1]).all() for n in map(gradient_norms, STARTS))


@exhibit(over="50 draws of the weights of 20 layers")
def he_keeps_relu() -> bool:
    """With He's rule the median of what is left of ReLU's gradient at layer 1 is above a twentieth; as `nn.Linear`
    starts, more than half is lost at each layer in every draw.
    """
    left = {start: (n := gradient_norms(start)["ReLU"])[:, 0] / n[:, -1] for start in STARTS}
    return bool(np.median(left["He"]) > 0.05 and left["nn.Linear"].max() < 0.5**19)


@exhibit(over="20 layers of 256 inputs and outputs")
def linear_is_uniform() -> bool:
    """PyTorch's weights lie between ±1/√256, and their standard deviation is within 1 % of 1/√(3·256)."""
    import torch

    torch.manual_seed(0)
    weights = np.array([torch.nn.Linear(256, 256).weight.detach().double().numpy() for _ in range(20)])
    return bool(np.abs(weights).max() <= 1 / 16 and abs(weights.std() * 768**0.5 - 1) < 0.01)


@cache
def points() -> tuple[np.ndarray, np.ndarray]:
    """40 points of two classes, one inside the other."""
    from sklearn.datasets import make_circles

    return make_circles(40, noise=0.12, factor=0.35, random_state=0)


def first_networks() -> Layers:
    """2-16-16-1 networks from 20 starts."""
    return first_layers([2, 16, 16, 1], START_COUNT, np.random.default_rng(0))


def descended(layers: Layers, slopes: np.ndarray, rate: float) -> Layers:
    """All networks after one step of gradient descent on the binary cross-entropy."""
    x, y = points()
    return step(layers, x, lambda z: (sigmoid(z) - y[:, None]) / len(y), rate=rate, slopes=slopes)


def silent(layers: Layers, x: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Share of each network's hidden units that have a negative sum for every example."""
    sums = forward(layers, x, slopes)[1][:-1]
    return np.concatenate([(s < 0).all(axis=1) for s in sums], axis=1).mean(axis=1)


@cache
def revived() -> tuple[np.ndarray, np.ndarray]:
    """Share of silent units at the start, and of points on the right side after 1000 steps at a rate of 1.

    Both of shape (first biases, slopes, starts): the same 20 starts for each bias and slope.
    """
    (x, y), shape = points(), (len(BIASES), len(SLOPES), START_COUNT)
    biases, slopes = np.array(BIASES)[:, None, None], np.array(list(SLOPES.values()))[:, None]
    biases, slopes = (np.broadcast_to(axis, shape).reshape(-1, 1, 1) for axis in (biases, slopes))
    *hidden, (weight, bias) = [
        tuple(np.tile(array, (shape[0] * shape[1], 1, 1)) for array in layer) for layer in first_networks()
    ]
    layers = [*((w, b + biases) for w, b in hidden), (weight, bias)]
    at_first = silent(layers, x, slopes)
    for _ in range(1000):
        layers = descended(layers, slopes, rate=1.0)
    right = ((forward(layers, x, slopes)[1][-1][:, :, 0] > 0) == y).mean(axis=1)
    return at_first.reshape(shape), right.reshape(shape)


@exhibit(over="20 starts, the same in each cell")
def dead_units() -> DataFrame:
    """Networks of 32 hidden units, their biases 0 at the start or so low that most units are silent: the share that
    is, and the share of points on the right side after 1000 steps of training, as the median of 20 starts and their
    range. One half is guessing.
    """
    at_first, right = revived()
    rows = []
    for bias, off, shares in zip(BIASES, at_first, right, strict=True):
        row = {"biases": f"{bias:g}".replace("-", "−"), "silent": f"{off[0].mean():.0%}"}
        cells = (f"{np.median(part):.2f} ({part.min():.2f} to {part.max():.2f})" for part in shares)
        rows.append(row | dict(zip(SLOPES, cells, strict=True)))
    return DataFrame(rows)


@exhibit(over="20 starts")
def leaky_comes_back() -> bool:
    """With biases of −2 at the start, the median ReLU network is right for less than 60 % of the points, the median
    leaky one with a slope of 0.1 for more than 80 %; with biases of 0, each median is above 95 %.
    """
    medians = np.median(revived()[1], axis=2)
    return bool((medians[0] > 0.95).all() and medians[-1, 0] < 0.6 and medians[-1, -1] > 0.8)


@exhibit(follows="the slope of ReLU, which is 0 below 0")
def silent_units_do_not_learn() -> bool:
    """In 20 ReLU networks with biases of −2, a step leaves the weights of every silent unit as they were."""
    (x, _), slopes = points(), np.zeros((START_COUNT, 1, 1))
    layers = [(weight, bias - 2) for weight, bias in first_networks()]
    sums, after = forward(layers, x)[1], descended(layers, slopes, rate=1.0)
    return all(
        (new[off] == old[off]).all()
        for (old, _), (new, _), off in zip(layers[:-1], after[:-1], ((s < 0).all(axis=1) for s in sums), strict=False)
    )


def silent_after(rate: float) -> float:
    """Mean share of silent ReLU units after one step at this rate."""
    (x, _), slopes = points(), np.zeros((START_COUNT, 1, 1))
    layers = descended(first_networks(), slopes, rate=rate)
    return float(silent(layers, x, slopes).mean())


@exhibit(over="20 starts of 32 hidden units")
def silent_before_step() -> str:
    """Share of hidden ReLU units that are silent as they are drawn by He's rule, with biases of 0."""
    (x, _), slopes = points(), np.zeros((START_COUNT, 1, 1))
    return f"{silent(first_networks(), x, slopes).mean():.0%}"


@exhibit(over="20 starts of 32 hidden units")
def silent_after_step() -> str:
    """Share of hidden ReLU units that are silent after one step at a learning rate of 30."""
    return f"{silent_after(30.0):.0%}"


@exhibit(over="20 starts of 32 hidden units")
def one_step_silences() -> bool:
    """One step at a rate of 30 makes more than twice as many units silent as were at the start."""
    return silent_after(30.0) > 2 * silent_after(1e-12)


@exhibit()
def largest_difference() -> str:
    """Largest difference of any of the four functions, or its derivative, from PyTorch's, at 10 001 points from -50 to
    50, and at 1000 and 1e-300 of either sign.
    """
    import torch

    theirs = {
        "ReLU": torch.relu,
        "leaky ReLU": torch.nn.functional.leaky_relu,
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
    }
    x, pairs = np.concatenate([np.linspace(-50, 50, 10_001), [-1000, -1e-300, 1e-300, 1000]]), []
    for name, functions in FUNCTIONS.items():
        pairs += zip([function(x) for function in functions], by_autograd(theirs[name], [x]), strict=True)
    return agreement(pairs)

"""Exhibits of the page on activation functions."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref import mlp
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
from dlref.plots import activation

XS = [round(0.5 * i, 1) for i in range(-9, 10)]
FUNCTIONS = {
    "ReLU": (relu, relu_gradient),
    "leaky ReLU": (leaky_relu, leaky_relu_gradient),
    "tanh": (tanh, tanh_gradient),
    "sigmoid": (sigmoid, sigmoid_gradient),
}
GAINS = {"Xavier": 1.0, "He": 2**0.5}
RATES = [0.1, 1.0, 3.0, 5.0]


def curve(name: str, x: float, ylim: tuple[float, float]) -> Figure:
    """One of the functions with its derivative and a marked point."""
    return activation.curve_and_slope(*FUNCTIONS[name], x, name=name, ylim=ylim)


def curve_alt(name: str):
    """What such a drawing shows, in words."""
    function, slope = FUNCTIONS[name]
    return lambda x: f"{name} and its derivative from -5 to 5. At {x:g}: {function(x):.3f}, slope {slope(x):.3f}."


@exhibit(alt=curve_alt("ReLU"), explore={"x": XS})
def relu_curve(x: float = 1.5) -> Figure:
    """ReLU: its slope is 1 or 0. In the shaded half it is flat, and nothing is learned."""
    return curve("ReLU", x, (-1.2, 5))


@exhibit(alt=curve_alt("leaky ReLU"), explore={"x": XS})
def leaky_curve(x: float = 1.5) -> Figure:
    """Leaky ReLU: left of 0 its slope α is small, and never 0. Shaded is where it is below a twentieth of
    its largest.
    """
    return curve("leaky ReLU", x, (-1.2, 5))


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
    """All four at the chosen x."""
    rows = {name: (float(f(x)), float(slope(x))) for name, (f, slope) in FUNCTIONS.items()}
    return DataFrame(rows, index=["value", "derivative"]).T.rename_axis("activation")


@exhibit()
def steepest_at_zero() -> bool:
    """At 0 the sigmoid's slope is 0.25 and that of tanh is 1, and nowhere on a grid from -50 to 50 are they steeper."""
    xs = np.linspace(-50, 50, 10_001)
    return bool(
        sigmoid_gradient(0) == sigmoid_gradient(xs).max() == 0.25 and tanh_gradient(0) == tanh_gradient(xs).max() == 1
    )


@exhibit()
def tanh_is_a_sigmoid() -> bool:
    """On a grid from -20 to 20, tanh(x) and 2·S(2x) - 1 differ by less than 1e-14."""
    xs = np.linspace(-20, 20, 4001)
    return bool(np.abs(tanh(xs) - (2 * sigmoid(2 * xs) - 1)).max() < 1e-14)


@exhibit()
def relu_keeps_the_sign() -> bool:
    """Leaky ReLU of any number on a grid from -50 to 50 has its sign, and its slope is at least 0.01."""
    xs = np.linspace(-50, 50, 10_001)
    return bool((np.sign(leaky_relu(xs)) == np.sign(xs)).all() and leaky_relu_gradient(xs).min() == 0.01)


@exhibit(digits=3)
def comparison() -> DataFrame:
    """The four functions compared, each entry computed from the function itself on a grid from -50 to 50: where the
    slope is below 1 % of its largest it counts as flat; the mean is that of the outputs for standard normal inputs.
    """
    xs = np.linspace(-50, 50, 100_001)
    density = np.exp(-(xs**2) / 2) / np.exp(-(xs**2) / 2).sum()
    rows = {}
    for name, (function, slope) in FUNCTIONS.items():
        flat = slope(xs) < 0.01 * slope(xs).max()
        rows[name] = {
            "range": "{:g} to {:g}".format(*function([-np.inf, np.inf])).replace("inf", "∞").replace("-", "−"),
            "largest slope": f"{slope(xs).max():.2f}",
            "flat": flat_zone(xs, flat),
            "mean output": f"{abs((density * function(xs)).sum()):.2f}",
            "zero-centered": "yes" if np.allclose(function(-xs), -function(xs)) else "no",
            "monotone": "yes" if (np.diff(function(xs)) >= 0).all() else "no",
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


@cache
def gradient_norms(start: str) -> dict[str, np.ndarray]:
    """For each activation, the gradient by the sums of each of 20 layers: its mean norm over 64 random examples."""
    rng = np.random.default_rng(0)
    examples, upstream = rng.normal(size=(64, 1, 32)), rng.normal(size=(64, 1, 32)) / 32**0.5
    layers = mlp.init([32] * 21, rng=np.random.default_rng(1), gain=GAINS[start])
    norms = {}
    for name, kind in zip(FUNCTIONS, ("relu", "leaky_relu", "tanh", "sigmoid"), strict=True):
        # For one example at a time the gradient by a bias is the gradient by the sum that it enters.
        passes = (
            mlp.backward(layers, *mlp.forward(layers, x, activation=kind), g, activation=kind)
            for x, g in zip(examples, upstream, strict=True)
        )
        norms[name] = np.mean([[np.linalg.norm(bias) for _, bias in gradients] for gradients in passes], axis=0)
    return norms


@exhibit(
    alt=lambda start: (
        f"Size of the gradient at each of 20 layers, first weights by {start}. At the first layer: "
        + ", ".join(f"{name} {norms[0]:.1e}" for name, norms in gradient_norms(start).items())
        + "; at the last, all are near 1."
    ),
    explore={"start": list(GAINS)},
)
def depth(start: str = "He") -> Figure:
    """The gradient on its way from layer 20 back to layer 1, before training. The sigmoid's fades at every layer.
    ReLU's and, nearly the same, leaky ReLU's keep their size if the first weights are drawn for them (He), and fade if
    not (Xavier).
    """
    return activation.by_layer(gradient_norms(start), ylabel="norm of the gradient", ylim=(1e-14, 100))


@exhibit()
def fades_with_sigmoid() -> bool:
    """Over 19 layers the sigmoid's gradient shrinks by more than a factor of 4 a layer from Xavier's start and 2√2 from
    He's; ReLU's stays within a factor of 10 with He's, and shrinks to less than a hundredth with Xavier's.
    """
    ratio = {(s, name): n[0] / n[-1] for s in GAINS for name, n in gradient_norms(s).items()}
    sigmoid_fades = ratio["Xavier", "sigmoid"] < 0.25**19 and ratio["He", "sigmoid"] < 0.25**19 * 2**9.5
    return bool(sigmoid_fades and 0.1 < ratio["He", "ReLU"] < 10 and ratio["Xavier", "ReLU"] < 0.01)


@cache
def trained(kind: str, rate: float) -> tuple[mlp.Layers, np.ndarray, np.ndarray]:
    """A 2-32-32-1 network after 500 steps at this rate, and the 200 points of two classes that it was trained on."""
    from sklearn.datasets import make_circles

    x, y = make_circles(200, noise=0.12, factor=0.35, random_state=0)
    layers = mlp.init([2, 32, 32, 1], rng=np.random.default_rng(0))
    for _ in range(500):
        layers = mlp.step(layers, x, lambda z: (sigmoid(z) - y[:, None]) / len(y), learning_rate=rate, activation=kind)
    return layers, x, y


def silent(layers: mlp.Layers, x: np.ndarray, kind: str) -> list[np.ndarray]:
    """For each hidden layer, which units have a negative sum for every example."""
    _, sums = mlp.forward(layers, x, activation=kind)
    return [(s < 0).all(axis=0) for s in sums[:-1]]


@exhibit(digits={"rate": 1, "right: ReLU": 2, "right: leaky": 2})
def dead_units() -> DataFrame:
    """Networks of 64 hidden units, ReLU or leaky, after 500 steps at a learning rate: how many units are silent for
    every one of the 200 points, and the share of points that the network gets right.
    """
    rows = []
    for rate in RATES:
        row = {"rate": rate}
        for name, kind in (("ReLU", "relu"), ("leaky", "leaky_relu")):
            layers, x, y = trained(kind, rate)
            logits = mlp.forward(layers, x, activation=kind)[1][-1][:, 0]
            row[f"{name}"] = int(sum(units.sum() for units in silent(layers, x, kind)))
            row[f"{name}, right"] = float(np.mean((logits >= 0) == y))
        rows.append(row)
    return DataFrame(rows)


@exhibit()
def silent_units_do_not_learn() -> bool:
    """At rate 3, all weights of the ReLU network's silent units have the gradient 0. In the leaky network, no silent
    unit of the last hidden layer has.
    """
    (layers, x, y), (leaky, _, _) = trained("relu", 3.0), trained("leaky_relu", 3.0)
    units, gradients = silent(layers, x, "relu"), by_weights(layers, x, y, "relu")
    stuck = [not weight[off].any() for (weight, _), off in zip(gradients, units, strict=False)]
    moving = by_weights(leaky, x, y, "leaky_relu")[1][0][silent(leaky, x, "leaky_relu")[1]]
    return all(stuck) and bool(moving.any(axis=1).all()) and len(moving) > 0


def by_weights(layers: mlp.Layers, x: np.ndarray, y: np.ndarray, kind: str) -> mlp.Layers:
    """The gradients of the binary cross-entropy by each weight."""
    inputs, sums = mlp.forward(layers, x, activation=kind)
    return mlp.backward(layers, inputs, sums, (sigmoid(sums[-1]) - y[:, None]) / len(y), activation=kind)


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

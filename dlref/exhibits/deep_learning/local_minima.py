"""Exhibits of the page on local minima."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.optimizers import descend, gradient_descent, momentum
from dlref.plots import descent, style
from dlref.surfaces import styblinski_tang, styblinski_tang_gradient

STARTS = [-4.5, -3.5, -1.5, 0.0, 0.1, 0.2, 0.5, 1.5, 3.5, 4.5]
MOMENTA = [0.0, 0.2, 0.4, 0.6, 0.8, 0.85, 0.9, 0.95]
DEEP, SHALLOW = -2.903534, 2.746803
WIDTHS = [2, 3, 4, 8, 16]


def curve(w: np.ndarray) -> np.ndarray:
    """The surface with two valleys, along one axis."""
    return styblinski_tang(np.asarray(w)[..., None])


def plain_path(start: float) -> np.ndarray:
    """Sixty steps of gradient descent."""
    return descend(styblinski_tang_gradient, [start], gradient_descent(learning_rate=0.01), steps=60)[:, 0]


def valley(end: float) -> str:
    """The valley that a path ended in."""
    return "deeper" if end < 0 else "shallower"


@exhibit(
    alt=lambda start: (
        f"A loss with two valleys, the left one deeper. Gradient descent from w = {start:.1f} ends at "
        f"{plain_path(start)[-1]:.2f}, in the {valley(plain_path(start)[-1])} one."
    ),
    explore={"start": STARTS},
)
def from_start(start: float = 0.5) -> Figure:
    """One loss, one rule, and the start alone decides: a watershed a little right of zero parts the two valleys."""
    path = plain_path(start)
    return descent.path_on_curve(
        curve,
        path,
        xlim=(-4.9, 4.9),
        ylim=(-45, 75),
        note=f"ends in the {valley(path[-1])} valley, loss {curve(path)[-1]:.1f}".replace("-", "−"),
    )


def fast_path(start: float, share: float, steps: int = 100) -> np.ndarray:
    """Steps of momentum, at the rate of the plain descent."""
    rule = momentum(learning_rate=0.01, momentum=share)
    return descend(styblinski_tang_gradient, [start], rule, steps=steps)[:, 0]


@exhibit(
    alt=lambda momentum: (
        f"The loss with two valleys. From w = 4.5, with momentum {momentum:.2f}, the path ends at "
        f"{fast_path(4.5, momentum)[-1]:.2f}, in the {valley(fast_path(4.5, momentum)[-1])} valley."
    ),
    explore={"momentum": MOMENTA},
)
def with_momentum(momentum: float = 0.9) -> Figure:
    """A hundred steps from w = 4.5. With momentum of 0.9 the path runs through the first valley and over the ridge;
    with still more it comes back.
    """
    path = fast_path(4.5, momentum)
    return descent.path_on_curve(
        curve,
        path,
        xlim=(-4.9, 4.9),
        ylim=(-45, 75),
        note=f"ends in the {valley(path[-1])} valley, at w = {path[-1]:.2f}".replace("-", "−"),
    )


def share_deeper(share: float) -> float:
    """Share of 1001 starts from -5 to 5 from which 1000 steps with that momentum end in the deeper valley."""
    rule = momentum(learning_rate=0.01, momentum=share)
    ends = descend(styblinski_tang_gradient, np.linspace(-5, 5, 1001)[:, None], rule, steps=1000)[-1]
    return float((ends < 0).mean())


@exhibit(over="1001 starts from −5 to 5")
def by_momentum() -> DataFrame:
    """The share of all starts that end in the deeper valley, by momentum: at 0 that of gradient descent."""
    shares = (0.0, 0.5, 0.8, 0.9, 0.95)
    return DataFrame({"momentum": shares, "deeper valley": [share_deeper(share) for share in shares]})


@exhibit(over="1001 starts from −5 to 5")
def momentum_gains_little() -> bool:
    """The share of starts that end in the deeper valley is above that of gradient descent for momentum of 0.8, 0.9 and
    0.95, by less than 0.1.
    """
    gains = [share_deeper(share) - share_deeper(0.0) for share in (0.8, 0.9, 0.95)]
    return min(gains) > 0 and max(gains) < 0.1


@exhibit(over="three values of momentum from one start")
def momentum_escapes() -> bool:
    """From w = 4.5, gradient descent (momentum 0) ends in the shallower valley, momentum of 0.9 in the deeper.

    Momentum of 0.95 passes the deeper valley, and ends in the shallower again.
    """
    ends = [fast_path(4.5, share, 400)[-1] for share in (0.0, 0.9, 0.95)]
    return bool(np.allclose(ends, [SHALLOW, DEEP, SHALLOW], rtol=0, atol=1e-3))


@cache
def share_by_noise(noise: float) -> float:
    """Share of 500 walks from w = 3.5 that end in the deeper valley: normal noise is added to each slope, and the rate
    falls from 0.01 to 0 in 400 steps.
    """
    rng, w = np.random.default_rng(0), np.full((500, 1), 3.5)
    for step in range(400):
        slope = styblinski_tang_gradient(w) + noise * rng.normal(size=w.shape)
        # Rarely noise throws a walk so far up that the next step would overflow.
        w = np.clip(w - 0.01 * (1 - step / 400) * slope, -6, 6)
    return float((w < 0).mean())


@exhibit(over="500 walks for each noise")
def by_noise() -> DataFrame:
    """From w = 3.5, in the shallower valley: share of walks that end in the deeper one, by the standard deviation of
    the noise that is added to each slope, at a rate that falls to 0.
    """
    noises = (0, 20, 40, 60, 80)
    return DataFrame({"noise": noises, "deeper valley": [share_by_noise(noise) for noise in noises]})


@exhibit(over="500 walks for each noise")
def noise_helps() -> bool:
    """Without noise no walk ends in the deeper valley; with noise of 60 more than three in ten do, with 80 more than
    four.
    """
    return share_by_noise(0) == 0 and share_by_noise(60) > 0.3 and share_by_noise(80) > 0.4


@cache
def plane_ends() -> tuple[np.ndarray, np.ndarray]:
    """Starts on a grid of the plane, and where 200 steps of gradient descent take each."""
    axis = np.linspace(-4.6, 4.6, 12)
    starts = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    return starts, descend(styblinski_tang_gradient, starts, gradient_descent(learning_rate=0.01), steps=200)[-1]


@exhibit(
    alt="Lines of equal loss over two weights with four minima, one a quadrant. A grid of starts, each marked by the "
    "minimum that it leads to: the four marks fill four quadrants, the deepest minimum's the lower left."
)
def basins() -> Figure:
    """With two weights there are four valleys. Each start is marked by the minimum that gradient descent finds."""
    starts, ends = plane_ends()
    figure, axes = style.figure()
    descent.contour(axes, styblinski_tang, xlim=(-5, 5), ylim=(-5, 5), levels=[-70, -55, -40, -20, 20])
    quadrants = [(DEEP, DEEP), (SHALLOW, DEEP), (DEEP, SHALLOW), (SHALLOW, SHALLOW)]
    for minimum, color, marker in zip(quadrants, style.SERIES, style.MARKERS, strict=True):
        led = np.abs(ends - minimum).max(axis=1) < 1e-3
        axes.plot(*starts[led].T, linestyle="none", marker=marker, markersize=3, color=color)
        loss = f"{styblinski_tang(np.array(minimum)):.1f}".replace("-", "−")
        box = {"facecolor": style.GROUND, "edgecolor": color, "linewidth": 0.8, "pad": 2.5}
        axes.text(*minimum, loss, color=color, ha="center", va="center", bbox=box)
    axes.set(xlabel="w₁", ylabel="w₂", aspect="equal")
    return figure


@exhibit(over="144 starts on a grid")
def all_starts_end_in_minima() -> bool:
    """Every start on the grid ends within 0.001 of one of the four minima."""
    _, ends = plane_ends()
    return bool((np.minimum(np.abs(ends - DEEP), np.abs(ends - SHALLOW)) < 1e-3).all())


def share_deepest() -> float:
    """Share of the square from which gradient descent finds the deepest minimum.

    Each weight goes its own way, so it is the square of the share of a line.
    """
    starts = np.linspace(-5, 5, 10_001)[:, None]
    ends = descend(styblinski_tang_gradient, starts, gradient_descent(learning_rate=0.01), steps=200)[-1]
    return float((np.abs(ends - DEEP) < 1e-3).mean() ** 2)


@exhibit(over="10 001 starts along each weight")
def deepest() -> float:
    """Share of the square from which gradient descent finds the deepest of four minima."""
    return share_deepest()


@exhibit()
def restarts() -> int:
    """Number of random starts of which at least one finds the deepest minimum in 95 of 100 cases."""
    return int(np.ceil(np.log(0.05) / np.log(1 - share_deepest())))


@cache
def xor_networks(width: int, starts: int = 100) -> tuple[list[np.ndarray], np.ndarray]:
    """Networks with one hidden tanh layer, trained side by side on XOR from random weights, and the loss of each."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits

    torch.set_num_threads(1)
    random = torch.Generator().manual_seed(0)
    shapes = (2, width), (1, width), (width, 1), (1, 1)
    scales = 1, 1, width**-0.5, 0
    weights = [
        (scale * torch.randn(starts, *shape, generator=random, dtype=torch.float64)).requires_grad_()
        for shape, scale in zip(shapes, scales, strict=True)
    ]
    x = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float64)
    y = torch.tensor([0, 1, 1, 0], dtype=torch.float64).expand(starts, 4)
    optimizer = torch.optim.SGD(weights, lr=0.5)
    for _ in range(1001):
        optimizer.zero_grad()
        w1, b1, w2, b2 = weights
        logits = (torch.tanh(x @ w1 + b1) @ w2 + b2).squeeze(-1)
        losses = binary_cross_entropy_with_logits(logits, y, reduction="none").mean(dim=1)
        # The networks share no weights: the gradient of the sum is each one's own.
        losses.sum().backward()
        optimizer.step()
    return [w.detach().numpy() for w in weights], losses.detach().numpy()


@exhibit(digits={"median loss": 3, "share solved": 2}, over="100 random starts for each width")
def width_helps() -> DataFrame:
    """A hundred random starts on XOR for each width: the wider the network, the fewer get stuck. Solved: a loss below
    0.1.
    """
    losses = [xor_networks(width)[1] for width in WIDTHS]
    return DataFrame(
        {
            "hidden nodes": WIDTHS,
            "share solved": [(loss < 0.1).mean() for loss in losses],
            "median loss": [np.median(loss) for loss in losses],
        }
    )


@exhibit(over="100 random starts for each width")
def wider_solves_more() -> bool:
    """Of the networks with 2 hidden nodes less than two thirds are solved, with 8 and 16 more than nine tenths."""
    narrow, *wide = ((xor_networks(width)[1] < 0.1).mean() for width in (2, 8, 16))
    return bool(narrow < 2 / 3 and min(wide) > 0.9)


@cache
def between(points: int = 101) -> np.ndarray:
    """XOR loss on the straight way from one trained network to the same with its hidden nodes in another order."""
    from dlref.losses import binary_cross_entropy_from_logits

    weights, losses = xor_networks(3)
    w1, b1, w2, b2 = (w[np.argmin(losses)] for w in weights)
    order = [1, 2, 0]
    twin = w1[:, order], b1[:, order], w2[order], b2
    x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])

    def loss(t: float) -> float:
        u1, c1, u2, c2 = ((1 - t) * one + t * other for one, other in zip((w1, b1, w2, b2), twin, strict=True))
        return binary_cross_entropy_from_logits(y, (np.tanh(x @ u1 + c1) @ u2 + c2)[:, 0]).mean()

    return np.array([loss(t) for t in np.linspace(0, 1, points)])


@exhibit(
    alt="Loss along the straight way between two networks that compute the same: next to 0 at both ends, and a hill "
    "between them."
)
def twins() -> Figure:
    """Two networks that differ only in the order of their hidden nodes are equally good; what lies between is not."""
    return descent.curves(
        np.linspace(0, 1, 101),
        {"loss": between()},
        xlabel="way from one network to the other",
        ylabel="loss",
        xlim=(0, 1),
        ylim=(0, None),
        xticks=[0, 0.5, 1],
    )


@exhibit(over="the best of 100 trained networks and its twin")
def not_convex() -> bool:
    """The losses of the two networks are equal to nine decimals, and halfway between them the loss is higher.

    A convex function is never higher halfway than the mean of its values at both ends.
    """
    loss = between()
    return bool(np.isclose(loss[0], loss[-1], rtol=0, atol=1e-9) and loss[50] > (loss[0] + loss[-1]) / 2 + 0.1)

"""Exhibits of the page on optimizers."""

from collections.abc import Callable
from functools import cache, partial

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.optimizers import adadelta, adagrad, adam, adamw, descend, gradient_descent, momentum, nesterov, rmsprop
from dlref.plots import descent
from dlref.surfaces import (
    quadratic,
    quadratic_gradient,
    rosenbrock,
    rosenbrock_gradient,
    saddle,
    saddle_gradient,
    styblinski_tang,
    styblinski_tang_gradient,
)

OPTIMIZERS = {
    "gradient descent": gradient_descent,
    "momentum": momentum,
    "Nesterov": nesterov,
    "Adagrad": adagrad,
    "RMSprop": rmsprop,
    "Adadelta": adadelta,
    "Adam": adam,
}
EXPLORE = {"optimizer": list(OPTIMIZERS), "learning_rate": [0.001, 0.01, 0.03, 0.1, 0.3]}
BOWL = (1.0, 10.0)
# For each surface: its height, its slope, where the path starts, and its least height.
SURFACES = {
    "bowl": (partial(quadratic, a=BOWL), partial(quadratic_gradient, a=BOWL), (-2.6, 0.9), 0.0),
    "valley": (rosenbrock, rosenbrock_gradient, (-1.2, 1.5), 0.0),
    "minima": (styblinski_tang, styblinski_tang_gradient, (4.2, 3.7), 2 * -39.166166),
    "saddle": (saddle, saddle_gradient, (-1.6, 0.001), -0.25),
}
# How far from torch a path may be: each step adds to the differences of the steps before it.
FARTHEST = 1e-10


def walk(surface: str, optimizer: str, learning_rate: float, steps: int = 80) -> np.ndarray:
    """The path of an optimizer down a surface; it may overflow, which the drawing leaves out."""
    _, gradient, start, _ = SURFACES[surface]
    with np.errstate(over="ignore", invalid="ignore"):
        return descend(gradient, start, OPTIMIZERS[optimizer](learning_rate=learning_rate), steps=steps)


def outcome(surface: str, optimizer: str, learning_rate: float) -> str:
    """How a path ends, in a few words."""
    height, _, start, _ = SURFACES[surface]
    with np.errstate(over="ignore", invalid="ignore"):
        end = height(walk(surface, optimizer, learning_rate)[-1])
    if not end <= 10 * abs(height(np.array(start))):
        return "diverges"
    return f"loss {end:.3f}".replace("-", "−")


def drawn(surface: str, optimizer: str, learning_rate: float, **look) -> Figure:
    """A path over the lines of equal loss of its surface."""
    path = walk(surface, optimizer, learning_rate)
    note = f"{optimizer}, rate {learning_rate:g}: {outcome(surface, optimizer, learning_rate)}"
    return descent.path_on_contour(SURFACES[surface][0], path, note=note, size=(4.0, 3.1), **look)


def alt(surface: str, shape: str) -> Callable[[str, float], str]:
    """What a drawing of that surface shows, in words."""
    return lambda optimizer, learning_rate: (
        f"{shape} Eighty steps of {optimizer} at rate {learning_rate:g}: "
        f"{outcome(surface, optimizer, learning_rate)} at the end."
    )


@exhibit(alt=alt("bowl", "A bowl ten times as steep one way as the other."), explore=EXPLORE)
def bowl(optimizer: str = "Adam", learning_rate: float = 0.1) -> Figure:
    """A bowl, ten times as curved along one axis as along the other."""
    return drawn(
        "bowl",
        optimizer,
        learning_rate,
        minima=[(0, 0)],
        xlim=(-3, 1.5),
        ylim=(-1.3, 1.3),
        levels=[0.2, 1, 3, 7, 13],
    )


@exhibit(alt=alt("valley", "Rosenbrock's narrow, bent valley."), explore=EXPLORE)
def valley(optimizer: str = "Adam", learning_rate: float = 0.1) -> Figure:
    """Rosenbrock's narrow valley: rates that the bowl bears throw plain steps out of it."""
    return drawn(
        "valley",
        optimizer,
        learning_rate,
        minima=[(1, 1)],
        xlim=(-1.8, 1.8),
        ylim=(-0.6, 2.4),
        levels=[0.5, 4, 20, 80, 250],
        points=121,
    )


@exhibit(alt=alt("minima", "A surface with four minima, the deepest at the lower left."), explore=EXPLORE)
def minima(optimizer: str = "Adam", learning_rate: float = 0.1) -> Figure:
    """Four minima, the deepest at the lower left: most paths end in the nearest."""
    ends = (-2.903534, 2.746803)
    return drawn(
        "minima",
        optimizer,
        learning_rate,
        minima=[(u, v) for u in ends for v in ends],
        xlim=(-4.7, 4.7),
        ylim=(-4.7, 4.7),
        levels=[-70, -55, -40, -20, 20],
    )


@exhibit(alt=alt("saddle", "A saddle between two minima, one above and one below."), explore=EXPLORE)
def saddle_point(optimizer: str = "Adam", learning_rate: float = 0.1) -> Figure:
    """A saddle: the start is nearly on the ridge, and the slope there points at the saddle."""
    return drawn(
        "saddle",
        optimizer,
        learning_rate,
        minima=[(0, -1), (0, 1)],
        xlim=(-1.9, 1.2),
        ylim=(-1.5, 1.5),
        levels=[-0.2, -0.1, 0, 0.2, 0.5, 1],
    )


@cache
def fewest_steps(surface: str, optimizer: str) -> tuple[float, float]:
    """Steps until the loss is within 0.01 of its minimum, at the best of several rates, and that rate.

    They are nan where 1000 steps do not suffice at any.
    """
    height, _, _, least = SURFACES[surface]
    found = [(np.inf, np.nan)]
    for rate in (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3):
        with np.errstate(over="ignore", invalid="ignore"):
            near = height(walk(surface, optimizer, rate, 1000)) - least < 0.01
        if near.any():
            found.append((float(np.argmax(near)), rate))
    steps, rate = min(found)
    return (steps if np.isfinite(steps) else np.nan), rate


@exhibit()
def race() -> DataFrame:
    """Steps until the loss is within 0.01 of its minimum, each optimizer at its best rate, which is in brackets."""
    rows = []
    for optimizer in OPTIMIZERS:
        cells = {surface: fewest_steps(surface, optimizer) for surface in ("bowl", "valley", "saddle")}
        words = {k: "over 1000" if np.isnan(n) else f"{n:.0f} ({rate:g})" for k, (n, rate) in cells.items()}
        rows.append({"optimizer": optimizer} | words)
    return DataFrame(rows)


@exhibit(
    alt="Rosenbrock's valley with four paths of 200 steps from one start. Gradient descent and Adagrad stop early in "
    "the valley; Adam and, farthest, momentum get round its bend."
)
def side_by_side() -> Figure:
    """Two hundred steps from one start. Plain steps and momentum bear a rate of 0.001 here, the other two 0.3. Gradient
    descent and Adagrad end near each other, early in the valley.
    """
    names = ("gradient descent", "momentum", "Adagrad", "Adam")
    rates = 0.001, 0.001, 0.3, 0.3
    paths = {name: walk("valley", name, rate, 200) for name, rate in zip(names, rates, strict=True)}
    return descent.path_on_contour(
        rosenbrock,
        paths,
        minima=[(1, 1)],
        xlim=(-1.8, 1.8),
        ylim=(-0.6, 2.4),
        levels=[0.5, 4, 20, 80, 250],
        points=121,
        size=(4.8, 3.6),
    )


@exhibit()
def summary() -> DataFrame:
    """What each optimizer keeps for each weight besides the weight itself, how many numbers that is, and its name in
    PyTorch. There, momentum is a setting of `SGD`.
    """
    in_torch = ["SGD", "SGD", "SGD", "Adagrad", "RMSprop", "Adadelta", "Adam", "AdamW"]
    remembers = ["nothing", "velocity", "velocity", "sum of g²", "mean of g²", "means of g² and of its steps²"]
    remembers += ["means of g and of g²"] * 2
    rows = []
    for (name, make), torch_name, words in zip(
        (OPTIMIZERS | {"AdamW": adamw}).items(), in_torch, remembers, strict=True
    ):
        state = make()[0](np.zeros(1))
        arrays = [part for part in (state if isinstance(state, tuple) else (state,)) if isinstance(part, np.ndarray)]
        rows.append({"optimizer": name, "remembers": words, "numbers": len(arrays)})
        rows[-1]["PyTorch"] = f"`{torch_name}`"
    return DataFrame(rows)


def torch_walk(optimizer: Callable, steps: int = 100, **settings) -> np.ndarray:
    """The path of an optimizer of torch down Rosenbrock's valley, the slope by autograd."""
    import torch

    x = torch.tensor(SURFACES["valley"][2], dtype=torch.float64, requires_grad=True)
    optimizer, path = optimizer([x], **settings), [x.detach().numpy().copy()]
    for _ in range(steps):
        optimizer.zero_grad()
        ((1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2).backward()
        optimizer.step()
        path.append(x.detach().numpy().copy())
    return np.stack(path)


@cache
def beside_torch() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """For each optimizer, its path of 100 steps down Rosenbrock's valley, and that of its twin in torch."""
    from torch import optim

    twins = {
        "gradient descent": (gradient_descent, optim.SGD, 0.001, {}),
        "momentum": (momentum, optim.SGD, 0.0001, {"momentum": 0.9}),
        "Nesterov": (nesterov, optim.SGD, 0.0001, {"momentum": 0.9, "nesterov": True}),
        "Adagrad": (adagrad, optim.Adagrad, 0.1, {}),
        "RMSprop": (rmsprop, optim.RMSprop, 0.01, {}),
        "Adadelta": (adadelta, optim.Adadelta, 1.0, {}),
        "Adam": (adam, optim.Adam, 0.05, {}),
        "AdamW": (adamw, optim.AdamW, 0.05, {}),
    }
    rows = {}
    for name, (ours, theirs, rate, settings) in twins.items():
        path = descend(rosenbrock_gradient, SURFACES["valley"][2], ours(learning_rate=rate), steps=100)
        rows[name] = path, torch_walk(theirs, lr=rate, **settings)
    return rows


@exhibit()
def largest_difference() -> str:
    """Largest difference of any of the eight from its twin in `torch.optim` in 100 steps down Rosenbrock's valley.

    The slopes of torch come from autograd, those here from the formula.
    """
    return agreement(beside_torch().values(), at_most=FARTHEST)


@exhibit()
def differences() -> DataFrame:
    """The largest difference of each from its twin in `torch.optim` that was found when this page was built, rounded up
    to a power of ten.
    """
    rows = [(name, agreement([paths], at_most=FARTHEST)) for name, paths in beside_torch().items()]
    return DataFrame(rows, columns=["optimizer", "largest difference"])

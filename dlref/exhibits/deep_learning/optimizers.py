"""Exhibits of the page on optimizers."""

from collections.abc import Callable
from functools import cache, partial
from inspect import signature

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
# The three to race on, each with the minimum that it leads to.
MINIMA = {"bowl": (0, 0), "valley": (1, 1), "saddle": (0, 1)}
# Ten rates a decade, from too low to too high for all.
RATES = 10 ** np.linspace(-4, 1.5, 56)
STARTS, HORIZON = 20, 1000
SHOWN = "gradient descent", "momentum", "Adagrad", "Adam"
SYMBOLS = {
    "learning_rate": "η",
    "momentum": "μ",
    "eps": "ε",
    "alpha": "α",
    "rho": "ρ",
    "beta1": "β₁",
    "beta2": "β₂",
    "weight_decay": "λ",
}
# How far from torch a path may be: each step adds to the differences of the steps before it.
FARTHEST = 1e-4


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
    """Four minima, the deepest at the lower left: none of these paths gets there."""
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


def steps_to_stay(surface: str, optimizer: str) -> np.ndarray:
    """For each rate and start, the steps after which the loss stays within 0.01 of its minimum to step 1000.

    It is 1001 where it does not, or where the path strays more than twice as far from the minimum as its start.
    """
    height, gradient, start, least = SURFACES[surface]
    starts = np.array(start) * np.random.default_rng(0).uniform(0.8, 1.2, (STARTS, 2))
    x = np.tile(starts, (len(RATES), 1, 1))
    (init, step), steps = OPTIMIZERS[optimizer](learning_rate=1.0), np.zeros(x.shape[:2])
    state, strayed = init(x), np.zeros(x.shape[:2], dtype=bool)
    far = 2 * np.linalg.norm(starts - MINIMA[surface], axis=1)
    with np.errstate(all="ignore"):
        for count in range(HORIZON + 1):
            steps[~(height(x) - least < 0.01)] = count + 1
            strayed |= ~(np.linalg.norm(x - MINIMA[surface], axis=-1) <= far)
            # For all of these rules a step is proportional to its rate: each path goes its share of a step at rate 1.
            whole, state = step(x, gradient(x), state)
            x = x + RATES[:, None, None] * (whole - x)
    return np.where(strayed, HORIZON + 1, steps)


@cache
def fewest_steps(surface: str, optimizer: str) -> tuple[int, float, float]:
    """The fewest steps, as a median over the starts, of all rates; and the range of rates that need at most twice as
    many. The steps are 1001 where 1000 do not suffice at any rate.
    """
    steps = np.median(steps_to_stay(surface, optimizer), axis=1)
    good = np.flatnonzero(steps <= min(2 * steps.min(), HORIZON))
    if len(good) and (good[0] == 0 or good[-1] == len(RATES) - 1):
        raise ValueError("fewest_steps: the range of good rates must lie inside the grid.")
    return int(steps.min()), *(RATES[good[[0, -1]]] if len(good) else (np.nan, np.nan))


def cell(steps: int, low: float, high: float) -> str:
    """Steps, and in brackets the range of rates, to two digits."""
    if steps > HORIZON:
        return f"over {HORIZON}"
    return f"{steps} ({low:.2g})" if low == high else f"{steps} ({low:.2g} to {high:.2g})"


@exhibit(over=f"{STARTS} starts around the one drawn, {len(RATES)} rates, ten a decade")
def race() -> DataFrame:
    """Steps after which the loss stays within 0.01 of its minimum, at the best rate of each optimizer: the median of 20
    starts. In brackets the rates that need at most twice as many. All else stands at PyTorch's defaults, momentum at
    0.9.
    """
    rows = [
        {"optimizer": name} | {surface: cell(*fewest_steps(surface, name)) for surface in MINIMA} for name in OPTIMIZERS
    ]
    return DataFrame(rows)


@exhibit(over=f"{STARTS} starts around the one drawn, {len(RATES)} rates, ten a decade")
def surfaces_decide() -> bool:
    """On the bowl gradient descent needs at most half as many steps as momentum and Adam. In the valley these two
    arrive within 1000 steps, and gradient descent at no rate.
    """
    steps = {(s, name): fewest_steps(s, name)[0] for s in ("bowl", "valley") for name in OPTIMIZERS}
    others = "momentum", "Adam"
    bowl = all(2 * steps["bowl", "gradient descent"] <= steps["bowl", name] for name in others)
    valley = all(steps["valley", name] <= HORIZON for name in others)
    return bowl and valley and steps["valley", "gradient descent"] > HORIZON


@exhibit(over=f"{STARTS} starts around the one drawn, {len(RATES)} rates, ten a decade")
def forgiving() -> bool:
    """On each of the three surfaces, the range of rates that need at most twice the fewest steps is more than four
    times as wide for Adam as for gradient descent, as a ratio of highest to lowest; where gradient descent has
    none, Adam has.
    """
    for surface in MINIMA:
        (_, low, high), (_, plain_low, plain_high) = (fewest_steps(surface, n) for n in ("Adam", "gradient descent"))
        if not np.isfinite(high) or high / low <= 4 * plain_high / plain_low:
            return False
    return True


def good_rate(optimizer: str) -> float:
    """A rate in the middle of those that are good in the valley, on a logarithmic scale; where none arrives, the one
    that comes lowest in 200 steps from the start that is drawn.
    """
    steps, low, high = fewest_steps("valley", optimizer)
    if steps <= HORIZON:
        return float(f"{np.sqrt(low * high):.1g}")
    ends = {rate: rosenbrock(walk("valley", optimizer, rate, 200)[-1]) for rate in RATES}
    return float(f"{min((rate for rate in RATES if np.isfinite(ends[rate])), key=ends.get):.1g}")


@exhibit(
    alt=lambda: (
        "Rosenbrock's valley with four paths of 200 steps from one start, each at a good rate of its own: "
        + ", ".join(f"{name} ends at ({x:.1f}, {y:.1f})" for name, (x, y) in ends().items()).replace("-", "−")
        + "."
    )
)
def side_by_side() -> Figure:
    """Two hundred steps from one start, each optimizer at a good rate of its own for this valley."""
    return descent.path_on_contour(
        rosenbrock,
        {name: walk("valley", name, good_rate(name), 200) for name in SHOWN},
        minima=[(1, 1)],
        xlim=(-1.8, 1.8),
        ylim=(-0.6, 2.4),
        levels=[0.5, 4, 20, 80, 250],
        points=121,
        size=(4.8, 3.6),
    )


def ends() -> dict[str, np.ndarray]:
    """Where the four paths end."""
    return {name: walk("valley", name, good_rate(name), 200)[-1] for name in SHOWN}


@exhibit()
def summary() -> DataFrame:
    """What each optimizer keeps for each weight besides the weight itself, and its name and defaults in PyTorch. η has
    no default that suits all. There, momentum is a setting of `SGD`, 0 unless told.
    """
    in_torch = ["SGD", "SGD", "SGD", "Adagrad", "RMSprop", "Adadelta", "Adam", "AdamW"]
    remembers = ["nothing", "velocity v", "velocity v", "sum G of g²", "mean v of g²", "means v of g², u of d²"]
    remembers += ["means m of g, v of g²"] * 2
    rows = []
    for (name, make), torch_name, words in zip(
        (OPTIMIZERS | {"AdamW": adamw}).items(), in_torch, remembers, strict=True
    ):
        settings = {SYMBOLS[key]: value.default for key, value in signature(make).parameters.items()}
        defaults = ", ".join(f"{symbol} {written(value)}" for symbol, value in settings.items())
        rows.append({"optimizer": name, "keeps": words, "PyTorch": f"`{torch_name}`", "defaults": defaults})
    return DataFrame(rows)


def written(value: float) -> str:
    """A default in words: small ones as a power of ten."""
    if value >= 1e-4:
        return f"{value:g}"
    return f"$10^{{{round(np.log10(value))}}}$"


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

"""Exhibits of the page on the sigmoid and the logit."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.activations import logit, sigmoid
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.plots import style

XS = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5]
SLOPES = [-2.0, -1.0, -0.5, 0.5, 1.0, 2.0]
SHIFTS = [-4.0, -2.0, 0.0, 2.0, 4.0]


@exhibit(
    alt=lambda x: (
        "The sigmoid: an S-shaped curve that rises from 0 on the left through one half at x = 0 to 1 on the right. "
        f"Marked are the point at x = {x}, of height {sigmoid(x):.2f}, and its mirror image through (0, 0.5)."
    ),
    explore={"x": XS},
)
def curve(x: int = 2) -> Figure:
    """The sigmoid flattens towards 0 and 1. Turned by half a circle about (0, 0.5), marked by a cross, it is itself."""
    figure, axes = style.figure()
    grid = np.linspace(-6, 6, 241)
    axes.plot(grid, sigmoid(grid))
    axes.plot((-x, x), (sigmoid(-x), sigmoid(x)), color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.plot(0, 0.5, marker="+", markersize=11, color=style.INK)
    axes.plot(-x, sigmoid(-x), "o", markersize=7, markerfacecolor=style.GROUND, markeredgecolor=style.INK)
    axes.plot(x, sigmoid(x), "o", markersize=7, color=style.INK)
    axes.set(xlabel="x", ylabel="p = S(x)", xlim=(-6.2, 6.2), ylim=(-0.03, 1.03), xticks=(-6, -4, -2, 0, 2, 4, 6))
    return figure


@exhibit(
    alt=lambda x: (
        "The logit: a curve that falls without limit at p = 0, crosses zero at p = 0.5 and rises without limit at "
        f"p = 1. Marked is the point at p = {sigmoid(x):.2f}, of height {x}."
    ),
    explore={"x": XS},
)
def logit_curve(x: int = 2) -> Figure:
    """The logit is the sigmoid with its axes exchanged. The point is the one marked on the sigmoid above."""
    figure, axes = style.figure()
    grid = sigmoid(np.linspace(-6, 6, 241))
    axes.plot(grid, logit(grid), color=style.ORANGE)
    p = sigmoid(x)
    axes.plot((p, p, 0), (-6.2, x, x), color=style.MUTED, linewidth=0.8)
    axes.plot(p, x, "o", markersize=7, color=style.INK)
    axes.set(xlabel="p", ylabel="x = logit(p)", xlim=(0, 1), ylim=(-6.2, 6.2), yticks=(-6, -4, -2, 0, 2, 4, 6))
    return figure


@exhibit(explore={"x": XS}, digits=4)
def value(x: int = 2) -> float:
    """The sigmoid of the chosen x, S(x)."""
    return float(sigmoid(x))


@exhibit(explore={"x": XS}, digits=4)
def mirrored(x: int = 2) -> float:
    """The sigmoid of minus the chosen x, S(-x)."""
    return float(sigmoid(-x))


@exhibit(explore={"x": XS})
def chosen(x: int = 2) -> int:
    """The x that the slider is at."""
    return x


@exhibit(explore={"x": XS}, digits=4)
def back(x: int = 2) -> float:
    """The logit of the sigmoid of the chosen x."""
    return float(logit(sigmoid(x)))


@exhibit()
def middle() -> float:
    """The sigmoid of 0."""
    return float(sigmoid(0))


@exhibit(follows="the formula")
def is_symmetric() -> bool:
    """At 2001 points from -30 to 30, S(-x) equals 1 - S(x) to 15 decimals."""
    x = np.linspace(-30, 30, 2001)
    return bool(np.allclose(sigmoid(-x), 1 - sigmoid(x), rtol=0, atol=1e-15))


@exhibit(follows="the definition of the logit as the inverse")
def round_trip_holds() -> bool:
    """At 2001 points from -15 to 15, the logit of the sigmoid of x is x to 8 decimals."""
    x = np.linspace(-15, 15, 2001)
    return bool(np.allclose(logit(sigmoid(x)), x, rtol=0, atol=1e-8))


@exhibit()
def largest_difference() -> str:
    """Largest difference from PyTorch and from SciPy: of the sigmoid at 2001 points from -30 to 30 and at -1000 and
    1000, and of the logit at 999 points from 0.001 to 0.999 and at 0 and 1.
    """
    import torch
    from scipy import special

    x = np.append(np.linspace(-30, 30, 2001), [-1000, 1000])
    p = np.append(np.linspace(0.001, 0.999, 999), [0, 1])
    return agreement(
        [
            (sigmoid(x), torch.sigmoid(torch.tensor(x))),
            (sigmoid(x), special.expit(x)),
            (logit(p), torch.logit(torch.tensor(p))),
            (logit(p), special.logit(p)),
        ]
    )


@exhibit()
def tiny_values() -> DataFrame:
    """The sigmoid of a large negative number in each precision: $e^{-x}$ overflows to infinity in PyTorch and SciPy,
    and the result is 0; `dlref` gives the small number that is left.
    """
    import torch
    from scipy import special

    rows = []
    for name, x in (("float32", np.float32(-89)), ("float64", np.float64(-710))):
        values = (torch.sigmoid(torch.tensor([x])).item(), special.expit(x), sigmoid(x))
        rows.append([name, f"−{abs(x):g}", *(f"{float(value):.1e}" if value else "0" for value in values)])
    return DataFrame(rows, columns=["precision", "x", "PyTorch", "SciPy", "dlref"]).set_index("precision")


@exhibit(digits={"p": 2, "odds": 3, "logit": 3, "and back": 2})
def round_trip() -> DataFrame:
    """From a probability to odds, to the logit, and back: equal steps of the logit multiply the odds."""
    p = np.array([0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99])
    return DataFrame({"p": p, "odds": p / (1 - p), "logit": logit(p), "and back": sigmoid(logit(p))})


@exhibit(
    alt="The sigmoid of m times x plus n with m = {m} and n = {n}, beside the plain sigmoid in gray; where it crosses "
    "one half is marked.",
    explore={"m": SLOPES, "n": SHIFTS},
)
def stretched(m: float = 2.0, n: float = -2.0) -> Figure:
    """The farther m is from 0, the steeper the curve; it falls where m is negative. It crosses one half at $-n/m$: with
    a positive m, a positive n moves it to the left. Dashed: S(x).
    """
    figure, axes = style.figure()
    grid = np.linspace(-6, 6, 241)
    axes.plot(grid, sigmoid(grid), color=style.MUTED, linewidth=1, linestyle=(0, (4, 3)))
    axes.plot(grid, sigmoid(m * grid + n))
    axes.axhline(0.5, color=style.GRID, linewidth=0.9, zorder=0)
    if abs(n / m) <= 6:
        axes.plot(-n / m, 0.5, "o", markersize=7, color=style.INK)
    axes.set(xlabel="x", ylabel="p = S(m x + n)", xlim=(-6.2, 6.2), ylim=(-0.03, 1.03), xticks=(-6, -4, -2, 0, 2, 4, 6))
    return figure

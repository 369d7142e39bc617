"""Exhibits of the page on the learning rate."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.exhibits._line import START, best_line, line_curvature, line_gradient, line_loss
from dlref.optimizers import descend, gradient_descent
from dlref.plots import descent, style
from dlref.surfaces import quadratic, quadratic_gradient

RATES = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1]
SHARES = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.99, 1.0, 1.01]


def parabola(w: np.ndarray) -> np.ndarray:
    """The loss w², whose a is 1."""
    return quadratic(np.asarray(w)[..., None], a=[1.0])


def parabola_path(rate: float, steps: int = 10) -> np.ndarray:
    """Steps of gradient descent on w², from w = 1."""
    return descend(lambda w: quadratic_gradient(w, a=[1.0]), [1.0], gradient_descent(learning_rate=rate), steps=steps)[
        :, 0
    ]


def behavior(rate: float) -> str:
    """What the path does, seen from its first 200 steps."""
    path = parabola_path(rate, 200)
    if abs(path[-1]) > 1:
        return "diverges"
    if abs(path[-1]) == 1:
        return "swings forever"
    if (path[1:3] == 0).all():
        return "arrives at once"
    return "swings in" if path[1] < 0 else "converges"


@exhibit(
    alt=lambda learning_rate: (
        f"The parabola w² with ten steps from w = 1 at rate {learning_rate:.2f}; the path "
        f"{behavior(learning_rate)}, and ends at w = {parabola_path(learning_rate)[-1]:.3f}."
    ),
    explore={"learning_rate": RATES},
)
def on_parabola(learning_rate: float = 0.9) -> Figure:
    """Ten steps on the loss w². Below rate 0.5 the path comes from one side, above it swings, past 1 it leaves."""
    path = parabola_path(learning_rate)
    return descent.path_on_curve(
        parabola,
        path,
        xlim=(-2.6, 2.6),
        ylim=(-0.3, 6.5),
        note=f"{behavior(learning_rate)}: w = {path[-1]:.3f} after 10 steps".replace("-", "−"),
    )


def far(learning_rate: float) -> np.ndarray:
    """Distance from the minimum at the start and after each of 30 steps."""
    return np.abs(parabola_path(learning_rate, 30))


@exhibit(
    alt=lambda learning_rate: (
        f"Distance from the minimum over 30 steps, on a logarithmic scale, at rate {learning_rate:.2f}: "
        + (f"a straight line that ends at {end:.1e}." if (end := far(learning_rate)[-1]) else "gone after one step.")
    ),
    explore={"learning_rate": RATES},
)
def distance(learning_rate: float = 0.9) -> Figure:
    """Each step multiplies the distance by |1 − 2η|: a straight line on a logarithmic scale, falling or rising. A
    factor of 0 ends it in one step.
    """
    figure, axes = style.figure(4.0, 3.1)
    sizes = far(learning_rate)
    axes.axhline(1, color=style.MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
    # A logarithmic scale has no place for 0.
    axes.semilogy(np.where(sizes > 0, sizes, np.nan), color=style.BLUE, marker="o", markersize=3, linewidth=1)
    factor = f"{abs(1 - 2 * learning_rate):.2f}"
    axes.text(0.5, 1.0, f"factor {factor} a step", transform=axes.transAxes, ha="center", va="bottom")
    axes.set(ylim=(1e-8, 1e3), xlabel="step", ylabel="|w|")
    return figure


@exhibit(digits={"rate": 2, "factor": 2, "w₁₀": 4})
def both_sides() -> DataFrame:
    """The same start on w² at rates on both sides of the limit, which is 1/a = 1: the factor 1 − 2η of each step, and w
    after ten.
    """
    rates = np.array([0.05, 0.25, 0.5, 0.75, 0.95, 1.0, 1.05])
    return DataFrame(
        {
            "rate": rates,
            "factor": 1 - 2 * rates,
            "w₁₀": [parabola_path(rate)[-1] for rate in rates],
            "the path": [behavior(rate) for rate in rates],
        }
    )


@exhibit(follows="the factor 1 − 2ηa of each step")
def limit_is_one_over_a() -> bool:
    """For a from 0.01 to 100, 1000 steps at 0.99/a end nearer to the minimum than they began; at 1.01/a, farther."""

    def end(a: float, rate: float) -> float:
        path = descend(lambda w: quadratic_gradient(w, a=[a]), [1.0], gradient_descent(learning_rate=rate), steps=1000)
        return abs(path[-1, 0])

    return all(end(a, 0.99 / a) < 1e-6 and end(a, 1.01 / a) > 1e6 for a in (0.01, 0.3, 1.0, 7.0, 100.0))


def limit() -> float:
    """The rate from which gradient descent on the line diverges: 2 over the largest curvature."""
    return float(2 / np.linalg.eigvalsh(line_curvature())[-1])


@exhibit(digits=3, over="one sample of 60 patients")
def line_limit() -> float:
    """2 divided by the larger eigenvalue of the matrix of second derivatives of the line's loss."""
    return limit()


@exhibit(digits=1, over="one sample of 60 patients")
def condition_number() -> float:
    """The larger curvature of the line's loss divided by the smaller."""
    low, high = np.linalg.eigvalsh(line_curvature())
    return high / low


@exhibit(digits=2, over="one sample of 60 patients")
def best_share() -> float:
    """2 divided by the sum of both curvatures of the line's loss, as a share of the limit, 2 divided by the larger."""
    low, high = np.linalg.eigvalsh(line_curvature())
    return high / (low + high)


def line_path(share: float, steps: int = 20) -> np.ndarray:
    """Steps on the line's loss, at a rate that is a share of the limit."""
    return descend(line_gradient, START, gradient_descent(learning_rate=share * limit()), steps=steps)


def excess(share: float) -> float:
    """How far above its minimum the line's loss is after 20 steps."""
    return line_loss(line_path(share)[-1]) - line_loss(best_line())


@exhibit(
    alt=lambda share_of_limit: (
        f"Twenty steps over the ellipses of the line's loss at {share_of_limit:.2f} of the limiting rate; the loss "
        f"ends at {line_loss(line_path(share_of_limit))[-1]:.3f}."
    ),
    explore={"share_of_limit": SHARES},
)
def in_a_valley(share_of_limit: float = 0.9) -> Figure:
    """Twenty steps of the line through 60 patients: the steep direction sets the limit, the flat one takes the time."""
    path = line_path(share_of_limit)
    return descent.path_on_contour(
        line_loss,
        path,
        minima=[best_line()],
        labels=("offset b", "slope w"),
        xlim=(-1.6, 1.4),
        ylim=(-1.7, 1.3),
        levels=[1, 1.5, 2.5, 4, 7, 12],
        note=f"rate {share_of_limit * limit():.3f}: loss {line_loss(path)[-1]:.3f}",
    )


@exhibit(
    alt=lambda share_of_limit: (
        "Loss after 20 steps against the rate as a share of the limit, on a logarithmic scale: it falls until a little "
        "below the limit, then rises steeply, past the starting loss right after the limit. Marked is the share "
        f"{share_of_limit:.2f}, at {excess(share_of_limit):.1e} above the minimum."
    ),
    explore={"share_of_limit": SHARES},
)
def loss_by_rate(share_of_limit: float = 0.9) -> Figure:
    """The loss above its minimum after 20 steps, by rate: best a little below the limit, useless right above it."""
    shares = np.linspace(0.02, 1.06, 105)
    figure, axes = style.figure(4.0, 3.35)
    axes.semilogy(shares, [excess(share) for share in shares], color=style.BLUE)
    axes.plot(share_of_limit, excess(share_of_limit), "o", markersize=7, color=style.INK)
    start = line_loss(np.array(START)) - line_loss(best_line())
    axes.axhline(start, color=style.MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.text(0.02, start * 1.25, "at the start", color=style.MUTED, va="bottom")
    axes.axvline(1, color=style.ORANGE, linewidth=1)
    axes.text(0.98, 2e-5, "limit", color=style.ORANGE, ha="right")
    axes.set(xlabel="rate, as a share of the limit", ylabel="loss above the minimum", xlim=(0, 1.08), ylim=(1e-5, 1e3))
    return figure


@exhibit(follows="the eigenvalues of a quadratic loss")
def limit_holds_for_the_line() -> bool:
    """At 0.99 of the limit, 2000 steps end at the least loss to nine decimals; at 1.01, the loss is then past 1000."""
    least = line_loss(best_line())
    below, above = (line_loss(line_path(share, 2000)[-1]) for share in (0.99, 1.01))
    return bool(np.isclose(below, least, rtol=0, atol=1e-9) and above > 1000)


@exhibit()
def largest_difference() -> str:
    """Largest difference of the weight from that of `torch.optim.SGD` after each of 20 steps, at the four rates of the
    example.
    """
    import torch

    pairs = []
    for rate in (0.05, 0.5, 0.95, 1.05):
        w = torch.ones(1, dtype=torch.float64, requires_grad=True)
        optimizer, theirs = torch.optim.SGD([w], lr=rate), [[1.0]]
        for _ in range(20):
            optimizer.zero_grad()
            (w**2).sum().backward()
            optimizer.step()
            theirs.append(w.tolist())
        pairs.append((descend(lambda w: 2 * w, [1.0], gradient_descent(learning_rate=rate), steps=20), theirs))
    return agreement(pairs)

"""Exhibits of the page on stochastic gradient descent."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.exhibits._line import START, best_line, line_gradient, line_loss, patients
from dlref.optimizers import descend_batches, gradient_descent, mini_batches
from dlref.plots import descent, style

SIZES = [1, 2, 5, 10, 20, 60]
RATE, EPOCHS = 0.03, 6
ORDERS = 10
OVER = f"{ORDERS} orders of one sample of 60 patients"


@cache
def path(batch_size: int, epochs: int = EPOCHS, seed: int = 0) -> np.ndarray:
    """Offset and slope of the line after each batch."""
    n = len(patients()[0])
    batches = mini_batches(n, batch_size=batch_size, epochs=epochs, rng=np.random.default_rng(seed))
    return descend_batches(line_gradient, START, gradient_descent(learning_rate=RATE), batches=batches)


def kind(batch_size: int) -> str:
    """What descent with batches of this size is called."""
    return {1: "stochastic", len(patients()[0]): "batch"}.get(batch_size, "mini-batch")


@exhibit(
    alt=lambda batch_size: (
        f"Ellipses of equal loss over offset and slope, with the path of {kind(batch_size)} gradient descent in "
        f"batches of {batch_size}: {len(path(batch_size)) - 1} steps, that end at a loss of "
        f"{line_loss(path(batch_size)[-1]):.3f}."
    ),
    explore={"batch_size": SIZES},
)
def paths(batch_size: int = 5) -> Figure:
    """Six passes through 60 patients. Small batches take many steps that scatter, large ones few that point well."""
    steps = len(path(batch_size)) - 1
    return descent.path_on_contour(
        line_loss,
        path(batch_size),
        minima=[best_line()],
        labels=("offset b", "slope w"),
        xlim=(-1.3, 1.2),
        ylim=(-1.3, 1.2),
        levels=[1, 1.5, 2.5, 4, 7, 12],
        note=f"{kind(batch_size)}, {steps} steps: loss {line_loss(path(batch_size)[-1]):.3f}",
    )


@exhibit(
    alt=lambda batch_size: (
        f"Loss over all patients against examples seen, in batches of {batch_size}: it falls to "
        f"{line_loss(path(batch_size)[-1]):.3f}; a dashed line marks the least loss."
    ),
    explore={"batch_size": SIZES},
)
def loss_by_examples(batch_size: int = 5) -> Figure:
    """The same paths by the examples that were looked at: small batches get far in the first pass, then jitter.
    Dashed: the least loss.
    """
    heights = line_loss(path(batch_size))
    figure, axes = style.figure()
    axes.axhline(line_loss(best_line()), color=style.GREEN, linewidth=1, linestyle=(0, (4, 3)))
    seen = np.arange(len(heights)) * batch_size
    axes.plot(seen, heights, color=style.BLUE, linewidth=1.2, marker="o" if batch_size > 5 else None, markersize=3)
    axes.set(xlim=(0, 360), ylim=(1, 4), xticks=range(0, 361, 60), xlabel="examples seen", ylabel="loss, all patients")
    return figure


def noise(batch_size: int) -> float:
    """How far a batch's gradient at the start is from that of all patients, as a share of the latter's length."""
    rng = np.random.default_rng(0)
    n = len(patients()[0])
    full = line_gradient(np.array(START))
    drawn = (rng.permutation(n)[:batch_size] for _ in range(2000))
    errors = [np.linalg.norm(line_gradient(np.array(START), batch) - full) for batch in drawn]
    return float(np.sqrt(np.mean(np.square(errors))) / np.linalg.norm(full))


def first_loss(batch_size: int) -> float:
    """Mean loss above the least after one pass, over the orders of the data."""
    first = [line_loss(path(batch_size, 1, seed)[-1]) for seed in range(ORDERS)]
    return float(np.mean(first) - line_loss(best_line()))


def late_loss(batch_size: int) -> float:
    """Mean loss above the least over the last 20 of 60 passes, over the orders of the data."""
    steps = -(-len(patients()[0]) // batch_size) * 20
    late = [line_loss(path(batch_size, 60, seed)[-steps:]).mean() for seed in range(ORDERS)]
    return float(np.mean(late) - line_loss(best_line()))


def falling_loss(batch_size: int) -> float:
    """The same at a rate that falls from pass to pass: that of the first divided by 1, 2, 3, and so on."""
    late = []
    for seed in range(ORDERS):
        weights, rng = np.array(START), np.random.default_rng(seed)
        for epoch in range(60):
            batches = mini_batches(len(patients()[0]), batch_size=batch_size, rng=rng)
            rule = gradient_descent(learning_rate=RATE / (1 + epoch))
            walked = descend_batches(line_gradient, weights, rule, batches=batches)
            weights = walked[-1]
            if epoch >= 40:
                late.append(line_loss(walked[1:]).mean())
    return float(np.mean(late) - line_loss(best_line()))


@exhibit(digits={"noise": 2, "after pass 1": 3, "late": 3}, over=OVER)
def by_size() -> DataFrame:
    """By the size of the batch, at a rate of 0.03: steps in a pass, noise of the gradient as a share of its length, and
    the loss above the least after the first pass and late, as a mean over the passes 41 to 60.
    """
    rows = []
    for size in SIZES:
        row = {"batch": size, "steps": -(-len(patients()[0]) // size), "noise": noise(size)}
        rows.append(row | {"after pass 1": first_loss(size), "late": late_loss(size)})
    return DataFrame(rows)


@exhibit(over=OVER)
def early_and_late() -> bool:
    """After one pass the loss is the higher the larger the batch, from 2 on, and for batches of 1 below that for 5.

    In the passes 41 to 60 it is higher for batches of 1 than of 2, for 2 than for 5, and for 5 than for 10.
    """
    first, late = [first_loss(size) for size in SIZES], [late_loss(size) for size in SIZES[:4]]
    return bool(first[0] < first[2] and (np.diff(first[1:]) > 0).all() and (np.diff(late) < 0).all())


@exhibit(over=OVER)
def falling_rate_settles() -> bool:
    """With the rate divided by the number of the pass, the late loss of batches of 1 is less than a quarter of what it
    is at a fixed rate, and that of batches of 2 less than half.
    """
    return falling_loss(1) < late_loss(1) / 4 and falling_loss(2) < late_loss(2) / 2


@exhibit(follows="the mean of equally large parts, whose means average to that of the whole")
def mean_of_batches_is_the_gradient() -> bool:
    """The mean of the gradients of all batches of a pass, each of the same size, is the gradient of all patients."""
    weights = np.array(START)
    batches = mini_batches(len(patients()[0]), batch_size=5, rng=np.random.default_rng(0))
    mean = np.mean([line_gradient(weights, batch) for batch in batches], axis=0)
    return bool(np.allclose(mean, line_gradient(weights), rtol=0, atol=1e-12))


@exhibit(over="2000 batches of each size from one sample of 60 patients")
def noise_falls_with_the_root() -> bool:
    """Four times the batch has at most half the noise, to within a tenth; without replacement it falls even faster."""
    return noise(4) < 0.55 * noise(1) and noise(20) < 0.55 * noise(5) and noise(60) < 1e-12


@exhibit()
def largest_difference() -> str:
    """Largest difference of the two weights from those of `torch.optim.SGD` after each step of all epochs, on the same
    batches of 5 in the same order.
    """
    import torch

    x, y = map(torch.tensor, patients())
    weights = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer, theirs = torch.optim.SGD([weights], lr=RATE), [START]
    for batch in mini_batches(len(x), batch_size=5, epochs=EPOCHS, rng=np.random.default_rng(0)):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(weights[0] + weights[1] * x[batch], y[batch]).backward()
        optimizer.step()
        theirs.append(weights.detach().numpy().copy())
    return agreement([(path(5), theirs)])

"""Exhibits of the page on batches and their size."""

from functools import cache

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits._side_by_side import stacked
from dlref.exhibits.pytorch._batches import (
    EPOCHS,
    MOMENTS,
    RATES,
    STARTS,
    STEPS,
    alignment,
    by_epoch,
    by_rate,
    by_step,
    patients,
    single_gradients,
)
from dlref.plots import style

SIZES = [1, 8, 64, 734]
NOISE_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
TEN_STARTS = f"{STARTS} starts, each with batches in an order of its own"


def lines(axes, x: np.ndarray, losses: dict[int, np.ndarray], middle=np.mean, band: bool = True) -> None:
    """A line for the mean of each batch size, in a band from the least to the greatest of the starts, (x, starts)."""
    for (size, found), color, dash in zip(losses.items(), style.SERIES, style.DASHES, strict=True):
        axes.plot(x, middle(found, axis=1), color=color, linestyle=dash, label=f"{size}")
        if band:
            look = {"color": style.tint(color, 0.25), "linewidth": 0, "zorder": 0}
            axes.fill_between(x, found.min(axis=1), found.max(axis=1), **look)
    axes.legend(title="batch size", ncols=2, alignment="left")


@exhibit(
    alt="Training loss over 10 epochs for batches of 1, 8, 64 and all 734 patients, means of ten starts in narrow "
    "bands. After each epoch, smaller batches have the lower loss; with one batch of all it has hardly fallen.",
    over=TEN_STARTS,
)
def per_epoch() -> Figure:
    """An epoch of small batches takes many steps, and gets further. Means of ten starts; bands: their range."""
    figure, axes = style.figure()
    lines(axes, np.arange(EPOCHS + 1), {size: by_epoch(size)["losses"].numpy() for size in SIZES})
    axes.set(xlabel="epoch", ylabel="training loss", xlim=(0, EPOCHS), xticks=range(0, EPOCHS + 1, 2), ylim=(0.1, 0.75))
    return figure


@exhibit(
    alt="The loss against the number of steps, from 1 to 1000 on a logarithmic scale, for the same four batch sizes. "
    "The lines of 8, 64 and 734 lie on each other; that of 1 lies a little above them.",
    over=TEN_STARTS,
)
def per_step() -> Figure:
    """At one low rate, a step is a step: large batches do not get further by it, but each costs more. Means of ten
    starts, 1000 steps for each size.
    """
    figure, axes = style.figure()
    lines(axes, np.array(STEPS[1:]), {size: by_step(size)["losses"].numpy()[1:] for size in SIZES})
    axes.set(xscale="log", xlabel="steps", ylabel="training loss", xlim=(1, 1000), ylim=(0.1, 0.75))
    axes.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    axes.minorticks_off()
    return figure


@exhibit(over=TEN_STARTS)
def smaller_is_ahead() -> bool:
    """After each of the ten epochs, the mean loss is lower the smaller the batches are."""
    means = np.stack([by_epoch(size)["losses"].mean(dim=1).numpy() for size in SIZES])
    return bool((np.diff(means[:, 1:], axis=0) > 0).all())


@exhibit(over=TEN_STARTS)
def steps_decide() -> bool:
    """After equally many steps, at every moment that is drawn, the mean losses for batches of 8, 64 and 734 differ by
    less than 0.02, and that for batches of 1 lies within 0.1 of them; the loss falls by more than 0.3 meanwhile.
    """
    means = np.stack([by_step(size)["losses"].mean(dim=1).numpy() for size in SIZES])
    apart = np.ptp(means[1:], axis=0).max() < 0.02 and np.ptp(means, axis=0).max() < 0.1
    return bool(apart and (means[:, 0] - means[:, -1]).min() > 0.3)


def best_rate(size: int) -> float:
    """The rate with the least mean loss after ten epochs; it must not stand at the edge of the rates tried."""
    place = int(by_rate(size)["losses"].mean(dim=0).argmin())
    if place in (0, len(RATES) - 1):
        raise ValueError(f"best_rate: the best rate for batches of {size} must lie inside the grid.")
    return RATES[place]


@exhibit(
    alt=f"Training loss after ten epochs against the learning rate, from {RATES[0]:g} to {RATES[-1]:.0f} on a "
    "logarithmic scale: four valleys. The valley for batches of 1 is leftmost, then that of 8; those of 64 and 734 lie "
    "at the right, about below each other.",
    over=TEN_STARTS,
)
def rates() -> Figure:
    """The loss after ten epochs by learning rate: small batches need low rates, larger ones bear higher, up to a limit.
    Medians of ten starts; what ends above the loss of the start is drawn at one height.
    """
    figure, axes = style.figure()
    # How far a training goes astray is chance, on each processor another.
    start = by_epoch(1)["losses"][0].mean().item()
    losses = {size: by_rate(size)["losses"].numpy().T.clip(max=start) for size in SIZES}
    lines(axes, np.array(RATES), losses, middle=np.median, band=False)
    axes.set(xscale="log", xlabel="learning rate", ylabel="training loss", xlim=(RATES[0], RATES[-1]), ylim=(0.1, 0.8))
    axes.set_xticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
    axes.minorticks_off()
    return figure


@exhibit(digits={"best rate": 2, "loss": 2, "lowest": 2, "highest": 2}, over=TEN_STARTS)
def best_rates() -> DataFrame:
    """For each batch size the best of 14 rates, four a decade, and the training loss after ten epochs with it: mean,
    lowest and highest of ten starts.
    """
    rows = []
    for size in SIZES:
        ends = by_rate(size)["losses"][:, RATES.index(best_rate(size))]
        rows.append((size, best_rate(size), ends.mean().item(), ends.min().item(), ends.max().item()))
    return DataFrame(rows, columns=["batch size", "best rate", "loss", "lowest", "highest"])


@exhibit(over=TEN_STARTS)
def large_affords_more() -> bool:
    """The best rate for batches of 8 is more than three times that for batches of 1, and that for 64 more than 1.5
    times that for 8. At the best rate for 64, batches of 1 end with a higher mean loss than they started with.
    """
    one, eight, many = map(best_rate, (1, 8, 64))
    ends = by_rate(1)["losses"][:, RATES.index(many)].mean()
    return bool(eight > 3 * one and many > 1.5 * eight and ends > by_epoch(1)["losses"][0].mean())


@exhibit(over=TEN_STARTS)
def largest_bears_no_more() -> bool:
    """The best rate for the batch of all patients is less than twice that for batches of 64."""
    return best_rate(734) < 2 * best_rate(64)


@cache
def example_gradients() -> torch.Tensor:
    """The gradient of each single patient's loss with respect to all parameters of the untrained network, one row per
    patient."""
    return single_gradients(stacked([patients()[0].shape[1], 16, 1], [0]))[0]


@cache
def noise(batch_size: int) -> float:
    """How far the gradient of a random batch is from that of all patients, as a share of the latter's length: root mean
    square of 2000 batches.
    """
    each = example_gradients()
    generator = torch.Generator().manual_seed(batch_size)
    rows = torch.randint(len(each), (2000, batch_size), generator=generator)
    # How often each patient is in each batch: the means are then one matrix product.
    times = torch.zeros(2000, len(each), dtype=torch.float64).scatter_add_(1, rows, torch.ones(rows.shape).double())
    distances = (times @ each / batch_size - each.mean(dim=0)).square().sum(dim=1)
    return (distances.mean().sqrt() / each.mean(dim=0).norm()).item()


def expected_noise() -> float:
    """The same for a batch of one, from the spread of the single gradients."""
    each = example_gradients()
    return ((each - each.mean(dim=0)).square().sum(dim=1).mean().sqrt() / each.mean(dim=0).norm()).item()


@exhibit(
    alt="Cosine between the gradient of 32 patients and that of all against the epoch: high before training, it falls "
    "steeply at first, then slowly, to little above 0, in all ten starts alike.",
    over=f"{STARTS} starts, 500 batches at each moment",
)
def alignment_falls() -> Figure:
    """How well the gradient of 32 random patients points along that of all, while training goes on: the cosine of the
    angle between them. Mean of ten starts; band: their range.
    """
    cosines = alignment()["cosines"].numpy()
    figure, axes = style.figure()
    axes.plot(MOMENTS, cosines.mean(axis=1), color=style.BLUE, marker="o", markersize=4)
    band = {"color": style.tint(style.BLUE, 0.25), "linewidth": 0, "zorder": 0}
    axes.fill_between(MOMENTS, cosines.min(axis=1), cosines.max(axis=1), **band)
    axes.set(xlabel="epoch", ylabel="cosine", xlim=(0, 100), ylim=(0, 1))
    return figure


@exhibit(over=f"{STARTS} starts, 500 batches each")
def alignment_before() -> float:
    """Cosine of the angle between the gradient of 32 random patients and that of all, before training: mean."""
    return alignment()["cosines"][0].mean().item()


@exhibit(over=f"{STARTS} starts, 500 batches each")
def alignment_late() -> float:
    """The same cosine at the end, after the last of the epochs shown."""
    return alignment()["cosines"][-1].mean().item()


@exhibit(over=f"{STARTS} starts, 500 batches each")
def alignment_is_lost() -> bool:
    """In each of ten starts the cosine is over 0.6 before training and under 0.3 at the last two moments shown."""
    cosines = alignment()["cosines"]
    return bool((cosines[0] > 0.6).all() and (cosines[-2:] < 0.3).all())


@exhibit(
    alt="Gradient noise against batch size, both on logarithmic scales: ten measured points from 1 to 512, all on a "
    "straight line that falls as one over the square root of the batch size."
)
def gradient_noise() -> Figure:
    """Noise of the gradient before training, measured (points), and σ/√n (line), as shares of the length of the full
    gradient: four times the batch halves it.
    """
    figure, axes = style.figure()
    sizes = np.array(NOISE_SIZES)
    axes.loglog(sizes, expected_noise() / np.sqrt(sizes), color=style.MUTED, linewidth=1.2)
    axes.loglog(sizes, [noise(size) for size in NOISE_SIZES], "o", color=style.BLUE, markersize=5)
    axes.annotate("σ / √n", (40, 1.25 * expected_noise() / np.sqrt(40)), color=style.MUTED)
    axes.set_xticks([1, 8, 64, 512], ["1", "8", "64", "512"])
    axes.set_yticks([0.3, 1, 3], ["0.3", "1", "3"])
    axes.minorticks_off()
    axes.set(xlabel="batch size n", ylabel="noise, as a share of the gradient")
    return figure


@exhibit(over="2000 batches of each of ten sizes, one untrained network")
def falls_as_root() -> bool:
    """For all ten batch sizes, measured noise times √n is within 5 % of the spread of the single gradients."""
    return all(abs(noise(size) * np.sqrt(size) / expected_noise() - 1) < 0.05 for size in NOISE_SIZES)

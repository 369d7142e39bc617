"""Exhibits of the page on the DataLoader."""

from functools import cache
from itertools import chain
from math import comb

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame
from torch.utils.data import DataLoader, WeightedRandomSampler

from dlref.datasets import heart, mtcars
from dlref.engine.exhibit import exhibit
from dlref.plots import style
from dlref.pytorch.training import TableDataset

SIZES = [1, 2, 4, 8, 10, 16, 32]
ORDERS = ["as given", "shuffled"]
CARS = 32


@cache
def epoch(batch_size: int, order: str) -> list[list[int]]:
    """The rows of each batch of one epoch over the cars."""
    table = mtcars()
    # The row number stands for the target, so that a batch tells which rows it holds.
    dataset = TableDataset(table[["wt"]], np.arange(len(table)))
    generator = torch.Generator().manual_seed(0)
    loader = DataLoader(dataset, batch_size, shuffle=order == "shuffled", generator=generator)
    return [rows.tolist() for _, rows in loader]


def batches_alt(batch_size: int, order: str) -> str:
    """What the drawing shows, in words."""
    first, *_, last = epoch(batch_size, order) * 2
    rows = ", ".join(map(str, first[:4])) + (" and so on" if len(first) > 4 else "")
    count = len(epoch(batch_size, order))
    return (
        f"The 32 rows of the cars, {order}, in {count} batch{'es' * (count > 1)} of {batch_size}, the last of "
        f"{len(last)}. The first holds row{'s' * (batch_size > 1)} {rows}."
    )


@exhibit(alt=batches_alt, explore={"batch_size": SIZES, "order": ORDERS})
def batches(batch_size: int = 2, order: str = "shuffled") -> Figure:
    """One epoch over the 32 cars: each frame is a batch, each number a row. Every row comes once."""
    figure, axes = style.blank(4.8, 2.5, xlim=(-0.15, 8.15), ylim=(-4.1, 0.1))
    place = 0
    for number, rows in enumerate(epoch(batch_size, order)):
        color = style.SERIES[number % 2]
        for position, row in enumerate(rows):
            x, y = place % 8, -(place // 8)
            _cell(axes, x, y, color, first=position == 0, last=position == len(rows) - 1)
            axes.text(x + 0.5, y - 0.5, f"{row}", ha="center", va="center_baseline", fontsize=9.5)
            place += 1
    return figure


def _cell(axes, x: int, y: int, color: str, first: bool, last: bool) -> None:
    """One row of the table; a batch's cells touch, and a gap ends it."""
    from matplotlib.patches import Rectangle

    left, right = (0.06 if first else 0.0), (0.06 if last else 0.0)
    axes.add_patch(
        Rectangle((x + left, y - 0.9), 1 - left - right, 0.8, facecolor=style.tint(color, 0.2), edgecolor="none")
    )
    edge = {"color": color, "linewidth": 1.1, "solid_capstyle": "butt"}
    for height in (-0.1, -0.9):
        axes.plot((x + left, x + 1 - right), (y + height, y + height), **edge)
    for ends, side in ((first, x + left), (last, x + 1 - right)):
        if ends:
            axes.plot((side, side), (y - 0.9, y - 0.1), **edge)


@exhibit(explore={"batch_size": SIZES, "order": ORDERS})
def steps(batch_size: int = 2, order: str = "shuffled") -> int:
    """Batches, and so training steps, of one epoch."""
    return len(epoch(batch_size, order))


@exhibit(explore={"batch_size": SIZES, "order": ORDERS})
def last_batch(batch_size: int = 2, order: str = "shuffled") -> int:
    """Examples in the last batch of the epoch."""
    return len(epoch(batch_size, order)[-1])


@exhibit(over="one epoch at each of 7 batch sizes, as given and shuffled")
def every_row_once() -> bool:
    """For each batch size and order, one epoch holds each of the 32 rows exactly once."""
    epochs = (epoch(size, order) for size in SIZES for order in ORDERS)
    return all(sorted(chain.from_iterable(rows)) == list(range(CARS)) for rows in epochs)


def few_ill() -> np.ndarray:
    """Labels of an unbalanced set: of the heart data, the first 380 healthy patients and the first 20 ill."""
    labels = heart()["HeartDisease"].to_numpy()
    return np.r_[labels[labels == 0][:380], labels[labels == 1][:20]]


@exhibit(follows="counting all sets of 8 among 400 patients")
def few_batches_with_ill() -> bool:
    """More than half of the sets hold none of the 20 ill."""
    return 2 * comb(380, 8) > comb(400, 8)


def drawn(weighted: bool) -> np.ndarray:
    """Labels of all examples that 100 epochs draw, a row per epoch, with a weighted sampler or shuffled."""
    labels = few_ill()
    dataset = TableDataset(np.zeros((len(labels), 1)), labels)
    generator = torch.Generator().manual_seed(0)
    # The rarer a class, the heavier each of its examples.
    weights = 1 / np.bincount(labels)[labels]
    sampler = WeightedRandomSampler(weights, len(labels), generator=generator) if weighted else None
    loader = DataLoader(dataset, 40, shuffle=not weighted, sampler=sampler, generator=generator)
    return torch.cat([batch for _ in range(100) for _, batch in loader]).reshape(100, -1).numpy()


@exhibit(over="100 epochs of 400 examples")
def sampled() -> DataFrame:
    """Examples drawn in an epoch: mean and standard deviation. Weighted by the inverse of their count, both classes
    come equally often."""
    rows = []
    for name, labels in (("shuffled", drawn(False)), ("weighted", drawn(True))):
        ill = labels.sum(axis=1)
        rows.append((name, *(f"{count.mean():.0f} ± {count.std():.0f}" for count in (400 - ill, ill))))
    return DataFrame(rows, columns=["sampler", "healthy", "ill"])


@exhibit(over="40 000 draws")
def weights_balance() -> bool:
    """With weights, the share of the ill is one half, within five standard errors."""
    return bool(abs(drawn(True).mean() - 0.5) < 5 * 0.5 / np.sqrt(40_000))

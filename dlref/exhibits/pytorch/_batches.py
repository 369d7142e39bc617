"""The trainings that the page on batches shows: one network from ten starts, side by side, at several rates."""

from functools import cache

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cosine_similarity

from dlref.engine.trained import trained
from dlref.exhibits._heart_tables import heart_tables
from dlref.exhibits._side_by_side import outputs, shuffled, stacked

STARTS, EPOCHS, RATE = 10, 10, 0.05
# Four rates a decade, from far too low for all to far too high for all.
RATES = [0.01 * 10 ** (k / 4) for k in range(14)]
STEPS = [0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000]
MOMENTS = [0, 5, 10, 20, 50, 100]


@cache
def patients() -> tuple[Tensor, Tensor]:
    """Features and labels of the 734 training patients, in double precision."""
    x, y, _, _ = heart_tables()
    return torch.tensor(x).double(), torch.tensor(y).double()


def steps(batch_size: int) -> int:
    """Steps of one epoch: the number of batches, the last one included."""
    return -(-len(patients()[0]) // batch_size)


def loss(weights: list[Tensor], x: Tensor, y: Tensor) -> Tensor:
    """Each network's mean loss over its rows."""
    logits = outputs(weights, x)
    return binary_cross_entropy_with_logits(logits, y.expand_as(logits), reduction="none").mean(dim=(1, 2))


def train(batch_size: int, rates: list[float], shown: list[int]):
    """Train from each start at each rate by SGD; yield the weights after each of the steps that are asked for."""
    x, y = patients()
    weights = [w.repeat_interleave(len(rates), 0).requires_grad_() for w in stacked([x.shape[1], 16, 1], range(STARTS))]
    rate = torch.tensor(rates, dtype=torch.float64).repeat(STARTS)
    # All rates of a start meet the same batches. A step on rate times loss is a step at that rate.
    orders, per_epoch = shuffled(STARTS, len(x), 0), steps(batch_size)
    optimizer = torch.optim.SGD(weights, lr=1)
    for step in range(max(shown) + 1):
        if step in shown:
            yield [weight.detach().clone() for weight in weights]
        place = step % per_epoch
        if place == 0:
            order = next(orders).repeat_interleave(len(rates), 0)
        rows = order[:, place * batch_size : (place + 1) * batch_size]
        optimizer.zero_grad()
        (rate * loss(weights, x[rows], y[rows])).sum().backward()
        optimizer.step()


@trained
def by_epoch(batch_size: int) -> dict:
    """Loss on all training patients before training and after each epoch: (epochs, starts)."""
    shown = [epoch * steps(batch_size) for epoch in range(EPOCHS + 1)]
    return {"losses": torch.stack([loss(weights, *patients()) for weights in train(batch_size, [RATE], shown)])}


@trained
def by_step(batch_size: int) -> dict:
    """The same after some numbers of steps, the same numbers for every batch size: (steps, starts)."""
    return {"losses": torch.stack([loss(weights, *patients()) for weights in train(batch_size, [RATE], STEPS)])}


@trained
def by_rate(batch_size: int) -> dict:
    """The same after ten epochs at each of the rates: (starts, rates). What overflowed is infinite."""
    (weights,) = train(batch_size, RATES, [EPOCHS * steps(batch_size)])
    return {"losses": loss(weights, *patients()).view(STARTS, len(RATES)).nan_to_num(torch.inf)}


def single_gradients(weights: list[Tensor]) -> Tensor:
    """The gradient of each single patient's loss with respect to all parameters: (starts, patients, parameters)."""
    x, y = patients()
    w1, b1, w2, b2 = weights
    before = x @ w1.mT + b1
    by_logit = (torch.relu(before) @ w2.mT + b2).sigmoid() - y
    by_hidden = by_logit * w2 * (before > 0)
    parts = [(by_hidden[..., None] * x[:, None]).flatten(2), by_hidden, by_logit * torch.relu(before), by_logit]
    return torch.cat(parts, dim=2)


@trained
def alignment() -> dict:
    """Before training and after some epochs in batches of 32: the mean cosine of the angle between the gradient of 32
    random patients and that of all, over 500 batches: (moments, starts).
    """
    cosines, generator = [], torch.Generator().manual_seed(0)
    for weights in train(32, [RATE], [epoch * steps(32) for epoch in MOMENTS]):
        each = single_gradients(weights)
        full = each.mean(dim=1, keepdim=True)
        rows = torch.randint(each.shape[1], (500, 32), generator=generator)
        # How often each patient is in each batch: the means are then one matrix product.
        times = torch.zeros(500, each.shape[1]).double().scatter_add_(1, rows, torch.ones(rows.shape).double())
        cosines.append(cosine_similarity(times @ each, full, dim=2).mean(dim=1))
    return {"cosines": torch.stack(cosines)}

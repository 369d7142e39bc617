"""Networks that learn handwritten digits, on logits and with softmax put twice: ten of each at every rate."""

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import Tensor
from torch.nn.functional import cross_entropy

from dlref.engine.trained import trained
from dlref.exhibits._side_by_side import outputs, stacked

STARTS, EPOCHS, BATCH = 10, 40, 50
RATES = [0.03, 0.1, 0.3, 1.0, 3.0, 30.0]


def parts() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """For each start another 1000 pictures of 8 by 8 to train on, scaled to [0, 1], and 797 held out: pictures and
    labels of the first, pictures and labels of the second.
    """
    pictures, labels = (torch.tensor(table) for table in load_digits(return_X_y=True))
    order = torch.tensor(np.stack([np.random.default_rng(k).permutation(len(labels)) for k in range(STARTS)]))
    first, second = order.split((1000, len(labels) - 1000), dim=1)
    return pictures[first] / 16, labels[first], pictures[second] / 16, labels[second]


def loss(weights: list[Tensor], x: Tensor, y: Tensor, double: bool) -> Tensor:
    """Each network's mean cross-entropy, which applies softmax itself; if double, to what has passed one already."""
    scores = outputs(weights, x)
    if double:
        scores = scores.softmax(dim=-1)
    return cross_entropy(scores.mT, y, reduction="none").mean(dim=1)


def at_all_rates(table: Tensor) -> Tensor:
    """The rows of a start, once for each rate."""
    return table.repeat_interleave(len(RATES), 0)


@trained
def runs(double: bool) -> dict:
    """Held-out loss after each epoch, (epochs, starts, rates), accuracy at the end, (starts, rates), and the length of
    the first gradient over all training pictures, (starts,).
    """
    x, y, x_test, y_test = map(at_all_rates, parts())
    weights = [at_all_rates(weight).requires_grad_() for weight in stacked([64, 32, 10], range(STARTS))]
    rate = torch.tensor(RATES, dtype=torch.float64).repeat(STARTS)
    gradients = torch.autograd.grad(loss(weights, x, y, double).sum(), weights)
    lengths = sum(gradient.square().sum(dim=(1, 2)) for gradient in gradients).sqrt()
    optimizer, losses = torch.optim.SGD(weights, lr=1), []
    for _ in range(EPOCHS):
        for rows, labels in zip(x.split(BATCH, dim=1), y.split(BATCH, dim=1), strict=True):
            optimizer.zero_grad()
            # A step on rate times loss is a step at that rate.
            (rate * loss(weights, rows, labels, double)).sum().backward()
            optimizer.step()
        with torch.no_grad():
            losses.append(loss(weights, x_test, y_test, double).view(STARTS, -1))
    with torch.no_grad():
        right = (outputs(weights, x_test).argmax(dim=-1) == y_test).double().mean(dim=1).view(STARTS, -1)
    return {"losses": torch.stack(losses), "accuracy": right, "gradient": lengths.view(STARTS, -1)[:, 0]}

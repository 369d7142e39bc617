"""Exhibits of the page on the training loop."""

from functools import cache
from itertools import permutations

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame
from torch import nn
from torch.utils.data import DataLoader

from dlref.engine.exhibit import exhibit
from dlref.exhibits._cars import cars, closed_form, standardized_cars
from dlref.plots import style
from dlref.pytorch.training import TableDataset, evaluate

EPOCHS = [0, 1, 2, 3, 4, 6, 8, 10, 15, 20, 30, 50]
LAST = 100


@cache
def history() -> list[tuple[float, float, float]]:
    """Slope, intercept and loss before training and after each epoch, all of the same state. Slopes are per thousand
    pounds."""
    weight = cars()[0]
    x, y = (torch.tensor(column) for column in standardized_cars())
    model = line()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    found = []
    for _ in range(LAST + 1):
        slope = model.weight.item() / weight.std()
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        found.append((slope, model.bias.item() - slope * weight.mean(), loss.item()))
        loss.backward()
        optimizer.step()
    return found


def line() -> nn.Linear:
    """A line with slope and intercept 0, in double precision."""
    model = nn.Linear(1, 1, dtype=torch.float64)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    return model


@exhibit(
    alt=lambda epoch: (
        "Miles per gallon against weight of 32 cars, with the line of the model after {} epochs: slope {:.2f}, "
        "intercept {:.2f}. A thin dashed line marks the least-squares line."
    ).format(epoch, *history()[epoch][:2]),
    explore={"epoch": EPOCHS},
)
def fitted_line(epoch: int = 4) -> Figure:
    """The line turns and climbs, an epoch at a time, until it lies on the least-squares line (dashed)."""
    weight, mpg = cars()
    figure, axes = style.figure()
    axes.plot(weight, mpg, "o", color=style.INK, markersize=4)
    ends = np.array([1.3, 5.7])
    for (slope, intercept), color, dash in (
        (closed_form(), style.MUTED, (0, (4, 3))),
        (history()[epoch][:2], style.TRAINING, "-"),
    ):
        axes.plot(ends, slope * ends + intercept, color=color, linestyle=dash)
    axes.set(xlabel="weight, thousand pounds", ylabel="miles per gallon", xlim=(1.2, 5.8), ylim=(-1.5, 36))
    return figure


@exhibit(
    alt=lambda epoch: (
        f"Mean squared error over the first 50 epochs, falling steeply and then level. After {epoch} epochs it is "
        f"{history()[epoch][2]:.1f}."
    ),
    explore={"epoch": EPOCHS},
)
def loss_curve(epoch: int = 4) -> Figure:
    """The loss falls fast at first; below the dashed level no line can come."""
    losses = [loss for _, _, loss in history()][: EPOCHS[-1] + 1]
    figure, axes = style.figure()
    axes.axhline(history()[-1][2], color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.semilogy(losses, color=style.TRAINING)
    axes.plot(epoch, losses[epoch], "o", color=style.INK, markersize=6)
    axes.set_yticks([10, 30, 100, 300], ["10", "30", "100", "300"])
    axes.minorticks_off()
    axes.set(xlabel="epoch", ylabel="mean squared error", ylim=(6, 600))
    return figure


@exhibit(explore={"epoch": EPOCHS})
def slope(epoch: int = 4) -> float:
    """Miles per gallon for each thousand pounds more, after the chosen number of epochs."""
    return history()[epoch][0]


@exhibit(explore={"epoch": EPOCHS})
def intercept(epoch: int = 4) -> float:
    """Miles per gallon at weight 0 by the line, after the chosen number of epochs."""
    return history()[epoch][1]


@exhibit(explore={"epoch": EPOCHS})
def chosen(epoch: int = 4) -> int:
    """How many epochs the slider is at."""
    return epoch


@exhibit(digits=4)
def best_slope() -> float:
    """Slope of the least-squares line, from the normal equations."""
    return closed_form()[0]


@exhibit(digits=4)
def best_intercept() -> float:
    """Intercept of the least-squares line, from the normal equations."""
    return closed_form()[1]


@exhibit(over="all 32 cars, from a line of slope and intercept 0")
def reaches_closed_form() -> bool:
    """After 100 epochs, slope and intercept equal those of the normal equations to 1e-6."""
    return bool(np.allclose(history()[LAST][:2], closed_form(), rtol=0, atol=1e-6))


def batch_losses() -> tuple[list[float], list[int]]:
    """Mean loss and size of each batch of ten cars, under the least-squares line."""
    weight, mpg = cars()
    slope, intercept = closed_form()
    squares = (slope * weight + intercept - mpg)[:, 0] ** 2
    batches = np.split(squares, range(10, 32, 10))
    return [float(batch.mean()) for batch in batches], [len(batch) for batch in batches]


@exhibit(digits=4)
def ways_to_average() -> DataFrame:
    """The loss of the best line on 32 cars in batches of 10, 10, 10 and 2, put together in three ways."""
    losses, sizes = batch_losses()
    ways = {
        "mean of the batches' means": sum(losses) / len(losses),
        "sum of the batches' means, over the number of examples": sum(losses) / sum(sizes),
        "each mean times its batch's size, over the number of examples": np.dot(losses, sizes) / sum(sizes),
    }
    weight, mpg = cars()
    slope, intercept = closed_form()
    truth = float(((slope * weight + intercept - mpg) ** 2).mean())
    rows = [(way, value, value / truth) for way, value in ways.items()]
    return DataFrame(rows, columns=["way", "loss", "times the true loss"])


@exhibit(follows="the weight of each batch, which is its number of examples")
def evaluate_is_right() -> bool:
    """`dlref.pytorch.training.evaluate` gives the same loss for all batch sizes, to 1e-9."""
    weight, mpg = cars()
    model = line()
    with torch.no_grad():
        model.weight.fill_(closed_form()[0])
        model.bias.fill_(closed_form()[1])
    dataset = TableDataset(weight, mpg)
    losses = [evaluate(model, DataLoader(dataset, batch_size=size), nn.MSELoss()) for size in range(1, 33)]
    return bool(np.ptp(losses) < 1e-9)


def network(seed: int) -> nn.Sequential:
    """A network with one hidden layer, started at random."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1)).double()


def in_order(calls: tuple[str, ...], model: nn.Module, learning_rate: float) -> tuple[float, str]:
    """The loss on the cars after 100 forward passes, each followed by these calls, and what became of the training."""
    x, y = (torch.tensor(column) for column in standardized_cars())
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    before, start = nn.functional.mse_loss(model(x), y).item(), [p.detach().clone() for p in model.parameters()]
    try:
        for _ in range(100):
            loss = nn.functional.mse_loss(model(x), y)
            does = {"zero_grad": optimizer.zero_grad, "backward": loss.backward, "step": optimizer.step}
            for call in calls:
                does[call]()
    except RuntimeError:
        return before, "error"
    after = nn.functional.mse_loss(model(x), y).item()
    if all(map(torch.equal, start, model.parameters())):
        return after, "unchanged"
    return after, "learns" if after < before / 2 else "other"


WHY = [
    "as on this page",
    "a step without gradients does nothing",
    "the gradients are gone before the step",
    "as on this page, cleared a call later",
    "each step has the gradients of the pass before",
    "the gradients are gone before the next step",
]


@exhibit(digits=2)
def orders() -> DataFrame:
    """The six orders of three calls after each forward pass: the loss of the line after 100 passes, and what becomes of
    a network with a hidden layer."""
    rows = []
    for calls, why in zip(permutations(["zero_grad", "backward", "step"]), WHY, strict=True):
        loss, _ = in_order(calls, line(), 0.1)
        rows.append((", ".join(calls), loss, in_order(calls, network(0), 0.01)[1], why))
    return DataFrame(rows, columns=["order", "line: loss", "network", "why"])


@exhibit(over="100 steps from 20 random starts of the network")
def orders_hold() -> bool:
    """`zero_grad` first and `zero_grad` last learn; `step` first is refused; in the other three orders no parameter
    ever moves."""
    expected = ["learns", "unchanged", "unchanged", "learns", "error", "unchanged"]
    calls = list(permutations(["zero_grad", "backward", "step"]))
    return all([in_order(c, network(seed), 0.01)[1] for c in calls] == expected for seed in range(20))

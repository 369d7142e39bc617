"""Exhibits of the page on tensors."""

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits._cars import cars, closed_form
from dlref.plots import style

CREATION = [
    "torch.tensor([1, 2])",
    "torch.tensor([1.0, 2.0])",
    "torch.tensor([True, False])",
    "torch.zeros(2, 3)",
    "torch.arange(3)",
    "torch.arange(3) / 2",
    "torch.from_numpy(np.array([0.5]))",
    "torch.tensor([1.0]).half()",
]
SHOWN = ["Mazda RX4", "Datsun 710", "Hornet Sportabout", "Fiat 128"]


@exhibit()
def dtypes() -> DataFrame:
    """The type follows from what a tensor is made of. Python's floats become 32-bit numbers, NumPy's stay at 64."""
    tensors = {f"`{code}`": eval(code, {"torch": torch, "np": np}) for code in CREATION}
    rows = [(name, str(t.dtype).removeprefix("torch."), t.element_size()) for name, t in tensors.items()]
    return DataFrame(rows, columns=["made by", "dtype", "bytes a number"])


def predictions() -> tuple[torch.Tensor, torch.Tensor]:
    """Miles per gallon by the best line, of shape (32, 1), and as measured, of shape (32,)."""
    weight, mpg = cars()
    slope, intercept = closed_form()
    return torch.tensor(slope * weight + intercept), torch.tensor(mpg[:, 0])


@exhibit(
    alt="A grid of 4 by 4 differences between predicted and measured miles per gallon. The four on the diagonal, each "
    "of a car with itself, are outlined; the other twelve compare different cars and are mostly larger."
)
def differences() -> Figure:
    """Four predictions in a column less four targets in a row: 16 differences, of which only the diagonal is meant."""
    from dlref.datasets import mtcars

    places = [mtcars().index.get_loc(name) for name in SHOWN]
    y_pred, y_true = predictions()
    grid = (y_pred[places] - y_true[places]).numpy()
    figure, axes = style.figure(4.6, 3.2)
    axes.pcolormesh(grid, cmap=style.diverging(), vmin=-22, vmax=22)
    for (row, column), value in np.ndenumerate(grid):
        weight = "semibold" if row == column else "regular"
        axes.text(column + 0.5, row + 0.5, f"{value:+.1f}".replace("-", "−"), ha="center", va="center", weight=weight)
    middles = np.arange(4) + 0.5
    axes.plot(middles, middles, "s", markersize=38, markerfacecolor="none", markeredgecolor=style.INK)
    short = [f"{y:.1f}" for y in y_true[places]]
    rows = [f"{name.replace(' Sportabout', '')}\n{y:.1f}" for name, y in zip(SHOWN, y_pred[places, 0], strict=True)]
    axes.set(xticks=middles, yticks=middles, ylim=(4, 0), xticklabels=short, yticklabels=rows)
    axes.set(xlabel="measured, miles per gallon", ylabel="predicted")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return figure


@exhibit(digits=3)
def right_loss() -> float:
    """Mean squared error of the best line on the 32 cars, both sides of shape (32, 1)."""
    y_pred, y_true = predictions()
    return torch.nn.functional.mse_loss(y_pred, y_true.reshape(-1, 1)).item()


@exhibit(digits=3)
def wrong_loss() -> float:
    """The mean of all 32 · 32 squared differences, which is what shapes (32, 1) and (32,) give."""
    y_pred, y_true = predictions()
    return ((y_pred - y_true) ** 2).mean().item()


def trained(broadcast: bool, start: float = 0.0) -> tuple[float, float]:
    """Slope and intercept after training with the right loss, or with the broadcast one, from one start for both."""
    from dlref.exhibits._cars import standardized_cars

    x, mpg = (torch.tensor(column) for column in standardized_cars())
    targets = mpg[:, 0] if broadcast else mpg
    weights = torch.full((2, 1), start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([weights], lr=0.1)
    for _ in range(200):
        optimizer.zero_grad()
        loss = ((x @ weights[:1] + weights[1] - targets) ** 2).mean()
        loss.backward()
        optimizer.step()
    weight = cars()[0]
    slope = weights[0].item() / weight.std()
    return slope, weights[1].item() - slope * weight.mean()


@exhibit(
    alt="Miles per gallon against weight of 32 cars with two trained lines. The line from the right loss falls with "
    "the weight, through the points; the line from the broadcast loss is level at the mean."
)
def broadcast_line() -> Figure:
    """Trained on the broadcast loss, the model learns the mean: weight no longer matters to it."""
    weight, mpg = cars()
    figure, axes = style.figure(4.6, 3.2)
    axes.plot(weight, mpg, "o", color=style.MUTED, markersize=4)
    ends = np.array([1.4, 5.5])
    lines = ("right", style.BLUE, "-", (1.95, 30)), ("broadcast", style.ORANGE, (0, (5, 2)), (4.7, 21))
    for name, color, dash, place in lines:
        slope, intercept = trained(broadcast=name == "broadcast")
        axes.plot(ends, slope * ends + intercept, color=color, linestyle=dash)
        axes.annotate(name, place, color=color)
    axes.set(xlabel="weight, thousand pounds", ylabel="miles per gallon", ylim=(6, 36))
    return figure


@exhibit(over="trainings of 200 steps on 32 cars from 11 starts, slope and intercept from −50 to 50")
def learns_the_mean() -> bool:
    """The line trained on the broadcast loss has a slope below 1e-9 and the mean as its intercept."""
    lines = [trained(True, start) for start in range(-50, 51, 10)]
    return all(abs(slope) < 1e-9 and abs(intercept - cars()[1].mean()) < 1e-9 for slope, intercept in lines)

"""Exhibits of the page on saving and loading."""

import tempfile
from pathlib import Path

import torch
from matplotlib.figure import Figure
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader

from dlref.engine.exhibit import exhibit
from dlref.engine.trained import trained
from dlref.plots import style
from dlref.pytorch.checkpoints import load_checkpoint, save_checkpoint
from dlref.pytorch.networks import MLP
from dlref.pytorch.training import TableDataset, train_epoch

BEFORE, AFTER, STARTS = 8, 6, 10


def start(seed: int) -> dict:
    """A new run: a network with dropout, Adam, a rate that falls to a tenth every six epochs, a shuffling loader."""
    images, labels = load_digits(return_X_y=True)
    torch.manual_seed(seed)
    model = MLP([64, 32, 10], dropout=0.2).double()
    generator = torch.Generator().manual_seed(seed)
    loader = DataLoader(TableDataset(images / 16, labels), 64, shuffle=True, generator=generator)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.03)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 6)
    return {"model": model, "loader": loader, "optimizer": optimizer, "scheduler": scheduler, "generator": generator}


def go_on(run: dict, epochs: int) -> list[float]:
    """Train for some epochs more; the loss of each."""
    losses = []
    for _ in range(epochs):
        losses.append(train_epoch(run["model"], run["loader"], nn.CrossEntropyLoss(), run["optimizer"]))
        run["scheduler"].step()
    return losses


@trained
def runs(seed: int) -> dict[str, list[float]]:
    """Losses of an uninterrupted run, of one resumed from a checkpoint, and of one with its parameters alone."""
    run, other = start(seed), start(seed + 100)
    losses = go_on(run, BEFORE)
    bare = start(seed + 200)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.pt"
        extras = {name: run[name] for name in ("scheduler", "generator")}
        save_checkpoint(path, run["model"], run["optimizer"], epoch=BEFORE, **extras)
        bare["model"].load_state_dict(run["model"].state_dict())
        losses += go_on(run, AFTER)
        extras = {name: other[name] for name in ("scheduler", "generator")}
        load_checkpoint(path, other["model"], other["optimizer"], **extras)
        resumed = go_on(other, AFTER)
    return {"uninterrupted": losses, "resumed": resumed, "bare": go_on(bare, AFTER)}


@exhibit(
    alt="Training loss over 14 epochs, falling. From epoch 9 on, the points of the run resumed from a checkpoint lie "
    "exactly on the line of the uninterrupted run; a dashed line, resumed with the parameters alone, starts higher."
)
def resumed() -> Figure:
    """Resumed from a checkpoint (circles), a run repeats the uninterrupted one. With parameters alone the rate is that
    of the beginning again, and Adam's means are empty: the loss jumps."""
    losses = runs(0)
    epochs = range(1, BEFORE + AFTER + 1)
    figure, axes = style.figure(4.6, 3.3)
    axes.semilogy(epochs, losses["uninterrupted"], color=style.TRAINING, label="uninterrupted")
    marker = {"color": style.INK, "markersize": 5, "markerfacecolor": "none"}
    axes.plot(epochs[BEFORE:], losses["resumed"], "o", **marker, label="from a checkpoint")
    axes.plot(epochs[BEFORE:], losses["bare"], color=style.ORANGE, linestyle=(0, (5, 2)), label="parameters alone")
    axes.axvline(BEFORE + 0.5, color=style.MUTED, linewidth=0.8)
    axes.text(BEFORE + 0.3, 1.1, "interrupted", color=style.MUTED, ha="right", fontsize=9.5)
    axes.set_yticks([0.1, 0.2, 0.5, 1], ["0.1", "0.2", "0.5", "1"])
    axes.minorticks_off()
    axes.set(xlabel="epoch", ylabel="training loss", xticks=range(0, 15, 2), ylim=(0.09, 1.6))
    axes.legend(loc="upper right", bbox_to_anchor=(1, 0.88))
    return figure


@exhibit(over="10 runs")
def resumes_exactly() -> bool:
    """All 6 losses after the interruption equal those of the uninterrupted run, to a millionth."""
    pairs = [(run["resumed"], run["uninterrupted"][BEFORE:]) for run in map(runs, range(STARTS))]
    return all(abs(a / b - 1) < 1e-6 for ours, theirs in pairs for a, b in zip(ours, theirs, strict=True))


@exhibit(over="10 runs")
def parameters_jump() -> bool:
    """Resumed with the parameters alone, the loss of the first epoch is above the last one before the interruption, and
    above that of the run resumed from the checkpoint."""
    found = [(run["bare"][0], run["resumed"][0], run["uninterrupted"][BEFORE - 1]) for run in map(runs, range(STARTS))]
    return all(bare > last and bare > resumed for bare, resumed, last in found)

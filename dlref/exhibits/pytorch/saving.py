"""Exhibits of the page on saving and loading."""

import tempfile
from functools import cache
from pathlib import Path

import torch
from matplotlib.figure import Figure
from torch import nn
from torch.utils.data import DataLoader

from dlref.engine.exhibit import exhibit
from dlref.exhibits._heart_tables import heart_tables
from dlref.plots import style
from dlref.pytorch.checkpoints import load_checkpoint, save_checkpoint
from dlref.pytorch.networks import MLP
from dlref.pytorch.training import TableDataset, fit

BEFORE, AFTER = 8, 12


def start(seed: int):
    """A new run: a network with dropout, Adam, and a loader that shuffles."""
    x, y, _, _ = heart_tables()
    torch.manual_seed(seed)
    model = MLP([x.shape[1], 32, 1], dropout=0.3)
    generator = torch.Generator().manual_seed(seed)
    loader = DataLoader(TableDataset(x, y), 64, shuffle=True, generator=generator)
    return model, loader, torch.optim.Adam(model.parameters(), lr=0.003), generator


@cache
def runs() -> tuple[list[float], list[float], list[float]]:
    """Losses of a run of 20 epochs, of one resumed after 8 from a checkpoint, and of one with its parameters alone."""
    model, loader, optimizer, generator = start(seed=0)
    losses = fit(model, loader, nn.BCEWithLogitsLoss(), optimizer, epochs=BEFORE).train_loss
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.pt"
        save_checkpoint(path, model, optimizer, epoch=BEFORE, generator=generator)
        parameters = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        losses += fit(model, loader, nn.BCEWithLogitsLoss(), optimizer, epochs=AFTER).train_loss

        model, loader, optimizer, generator = start(seed=1)
        load_checkpoint(path, model, optimizer, generator=generator)
        resumed = fit(model, loader, nn.BCEWithLogitsLoss(), optimizer, epochs=AFTER).train_loss

    model, loader, optimizer, _ = start(seed=1)
    model.load_state_dict(parameters)
    bare = fit(model, loader, nn.BCEWithLogitsLoss(), optimizer, epochs=AFTER).train_loss
    return losses, resumed, bare


@exhibit(
    alt="Training loss over 20 epochs. From epoch 9 on, the points of the run resumed from a checkpoint lie exactly on "
    "the line of the uninterrupted run; a dashed line, resumed with the parameters alone, runs close by but not on it."
)
def resumed() -> Figure:
    """Resumed from a checkpoint (circles), a run repeats the uninterrupted one; with parameters alone it does not."""
    losses, again, bare = runs()
    epochs = range(1, BEFORE + AFTER + 1)
    figure, axes = style.figure(4.6, 3.3)
    axes.plot(epochs, losses, color=style.TRAINING, label="uninterrupted")
    axes.plot(
        epochs[BEFORE:], again, "o", color=style.INK, markersize=5, markerfacecolor="none", label="from a checkpoint"
    )
    axes.plot(epochs[BEFORE:], bare, color=style.ORANGE, linestyle=(0, (5, 2)), label="parameters alone")
    axes.axvline(BEFORE + 0.5, color=style.MUTED, linewidth=0.8)
    axes.text(BEFORE + 0.3, 0.7, "interrupted", color=style.MUTED, ha="right", fontsize=9.5)
    axes.set(xlabel="epoch", ylabel="training loss", xticks=range(0, 21, 4), ylim=(0.25, 0.75))
    axes.legend(loc="upper right")
    return figure


@exhibit()
def resumes_exactly() -> bool:
    """All 12 losses after the interruption are equal to those of the uninterrupted run, to the last bit."""
    losses, again, bare = runs()
    return again == losses[BEFORE:] and bare != losses[BEFORE:]

"""Handwritten digits somewhere in a larger picture, and three kinds of networks that read them."""

from functools import cache
from itertools import accumulate

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from dlref.engine.trained import trained
from dlref.exhibits._digits import digits_split
from dlref.pytorch.training import fit

SIZE = 16
COPIES = 3


def shifted(images: np.ndarray, generator: np.random.Generator, size: int = SIZE) -> np.ndarray:
    """Each digit at a random place on a sheet of size × size pixels, with a little noise."""
    sheets = generator.normal(0, 0.1, (len(images), size, size)).astype(np.float32)
    for sheet, image in zip(sheets, images, strict=True):
        down, across = generator.integers(0, size - 8 + 1, 2)
        sheet[down : down + 8, across : across + 8] += image
    return sheets.clip(0, 1)


@cache
def shifted_digits() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Sheets and digits: each training digit at three places, each held-out digit at one."""
    train, test, y_train, y_test = digits_split()
    generator = np.random.default_rng(0)
    sheets = [shifted(train.repeat(COPIES, axis=0), generator), shifted(test, generator)]
    return *map(torch.tensor, sheets), torch.tensor(y_train.repeat(COPIES)), torch.tensor(y_test)


class RowReader(nn.Module):
    """A recurrent network that reads the sheet row by row."""

    def __init__(self, hidden: int = 64):
        super().__init__()
        self.rnn = nn.GRU(SIZE, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 10)

    def forward(self, x: Tensor) -> Tensor:
        _, last = self.rnn(x)
        return self.out(last[0])


def new_network(kind: str) -> nn.Module:
    """An untrained network of one kind."""
    if kind == "fully connected":
        return nn.Sequential(nn.Flatten(), nn.Linear(SIZE * SIZE, 64), nn.ReLU(), nn.Linear(64, 10))
    if kind == "recurrent":
        return RowReader()
    widths = [(1, 8), (8, 16), (16, 32)]
    layers = [nn.Sequential(nn.Conv2d(*width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)) for width in widths]
    return nn.Sequential(nn.Unflatten(1, (1, SIZE)), *layers, nn.Flatten(), nn.Linear(32 * 4, 10))


@trained
def network_state(kind: str) -> dict:
    """What a network of one kind has learned."""
    torch.manual_seed(0)
    sheets, _, labels, _ = shifted_digits()
    model = new_network(kind)
    optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
    fit(
        model,
        DataLoader(TensorDataset(sheets, labels), batch_size=64, shuffle=True),
        nn.CrossEntropyLoss(),
        optimizer,
        epochs=12,
    )
    return model.state_dict()


@cache
def network(kind: str) -> nn.Module:
    """A trained network of one kind."""
    model = new_network(kind)
    model.load_state_dict(network_state(kind))
    return model.eval()


@torch.no_grad()
def held_out_accuracy(kind: str) -> float:
    """Share of the held-out sheets that a network reads rightly."""
    _, sheets, _, labels = shifted_digits()
    return (network(kind)(sheets).argmax(dim=1) == labels).float().mean().item()


@torch.no_grad()
def activations(sheets: Tensor) -> list[Tensor]:
    """What each stage of the convolutional network gives: the sheet, three layers after pooling."""
    return list(accumulate(list(network("convolutional"))[:4], lambda x, layer: layer(x), initial=sheets))[1:]

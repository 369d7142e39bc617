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
KINDS = ("fully connected", "convolutional", "recurrent")


def shifted(images: np.ndarray, generator: np.random.Generator, size: int = SIZE) -> np.ndarray:
    """Each digit at a random place on a sheet of size × size pixels, with a little noise."""
    sheets = generator.normal(0, 0.1, (len(images), size, size)).astype(np.float32)
    for sheet, image in zip(sheets, images, strict=True):
        down, across = generator.integers(0, size - 8 + 1, 2)
        sheet[down : down + 8, across : across + 8] += image
    return sheets.clip(0, 1)


@cache
def shifted_digits(seed: int = 0) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Sheets and digits: each training digit at three places, each held-out digit at one."""
    train, test, y_train, y_test = digits_split(seed)
    generator = np.random.default_rng(seed)
    sheets = [shifted(train.repeat(COPIES, axis=0), generator), shifted(test, generator)]
    # In float64 a training of this length comes out alike on every processor, in float32 it does not.
    return *(torch.tensor(part).double() for part in sheets), torch.tensor(y_train.repeat(COPIES)), torch.tensor(y_test)


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
def network_state(kind: str, seed: int) -> dict:
    """What a network of one kind has learned, from one draw of the sheets and one start."""
    torch.manual_seed(seed)
    sheets, _, labels, _ = shifted_digits(seed)
    model = new_network(kind).double()
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
def network(kind: str, seed: int = 0) -> nn.Module:
    """A trained network of one kind."""
    model = new_network(kind).double()
    model.load_state_dict(network_state(kind, seed))
    return model.eval()


@torch.no_grad()
def right(kind: str, seed: int, *, held_out: bool) -> float:
    """Share of the sheets that a network reads rightly: of those it has learned from, or of those held out."""
    train, test, y_train, y_test = shifted_digits(seed)
    sheets, labels = (test, y_test) if held_out else (train, y_train)
    return (network(kind, seed)(sheets).argmax(dim=1) == labels).float().mean().item()


@torch.no_grad()
def activations(sheets: Tensor, seed: int = 0) -> list[Tensor]:
    """What each stage of the convolutional network gives: the sheet, three layers after pooling."""
    stages = list(network("convolutional", seed))[:4]
    return list(accumulate(stages, lambda x, layer: layer(x), initial=sheets))[1:]


@torch.no_grad()
def responses(layer: int, seed: int = 0) -> np.ndarray:
    """How strongly each unit of a layer responds at each place of each held-out sheet, before pooling."""
    below = activations(shifted_digits(seed)[1], seed)[layer - 1]
    return network("convolutional", seed)[layer][:2](below).numpy()


def favorites(layer: int, seed: int = 0) -> list[np.ndarray]:
    """Of each unit that responds at all: the held-out sheets to which it responds most, strongest first."""
    strongest = responses(layer, seed).max(axis=(2, 3))
    return [np.argsort(-unit, kind="stable") if unit.max() > 0 else np.array([], int) for unit in strongest.T]


def agreement(layer: int, seed: int) -> float:
    """Of the ten sheets to which a unit responds most, the share with the commonest digit; mean over the units."""
    labels = shifted_digits(seed)[3].numpy()
    lists = favorites(layer, seed)
    return float(np.mean([np.bincount(labels[sheets[:10]]).max() / 10 for sheets in lists if len(sheets)]))


def chance_agreement(seed: int, draws: int = 2000) -> float:
    """The same share where ten held-out sheets are drawn at random."""
    labels, generator = shifted_digits(seed)[3].numpy(), np.random.default_rng(seed)
    return float(np.mean([np.bincount(generator.choice(labels, 10, replace=False)).max() for _ in range(draws)]) / 10)


def probe(layer: int, seed: int) -> float:
    """Held-out accuracy of a linear classifier on what a layer gives; layer 0 is the sheet itself."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    train, test, y_train, y_test = shifted_digits(seed)
    features, held_out = (activations(sheets, seed)[layer].flatten(1).numpy() for sheets in (train, test))
    linear = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000))
    return float(linear.fit(features, y_train).score(held_out, y_test))


def layer_measures(seed: int) -> dict[str, float]:
    """What one training of each kind of network gives: accuracies, linear probes, how choosy the units are."""
    kinds = {
        f"{kind}, {part}": right(kind, seed, held_out=part == "held-out")
        for kind in KINDS
        for part in ("training", "held-out")
    }
    probes = {f"probe of layer {layer}": probe(layer, seed) for layer in range(4)}
    choosy = {f"agreement in layer {layer}": agreement(layer, seed) for layer in (1, 2, 3)}
    return {**kinds, **probes, **choosy, "agreement by chance": chance_agreement(seed)}

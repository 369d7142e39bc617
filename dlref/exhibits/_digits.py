"""scikit-learn's handwritten digits, split once, and the small convolutional network that reads them."""

from functools import cache

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from dlref.engine.trained import trained
from dlref.pytorch.training import fit


@cache
def digits_split(seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Pictures of shape (n, 8, 8) 0 paper and 1 ink, and labels: training, held-out, then the labels of both."""
    data = load_digits()
    images = (data.images / 16).astype(np.float32)
    return train_test_split(images, data.target, test_size=500, stratify=data.target, random_state=seed)


def digit_reader() -> nn.Module:
    """Two convolutional layers and two dense ones.

    In float64: there a training of this length comes out alike on every processor, in float32 it does not.
    """
    return nn.Sequential(
        nn.Unflatten(1, (1, 8)),
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(32 * 16, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    ).double()


@trained
def digit_reader_state(seed: int) -> dict:
    """What the network has learned from the training pictures of one split, from one start."""
    torch.manual_seed(seed)
    images, _, labels, _ = digits_split(seed)
    model = digit_reader()
    loader = DataLoader(TensorDataset(torch.tensor(images).double(), torch.tensor(labels)), batch_size=32, shuffle=True)
    fit(model, loader, nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr=2e-3), epochs=12)
    return model.state_dict()


def read(images: np.ndarray, seed: int = 0) -> np.ndarray:
    """The probability of each digit in pictures of shape (n, 8, 8), from the trained network."""
    model = digit_reader()
    model.load_state_dict(digit_reader_state(seed))
    with torch.no_grad():
        return model(torch.as_tensor(images).double()).softmax(dim=1).numpy()


@cache
def digit_probabilities(seed: int = 0) -> np.ndarray:
    """For each held-out picture, the probability of each digit."""
    return read(digits_split(seed)[1], seed)


def digit_accuracies(seed: int) -> dict[str, float]:
    """Held-out accuracy of the network, of two classical methods, and of one answer for all, on one split."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier

    train, test, y_train, y_test = digits_split(seed)
    flat, flat_test = train.reshape(len(train), -1), test.reshape(len(test), -1)
    classical = {
        "logistic regression": LogisticRegression(max_iter=2000),
        "nearest neighbor": KNeighborsClassifier(1),
    }
    commonest = np.mean(y_test == np.bincount(y_train).argmax())
    network = np.mean(digit_probabilities(seed).argmax(axis=1) == y_test)
    found = {name: model.fit(flat, y_train).score(flat_test, y_test) for name, model in classical.items()}
    return {"always the commonest digit": commonest, **found, "convolutional network": network}

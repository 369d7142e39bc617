"""Exhibits of the page on evaluating a model."""

from functools import cache

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame
from torch import nn
from torch.utils.data import DataLoader

from dlref.activations import sigmoid
from dlref.engine.exhibit import exhibit
from dlref.exhibits._heart_tables import heart_tables
from dlref.plots import style
from dlref.pytorch.networks import MLP, parameter_count
from dlref.pytorch.training import TableDataset, fit, predict

NODES = [1, 2, 3, 8, 32, 128]
EPOCHS = 1000
NOISE = 0.3**2  # the least loss that a model can have on new points


def noisy_sine(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of sin(2x) with normal noise of standard deviation 0.3; its square is the least loss on new points."""
    generator = np.random.default_rng(seed)
    x = generator.uniform(-3, 3, (count, 1))
    return x, np.sin(2 * x) + generator.normal(0, 0.3, (count, 1))


@cache
def trained(nodes: int):
    """A network of two hidden layers of that many nodes, and its history on 40 points, with 200 others to validate."""
    # All points in one batch: a list of one pair does for a loader, and is faster.
    training, validation = ([TableDataset(*noisy_sine(n, seed))[:]] for n, seed in ((40, 0), (200, 1)))
    torch.manual_seed(0)
    model = MLP([1, nodes, nodes, 1], activation=nn.Tanh)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    return model, fit(model, training, nn.MSELoss(), optimizer, epochs=EPOCHS, validation_loader=validation)


@exhibit(
    alt=lambda nodes: (
        f"40 noisy points of a sine wave and the curve of a network with two hidden layers of {nodes} "
        f"node{'s' * (nodes > 1)}, trained on them. A thin dashed line marks the sine."
    ),
    explore={"nodes": NODES},
)
def fitted_curve(nodes: int = 3) -> Figure:
    """Training points, the sine (dashed) and the network (line). Too few nodes cannot bend enough; too many bend
    towards single points.
    """
    x, y = noisy_sine(40, 0)
    grid = np.linspace(-3, 3, 241)[:, None]
    figure, axes = style.figure()
    axes.plot(grid, np.sin(2 * grid), color=style.MUTED, linewidth=1.1, linestyle=(0, (4, 3)))
    axes.plot(x, y, "o", color=style.INK, markersize=4)
    axes.plot(grid, predict(trained(nodes)[0], grid), color=style.TRAINING)
    axes.set(xlabel="x", ylabel="y", xlim=(-3.1, 3.1), ylim=(-2.1, 2.1))
    return figure


@exhibit(
    alt=lambda nodes: (
        "Training and validation loss over 1000 epochs. At the end the training loss is "
        f"{trained(nodes)[1].train_loss[-1]:.2f} and the validation loss {trained(nodes)[1].validation_loss[-1]:.2f}."
    ),
    explore={"nodes": NODES},
)
def curves(nodes: int = 3) -> Figure:
    """Overfitting is a validation loss that turns and rises while the training loss goes on falling."""
    history = trained(nodes)[1]
    figure, axes = style.figure()
    epochs = np.arange(1, EPOCHS + 1)
    axes.axhline(NOISE, color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.text(1, 0.093, "noise", color=style.MUTED, va="bottom", fontsize=9.5)
    axes.loglog(epochs[::5], history.train_loss[::5], color=style.TRAINING, label="training")
    axes.loglog(
        epochs[::5], history.validation_loss[::5], color=style.VALIDATION, linestyle=(0, (5, 2)), label="validation"
    )
    axes.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    axes.set_yticks([0.03, 0.1, 0.3, 1, 3], ["0.03", "0.1", "0.3", "1", "3"])
    axes.minorticks_off()
    axes.set(xlabel="epoch", ylabel="mean squared error", ylim=(0.025, 8))
    axes.legend(loc="lower left", bbox_to_anchor=(0, 0))
    return figure


@exhibit(digits=3)
def by_capacity() -> DataFrame:
    """Loss after 1000 epochs by nodes a layer: on training data it falls as the network grows; on validation data it
    turns."""
    rows = []
    for nodes in NODES:
        model, history = trained(nodes)
        rows.append((nodes, parameter_count(model), history.train_loss[-1], history.validation_loss[-1]))
    return DataFrame(rows, columns=["nodes", "parameters", "training", "validation"])


@exhibit()
def larger_overfits() -> bool:
    """From 3 to 128 nodes the training loss falls by more than half and the validation loss rises."""
    (_, small), (_, large) = trained(3), trained(128)
    falls = large.train_loss[-1] < small.train_loss[-1] / 2
    return falls and large.validation_loss[-1] > small.validation_loss[-1]


@exhibit()
def three_regimes() -> bool:
    """With 1 node both losses end above three times the noise. With 3 nodes both end within twice the noise. With 128
    the training loss ends below the noise, and the validation loss 1.5 times above its own minimum."""
    small, right, large = (trained(nodes)[1] for nodes in (1, 3, 128))
    return (
        min(small.train_loss[-1], small.validation_loss[-1]) > 3 * NOISE
        and max(right.train_loss[-1], right.validation_loss[-1]) < 2 * NOISE
        and large.train_loss[-1] < NOISE
        and large.validation_loss[-1] > 1.5 * min(large.validation_loss)
    )


@cache
def heart_network(dropout: float, batch_norm: bool) -> MLP:
    """A network trained on the heart data, with dropout or with batch norm."""
    x, y, _, _ = heart_tables()
    torch.manual_seed(0)
    model = MLP([x.shape[1], 32, 1], dropout=dropout, batch_norm=batch_norm)
    loader = DataLoader(TableDataset(x, y), 32, shuffle=True, generator=torch.Generator().manual_seed(0))
    fit(model, loader, nn.BCEWithLogitsLoss(), torch.optim.Adam(model.parameters(), lr=0.003), epochs=10)
    return model


@cache
def patient() -> int:
    """The place of the held-out patient about whom the network with dropout is least decided."""
    return int(np.abs(predict(heart_network(0.5, False), heart_tables()[2])).argmin())


def in_training_mode(model: MLP) -> np.ndarray:
    """The probability for this patient, asked 200 times in training mode, each time among 15 others."""
    x = torch.tensor(heart_tables()[2])
    others = np.delete(np.arange(len(x)), patient())
    generator = np.random.default_rng(1)
    torch.manual_seed(2)
    model.train()
    batches = [x[[patient(), *generator.choice(others, 15, replace=False)]] for _ in range(200)]
    with torch.no_grad():
        return np.array([model(batch)[0].sigmoid().item() for batch in batches])


def in_evaluation_mode(model: MLP) -> float:
    """The probability for the same patient in evaluation mode."""
    return sigmoid(predict(model, heart_tables()[2])[patient(), 0]).item()


@exhibit(
    alt="Two strips of 200 points, one for a network with dropout, one for a network with batch norm: predicted "
    "probabilities of one and the same patient in training mode, widely spread. A bar marks the one value that each "
    "network gives in evaluation mode."
)
def same_patient() -> Figure:
    """One patient, asked 200 times: in training mode (points) the answer depends on chance or on the rest of the batch;
    in evaluation mode (bar) it is one number."""
    figure, axes = style.figure()
    jitter = np.random.default_rng(0).uniform(-0.2, 0.2, 200)
    for place, options in enumerate(((0.5, False), (0.0, True))):
        # Evaluation first: training mode moves the running means of batch norm.
        model = heart_network(*options)
        value = in_evaluation_mode(model)
        axes.plot(place + jitter, in_training_mode(model), "o", markersize=3, color=style.TRAINING)
        axes.plot((place - 0.32, place + 0.32), (value, value), color=style.VALIDATION, linewidth=2.4)
        axes.annotate(f"{value:.2f}", (place + 0.34, value), color=style.VALIDATION, va="center")
    axes.set(xticks=(0, 1), xticklabels=("dropout", "batch norm"), xlim=(-0.5, 1.5), ylim=(0, 1))
    axes.set(ylabel="predicted probability of disease")
    axes.tick_params(axis="x", length=0)
    return figure


@exhibit(digits=2)
def spread_with_dropout() -> float:
    """Standard deviation of the 200 answers of the network with dropout in training mode."""
    return float(in_training_mode(heart_network(0.5, False)).std())


@exhibit()
def eval_is_steady() -> bool:
    """In evaluation mode the network with batch norm gives a patient the same logit alone and among others."""
    model, x = heart_network(0.0, True), heart_tables()[2]
    return bool(np.isclose(predict(model, x[:1])[0, 0], predict(model, x)[0, 0], rtol=0, atol=1e-5))

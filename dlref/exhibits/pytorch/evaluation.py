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
from dlref.exhibits.pytorch._overfitting import EPOCHS, GRID, MEASURED, RUNS, drawn, fits
from dlref.plots import style
from dlref.pytorch.networks import MLP, parameter_count
from dlref.pytorch.training import TableDataset, fit, predict

NODES = [1, 2, 4, 8, 32, 64]
NOISE = 0.3**2  # the least loss that a model can have on new points
TWENTY = f"{RUNS} runs, each with its own points and start"


def median(nodes: int, part: str) -> np.ndarray:
    """Median over the runs of the training or validation loss, at each moment measured."""
    return np.median(fits(nodes)[part].numpy(), axis=1)


@exhibit(
    alt=lambda nodes: (
        f"40 noisy points of a sine wave and the curve of a network with two hidden layers of {nodes} "
        f"node{'s' * (nodes > 1)}, trained on them. A thin dashed line marks the sine."
    ),
    explore={"nodes": NODES},
)
def fitted_curve(nodes: int = 4) -> Figure:
    """The first run: training points, the sine (dashed) and the network (line). Too few nodes cannot bend enough; too
    many bend towards single points.
    """
    x, y = (part[0] for part in drawn()[:2])
    figure, axes = style.figure()
    axes.plot(GRID, np.sin(2 * GRID), color=style.MUTED, linewidth=1.1, linestyle=(0, (4, 3)))
    axes.plot(x, y, "o", color=style.INK, markersize=4)
    axes.plot(GRID, fits(nodes)["curve"], color=style.TRAINING)
    axes.set(xlabel="x", ylabel="y", xlim=(-3.1, 3.1), ylim=(-2.1, 2.1))
    return figure


@exhibit(
    alt=lambda nodes: (
        f"Training and validation loss over {EPOCHS} epochs, medians of {RUNS} runs in bands. At the end the training "
        f"loss is {median(nodes, 'training')[-1] / NOISE:.1f} times the noise and the validation loss "
        f"{median(nodes, 'validation')[-1] / NOISE:.1f} times."
    ),
    explore={"nodes": NODES},
    over=TWENTY,
)
def curves(nodes: int = 4) -> Figure:
    """Both losses after the same epoch: medians of 20 runs, in bands that leave out the two highest and lowest.
    Overfitting is a validation loss that turns and rises while the training loss goes on falling.
    """
    figure, axes = style.figure()
    axes.axhline(NOISE, color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.text(1, 0.093, "noise", color=style.MUTED, va="bottom", fontsize=9.5)
    for part, color, dash in (("training", style.TRAINING, "-"), ("validation", style.VALIDATION, (0, (5, 2)))):
        axes.loglog(MEASURED, median(nodes, part), color=color, linestyle=dash, label=part)
        band = np.sort(fits(nodes)[part].numpy(), axis=1)[:, [2, -3]].T
        axes.fill_between(MEASURED, *band, color=style.tint(color, 0.25), linewidth=0, zorder=0)
    axes.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    axes.set_yticks([0.03, 0.1, 0.3, 1, 3], ["0.03", "0.1", "0.3", "1", "3"])
    axes.minorticks_off()
    axes.set(xlabel="epoch", ylabel="mean squared error", xlim=(1, EPOCHS), ylim=(0.012, 3))
    axes.legend(loc="lower left")
    return figure


def lowest(nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """For each run the lowest validation loss on the way, and the epoch of it."""
    losses = fits(nodes)["validation"].numpy()
    return losses.min(axis=0), np.array(MEASURED)[losses.argmin(axis=0)]


@exhibit(digits=1, over=TWENTY)
def by_capacity() -> DataFrame:
    """By nodes per layer, medians of 20 runs, in multiples of the noise: loss after the last epoch on training and
    validation data, and the lowest validation loss on the way, with its epoch to two digits.
    """
    rows = []
    for nodes in NODES:
        least, epochs = lowest(nodes)
        ends = [median(nodes, part)[-1] / NOISE for part in ("training", "validation")]
        epoch = int(float(f"{np.median(epochs):.2g}"))
        rows.append((nodes, parameter_count(MLP([1, nodes, nodes, 1])), *ends, np.median(least) / NOISE, epoch))
    return DataFrame(rows, columns=["nodes", "parameters", "training", "validation", "lowest", "at epoch"])


@exhibit(over=TWENTY)
def larger_overfits() -> bool:
    """From 4 to 64 nodes the median training loss at the end falls by more than a third and the median validation loss
    rises by more than a tenth.
    """
    falls = median(64, "training")[-1] < median(4, "training")[-1] * 2 / 3
    return bool(falls and median(64, "validation")[-1] > 1.1 * median(4, "validation")[-1])


@exhibit(over=TWENTY)
def size_hardly_matters() -> bool:
    """The lowest validation losses on the way, medians, for 4, 8, 32 and 64 nodes: the highest is less than a quarter
    above the lowest.
    """
    found = [np.median(lowest(nodes)[0]) for nodes in (4, 8, 32, 64)]
    return bool(max(found) < 1.25 * min(found))


@exhibit(over=TWENTY)
def three_regimes() -> bool:
    """Medians: with 1 node both losses end above three times the noise. With 4 nodes both end within twice the noise.
    With 64 the training loss ends below half the noise, and the validation loss 1.15 times above its lowest.
    """
    one, four, many = ([median(nodes, part)[-1] for part in ("training", "validation")] for nodes in (1, 4, 64))
    return bool(
        min(one) > 3 * NOISE
        and max(four) < 2 * NOISE
        and many[0] < NOISE / 2
        and many[1] > 1.15 * median(64, "validation").min()
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


@exhibit(digits=2, over="200 answers of one network about one patient")
def spread_with_dropout() -> float:
    """Standard deviation of the 200 answers of the network with dropout in training mode."""
    return float(in_training_mode(heart_network(0.5, False)).std())


@exhibit(follows="evaluation mode, which uses neither chance nor the rest of the batch")
def eval_is_steady() -> bool:
    """In evaluation mode the network with batch norm gives each held-out patient the same logit alone and among all
    others, to within 0.0001.
    """
    model, x = heart_network(0.0, True), heart_tables()[2]
    alone = np.concatenate([predict(model, row[None]) for row in x])
    return bool(np.allclose(alone, predict(model, x), rtol=0, atol=1e-4))

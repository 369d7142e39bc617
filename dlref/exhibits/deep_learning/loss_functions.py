"""Exhibits of the page on loss functions."""

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame
from torch import nn

from dlref.engine.exhibit import exhibit
from dlref.exhibits._heart import heart_split
from dlref.exhibits.deep_learning._two_losses import STEPS, WEIGHTS, held_out_losses
from dlref.losses import (
    absolute_error,
    binary_cross_entropy_from_logits,
    cross_entropy_from_logits,
    hinge_loss,
    multiclass_hinge_loss,
    multilabel_cross_entropy_from_logits,
    squared_error,
)
from dlref.plots import descent, style


def ends(weight: float) -> np.ndarray:
    """Squared error and cross-entropy at the end of training."""
    return held_out_losses()[WEIGHTS.index(weight), -1]


@exhibit(
    alt=lambda weight: (
        f"Two losses on held-out patients over {STEPS} steps, with weight {weight:g} on the heart rate. The squared "
        f"error of the heart rate ends at {ends(weight)[0]:.2f}, the cross-entropy of the disease at "
        f"{ends(weight)[1]:.2f}."
    ),
    explore={"weight": WEIGHTS},
)
def two_losses(weight: float = 0.5) -> Figure:
    """One network, two outputs, two losses, one sum. With weight 0 or 1 one of the outputs is left untrained."""
    squared, entropy = held_out_losses()[WEIGHTS.index(weight)].T
    figure = descent.curves(
        np.arange(STEPS + 1),
        {
            "heart rate: squared error": squared,
            "disease: cross-entropy": entropy,
            "weighted sum": weight * squared + (1 - weight) * entropy,
        },
        size=(4.0, 3.35),
        xlabel="step",
        ylabel="loss, held-out patients",
        ylim=(0, 1.4),
        xlim=(0, STEPS),
    )
    return figure


@exhibit(
    alt="Held-out cross-entropy of the disease against held-out squared error of the heart rate, one point a weight. "
    "Weight 0 lies far to the right, weight 1 far up; from 0.1 to 0.5 the points go from the lower right to the left, "
    "then up and to the right again."
)
def trade_off() -> Figure:
    """Where each weight ends. The one hidden node serves both outputs: from 0.1 to 0.5 the heart rate gains and the
    disease loses, and beyond that both lose.
    """
    points = held_out_losses()[:, -1]
    figure, axes = style.figure()
    axes.plot(*points.T, color=style.BLUE, marker="o", linewidth=0.9)
    for weight, point in zip(WEIGHTS, points, strict=True):
        if weight in (0.0, 0.1, 0.5, 0.98, 1.0):
            axes.annotate(f"{weight:g}", point, (6, 4) if weight != 0.1 else (0, -13), textcoords="offset points")
    axes.set(xlabel="squared error of the heart rate", ylabel="cross-entropy of the disease")
    axes.margins(0.14)
    return figure


@exhibit(explore={"weight": WEIGHTS}, digits=3)
def rate_loss(weight: float = 0.5) -> float:
    """Mean squared error of the scaled heart rate on held-out patients, at the end of training."""
    return ends(weight)[0]


@exhibit(explore={"weight": WEIGHTS}, digits=3)
def disease_loss(weight: float = 0.5) -> float:
    """Mean binary cross-entropy of the disease on held-out patients, at the end of training."""
    return ends(weight)[1]


@exhibit(explore={"weight": WEIGHTS})
def chosen(weight: float = 0.5) -> float:
    """The weight that the slider is at."""
    return weight


@exhibit()
def beats_per_minute() -> float:
    """Mean squared error of always predicting the training mean, in squared beats a minute, on held-out patients."""
    train, test, *_ = heart_split()
    return squared_error(test["MaxHR"], np.full(len(test), train["MaxHR"].mean())).mean()


@exhibit()
def ends_serve_one() -> bool:
    """With weight 0 the heart rate is predicted worse than with any other weight, and with weight 1 the disease.

    The disease is then predicted worse than by saying one half to everyone, whose cross-entropy is ln 2.
    """
    squared, entropy = held_out_losses()[:, -1].T
    return bool(squared[0] == squared.max() and entropy[-1] == entropy.max() and entropy[-1] > np.log(2))


@exhibit()
def company_helps() -> bool:
    """On held-out patients the squared error of the heart rate is lower with weight 0.5 than with weight 1, where it is
    all that training lowers; from 0.1 to 0.5 it falls and the cross-entropy rises, from 0.5 to 0.98 both rise.
    """
    squared, entropy = np.diff([ends(weight) for weight in (0.1, 0.3, 0.5, 0.7, 0.9, 0.98)], axis=0).T
    alone = ends(0.5)[0] < ends(1.0)[0]
    return bool(alone and (squared[:2] < 0).all() and (squared[2:] > 0).all() and (entropy > 0).all())


@exhibit()
def which_loss() -> DataFrame:
    """Which loss belongs to which output layer, what it takes, and its name in PyTorch."""
    rows = [
        ("a number", "1, none", "[squared error][loss-regression] `MSELoss`"),
        ("a number, with outliers", "1, none", "[absolute error][loss-regression] `L1Loss`"),
        ("N numbers", "N, none", "[squared error][loss-regression] `MSELoss`"),
        ("one of 2 classes", "1, [sigmoid][act-sigmoid]", "[binary cross-entropy][loss-bce] `BCEWithLogitsLoss`"),
        ("one of 2, by a margin", "1, none", "[hinge][loss-hinge] `relu(1 - y * s)`"),
        ("one of C classes", "C, [softmax][act-softmax]", "[cross-entropy][loss-multilabel] `CrossEntropyLoss`"),
        ("one of C, by a margin", "C, none", "[multi-class hinge][loss-hinge] `MultiMarginLoss`"),
        ("any of N labels", "N, [sigmoid][act-sigmoid]",
         "[multi-label cross-entropy][loss-multilabel] `BCEWithLogitsLoss`"),
    ]  # fmt: skip
    return DataFrame(rows, columns=["to predict", "nodes, activation", "loss, in PyTorch"])


@exhibit()
def table_holds() -> bool:
    """For each row of the table, the loss of this site equals the one named for PyTorch on random outputs, to 1e-12.

    `MultiMarginLoss` is multiplied by the number of classes. Those named with a sigmoid or softmax are given logits.
    """
    rng = np.random.default_rng(0)
    z, y = rng.normal(0, 3, (2, 200, 4))
    hot, classes, signs = rng.integers(0, 2, (200, 4)), rng.integers(0, 4, 200), rng.choice([-1.0, 1.0], 200)
    tz, ty, thot, tclasses = (torch.tensor(a) for a in (z, y, hot.astype(float), classes))
    keep = {"reduction": "none"}
    pairs = [
        (squared_error(y, z), nn.MSELoss(**keep)(tz, ty)),
        (absolute_error(y, z), nn.L1Loss(**keep)(tz, ty)),
        (binary_cross_entropy_from_logits(hot, z), nn.BCEWithLogitsLoss(**keep)(tz, thot)),
        (hinge_loss(signs, z[:, 0]), torch.relu(1 - torch.tensor(signs) * tz[:, 0])),
        (cross_entropy_from_logits(classes, z), nn.CrossEntropyLoss(**keep)(tz, tclasses)),
        (multiclass_hinge_loss(classes, z), 4 * nn.MultiMarginLoss(**keep)(tz, tclasses)),
        (multilabel_cross_entropy_from_logits(hot, z), nn.BCEWithLogitsLoss(**keep)(tz, thot).mean(dim=1)),
    ]
    return all(np.allclose(ours, theirs.numpy(), rtol=0, atol=1e-12) for ours, theirs in pairs)

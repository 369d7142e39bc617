"""Exhibits of the page on loss functions."""

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame
from torch import nn

from dlref.datasets import heart
from dlref.engine.exhibit import exhibit
from dlref.exhibits.deep_learning._two_losses import EVERY, STEPS, WEIGHTS, company, held_out_losses, prepared
from dlref.losses import (
    absolute_error,
    binary_cross_entropy_from_logits,
    cross_entropy_from_logits,
    hinge_loss,
    multiclass_hinge_loss,
    multilabel_cross_entropy_from_logits,
    squared_error,
)
from dlref.plots import style


def ends(weight: float) -> np.ndarray:
    """Squared error and cross-entropy at the end of training, means over the splits."""
    return held_out_losses()[-1, :, :, WEIGHTS.index(weight)].mean(axis=1)


@exhibit(
    alt=lambda weight: (
        f"Two losses on held-out patients over {STEPS} steps, with weight {weight:g} on the heart rate. The squared "
        f"error of the heart rate ends at {ends(weight)[0]:.2f}, the cross-entropy of the disease at "
        f"{ends(weight)[1]:.2f}."
    ),
    explore={"weight": WEIGHTS},
)
def two_losses(weight: float = 0.5) -> Figure:
    """One network, two outputs, two losses, one sum: means over 20 splits of the patients. The pale band is the
    weighted sum.
    """
    squared, entropy = held_out_losses()[:, :, :, WEIGHTS.index(weight)].mean(axis=2).T
    steps = np.arange(0, STEPS + 1, EVERY)
    figure, axes = style.figure()
    total = weight * squared + (1 - weight) * entropy
    axes.plot(steps, total, color=style.tint(style.VIOLET, 0.35), linewidth=6, label="weighted sum")
    axes.plot(steps, squared, color=style.BLUE, label="heart rate: squared error")
    axes.plot(steps, entropy, color=style.ORANGE, linestyle=style.DASHES[1], label="disease: cross-entropy")
    axes.legend(loc="upper right")
    axes.set(xlabel="step", ylabel="loss, held-out patients", ylim=(0, 1.9), xlim=(0, STEPS))
    return figure


@exhibit(
    alt="Held-out cross-entropy of the disease against held-out squared error of the heart rate, one point a weight. "
    "With more weight on the heart rate the points go from the lower right to the left, and then up."
)
def trade_off() -> Figure:
    """Where each weight ends, means over 20 splits: what one output gains, the other loses. Weights 0 and 1 lie
    outside, far to the right and far up.
    """
    inner = WEIGHTS[1:-1]
    figure, axes = style.figure()
    points = np.array([ends(weight) for weight in inner])
    axes.plot(*points.T, color=style.BLUE, marker="o", linewidth=0.9)
    for weight, point in zip(inner, points, strict=True):
        place = (-2, 8) if weight < 0.3 else (7, 4)
        axes.annotate(f"{weight:g}", point, place, textcoords="offset points")
    axes.set(xlabel="squared error of the heart rate", ylabel="cross-entropy of the disease")
    axes.margins(0.14)
    return figure


@exhibit(explore={"weight": WEIGHTS}, digits=2, over="20 splits of the 918 patients, each with a start of its own")
def rate_loss(weight: float = 0.5) -> float:
    """Mean squared error of the scaled heart rate on held-out patients, at the end of training."""
    return ends(weight)[0]


@exhibit(explore={"weight": WEIGHTS}, digits=2, over="20 splits of the 918 patients, each with a start of its own")
def disease_loss(weight: float = 0.5) -> float:
    """Mean binary cross-entropy of the disease on held-out patients, at the end of training."""
    return ends(weight)[1]


@exhibit(explore={"weight": WEIGHTS})
def chosen(weight: float = 0.5) -> float:
    """The weight that the slider is at."""
    return weight


@exhibit(digits=0)
def beats_per_minute() -> float:
    """Mean squared error of always predicting the mean maximum heart rate, in squared beats a minute: the variance over
    all patients.
    """
    return heart()["MaxHR"].var(ddof=0)


@exhibit(over="20 splits of the patients")
def ends_serve_one() -> bool:
    """With weight 0 the heart rate is predicted worse than with any other weight, and with weight 1 the disease: in the
    mean, and on at least 18 of the 20 splits.
    """
    squared, entropy = held_out_losses()[-1]
    worst = (squared.argmax(axis=1) == 0), (entropy.argmax(axis=1) == len(WEIGHTS) - 1)
    means = squared.mean(axis=0).argmax() == 0 and entropy.mean(axis=0).argmax() == len(WEIGHTS) - 1
    return bool(means and min(share.mean() for share in worst) >= 0.9)


@exhibit(over="20 splits of the patients")
def outputs_compete() -> bool:
    """In the mean over the splits, from weight 0.1 to 0.7 the heart rate's error falls with every weight, and from 0.3
    to 0.98 the disease's rises.
    """
    squared, entropy = np.array([ends(weight) for weight in WEIGHTS]).T
    place = WEIGHTS.index
    falls = np.diff(squared[place(0.1) : place(0.7) + 1]) < 0
    rises = np.diff(entropy[place(0.3) : place(0.98) + 1]) > 0
    return bool(falls.all() and rises.all())


# Name: the share of patients held out, and the penalty on squared weights.
SETTINGS = {"many patients": (0.2, 0.0), "few": (0.9, 0.0), "few, with a penalty": (0.9, 0.01)}


@exhibit(digits=0)
def many_and_few() -> str:
    """Patients to train on with a fifth held out, and with nine tenths held out."""
    sizes = [len(prepared(SETTINGS[name][0], 0)[0]) for name in ("many patients", "few")]
    return "{} and {}".format(*sizes)


@exhibit()
def alone_or_together() -> DataFrame:
    """Held-out losses, means ± standard deviations over 20 splits, of networks trained on one loss alone and on the
    even sum; the last columns count the splits on which the sum is better. The penalty is 0.01 times the sum of the
    squared weights.
    """
    rows = []
    for name, setting in SETTINGS.items():
        for output, each in zip(("heart rate", "disease"), company(*setting), strict=True):
            alone, together = (f"{values.mean():.2f} ± {values.std(ddof=1):.2f}" for values in each.T)
            wins = int((each[:, 1] < each[:, 0]).sum())
            rows.append((name, output, alone, together, f"{wins} of {len(each)}"))
    return DataFrame(rows, columns=["trained on", "predicts", "alone", "with both", "both better"])


def share_helped(name: str) -> np.ndarray:
    """Share of the splits on which the heart rate, and the disease, is predicted better with both losses than alone."""
    each = company(*SETTINGS[name])
    return (each[..., 1] < each[..., 0]).mean(axis=1)


@exhibit(over="20 splits of the patients")
def company_costs() -> bool:
    """With four fifths of the patients to train on, both outputs are predicted worse with the even sum than each with
    its own loss alone: in the mean, and on at least 12 of the 20 splits.
    """
    alone, together = company(*SETTINGS["many patients"]).mean(axis=1).T
    return bool((together > alone).all() and (share_helped("many patients") <= 0.4).all())


@exhibit(over="20 splits of the patients")
def company_helps_few() -> bool:
    """With a tenth of the patients to train on and no penalty, both outputs are predicted better with the even sum: in
    the mean, and on at least 12 of the 20 splits.
    """
    alone, together = company(*SETTINGS["few"]).mean(axis=1).T
    return bool((together < alone).all() and (share_helped("few") >= 0.6).all())


@exhibit(over="20 splits of the patients")
def penalty_does_it_too() -> bool:
    """With a tenth of the patients and the penalty, both outputs alone are predicted better in the mean than alone
    without it, and the disease alone better than with both, on at least 12 of the 20 splits.
    """
    plain, damped = (company(*SETTINGS[name]).mean(axis=1)[:, 0] for name in ("few", "few, with a penalty"))
    return bool((damped < plain).all() and share_helped("few, with a penalty")[1] <= 0.4)


@exhibit()
def which_loss() -> DataFrame:
    """Which loss belongs to which output layer, what it takes, and its name in PyTorch."""
    rows = [
        ("a number", "1, none", "[squared error][loss-regression] `MSELoss`"),
        ("a number, with outliers", "1, none", "[absolute error or Huber][loss-regression] `L1Loss`, `HuberLoss`"),
        ("N numbers", "N, none", "[squared error][loss-regression] `MSELoss`"),
        ("one of 2 classes", "1, [sigmoid][act-sigmoid]", "[binary cross-entropy][loss-bce] `BCEWithLogitsLoss`"),
        ("one of 2, by a margin", "1, none", "[hinge][loss-hinge] `relu(1 - y * s)`"),
        ("one of C classes", "C, [softmax][act-softmax]", "[cross-entropy][loss-multilabel] `CrossEntropyLoss`"),
        ("one of C, by a margin", "C, none", "[multi-class hinge][loss-hinge] `MultiMarginLoss`"),
        ("any of N labels", "N, [sigmoid][act-sigmoid]",
         "[multi-label cross-entropy][loss-multilabel] `BCEWithLogitsLoss`"),
    ]  # fmt: skip
    return DataFrame(rows, columns=["to predict", "nodes, activation", "loss, in PyTorch"])


@exhibit(over="200 random outputs")
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

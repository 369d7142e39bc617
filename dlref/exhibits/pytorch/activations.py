"""Exhibits of the page on activation functions in PyTorch."""

from itertools import combinations

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame
from torch import nn

from dlref import activations
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.exhibits.pytorch._softmax_twice import EPOCHS, RATES, STARTS, runs
from dlref.losses import binary_cross_entropy_from_logits, cross_entropy_from_logits
from dlref.plots import style
from dlref.softmax import softmax

# By name: the module, the function, dlref's, and where it is used.
FORMS = {
    "sigmoid": ("nn.Sigmoid()", "torch.sigmoid", activations.sigmoid, "output of two classes; gates"),
    "tanh": ("nn.Tanh()", "torch.tanh", activations.tanh, "recurrent layers; outputs from −1 to 1"),
    "ReLU": ("nn.ReLU()", "torch.relu", activations.relu, "hidden layers"),
    "leaky ReLU": ("nn.LeakyReLU(0.01)", "nn.functional.leaky_relu", activations.leaky_relu, "hidden layers"),
    "softmax": ("nn.Softmax(dim=-1)", "torch.softmax", softmax, "output of several classes; attention"),
}


def results(name: str) -> list[np.ndarray]:
    """Of module, function and dlref's, on ten thousand numbers from -30 to 30 in rows of ten."""
    module, function, ours, _ = FORMS[name]
    x = np.random.default_rng(0).uniform(-30, 30, (1000, 10))
    options = {"dim": -1} if name == "softmax" else {}
    return [
        eval(module, {"nn": nn})(torch.tensor(x)).numpy(),
        eval(function, {"nn": nn, "torch": torch})(torch.tensor(x), **options).numpy(),
        ours(x),
    ]


@exhibit()
def forms() -> DataFrame:
    """Each activation as a module and as a function, and where it is mostly used."""
    rows = [(f"`{module}`", f"`{function}`", use) for module, function, _, use in FORMS.values()]
    return DataFrame(rows, columns=["module", "function", "used for"])


@exhibit()
def largest_difference() -> str:
    """Largest difference between any two of the three forms, on ten thousand random numbers from -30 to 30."""
    return agreement(pair for name in FORMS for pair in combinations(results(name), 2))


TEN = f"{STARTS} starts, each with other pictures held out"
COMMON = 0.3
# By whether softmax is put twice: as lines and rows are called.
NAMES = {False: "logits", True: "softmax twice"}


def accuracy(double: bool) -> np.ndarray:
    """Accuracy on held-out digits after training, (starts, rates)."""
    return runs(double)["accuracy"].numpy()


def best(double: bool) -> int:
    """The place of the rate with the highest mean accuracy; it must not be the first or last."""
    place = int(accuracy(double).mean(axis=0).argmax())
    if place in (0, len(RATES) - 1):
        raise ValueError("best: the best rate must lie inside the grid.")
    return place


def floor_value() -> float:
    """No loss is lower where probabilities of ten classes pass a second softmax."""
    return float(-np.log(np.e / (np.e + 9)))


@exhibit(
    alt=lambda: (
        f"Loss on held-out digits over {EPOCHS} epochs at a rate of {COMMON:g}, means of {STARTS} starts: with logits "
        f"handed to the loss it falls to {late_loss(False):.1f}; with probabilities handed to it, it levels off above "
        f"a dashed line at {floor_value():.2f}."
    ),
    over=TEN,
)
def double_softmax() -> Figure:
    """With softmax put twice, the loss cannot fall below the dashed line, however good the model is. Means of ten
    starts at a rate of 0.3; bands: their range.
    """
    figure, axes = style.figure()
    axes.axhline(floor_value(), color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    for double, color, dash, y in ((False, style.BLUE, "-", 0.3), (True, style.ORANGE, (0, (5, 2)), 1.95)):
        losses, epochs = runs(double)["losses"][:, :, RATES.index(COMMON)].numpy(), range(1, EPOCHS + 1)
        axes.plot(epochs, losses.mean(axis=1), color=color, linestyle=dash)
        band = {"color": style.tint(color, 0.25), "linewidth": 0, "zorder": 0}
        axes.fill_between(epochs, losses.min(axis=1), losses.max(axis=1), **band)
        axes.annotate(NAMES[double], (18, y), color=color)
    axes.set(xlabel="epoch", ylabel="loss on held-out digits", ylim=(0, 2.4), xlim=(0, EPOCHS))
    return figure


@exhibit(digits=3)
def floor() -> float:
    """The least cross-entropy of ten classes whose probabilities pass a second softmax: −ln(e / (e + 9))."""
    return floor_value()


def late_loss(double: bool) -> float:
    """Mean loss at the end, at the common rate."""
    return runs(double)["losses"][-1, :, RATES.index(COMMON)].mean().item()


@exhibit(over=TEN)
def by_rate() -> DataFrame:
    """Accuracy on held-out digits after 40 epochs, at the rate of 0.3 and at the best of six rates: mean ± standard
    deviation of ten starts.
    """
    rows = []
    for double, name in NAMES.items():
        row = {"trained on": name}
        for column, place in ((f"rate {COMMON:g}", RATES.index(COMMON)), ("best rate", best(double))):
            found = accuracy(double)[:, place]
            row[column] = f"{found.mean():.2f} ± {found.std(ddof=1):.2f}"
        rows.append(row | {"which": f"{RATES[best(double)]:g}"})
    return DataFrame(rows)


@exhibit(
    alt="Accuracy on held-out digits against the learning rate, for networks trained on logits and with softmax twice. "
    "At low rates the second lies far below the first; it reaches its top at a higher rate, nearly as high; at the "
    "highest rate both only guess.",
    over=TEN,
)
def accuracy_by_rate() -> Figure:
    """Accuracy after 40 epochs by learning rate: with softmax twice, the same takes a higher rate. Means of ten starts;
    bars: their range.
    """
    figure, axes = style.figure()
    for double, color, dash in ((False, style.BLUE, "-"), (True, style.ORANGE, (0, (5, 2)))):
        found = accuracy(double)
        mean = found.mean(axis=0)
        bars = np.stack([mean - found.min(axis=0), found.max(axis=0) - mean])
        axes.errorbar(RATES, mean, bars, color=color, linestyle=dash, elinewidth=0.9, capsize=2, label=NAMES[double])
    axes.set(xscale="log", xlabel="learning rate", ylabel="accuracy on held-out digits", ylim=(0, 1.02))
    axes.set_xticks([0.03, 0.1, 0.3, 1, 3, 30], ["0.03", "0.1", "0.3", "1", "3", "30"])
    axes.minorticks_off()
    axes.legend(loc="lower left", bbox_to_anchor=(0.3, 0.02))
    return figure


@exhibit(over=TEN)
def learns_slowly() -> bool:
    """Before training, the gradient of the network with softmax twice is less than a fifth of the other in length, at
    the same parameters. At each of the three lowest rates it ends with the lower accuracy in each of ten starts.
    """
    shorter = (runs(True)["gradient"] < runs(False)["gradient"] / 5).all()
    return bool(shorter and (accuracy(True) < accuracy(False))[:, :3].all())


@exhibit(over=TEN)
def nearly_as_good() -> bool:
    """Each at its best rate, the mean accuracy with softmax twice is less than 0.05 below that on logits, at a rate
    that is higher.
    """
    places = {double: best(double) for double in NAMES}
    gap = accuracy(False)[:, places[False]].mean() - accuracy(True)[:, places[True]].mean()
    return bool(0 < gap < 0.05 and places[True] > places[False])


@exhibit(over=TEN)
def slow_loss() -> float:
    """The mean loss that the networks with softmax twice end with at the rate of 0.3."""
    return late_loss(True)


@exhibit()
def losses_differ() -> str:
    """Largest difference on 50 random examples with four scores: between cross-entropy of logits, NLL of log-softmax
    and `dlref`'s; and between binary cross-entropy of logits, that of their sigmoids and `dlref`'s.
    """
    generator = np.random.default_rng(0)
    logits, labels, y = generator.normal(0, 3, (50, 4)), generator.integers(0, 4, 50), generator.integers(0, 2, (50, 4))
    scores, classes, targets = torch.tensor(logits), torch.tensor(labels), torch.tensor(y, dtype=torch.float64)
    multiclass = [
        nn.CrossEntropyLoss(reduction="none")(scores, classes),
        nn.NLLLoss(reduction="none")(scores.log_softmax(dim=-1), classes),
        cross_entropy_from_logits(labels, logits),
    ]
    binary = [
        nn.BCEWithLogitsLoss(reduction="none")(scores, targets),
        nn.BCELoss(reduction="none")(scores.sigmoid(), targets),
        binary_cross_entropy_from_logits(y, logits),
    ]
    return agreement([*combinations(multiclass, 2), *combinations(binary, 2)])

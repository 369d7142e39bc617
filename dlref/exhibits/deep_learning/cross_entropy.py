"""Exhibits of the page on cross-entropy."""

from functools import partial

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.activations import logit, sigmoid
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement, by_autograd
from dlref.losses import (
    binary_cross_entropy,
    binary_cross_entropy_from_logits,
    binary_cross_entropy_from_logits_gradient,
    cross_entropy_from_logits,
    cross_entropy_from_logits_gradient,
    multilabel_cross_entropy_from_logits,
    multilabel_cross_entropy_from_logits_gradient,
)
from dlref.plots import descent, style
from dlref.softmax import softmax

LOGITS = [-1000.0, -200.0, -40.0, -5.0, 0.0, 5.0, 40.0, 200.0, 1000.0]
CLASSES = ("tree", "house", "road")
HOUSE = [-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0]
PROBABILITIES = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]
# By PyTorch's name: the loss of logits, and its gradient.
OF_LOGITS = {
    "binary_cross_entropy_with_logits": (binary_cross_entropy_from_logits, binary_cross_entropy_from_logits_gradient),
    "cross_entropy": (cross_entropy_from_logits, cross_entropy_from_logits_gradient),
    "multilabel_soft_margin_loss": (
        multilabel_cross_entropy_from_logits,
        multilabel_cross_entropy_from_logits_gradient,
    ),
}


@exhibit(
    alt=lambda p: (
        f"Loss against predicted probability: for label 1 it falls from far up at 0 to 0 at 1, for label 0 the mirror "
        f"image. At p = {p:.2f} they are {-np.log(p):.2f} and {-np.log(1 - p):.2f}."
    ),
    explore={"p": PROBABILITIES},
)
def by_probability(p: float = 0.9) -> Figure:
    """The loss of a prediction p, for either label. Confidence that is right costs little, and that is wrong a lot."""
    shown = np.linspace(0.005, 0.995, 199)
    labels = np.ones_like(shown, dtype=int)
    figure = descent.curves(
        shown,
        {"label 1": binary_cross_entropy(labels, shown), "label 0": binary_cross_entropy(1 - labels, shown)},
        labels={"label 1": (0.17, 3.4), "label 0": (0.83, 3.4)},
        xlabel="predicted probability p of label 1",
        ylabel="loss in nats",
        xlim=(0, 1),
        ylim=(0, 5.4),
    )
    axes = figure.axes[0]
    axes.axvline(p, color=style.MUTED, linewidth=0.8)
    for y_true, color, marker in ((1, style.BLUE, "o"), (0, style.ORANGE, "s")):
        loss = binary_cross_entropy([y_true], [p])[0]
        axes.plot(p, loss, marker=marker, markersize=7, color=color)
        if (y_true, p) == (0, 0.5):
            continue  # both losses are one point
        side = 1 if p < 0.6 else -1
        axes.annotate(
            f"{loss:.2f}", (p, loss), (8 * side, 9), textcoords="offset points", ha="left" if side > 0 else "right"
        )
    return figure


@exhibit(
    alt=lambda p: (
        "Loss against logit: for label 1 it falls and flattens to 0 on the right, on the left it is nearly a straight "
        f"line of slope -1; for label 0 the mirror image. Marked is the logit of p = {p:.2f}, {logit(p):.2f}."
    ),
    explore={"p": PROBABILITIES},
)
def by_logit(p: float = 0.9) -> Figure:
    """The same loss by the logit: it bends once, at 0, and is nearly straight where the prediction is wrong."""
    z = np.linspace(-6, 6, 121)
    labels = np.ones_like(z, dtype=int)
    figure = descent.curves(
        z,
        {
            "label 1": binary_cross_entropy_from_logits(labels, z),
            "label 0": binary_cross_entropy_from_logits(1 - labels, z),
        },
        labels={"label 1": (-3.4, 4.6), "label 0": (3.4, 4.6)},
        xlabel="logit z of label 1",
        ylabel="loss in nats",
        xlim=(-6, 6),
        ylim=(0, 6),
    )
    axes = figure.axes[0]
    axes.axvline(logit(p), color=style.MUTED, linewidth=0.8)
    for y_true, color, marker in ((1, style.BLUE, "o"), (0, style.ORANGE, "s")):
        loss = binary_cross_entropy_from_logits([y_true], [logit(p)])[0]
        axes.plot(logit(p), loss, marker=marker, markersize=7, color=color)
    return figure


@exhibit(digits=3)
def guessing() -> DataFrame:
    """The loss of a model that knows nothing: each of C classes with probability 1/C costs ln C. A loss far above it
    before the first step points to a mistake.
    """
    classes = np.array([2, 3, 10, 50, 1000])
    loss = [cross_entropy_from_logits([0], np.zeros((1, c)))[0] for c in classes]
    return DataFrame([loss], columns=[str(c) for c in classes], index=["ln C"]).rename_axis("classes C")


def naive_sigmoid(z: np.ndarray) -> np.ndarray:
    """The formula as it stands; e^-z overflows for large negative z."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def naive_loss(y_true: int, p: np.ndarray) -> np.ndarray:
    """The formula as it stands: 0 times the logarithm of 0 is not a number."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))


@exhibit(digits={"logit": 0})
def overflow() -> DataFrame:
    """The loss of label 0, from right to wrong logits; a dash is nan. Only the form that takes the logit (stable) is
    always right.
    """
    import torch
    from sklearn.metrics import log_loss

    z = np.array(LOGITS)
    p = naive_sigmoid(z)
    from_p = torch.nn.functional.binary_cross_entropy(torch.tensor(p), torch.zeros(len(p)).double(), reduction="none")
    return DataFrame(
        {
            "logit": z,
            "formula": naive_loss(0, p),
            "PyTorch": from_p.numpy(),
            "sklearn": [log_loss([0], [one], labels=[0, 1]) for one in p],
            "stable": binary_cross_entropy_from_logits(np.zeros(len(z), dtype=int), z),
        }
    )


@exhibit(digits={"logit": 0, "by way of p": 4, "from logit": 4})
def lost_slopes() -> DataFrame:
    """The slope that PyTorch passes back to the logit, label 0, float32. By way of p it is lost where it matters."""
    import torch
    from torch import nn

    rows = []
    for value in (-5.0, 5.0, 15.0, 20.0, 40.0):
        slopes = []
        for loss in (lambda z, y: nn.BCELoss()(torch.sigmoid(z), y), nn.BCEWithLogitsLoss()):
            z = torch.tensor([value], requires_grad=True)
            loss(z, torch.zeros(1)).backward()
            slopes.append(z.grad.item())
        rows.append({"logit": value, "by way of p": slopes[0], "from logit": slopes[1]})
    return DataFrame(rows)


@exhibit(follows="the derivative of the loss")
def slope_is_error() -> bool:
    """The slope with respect to the logit is p minus the label, as central differences of the loss find it, to seven
    decimals."""
    z = np.linspace(-8, 8, 33)
    for label in (0, 1):
        y_true = np.full(len(z), label)
        above, below = (binary_cross_entropy_from_logits(y_true, z + h) for h in (1e-5, -1e-5))
        found = binary_cross_entropy_from_logits_gradient(y_true, z)
        if not (
            np.allclose((above - below) / 2e-5, found, rtol=0, atol=1e-7)
            and np.allclose(found, sigmoid(z) - label, rtol=0, atol=1e-15)
        ):
            return False
    return True


def scores(house: float) -> np.ndarray:
    """The logits of one image; that of the house is chosen."""
    return np.array([2.0, house, -1.0])


@exhibit(
    alt=lambda house: (
        "Bars of two kinds for tree, house and road. Softmax: "
        + ", ".join(f"{p:.2f}" for p in softmax(scores(house)))
        + ", which sum to 1. Sigmoid: "
        + ", ".join(f"{p:.2f}" for p in sigmoid(scores(house)))
        + "."
    ),
    explore={"house": HOUSE},
)
def two_readings(house: float = 1.0) -> Figure:
    """One set of scores, read twice. Raising the score of the house takes softmax from the tree, but no sigmoid."""
    z = scores(house)
    figure, axes = style.figure(4.0, 3.2)
    places = np.arange(3)
    for offset, heights, color, hatch, name in (
        (-0.2, softmax(z), style.BLUE, None, "softmax: one class"),
        (0.2, sigmoid(z), style.ORANGE, "///", "sigmoid: each label"),
    ):
        look = {"facecolor": style.tint(color, 0.35), "edgecolor": color, "hatch": hatch}
        axes.bar(places + offset, heights, 0.36, label=name, **look)
        for place, height in zip(places + offset, heights, strict=True):
            axes.text(place, height + 0.02, f"{height:.2f}", ha="center", fontsize=9.5)
    axes.set(ylim=(0, 1.25), yticks=[0, 0.5, 1], ylabel="probability")
    names = [f"{name}\nscore {score:g}".replace("-", "−") for name, score in zip(CLASSES, z, strict=True)]
    axes.set_xticks(places, names)
    axes.tick_params(axis="x", length=0)
    axes.legend(loc="upper right", ncols=2, columnspacing=1, handlelength=1.4)
    return figure


@exhibit(explore={"house": HOUSE}, digits=3)
def two_losses(house: float = 1.0) -> DataFrame:
    """Both losses of those scores. An image of a tree alone has one class; one of a tree and a house has two labels."""
    z = scores(house)[None]
    return DataFrame(
        {
            "shows": ["tree", "house", "both"],
            "class": ["0", "1", "none"],
            "softmax": [*(cross_entropy_from_logits([k], z)[0] for k in (0, 1)), np.nan],
            "labels": ["1 0 0", "0 1 0", "1 1 0"],
            "sigmoids": [multilabel_cross_entropy_from_logits([y], z)[0] for y in ([1, 0, 0], [0, 1, 0], [1, 1, 0])],
        }
    )


@exhibit(follows="the softmax, whose probabilities add up to 1")
def softmax_cannot_say_both() -> bool:
    """Of a tree and a house, softmax gives at least one a probability of one half or less, whatever their scores.

    Tried on 10 000 random scores; two sigmoids can both be above 0.99.
    """
    z = np.random.default_rng(0).normal(0, 5, (10_000, 3))
    return bool((softmax(z)[:, :2].min(axis=1) <= 0.5).all() and (sigmoid(z)[:, :2].min(axis=1) > 0.99).any())


@exhibit()
def largest_difference() -> str:
    """Largest difference from PyTorch on 1000 random examples: of `binary_cross_entropy`, and of the three losses of
    logits with their gradients, one value per example. The logits have a standard deviation of 30.
    """
    import torch
    from torch.nn import functional

    rng = np.random.default_rng(0)
    z, labels = rng.normal(0, 30, (1000, 4)), rng.integers(0, 2, (1000, 4))
    classes, p = rng.integers(0, 4, 1000), rng.uniform(0.001, 0.999, (1000, 4))
    hot = torch.tensor(labels, dtype=torch.float64)
    pairs = [(binary_cross_entropy(labels, p), functional.binary_cross_entropy(torch.tensor(p), hot, reduction="none"))]
    for name, functions in OF_LOGITS.items():
        y, target = (classes, torch.tensor(classes)) if name == "cross_entropy" else (labels, hot)
        loss = partial(getattr(functional, name), target=target, reduction="none")
        pairs += zip([function(y, z) for function in functions], by_autograd(loss, [z]), strict=True)
    return agreement(pairs)

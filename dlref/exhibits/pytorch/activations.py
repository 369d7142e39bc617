"""Exhibits of the page on activation functions in PyTorch."""

from functools import cache
from itertools import combinations

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame
from torch import nn

from dlref import activations
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.losses import binary_cross_entropy_from_logits, cross_entropy_from_logits
from dlref.plots import style
from dlref.pytorch.networks import MLP
from dlref.pytorch.training import TableDataset, fit, predict
from dlref.softmax import softmax

# By name: the module, the function, and dlref's.
FORMS = {
    "sigmoid": ("nn.Sigmoid()", "torch.sigmoid", activations.sigmoid),
    "tanh": ("nn.Tanh()", "torch.tanh", activations.tanh),
    "ReLU": ("nn.ReLU()", "torch.relu", activations.relu),
    "leaky ReLU": ("nn.LeakyReLU(0.01)", "F.leaky_relu", activations.leaky_relu),
    "softmax": ("nn.Softmax(dim=-1)", "torch.softmax", softmax),
}
EPOCHS = 40


def results(name: str) -> list[np.ndarray]:
    """Of module, function and dlref's, on ten thousand numbers from -30 to 30 in rows of ten."""
    module, function, ours = FORMS[name]
    x = np.random.default_rng(0).uniform(-30, 30, (1000, 10))
    options = {"dim": -1} if name == "softmax" else {}
    return [
        eval(module, {"nn": nn})(torch.tensor(x)).numpy(),
        eval(function, {"F": nn.functional, "torch": torch})(torch.tensor(x), **options).numpy(),
        ours(x),
    ]


@exhibit()
def forms() -> DataFrame:
    """Each activation as a module and as a function, and the largest difference found between them and `dlref`'s on
    ten thousand random numbers from -30 to 30, rounded up to a power of ten.
    """
    rows = [
        (f"`{module}`", f"`{function}`", agreement(combinations(results(name), 2)))
        for name, (module, function, _) in FORMS.items()
    ]
    return DataFrame(rows, columns=["module", "function", "largest difference"])


@exhibit()
def largest_difference() -> str:
    """Largest difference between any two of the three forms, on ten thousand random numbers from -30 to 30."""
    return agreement(pair for name in FORMS for pair in combinations(results(name), 2))


@cache
def digits() -> tuple[TableDataset, TableDataset]:
    """8 by 8 pictures of handwritten digits, scaled to [0, 1]: 1000 to train on, 797 held out."""
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(labels))
    parts = order[:1000], order[1000:]
    return tuple(TableDataset(images[rows] / 16, labels[rows]) for rows in parts)


def network(double: bool) -> nn.Sequential:
    """A new network that ends in logits, or in a softmax."""
    torch.manual_seed(0)
    return nn.Sequential(MLP([64, 32, 10]), *[nn.Softmax(dim=-1)] * double)


@cache
def run(double: bool) -> tuple[list[float], np.ndarray]:
    """Cross-entropy on the held-out digits after each epoch, and which are right at the end; softmax is put twice, or
    once."""
    training, test = digits()
    model = network(double)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    batches = [training[i : i + 50] for i in range(0, 1000, 50)]
    history = fit(model, batches, nn.CrossEntropyLoss(), optimizer, epochs=EPOCHS, validation_loader=[test[:]])
    correct = predict(model, test.features.numpy()).argmax(axis=1) == test.targets.numpy()
    return history.validation_loss, correct


@exhibit(
    alt=lambda: (
        f"Loss on held-out digits over {EPOCHS} epochs, twice: with logits handed to the loss it falls to "
        f"{run(False)[0][-1]:.1f}; with probabilities handed to it, it levels off above a dashed line at {floor():.2f}."
    )
)
def double_softmax() -> Figure:
    """With softmax put twice, the loss cannot fall below the dashed line, however good the model is."""
    figure, axes = style.figure()
    epochs = range(1, EPOCHS + 1)
    axes.axhline(floor(), color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.plot(epochs, run(False)[0], color=style.BLUE)
    axes.plot(epochs, run(True)[0], color=style.ORANGE, linestyle=(0, (5, 2)))
    axes.annotate("softmax twice", (18, 1.72), color=style.ORANGE)
    axes.annotate("logits", (18, 0.25), color=style.BLUE)
    axes.set(xlabel="epoch", ylabel="loss on held-out digits", ylim=(0, 2.4), xlim=(0, EPOCHS))
    return figure


@exhibit(digits=3)
def floor() -> float:
    """The least cross-entropy of ten classes whose probabilities pass a second softmax: −ln(e / (e + 9))."""
    return float(-np.log(np.e / (np.e + 9)))


@exhibit(digits=3)
def accuracy_right() -> float:
    """Accuracy on the held-out digits after training on logits."""
    return float(run(False)[1].mean())


@exhibit(digits=3)
def accuracy_double() -> float:
    """Accuracy on the held-out digits after training on probabilities that the loss takes for logits."""
    return float(run(True)[1].mean())


@cache
def recalls(double: bool) -> list[float]:
    """For each digit, the share of its held-out pictures that is recognized."""
    _, correct = run(double)
    targets = digits()[1].targets.numpy()
    return [float(correct[targets == digit].mean()) for digit in range(10)]


def first_gradient(double: bool) -> float:
    """Length of the gradient by all parameters before training, over all training pictures."""
    x, y = digits()[0][:]
    model = network(double)
    nn.CrossEntropyLoss()(model(x), y).backward()
    return torch.cat([parameter.grad.flatten() for parameter in model.parameters()]).norm().item()


@exhibit()
def learns_slowly() -> bool:
    """Before training, the gradient of the network with softmax twice is less than a fifth of the other in length,
    at the same parameters. After training it recognizes no picture of one of the digits; the other, over 9 in 10 of
    each."""
    return first_gradient(True) < first_gradient(False) / 5 and min(recalls(True)) == 0 and min(recalls(False)) > 0.9


@exhibit(digits=3)
def slow_loss() -> float:
    """The loss that the second network ends with."""
    return run(True)[0][-1]


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

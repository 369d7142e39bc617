"""Exhibits of the page on the hinge loss."""

from functools import cache, partial

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.activations import sigmoid
from dlref.datasets import heart
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement, by_autograd
from dlref.losses import (
    binary_cross_entropy_from_logits,
    cross_entropy_from_logits,
    hinge_loss,
    hinge_loss_gradient,
    multiclass_hinge_loss,
    multiclass_hinge_loss_gradient,
)
from dlref.plots import descent, style

PENALTIES = [0.01, 0.1, 1.0, 10.0, 100.0]
MARGINS = [-2.0, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0]


def both(margin: float) -> tuple[float, float]:
    """Hinge loss and cross-entropy of a positive example whose score is the margin."""
    return hinge_loss([1.0], [margin])[0], binary_cross_entropy_from_logits([1], [margin])[0]


@exhibit(
    alt=lambda margin: (
        "Loss against margin. The hinge falls in a straight line to 0 at margin 1 and stays there; cross-entropy falls "
        "in a curve that never reaches 0; the error of the sign is a step at 0. At margin "
        f"{margin:g} hinge is {both(margin)[0]:.2f}, cross-entropy {both(margin)[1]:.2f}."
    ),
    explore={"margin": MARGINS},
)
def by_margin(margin: float = -1.0) -> Figure:
    """Hinge and cross-entropy of one example. The hinge is content at a margin of 1; cross-entropy never is."""
    m = np.linspace(-3, 4, 281)
    figure = descent.curves(
        m,
        {
            "hinge": hinge_loss(np.ones_like(m), m),
            "cross-entropy": binary_cross_entropy_from_logits(np.ones_like(m, dtype=int), m),
            "wrong sign": (m < 0).astype(float),
        },
        labels={"hinge": (-1.4, 3.1), "cross-entropy": (2.6, 0.38), "wrong sign": (-2.1, 0.75)},
        xlabel="margin y · s",
        ylabel="loss of one example",
        xlim=(-3, 4),
        ylim=(-0.1, 4),
    )
    _mark(figure, margin, both(margin))
    return figure


def _mark(figure: Figure, margin: float, heights: tuple[float, float]) -> None:
    """A point on each of the two curves."""
    for height, color, marker in zip(heights, style.SERIES, style.MARKERS, strict=False):
        figure.axes[0].plot(margin, height, marker=marker, markersize=7, color=color)


def both_slopes(margin: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    """Slopes of hinge loss and cross-entropy of a positive example whose score is the margin."""
    return hinge_loss_gradient(np.ones_like(margin), margin), sigmoid(margin) - 1


@exhibit(
    alt=lambda margin: (
        "Slope against margin: the hinge's is -1 up to margin 1 and 0 beyond, that of cross-entropy rises smoothly "
        f"from -1 to 0. At margin {margin:g} they are {both_slopes(margin)[0]:.2f} and {both_slopes(margin)[1]:.2f}."
    ),
    explore={"margin": MARGINS},
)
def slopes(margin: float = -1.0) -> Figure:
    """The slope with respect to the margin: beyond 1 an example has no say at all in the hinge, and ever less in
    cross-entropy."""
    m = np.linspace(-3, 4, 1401)
    figure = descent.curves(
        m,
        dict(zip(("hinge", "cross-entropy"), both_slopes(m), strict=True)),
        labels={"hinge": (0.0, -0.92), "cross-entropy": (2.6, -0.22)},
        xlabel="margin y · s",
        ylabel="slope of one example",
        xlim=(-3, 4),
        ylim=(-1.1, 0.1),
    )
    _mark(figure, margin, both_slopes(margin))
    return figure


@cache
def two_groups(seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Of 60 patients: highest heart rate and ST depression, scaled, and -1 for healthy or 1 for disease."""
    sample = heart().sample(60, random_state=seed)
    x = sample[["MaxHR", "Oldpeak"]].to_numpy(dtype=float)
    return (x - x.mean(axis=0)) / x.std(axis=0), 2.0 * sample["HeartDisease"].to_numpy() - 1


@cache
def separators(C: float = 1.0) -> dict[str, tuple[np.ndarray, float]]:
    """Weights and offset of the two linear classifiers, equally penalized: hinge (an SVM) and cross-entropy."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import SVC

    x, y = two_groups()
    models = {"hinge": SVC(kernel="linear", C=C, tol=1e-8), "cross-entropy": LogisticRegression(C=C, tol=1e-8)}
    fitted = {name: model.fit(x, y) for name, model in models.items()}
    return {name: (model.coef_[0], float(model.intercept_[0])) for name, model in fitted.items()}


def beyond(C: float) -> np.ndarray:
    """Which of the 60 patients have a margin of 1 and more; those at 1 hold the street, and are not counted."""
    x, y = two_groups()
    weights, offset = separators(C)["hinge"]
    return y * (x @ weights + offset) > 1 + 1e-4


@exhibit(
    alt="Patients by heart rate and ST depression. A solid line separates the classes by the hinge loss, a dashed one "
    "by cross-entropy; two dotted lines are the edges of the hinge's street, at C = {C:g}. Points beyond them on their "
    "own side are hollow.",
    explore={"C": PENALTIES},
)
def boundaries(C: float = 1.0) -> Figure:
    """Both losses on the same 60 patients, with the same C: circles with heart disease, squares without. The hollow
    ones lie beyond their edge of the street and have no effect on the hinge's line. Points are moved up or down by up
    to 0.15, since many patients have the same ST depression.
    """
    x, y = two_groups()
    figure, axes = style.figure()
    shown = x + np.random.default_rng(0).uniform(-0.15, 0.15, (len(x), 1)) * [0, 1]
    for label, color, marker in ((-1, style.NEGATIVE, "s"), (1, style.POSITIVE, "o")):
        for chosen, face in ((beyond(C), "none"), (~beyond(C), color)):
            points = shown[(y == label) & chosen]
            axes.scatter(*points.T, s=22, marker=marker, facecolor=face, edgecolor=color, linewidth=0.9)
    ends = np.array([-3.0, 3.0])
    for (name, (w, b)), dash in zip(separators(C).items(), ("-", (0, (5, 2))), strict=True):
        axes.plot(ends, -(b + w[0] * ends) / w[1], color=style.INK, linestyle=dash, linewidth=1.5, label=name)
    weights, offset = separators(C)["hinge"]
    for level in (-1, 1):
        edge = (level - offset - weights[0] * ends) / weights[1]
        axes.plot(ends, edge, color=style.MUTED, linestyle=":", linewidth=1.2)
    figure.legend(loc="outside upper center", ncols=2)
    axes.set(xlim=(-2.6, 2.4), ylim=(-1.4, 3.2), xlabel="highest heart rate, scaled", ylabel="ST depression, scaled")
    return figure


@exhibit(explore={"C": PENALTIES})
def chosen(C: float = 1.0) -> str:
    """The C that the slider is at."""
    return f"{C:g}"


@exhibit(explore={"C": PENALTIES})
def beyond_margin(C: float = 1.0) -> int:
    """Number of the 60 patients whose margin is over 1, so that their hinge loss and its slope are 0."""
    return int(beyond(C).sum())


@exhibit(explore={"C": PENALTIES})
def width(C: float = 1.0) -> float:
    """Width of the street, 2 over the length of the weights, in standard deviations of the features."""
    return 2 / float(np.linalg.norm(separators(C)["hinge"][0]))


@exhibit(follows="the objective: what a smaller C takes from the sum, the penalty gains")
def penalty_widens() -> bool:
    """With each smaller C the street is wider, or as wide where no example stands in it."""
    return bool((np.diff([width(C) for C in PENALTIES]) <= 1e-4).all())


@exhibit(over="20 samples of 60 patients")
def far_points_do_not_matter() -> bool:
    """Trained without all patients whose margin is above 1.01, the hinge's weights stay as they are, to three decimals,
    and those of cross-entropy move by more than a tenth: each in at least 16 of the 20 samples.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import SVC

    moves = []
    for seed in range(20):
        x, y = two_groups(seed)
        hinge, entropy = SVC(kernel="linear", C=1.0, tol=1e-8), LogisticRegression(C=1.0, tol=1e-8)
        near = y * hinge.fit(x, y).decision_function(x) <= 1.01
        whole = [model.fit(x, y).coef_.copy() for model in (hinge, entropy)]
        part = [model.fit(x[near], y[near]).coef_ for model in (hinge, entropy)]
        moves.append([np.abs(a - b).max() for a, b in zip(whole, part, strict=True)])
    hinge_moves, entropy_moves = np.array(moves).T
    return bool((hinge_moves < 1e-3).sum() >= 16 and (entropy_moves > 0.1).sum() >= 16)


@exhibit(digits=2)
def multiclass() -> DataFrame:
    """Scores of three images of a house (class 1), what each wrong class adds to the hinge loss, and cross-entropy."""
    scores = np.array([[1.0, 4.0, 0.5], [1.0, 2.2, 1.8], [3.0, 1.0, 2.5]])
    truth = np.ones(3, dtype=int)
    terms = np.maximum(0, scores - scores[:, 1:2] + 1)
    rows = {
        "score: tree": scores[:, 0],
        "score: house": scores[:, 1],
        "score: road": scores[:, 2],
        "tree adds": terms[:, 0],
        "road adds": terms[:, 2],
        "hinge": multiclass_hinge_loss(truth, scores),
        "cross-entropy": cross_entropy_from_logits(truth, scores),
    }
    return DataFrame(rows, index=[f"image {i}" for i in (1, 2, 3)]).T.rename_axis("value")


@exhibit(follows="the range of the sigmoid, from 0 to 1")
def sigmoid_spoils_it() -> bool:
    """Fed with a sigmoid's output, the hinge of a negative example is never below 1, and that of a positive never 0.

    For logits from -30 to 30.
    """
    p = sigmoid(np.linspace(-30, 30, 601))
    ones = np.ones_like(p)
    return bool((hinge_loss(-ones, p) >= 1).all() and (hinge_loss(ones, p) > 0).all())


@exhibit()
def largest_difference() -> str:
    """Largest difference on 1000 random examples: of the mean binary hinge from scikit-learn's, and of the multi-class
    hinge and its gradient, divided by the four classes, from PyTorch's.
    """
    from sklearn import metrics
    from torch import tensor
    from torch.nn.functional import multi_margin_loss

    rng = np.random.default_rng(0)
    signs, s = rng.choice([-1.0, 1.0], 1000), rng.normal(0, 2, 1000)
    classes, scores = rng.integers(0, 4, 1000), rng.normal(0, 2, (1000, 4))
    theirs = by_autograd(partial(multi_margin_loss, target=tensor(classes), reduction="none"), [scores])
    ours = [function(classes, scores) / 4 for function in (multiclass_hinge_loss, multiclass_hinge_loss_gradient)]
    return agreement([(hinge_loss(signs, s).mean(), metrics.hinge_loss(signs, s)), *zip(ours, theirs, strict=True)])

"""Exhibits of the page that maps all kinds of learning."""

from itertools import permutations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from pandas import DataFrame

from dlref.datasets import school_class
from dlref.engine.exhibit import exhibit
from dlref.plots import style

# Rows: what the learner is given. Columns: whether what it answers is a number or a category.
CELLS = [
    ("supervised", "regression", "classification"),
    ("unsupervised", "dimensionality\nreduction", "clustering,\nassociation rules"),
    ("reinforcement", "continuous actions", "bandits,\ndiscrete actions"),
]


@exhibit(
    alt="A table with three rows (supervised, unsupervised, reinforcement) and two columns (continuous, categorical), "
    "the methods in its cells, and one frame labelled deep learning around all."
)
def overview() -> Figure:
    """All kinds of learning on one map, and deep learning across all of them."""
    figure, axes = style.blank(4.8, 3.7, xlim=(-0.2, 11.8), ylim=(9.2, 0))
    frame = {"boxstyle": "round,pad=0,rounding_size=0.25", "linewidth": 1.4, "linestyle": (0, (5, 2))}
    axes.add_patch(FancyBboxPatch((2.75, 1.2), 8.9, 7.9, facecolor="none", edgecolor=style.BLUE, **frame))
    axes.text(7.2, 8.65, "deep learning", ha="center", va="center", color=style.BLUE, fontsize=11)
    for column, name in enumerate(("continuous", "categorical")):
        axes.text(4.98 + 4.4 * column, 0.65, name, ha="center", va="center", fontsize=10.5)
    for row, (name, *cells) in enumerate(CELLS):
        top = 1.5 + 2.3 * row
        axes.text(2.4, top + 1, name, ha="right", va="center", fontsize=10.5)
        for column, text in enumerate(cells):
            corner = (3.05 + 4.4 * column, top)
            look = {"facecolor": style.tint(style.MUTED, 0.1), "edgecolor": style.MUTED, "linewidth": 0.9}
            axes.add_patch(FancyBboxPatch(corner, 3.9, 2.0, boxstyle="round,pad=0,rounding_size=0.2", **look))
            axes.text(corner[0] + 1.95, top + 1, text, ha="center", va="center", fontsize=9.5)
    return figure


@exhibit()
def cells() -> DataFrame:
    """The map as links: what is learned, from what, and a deep network that does it."""
    rows = [
        ("supervised, continuous", "[regression][ml-class-vs-reg]", "[forecasts][dl-recurrent]"),
        ("supervised, categorical", "[classification][clf-binary]", "[pictures][dl-vision]"),
        ("unsupervised, continuous", "[dimensionality reduction][fewer-dimensions]", "[generators][dl-gan]"),
        ("unsupervised, categorical", "[clustering][ml-unsupervised]", "clusters of features"),
        ("unsupervised, categorical", "[association rules][association-rules]", "[what follows what][dl-recurrent]"),
        ("reinforcement, categorical", "[bandits][ml-reinforcement]", "values of actions"),
        ("reinforcement, continuous", "[control][actions]", "actions as outputs"),
    ]
    return DataFrame(rows, columns=["learning, answer", "methods", "with deep learning"])


@exhibit(
    alt="Held-out handwritten digits as points in two dimensions, four kinds marked: 0, 1, 4 and 6 form groups that "
    "touch little."
)
def two_dimensions() -> Figure:
    """Sixty-four pixels become two numbers; no label was used, yet digits of a kind lie together."""
    from dlref.exhibits._digits import digits_split

    train, test, _, labels = digits_split()
    mean = train.reshape(len(train), -1).mean(axis=0)
    _, _, axes_of_spread = np.linalg.svd(train.reshape(len(train), -1) - mean, full_matrices=False)
    points = (test.reshape(len(test), -1) - mean) @ axes_of_spread[:2].T
    figure, axes = style.figure(4.2, 3.3)
    # Where each name stands: beside its group.
    places = {0: (-0.2, 0.55), 1: (0.1, -1.6), 4: (-2.0, -0.55), 6: (-1.25, 1.5)}
    for (digit, place), color, marker in zip(places.items(), style.SERIES, style.MARKERS, strict=True):
        axes.plot(*points[labels == digit].T, marker, color=color, markersize=4, markerfacecolor="none")
        axes.text(*place, f"digit {digit}", color=color)
    axes.set(xlabel="first component", ylabel="second component")
    return figure


@exhibit()
def spread_kept() -> float:
    """Share of the variance of the training digits that the first two principal components keep."""
    from dlref.exhibits._digits import digits_split

    train = digits_split()[0]
    singular = np.linalg.svd(train.reshape(len(train), -1) - train.reshape(len(train), -1).mean(axis=0))[1]
    return float((singular[:2] ** 2).sum() / (singular**2).sum())


@exhibit()
def rules() -> DataFrame:
    """Rules in the school class that hold for at least two students and in at least two thirds of the cases."""
    students = school_class()
    values = [
        (column, value) for column in ("Learning method", "Class", "Grade") for value in students[column].unique()
    ]
    rows = []
    for (a, one), (b, other) in permutations(values, 2):
        having, both = students[a] == one, (students[a] == one) & (students[b] == other)
        share = students[b].eq(other).mean()
        if a != b and both.sum() >= 2 and both.sum() / having.sum() >= 2 / 3:
            confidence = both.sum() / having.sum()
            rows.append((f"{a} {one}", f"{b} {other}", both.mean(), confidence, confidence / share))
    return DataFrame(rows, columns=["if", "then", "support", "confidence", "lift"])

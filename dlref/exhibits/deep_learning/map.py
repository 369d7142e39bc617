"""Exhibits of the page that maps all kinds of learning."""

from functools import cache
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


@cache
def digits() -> tuple[np.ndarray, np.ndarray]:
    """scikit-learn's handwritten digits: a row of 64 pixels each, and what was written."""
    from sklearn.datasets import load_digits

    return load_digits(return_X_y=True)


@exhibit(
    alt="The first three hundred handwritten digits, drawn as numerals, at two coordinates. Numerals of a kind lie "
    "near each other; zeros, threes, fours and sixes lie at the rim, most others over each other in the middle."
)
def two_dimensions() -> Figure:
    """Sixty-four pixels become two numbers, without a label. Digits of a kind lie near each other; some kinds stand
    apart, others overlap. Each numeral is one digit, and says what was written.
    """
    from sklearn.decomposition import PCA

    images, labels = digits()
    points = PCA(2, svd_solver="full").fit_transform(images)[:300]
    figure, axes = style.figure(4.8, 4.2)
    for point, label in zip(points, labels, strict=False):
        axes.text(*point, str(label), color=style.SERIES[label % 4], fontsize=8, ha="center", va="center")
    axes.set(xlim=(-34, 34), ylim=(-34, 34), xlabel="first component", ylabel="second component")
    return figure


@exhibit(over="all digits of the data set")
def spread_kept() -> str:
    """Share of the variance of the digits' pixels that the first two principal components keep."""
    from sklearn.decomposition import PCA

    return f"{PCA(2, svd_solver='full').fit(digits()[0]).explained_variance_ratio_.sum():.0%}".replace("%", " %")


@cache
def neighbor_accuracies(splits: int = 20) -> np.ndarray:
    """Held-out accuracy of fifteen nearest neighbors, by split: in the plane of two components, then in all pixels."""
    from sklearn.decomposition import PCA
    from sklearn.model_selection import train_test_split
    from sklearn.neighbors import KNeighborsClassifier

    rows = []
    for seed in range(splits):
        train, test, y_train, y_test = train_test_split(
            *digits(), test_size=500, stratify=digits()[1], random_state=seed
        )
        plane = PCA(2, svd_solver="full").fit(train)
        pairs = (plane.transform(train), plane.transform(test)), (train, test)
        rows.append([KNeighborsClassifier(15).fit(a, y_train).score(b, y_test) for a, b in pairs])
    return np.array(rows)


@exhibit(over="20 stratified splits")
def read_in_the_plane() -> str:
    """Mean held-out accuracy of fifteen nearest neighbors that see two principal components of each digit."""
    return f"{neighbor_accuracies()[:, 0].mean():.0%}".replace("%", " %")


@exhibit(over="20 stratified splits")
def read_in_all() -> str:
    """Mean held-out accuracy of fifteen nearest neighbors that see all pixels of each digit."""
    return f"{neighbor_accuracies()[:, 1].mean():.0%}".replace("%", " %")


@exhibit(over="20 stratified splits")
def much_is_lost() -> bool:
    """In every split, fifteen nearest neighbors read more than half of the held-out digits from two components, four
    times as many as guessing, and more than nine in ten from all pixels.
    """
    plane, pixels = neighbor_accuracies().T
    return bool((plane > 0.5).all() and (plane < 0.8).all() and (pixels > 0.9).all())


@exhibit()
def rules() -> DataFrame:
    """All rules between class and grade in the school class, by lift. Turning a rule around changes its confidence, and
    neither its support nor its lift.
    """
    students = school_class()
    values = [(column, value) for column in ("Class", "Grade") for value in students[column].unique()]
    rows = []
    for (a, one), (b, other) in permutations(values, 2):
        having, both = students[a] == one, (students[a] == one) & (students[b] == other)
        if a != b and both.any():
            confidence = both.sum() / having.sum()
            lift = confidence / students[b].eq(other).mean()
            rows.append((f"{a} {one}", f"{b} {other}", both.mean(), confidence, lift))
    table = DataFrame(rows, columns=["if", "then", "support", "confidence", "lift"])
    return table.sort_values("lift", ascending=False, kind="stable")

"""Exhibits of the page on unsupervised learning."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from pandas import DataFrame
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA

from dlref.datasets import school_class, students
from dlref.engine.exhibit import exhibit
from dlref.plots import style

# How many of the unit make a year.
UNITS = {"decades": 0.1, "years": 1.0, "months": 12.0}
SCALES = ("as measured", "standardized")
LOOKS = list(zip(("o", "s", "^", "D", "v", "P"), (*style.SERIES, style.INK, style.MUTED), strict=True))


def grouped(x: np.ndarray, groups: int) -> np.ndarray:
    """Group of each row by k-means, the best of 20 starts; groups are numbered in the order in which they appear."""
    found = KMeans(groups, n_init=20, random_state=0).fit_predict(x)
    _, first = np.unique(found, return_index=True)
    return np.argsort(np.argsort(first))[found]


def five_points(unit: str) -> np.ndarray:
    """Each student's age in the unit, and class: 0 for Sport, 1 for Math."""
    table = school_class()
    return np.column_stack([table["Age"] * UNITS[unit], table["Class"] == "Math"])


def five_alt(unit_of_age: str) -> str:
    """What the drawing of the five students shows, in words."""
    names, found = school_class()["Name"], grouped(five_points(unit_of_age), 2)
    first, second = (", ".join(names[found == group]) for group in (0, 1))
    return f"Five students by age and class. With ages in {unit_of_age}, one group is {first}; the other is {second}."


@exhibit(alt=five_alt, explore={"unit_of_age": list(UNITS)})
def five(unit_of_age: str = "years") -> Figure:
    """Two groups of the five students, by age and class. On the gray outline lie all places that are as far from Bert
    as the one nearest to him: measured in decades an age hardly counts, measured in months hardly anything else does.
    """
    table, x = school_class(), five_points(unit_of_age)
    figure, axes = style.figure(4.4, 2.9)
    near = np.sort(np.linalg.norm(x - x[1], axis=1))[1]
    year = UNITS[unit_of_age]
    axes.add_patch(Ellipse((table["Age"][1], 0), 2 * near / year, 2 * near, facecolor="none", edgecolor=style.MUTED))
    scatter(axes, np.column_stack([table["Age"], x[:, 1]]), grouped(x, 2), size=52)
    for name, age, subject in zip(table["Name"], table["Age"], x[:, 1], strict=True):
        axes.annotate(name, (age, subject), (0, 9), textcoords="offset points", ha="center", bbox=style.LABEL)
    axes.set(xlim=(12.4, 16.6), ylim=(-1.15, 1.5), xticks=range(13, 17), yticks=(0, 1), yticklabels=("Sport", "Math"))
    axes.set(xlabel="age in years")
    return figure


def scatter(axes: Axes, x: np.ndarray, found: np.ndarray, size: float = 16) -> None:
    """Points of the plane, each group with a marker and a color of its own."""
    for group in range(found.max() + 1):
        marker, color = LOOKS[group]
        axes.scatter(*x[found == group].T, s=size, marker=marker, facecolor=style.tint(color, 0.4), edgecolor=color)


@exhibit(explore={"unit_of_age": list(UNITS)}, digits=1)
def distances(unit_of_age: str = "years") -> DataFrame:
    """Distances between the students, by age in the chosen unit and class."""
    x, names = five_points(unit_of_age), school_class()["Name"]
    apart = np.linalg.norm(x[:, None] - x, axis=2)
    return DataFrame(apart, index=names, columns=list(names))


@exhibit()
def unit_moves_bert() -> bool:
    """With ages in decades, Bert is grouped with the two others who do Sport; in years and in months with Emilia, who
    is as old, and apart from Anton and Clare, who are younger.
    """
    groups = {unit: grouped(five_points(unit), 2) for unit in UNITS}
    sport = groups["decades"].tolist() == [0, 0, 0, 1, 1]
    return sport and all(groups[unit].tolist() == [0, 1, 0, 1, 1] for unit in ("years", "months"))


@cache
def class_of_120() -> DataFrame:
    """A larger class, drawn from the stated model."""
    return students(120)


@exhibit(
    alt="Percentage against hours of learning for 120 students in three groups, distances taken {scale}.",
    explore={"scale": list(SCALES)},
)
def scaling(scale: str = "as measured") -> Figure:
    """Hours run to 10, percentages to 100. As measured, only the percentage decides, and the borders are level; with
    both columns standardized, both decide.
    """
    x = class_of_120()[["Hours", "Percentage"]].to_numpy()
    figure, axes = style.figure(4.2, 3.2)
    scatter(axes, x, grouped(x if scale == "as measured" else (x - x.mean(axis=0)) / x.std(axis=0), 3))
    axes.set(xlim=(-0.3, 10.3), ylim=(0, 100), xlabel="hours of learning", ylabel="percentage in the test")
    return figure


@exhibit()
def borders_are_level() -> bool:
    """As measured, the groups' ranges of percentages overlap by 5 points at most; standardized, by more than 10."""
    x = class_of_120()[["Hours", "Percentage"]].to_numpy()

    def overlap(z: np.ndarray) -> float:
        found = grouped(z, 3)
        low, high = np.sort([(x[found == g, 1].min(), x[found == g, 1].max()) for g in range(3)], axis=0).T
        return float(np.max(high[:-1] - low[1:]))

    return overlap(x) <= 5 and overlap((x - x.mean(axis=0)) / x.std(axis=0)) > 10


@exhibit(
    alt="Sleep against hours of learning for 120 students, spread evenly, and split into {groups} groups.",
    explore={"groups": [2, 3, 4, 5, 6]},
)
def no_groups(groups: int = 3) -> Figure:
    """Hours and sleep are drawn evenly and independently, without groups. k-means returns as many as it is told to."""
    x = class_of_120()[["Hours", "Sleep"]].to_numpy()
    figure, axes = style.figure(4.2, 2.9)
    scatter(axes, x, grouped((x - x.mean(axis=0)) / x.std(axis=0), groups))
    axes.set(xlim=(-0.3, 10.3), ylim=(4.8, 9.2), xlabel="hours of learning", ylabel="hours of sleep")
    return figure


@exhibit()
def kinds() -> DataFrame:
    """Three kinds of structure, each looked for in the class of 120 students."""
    table = class_of_120()
    numbers = table[["Age", "Hours", "Sleep", "Percentage"]]
    standardized = ((numbers - numbers.mean()) / numbers.std()).to_numpy()
    share = PCA().fit(standardized).explained_variance_ratio_[0]
    first, second, third = np.bincount(grouped(standardized, 3))
    busy, passed = table["Hours"] > 5, table["Passed"] == 1
    found = {
        "clustering": (
            "rows that are alike",
            f"groups of {first}, {second} and {third} students, by four standardized columns",
        ),
        "dimensionality reduction": (
            "directions that say most",
            f"one direction holds {share:.0%} of the variance of the same columns",
        ),
        "association rules": (
            "what occurs together",
            f"more than 5 hours → passed: true of {passed[busy].mean():.0%}, against {passed.mean():.0%} of all",
        ),
    }
    return DataFrame.from_dict(found, orient="index", columns=["looks for", "finds here"]).rename_axis("kind")

"""Exhibits of the page on unsupervised learning."""

from functools import cache
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from pandas import DataFrame
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA

from dlref.datasets import mtcars, school_class, students
from dlref.engine.exhibit import exhibit
from dlref.plots import style

# How many of the unit make a year, and what the step from Sport to Math counts; None: each column's standard deviation.
UNITS = {"decades": (0.1, 1.0), "years": (1.0, 1.0), "months": (12.0, 1.0), "standard deviations": None}
CLASSES = 20
SCALES = ("as measured", "standardized")
LOOKS = list(zip(("o", "s", "^", "D", "v", "P"), (*style.SERIES, style.INK, style.MUTED), strict=True))


def grouped(x: np.ndarray, groups: int) -> np.ndarray:
    """Group of each row by k-means, the best of 20 starts; groups are numbered in the order in which they appear."""
    found = KMeans(groups, n_init=20, random_state=0).fit_predict(x)
    _, first = np.unique(found, return_index=True)
    return np.argsort(np.argsort(first))[found]


def scales(unit: str) -> np.ndarray:
    """What a year of age and the step from Sport to Math count in the unit."""
    table = school_class()
    plane = np.column_stack([table["Age"], table["Class"] == "Math"])
    return np.array(UNITS[unit] or 1 / plane.std(axis=0))


def five_points(unit: str) -> np.ndarray:
    """Each student's age in the unit, and class: 0 for Sport; 1 for Math, or what that is in standard deviations."""
    table = school_class()
    return np.column_stack([table["Age"], table["Class"] == "Math"]) * scales(unit)


def five_alt(unit_of_age: str) -> str:
    """What the drawing of the five students shows, in words."""
    names, found = school_class()["Name"], grouped(five_points(unit_of_age), 2)
    first, second = (", ".join(names[found == group]) for group in (0, 1))
    return f"Five students by age and class. With ages in {unit_of_age}, one group is {first}; the other is {second}."


@exhibit(alt=five_alt, explore={"unit_of_age": list(UNITS)})
def five(unit_of_age: str = "years") -> Figure:
    """Two groups of the five students, by age and class. All places on the gray outline are equally far from Bert: as
    far as the student next to him. In decades an age hardly counts, in months hardly anything else does; in standard
    deviations the columns count alike.
    """
    table, x = school_class(), five_points(unit_of_age)
    figure, axes = style.figure(4.4, 2.9)
    near = np.sort(np.linalg.norm(x - x[1], axis=1))[1]
    year, step = scales(unit_of_age)
    outline = Ellipse((table["Age"][1], 0), 2 * near / year, 2 * near / step, facecolor="none", edgecolor=style.MUTED)
    axes.add_patch(outline)
    places = x / (year, step)
    scatter(axes, places, grouped(x, 2), size=52)
    for name, (age, subject) in zip(table["Name"], places, strict=True):
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
    """Distances between the students, by age and class; with standard deviations, of both."""
    x, names = five_points(unit_of_age), school_class()["Name"]
    apart = np.linalg.norm(x[:, None] - x, axis=2)
    return DataFrame(apart, index=names, columns=list(names))


@exhibit(over="all 15 ways to make two groups of five students, for each unit")
def unit_moves_bert() -> bool:
    """The two groups with the least sum of squared distances to their means put Bert with the two others who do Sport
    if ages are in decades or both columns in standard deviations; in years and in months with Emilia, who is as old,
    and Dave, apart from Anton and Clare, who are younger. k-means finds these groups.
    """
    sport, older = [0, 0, 0, 1, 1], [0, 1, 0, 1, 1]
    expected = {"decades": sport, "years": older, "months": older, "standard deviations": sport}
    ways = [np.array((0, *rest)) for rest in product((0, 1), repeat=4) if any(rest)]
    for unit, groups in expected.items():
        x = five_points(unit)
        best, second = np.sort([spread(x, way) for way in ways])[:2]
        if not (np.isclose(spread(x, np.array(groups)), best) and second > 1.1 * best):
            return False
        if grouped(x, 2).tolist() != groups:
            return False
    return True


def spread(x: np.ndarray, groups: np.ndarray) -> float:
    """Sum of the squared distances of the rows to the mean of their group."""
    rows = (x[groups == group] for group in np.unique(groups))
    return float(sum(np.sum((each - each.mean(axis=0)) ** 2) for each in rows))


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
    both columns standardized, both decide. One drawn class.
    """
    x = class_of_120()[["Hours", "Percentage"]].to_numpy()
    figure, axes = style.figure(4.2, 3.2)
    scatter(axes, x, grouped(x if scale == "as measured" else standardized(x), 3))
    axes.set(xlim=(-0.3, 10.3), ylim=(0, 100), xlabel="hours of learning", ylabel="percentage in the test")
    return figure


def standardized(x: np.ndarray) -> np.ndarray:
    """Each column less its mean, in units of its standard deviation."""
    return (x - x.mean(axis=0)) / x.std(axis=0)


def overlap(x: np.ndarray, percentage: np.ndarray) -> float:
    """By how many points the ranges of percentage of three groups overlap, where they overlap most; negative: a gap."""
    found = grouped(x, 3)
    low, high = np.sort([(percentage[found == g].min(), percentage[found == g].max()) for g in range(3)], axis=0).T
    return float(np.max(high[:-1] - low[1:]))


@exhibit(over="20 drawn classes of 120 students")
def borders_are_level() -> bool:
    """As measured, the groups' ranges of percentages overlap by 2 points at most, in each of 20 classes; standardized,
    by more than 5 points in each.
    """
    classes = [students(120, seed=seed)[["Hours", "Percentage"]].to_numpy() for seed in range(CLASSES)]
    raw = max(overlap(x, x[:, 1]) for x in classes)
    return raw <= 2 and min(overlap(standardized(x), x[:, 1]) for x in classes) > 5


@exhibit(
    alt="Sleep against hours of learning for 120 students, spread evenly, and split into {groups} groups.",
    explore={"groups": [2, 3, 4, 5, 6]},
)
def no_groups(groups: int = 3) -> Figure:
    """Hours and sleep are drawn evenly and independently, without groups. k-means returns as many as it is told to."""
    x = class_of_120()[["Hours", "Sleep"]].to_numpy()
    figure, axes = style.figure(4.2, 2.9)
    scatter(axes, x, grouped(standardized(x), groups))
    axes.set(xlim=(-0.3, 10.3), ylim=(4.8, 9.2), xlabel="hours of learning", ylabel="hours of sleep")
    return figure


@exhibit(over="32 cars")
def kinds() -> DataFrame:
    """Three kinds of structure, each looked for among 32 cars of 1973 and 1974."""
    cars = mtcars()
    columns = standardized(cars[["mpg", "disp", "hp", "wt"]].to_numpy(float))
    share = PCA().fit(columns).explained_variance_ratio_[0]
    sizes = np.sort(np.bincount(grouped(columns, 2)))[::-1]
    eight, automatic = cars["cyl"] == 8, cars["am"] == 0
    found = {
        "clustering": (
            "rows that are alike",
            f"groups of {sizes[0]} and {sizes[1]} cars, by mileage, displacement, power and weight, standardized",
        ),
        "dimensionality reduction": (
            "directions that say most",
            f"one direction holds {share:.0%} of the variance of the same columns",
        ),
        "association rules": (
            "what occurs together",
            f"8 cylinders → automatic: true of {automatic[eight].mean():.0%}, against {automatic.mean():.0%} of all",
        ),
    }
    return DataFrame.from_dict(found, orient="index", columns=["looks for", "finds here"]).rename_axis("kind")

"""Exhibits of the page on the student test."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.datasets import students
from dlref.engine.exhibit import exhibit
from dlref.exhibits._student_test import PREDICTORS, boundary, classified, known, line
from dlref.metrics import sum_of_squared_errors
from dlref.plots import regression, style

SLOPES = [2, 3, 4, 5, 6, 7, 8]
INTERCEPTS = [10, 15, 20, 25, 30, 35]
CLASSES = 1000
OUTLINES = (1.2, 2, 4, 8, 16)


@exhibit(digits=1)
def first_rows() -> DataFrame:
    """Six of forty students, drawn from the stated model: two predictors, and the test's result in two forms."""
    return known()[["Student", "Hours", "Sleep", "Percentage", "Passed"]].head(6)


@exhibit(
    alt="Sleep against hours of learning for 40 students. A falling, steep line separates most who passed, blue "
    "circles at the right, from most who failed, orange squares at the left."
)
def pass_or_fail() -> Figure:
    """Classification: a boundary. To its right the model says pass, to its left fail; on the line the odds are even."""
    x = known()[PREDICTORS].to_numpy()
    figure = regression.classes(x, known()["Passed"].to_numpy(), names=("failed", "passed"))
    (w_hours, w_sleep), (b,) = boundary().coef_[0], boundary().intercept_
    sleep = np.array([4.8, 9.2])
    axes = figure.axes[0]
    axes.plot(-(b + w_sleep * sleep) / w_hours, sleep, color=style.VIOLET)
    axes.set(xlim=(-0.3, 10.3), ylim=(4.8, 9.9), xlabel="hours of learning", ylabel="hours of sleep")
    axes.get_legend().set(loc="upper left", ncols=2)
    return figure


@exhibit(over="the forty students")
def wrong_side() -> int:
    """Students of the forty on the wrong side of the boundary."""
    return int(np.sum(classified(known()) != known()["Passed"]))


@exhibit(over="the forty students")
def no_line_parts_them() -> bool:
    """No line over hours and sleep has all who passed strictly on one side and all who failed on the other: the linear
    program that asks for one has no solution.
    """
    from scipy.optimize import linprog

    side = np.where(known()["Passed"] == 1, 1, -1)[:, None]
    conditions = -side * np.column_stack([known()[PREDICTORS], np.ones(len(side))])
    return linprog(np.zeros(3), conditions, -np.ones(len(side)), bounds=(None, None)).status == 2


def with_residuals(axes: Axes, slope: float, intercept: float, color: str) -> None:
    """The forty students, a line, and from each student down or up to it the residual."""
    x, y = known()["Hours"], known()["Percentage"]
    axes.vlines(x, intercept + slope * x, y, color=style.tint(color, 0.5), linewidth=0.9)
    axes.plot(x, y, "o", color=style.INK, markersize=3.5)
    axes.plot((0, 10), (intercept, intercept + 10 * slope), color=color)
    axes.set(xlim=(0, 10.15), ylim=(0, 100), xlabel="hours of learning", ylabel="percentage in the test")


@exhibit(
    alt="Percentage against hours of learning for 40 students. A rising line runs through the middle of the cloud; a "
    "short vertical stroke joins each point to it."
)
def percentage() -> Figure:
    """Regression: a best-fit line. The strokes are the residuals, what the line misses each student by."""
    figure, axes = style.figure()
    with_residuals(axes, line().coef_[0], line().intercept_, style.BLUE)
    return figure


@exhibit(digits=2, over="the forty students")
def slope_found() -> float:
    """Slope of the best-fit line, in percentage points an hour."""
    return float(line().coef_[0])


@exhibit(digits=1, over="the forty students")
def intercept_found() -> float:
    """Intercept of the best-fit line: the percentage that it predicts for 0 hours of learning."""
    return float(line().intercept_)


def drawn_slopes() -> np.ndarray:
    """Slopes of the best-fit lines of many classes of forty, drawn from the same model."""
    pool = students(40 * CLASSES, seed=1)
    x, y = (pool[name].to_numpy().reshape(CLASSES, 40) for name in ("Hours", "Percentage"))
    x = x - x.mean(axis=1, keepdims=True)
    return np.sum(x * y, axis=1) / np.sum(x**2, axis=1)


@exhibit(over="1,000 classes of forty students")
def slopes_drawn() -> str:
    """Mean and standard deviation of the slopes of the best-fit lines, in percentage points per hour."""
    slopes = drawn_slopes()
    return f"{slopes.mean():.1f} ± {slopes.std(ddof=1):.1f}"


@exhibit(over="1,000 classes of forty students")
def slopes_center() -> bool:
    """The slopes' mean is within 0.1 of 5; the slope of the forty is within three standard deviations of it."""
    slopes = drawn_slopes()
    return bool(abs(slopes.mean() - 5) < 0.1 and abs(line().coef_[0] - 5) < 3 * slopes.std(ddof=1))


def squares(slope: float, intercept: float) -> float:
    """Sum of squared errors of a line on the forty students."""
    return sum_of_squared_errors(known()["Percentage"], intercept + slope * known()["Hours"])


@exhibit(
    alt=lambda slope, intercept: (
        f"The forty students with a line of slope {slope} and intercept {intercept}, and the residuals. The sum of "
        f"squared errors is {squares(slope, intercept):.0f}. The least-squares line is dashed."
    ),
    explore={"slope": SLOPES, "intercept": INTERCEPTS},
)
def by_hand(slope: int = 4, intercept: int = 20) -> Figure:
    """Turn and lift the solid line until the strokes are short. The dashed line is the least-squares solution."""
    figure, axes = style.figure(4.0, 3.2)
    with_residuals(axes, slope, intercept, style.ORANGE)
    best = line().intercept_ + line().coef_[0] * np.array([0, 10])
    axes.plot((0, 10), best, color=style.BLUE, linestyle=style.DASHES[1], linewidth=1.3)
    return figure


@exhibit(
    alt=lambda slope, intercept: (
        "Contours of the sum of squared errors over slope and intercept: long, tilted ellipses around the "
        f"least-squares solution, a star. The chosen line is a point at slope {slope}, intercept {intercept}."
    ),
    explore={"slope": SLOPES, "intercept": INTERCEPTS},
)
def valley(slope: int = 4, intercept: int = 20) -> Figure:
    """Every line is a point here, and the dot is the chosen one. Outlines join lines of equal sum of squared errors,
    1.2, 2, 4, 8 and 16 times the least; the star is the lowest place.
    """
    figure, axes = style.figure(4.0, 3.2)
    lowest = squares(line().coef_[0], line().intercept_)
    slopes, intercepts = np.meshgrid(np.linspace(1, 9, 61), np.linspace(0, 45, 61))
    x, y = known()["Hours"].to_numpy(), known()["Percentage"].to_numpy()
    sums = np.sum((y - intercepts[..., None] - slopes[..., None] * x) ** 2, axis=-1)
    axes.contour(slopes, intercepts, sums / lowest, OUTLINES, colors=style.MUTED, linewidths=0.8)
    axes.plot(line().coef_[0], line().intercept_, "*", color=style.BLUE, markersize=11)
    axes.plot(slope, intercept, "o", color=style.ORANGE, markersize=8)
    axes.set(xlabel="slope, points an hour", ylabel="intercept, points")
    return figure


@exhibit(explore={"slope": SLOPES, "intercept": INTERCEPTS}, digits=0, over="the forty students")
def sse(slope: int = 4, intercept: int = 20) -> float:
    """Sum of squared errors of the chosen line on the forty students."""
    return squares(slope, intercept)


@exhibit(digits=0, over="the forty students")
def sse_least() -> float:
    """Sum of squared errors of the least-squares line on the forty students."""
    return squares(line().coef_[0], line().intercept_)


@exhibit(follows="setting both derivatives of the sum of squared errors to zero")
def least_is_least() -> bool:
    """No line of a fine grid around it has a smaller sum of squared errors than the least-squares line; and its slope
    and intercept are those of the formula.
    """
    x, y = known()["Hours"], known()["Percentage"]
    slope = np.sum((x - x.mean()) * (y - y.mean())) / np.sum((x - x.mean()) ** 2)
    formula = slope, y.mean() - slope * x.mean()
    grid = [squares(m, n) for m in np.linspace(3, 8, 51) for n in np.linspace(5, 40, 51)]
    found = line().coef_[0], line().intercept_
    return bool(np.allclose(formula, found, rtol=0, atol=1e-9) and squares(*found) <= min(grid))

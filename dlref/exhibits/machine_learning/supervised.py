"""Exhibits of the page on supervised learning."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame
from sklearn.linear_model import LinearRegression

from dlref.datasets import school_class, students
from dlref.engine.exhibit import exhibit
from dlref.plots import style

SIZES = (5, 10, 20, 50, 100, 200, 500)
REPEATS = 100


def features(table: DataFrame, *more: str) -> DataFrame:
    """Age, learning method and class as numbers, and more columns where the table has them."""
    coded = {"Age": table["Age"], "method B": table["Learning method"] == "B", "Math": table["Class"] == "Math"}
    return DataFrame(coded | {name: table[name] for name in more}).astype(float)


@cache
def on_five() -> DataFrame:
    """For each of the five: the grade, the fit of all five, the prediction from the others, and their mean grade."""
    table = school_class()
    x, y = features(table), table["Grade"]
    rows = []
    for i in range(len(table)):
        others = LinearRegression().fit(x.drop(index=i), y.drop(index=i))
        rows.append((others.predict(x.iloc[[i]])[0], y.drop(index=i).mean()))
    predicted, mean = np.transpose(rows)
    return DataFrame(
        {
            "Name": table["Name"],
            "Grade": y,
            "fitted": LinearRegression().fit(x, y).predict(x),
            "predicted": predicted,
            "mean": mean,
        }
    )


def mean_error(column: str) -> float:
    """How far the column is from the grades, on average over the five."""
    table = on_five()
    return float((table[column] - table["Grade"]).abs().mean())


@exhibit(digits=2)
def five() -> DataFrame:
    """Fitted: by the model of all five. Predicted: by a model of the other four. Mean: of the other four. The fit is
    close, the prediction for a student whom the model has not seen is far off.
    """
    return on_five()


@exhibit(digits=2)
def error_fitted() -> float:
    """Mean distance, in grades, between the five grades and the model fitted to them."""
    return mean_error("fitted")


@exhibit(digits=2)
def error_predicted() -> float:
    """Mean distance, in grades, when each student is predicted from the other four."""
    return mean_error("predicted")


@exhibit(digits=2)
def error_mean() -> float:
    """Mean distance, in grades, when the mean grade of the other four is taken for the prediction."""
    return mean_error("mean")


@exhibit(digits=2)
def coefficients() -> DataFrame:
    """What one more year, method B, or Math changes in the predicted grade. In the stated model age changes nothing;
    five students say otherwise.
    """
    samples = {"5, the school class": school_class()}
    samples |= {f"{size:,}, drawn": students(size, seed=1) for size in (50, 1000, 100_000)}
    rows = {name: LinearRegression().fit(features(t), t["Grade"]).coef_ for name, t in samples.items()}
    return DataFrame.from_dict(rows, orient="index", columns=["a year of age", "method B", "Math"]).rename_axis(
        "students"
    )


@exhibit()
def age_fades() -> bool:
    """By the five students a year of age lowers, that is improves, the grade by more than half a grade; by 100,000
    students of the stated model it changes it by less than a hundredth.
    """
    five, many = (LinearRegression().fit(features(t), t["Grade"]).coef_[0] for t in (school_class(), students(100_000)))
    return five < -0.5 and abs(many) < 0.01


@cache
def learning_curve(*more: str) -> np.ndarray:
    """Mean error on 2,000 new students, for every size of the class learned from, each drawn many times."""
    new = students(2000, seed=10_000)
    x, y = features(new, *more).to_numpy(), new["Grade"].to_numpy()
    errors = np.empty((len(SIZES), REPEATS))
    for i, size in enumerate(SIZES):
        # Students are drawn independently of each other, so that one large class can be cut into many.
        pool = students(size * REPEATS, seed=size)
        classes = features(pool, *more).to_numpy().reshape(REPEATS, size, -1)
        grades = pool["Grade"].to_numpy().reshape(REPEATS, size)
        for j in range(REPEATS):
            model = LinearRegression().fit(classes[j], grades[j])
            errors[i, j] = np.abs(model.predict(x) - y).mean()
    return errors


@cache
def guessing() -> float:
    """Mean error of always predicting the mean grade."""
    grades = students(2000, seed=10_000)["Grade"]
    return float((grades - grades.mean()).abs().mean())


@exhibit(
    alt=lambda: (
        "Mean error in grades against the number of students learned from, on new students. Always guessing the mean "
        f"is a level line at {guessing():.1f}. With the columns of the school class the error falls from far above "
        "that to about the same. With hours and sleep too it starts at the line and falls to about half of it."
    )
)
def larger_classes() -> Figure:
    """More students help, up to what the columns hold: age, method and class say little about the grade, hours and
    sleep say more. Lines are medians of 100 draws, bands hold the middle four fifths; at five students they leave the
    picture.
    """
    figure, axes = style.figure(4.6, 3.3)
    curves = {
        "age, method, class": (learning_curve(), style.ORANGE, "s--"),
        "and hours, sleep": (learning_curve("Hours", "Sleep"), style.BLUE, "o-"),
    }
    for errors, color, line in curves.values():
        low, high = np.percentile(errors, (10, 90), axis=1)
        axes.fill_between(SIZES, low, high, color=style.tint(color, 0.2), linewidth=0)
        # Where bands lie on each other, their edges show both.
        axes.plot(SIZES, np.column_stack([low, high]), color=color, linewidth=0.7, zorder=2)
        # Medians: a few of the draws of five students give absurd predictions, and these would be all a mean shows.
        axes.plot(SIZES, np.median(errors, axis=1), line, color=color)
    axes.axhline(guessing(), color=style.MUTED, linewidth=1, linestyle=style.DASHES[2])
    axes.text(500, guessing() - 0.04, "guessing the mean", color=style.MUTED, va="top", ha="right")
    axes.text(40, 1.2, "age, method, class", color=style.ORANGE)
    axes.text(40, 0.7, "and hours, sleep", color=style.BLUE)
    axes.set(xscale="log", xticks=SIZES, xticklabels=SIZES, ylim=(0.4, 2))
    axes.set(xlabel="students learned from", ylabel="mean error on new students, grades")
    axes.minorticks_off()
    return figure


@exhibit()
def five_is_worse_than_guessing() -> bool:
    """With 5 students the error on new ones, the median of 100 draws, is above that of guessing the mean, whichever
    columns are used.

    With 50 and hours and sleep among the columns, it is below it in each of the 100 draws.
    """
    narrow, wide = learning_curve(), learning_curve("Hours", "Sleep")
    return np.median(narrow[0]) > guessing() < np.median(wide[0]) and wide[SIZES.index(50)].max() < guessing()

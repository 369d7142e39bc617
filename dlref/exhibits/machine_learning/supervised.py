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
DRAWS = 200


def features(table: DataFrame, *more: str) -> DataFrame:
    """Age and learning method as numbers, and more columns where the table has them."""
    coded = {"Age": table["Age"], "method B": table["Learning method"] == "B"}
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
    closer than the prediction for a student whom the model has not seen.
    """
    return on_five()


@exhibit(digits=2, over="the five students")
def error_fitted() -> float:
    """Mean absolute error, in grades, of the model on the five students that it was fitted to."""
    return mean_error("fitted")


@exhibit(digits=2, over="the five students")
def error_predicted() -> float:
    """Mean absolute error, in grades, when each student is predicted from the other four."""
    return mean_error("predicted")


@exhibit(digits=2, over="the five students")
def error_mean() -> float:
    """Mean absolute error, in grades, when the mean grade of the other four is taken for the prediction."""
    return mean_error("mean")


@exhibit(digits=2)
def clare() -> DataFrame:
    """Clare's grade, predicted from the other four with three features. Infinitely many models fit the four equally
    well; the one that the library returns depends on the unit of age.
    """
    table = school_class()
    x, y = features(table).assign(Math=table["Class"] == "Math").astype(float), table["Grade"]
    rows = {}
    for unit, size in {"decades": 0.1, "years": 1, "months": 12}.items():
        scaled = x.assign(Age=x["Age"] * size)
        model = LinearRegression().fit(scaled.drop(index=2), y.drop(index=2))
        seen = np.abs(model.predict(scaled.drop(index=2)) - y.drop(index=2)).max()
        rows[unit] = {"largest error on the four": round(seen, 9), "Clare": model.predict(scaled.loc[[2]])[0]}
    return DataFrame.from_dict(rows, orient="index").rename_axis("age in")


@cache
def drawn(size: int, *more: str, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Classes of one size: a column of ones and the features, and the grades; none in which a column is redundant.

    Students are drawn independently of each other, so one large table can be cut into many classes.
    """
    pool = students(size * DRAWS, seed=seed)
    x = np.column_stack([np.ones(len(pool)), features(pool, *more)]).reshape(DRAWS, size, -1)
    y = pool["Grade"].to_numpy(float).reshape(DRAWS, size)
    unique = np.linalg.matrix_rank(x) == x.shape[-1]
    return x[unique], y[unique]


def least_squares(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Intercept and coefficients for each class, by the normal equations."""
    return np.linalg.solve(x.transpose(0, 2, 1) @ x, (x.transpose(0, 2, 1) @ y[..., None]))[..., 0]


def signed(number: float) -> str:
    """Two decimals, with a minus sign, and none before 0.00."""
    return f"{round(number, 2) + 0.0:.2f}".replace("-", "−")


@exhibit(over="200 classes of each size")
def coefficients() -> DataFrame:
    """What one more year and method B change in the predicted grade: mean ± standard deviation over 200 drawn classes.
    In the stated model age changes nothing; five students say otherwise.
    """
    age, method = LinearRegression().fit(features(school_class()), school_class()["Grade"]).coef_
    rows = {"5, the school class": [signed(age), signed(method)]}
    for size in (50, 500, 5000):
        found = least_squares(*drawn(size))[:, 1:]
        pairs = zip(found.mean(axis=0), found.std(axis=0, ddof=1), strict=True)
        rows[f"{size:,}, drawn"] = [f"{signed(mean)} ± {sd:.2f}" for mean, sd in pairs]
    return DataFrame.from_dict(rows, orient="index", columns=["a year of age", "method B"]).rename_axis("students")


@exhibit(over="200 drawn classes of 5,000 students")
def age_fades() -> bool:
    """By the five students a year of age lowers, that is improves, the grade by more than half a grade; in at least
    95 % of the classes of 5,000 students it changes it by less than a twentieth.
    """
    five = LinearRegression().fit(features(school_class()), school_class()["Grade"]).coef_[0]
    many = least_squares(*drawn(5000))[:, 1]
    return bool(five < -0.5 and np.mean(np.abs(many) < 0.05) >= 0.95)


@cache
def errors(size: int, *more: str) -> tuple[np.ndarray, np.ndarray]:
    """Mean error on 2,000 new students of each class's model, and of guessing the class's mean grade."""
    new = students(2000, seed=10_000)
    x, y = drawn(size, *more, seed=size)
    unseen = np.column_stack([np.ones(len(new)), features(new, *more)])
    grades = new["Grade"].to_numpy(float)
    modelled = np.abs(least_squares(x, y) @ unseen.T - grades).mean(axis=1)
    guessed = np.abs(y.mean(axis=1, keepdims=True) - grades).mean(axis=1)
    return modelled, guessed


def sizes(*more: str) -> tuple[int, ...]:
    """Sizes with more students than there are coefficients, since fewer cannot determine them."""
    return tuple(size for size in SIZES if size > 3 + len(more))


@exhibit(
    alt="Mean error in grades against the number of students learned from, on new students. Guessing the mean of those "
    "learned from is a nearly level line. With age and method the error falls from far above it to about the same. "
    "With hours and sleep too it starts at 10 students, below the line, and falls to about half of it."
)
def larger_classes() -> Figure:
    """More students help, up to what the columns hold: age and method say little about the grade, hours and sleep say
    more. Lines are medians of 200 drawn classes, bands hold the middle four fifths.
    """
    figure, axes = style.figure(4.6, 3.3)
    for more, color, line in (((), style.ORANGE, "s--"), (("Hours", "Sleep"), style.BLUE, "o-")):
        found = [errors(size, *more)[0] for size in sizes(*more)]
        low, middle, high = np.transpose([np.percentile(each, (10, 50, 90)) for each in found])
        axes.fill_between(sizes(*more), low, high, color=style.tint(color, 0.2), linewidth=0)
        # Where bands lie on each other, their edges show both.
        axes.plot(sizes(*more), np.column_stack([low, high]), color=color, linewidth=0.7, zorder=2)
        axes.plot(sizes(*more), middle, line, color=color)
    guessed = [np.median(errors(size)[1]) for size in SIZES]
    axes.plot(SIZES, guessed, color=style.MUTED, linewidth=1.2, linestyle=style.DASHES[2])
    axes.text(500, guessed[-1] - 0.04, "guessing the mean", color=style.MUTED, va="top", ha="right")
    axes.text(12, 1.5, "age, method", color=style.ORANGE)
    axes.text(40, 0.68, "and hours, sleep", color=style.BLUE)
    axes.set(xscale="log", xticks=SIZES, xticklabels=SIZES, ylim=(0.4, 2.1))
    axes.set(xlabel="students learned from", ylabel="mean error on new students, grades")
    axes.minorticks_off()
    return figure


@exhibit(over="200 drawn classes of 5 students")
def five_is_worse_than_guessing() -> bool:
    """In at least two thirds of the classes of five, the model from age and method has a larger mean error on 2,000 new
    students than guessing the mean grade of the five.
    """
    modelled, guessed = errors(5)
    return bool(np.mean(modelled > guessed) > 2 / 3)


@exhibit(digits=0)
def five_loses() -> str:
    """Share of 200 drawn classes of five in which the model does worse on new students than guessing their mean."""
    modelled, guessed = errors(5)
    return f"{np.mean(modelled > guessed):.0%}"


@exhibit(over="200 drawn classes of each size")
def columns_decide() -> bool:
    """With 500 students the median error of the model from age and method is within 5 % of guessing the mean; with 50,
    and hours and sleep among the features, the error is below that of guessing in at least 99 % of the classes.
    """
    narrow, guessed = (np.median(each) for each in errors(500))
    wide, guess = errors(50, "Hours", "Sleep")
    return bool(abs(narrow / guessed - 1) < 0.05 and np.mean(wide < guess) >= 0.99)


@cache
def effects() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The coefficient of method B in classes of 500, without hours among the features and with them, by how the methods
    came about: drawn for each student, or chosen, B the more often the more hours a student learns.
    """
    size = 500
    pool, generator = students(int(2.1 * size * DRAWS), seed=3), np.random.default_rng(4)
    share = pool["Hours"] / 10
    willing = generator.random(len(pool)) < np.where(pool["Learning method"] == "B", share, 1 - share)
    found = {}
    for name, table in {"drawn for each": pool, "chosen": pool[willing]}.items():
        table = table[: size * DRAWS]
        x = np.column_stack([np.ones(len(table)), features(table, "Hours")]).reshape(DRAWS, size, -1)
        y = table["Grade"].to_numpy(float).reshape(DRAWS, size)
        found[name] = least_squares(x[..., :3], y)[:, 2], least_squares(x, y)[:, 2]
    return found


@exhibit(over="200 classes of 500 students of either kind")
def assignment() -> DataFrame:
    """What method B seems to change in the grade, mean ± standard deviation over classes of 500 students. Where those
    who learn for many hours choose B, the model without hours gives the method the credit for the hours.
    """
    rows = {
        name: [f"{signed(found.mean())} ± {found.std(ddof=1):.2f}" for found in pair]
        for name, pair in effects().items()
    }
    columns = ["age, method", "age, method, hours"]
    return DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("the method was")


@exhibit(over="200 classes of 500 students of either kind")
def choice_misleads() -> bool:
    """Where the method was chosen, the model without hours gives it at least twice the effect that it has where it was
    drawn, on average; with hours among the features, or where it was drawn, the means differ by less than a tenth.
    """
    means = {name: [found.mean() for found in pair] for name, pair in effects().items()}
    (drawn_mean, with_hours), (chosen_mean, adjusted) = means["drawn for each"], means["chosen"]
    return bool(chosen_mean < 2 * drawn_mean and max(abs(with_hours - drawn_mean), abs(adjusted - drawn_mean)) < 0.1)

"""Exhibits of the page on classification against regression."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame, Series
from sklearn.linear_model import LinearRegression, LogisticRegression

from dlref.datasets import students
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.exhibits._student_test import PREDICTORS, boundary, classified, known, line, predicted
from dlref.losses import absolute_error, squared_error
from dlref.metrics import accuracy, baseline_accuracy, confusion_matrix, r2_score, sum_of_squared_errors
from dlref.plots import style

CLASSES = 200


@exhibit()
def comparison() -> DataFrame:
    """Two questions about one test, side by side; the numbers are those of the student test."""
    slope, start = line().coef_[0], line().intercept_
    (hours, sleep), (b,) = boundary().coef_[0], boundary().intercept_
    right = accuracy(matrix(known()))
    misses, share = sum_of_squared_errors(*percentages(known())), r2_score(*percentages(known()))
    rows = {
        "target": ("discrete: class labels", "continuous: numbers"),
        "example": ("fail or pass", "percentage score"),
        "looked for": ("decision boundary, group membership", "best-fit line"),
        "found": (
            f"{hours:.2f} · hours + {sleep:.2f} · sleep = {-b:.1f}",
            f"percentage = {slope:.2f} · hours + {start:.1f}",
        ),
        "measured by": ("accuracy", "sum of squared errors; R²"),
        "on the 40 learned from": (f"{right:.3f}", f"{misses:.0f}; {share:.3f}"),
    }
    return DataFrame.from_dict(rows, orient="index", columns=["classification", "regression"]).rename_axis("property")


def matrix(table: DataFrame) -> np.ndarray:
    """Confusion matrix of pass and fail."""
    return confusion_matrix(table["Passed"], classified(table))


def percentages(table: DataFrame) -> tuple[Series, np.ndarray]:
    """True percentages, and those that the line predicts."""
    return table["Percentage"], predicted(table)


@cache
def measured() -> dict[str, np.ndarray]:
    """Accuracy, baseline, R², RMSE and MAE of models fitted to classes of forty: on these, and on new students."""
    rows = {"known": [], "new": []}
    for seed in range(CLASSES):
        forty, unseen = students(40, seed=seed), students(1000, seed=CLASSES + seed)
        line = LinearRegression().fit(forty[["Hours"]], forty["Percentage"])
        boundary = LogisticRegression(max_iter=1000, tol=1e-8).fit(forty[PREDICTORS], forty["Passed"])
        for name, table in (("known", forty), ("new", unseen)):
            matrix = confusion_matrix(table["Passed"], boundary.predict(table[PREDICTORS]))
            y, fitted = table["Percentage"].to_numpy(), line.predict(table[["Hours"]])
            rmse, mae = np.sqrt(squared_error(y, fitted).mean()), absolute_error(y, fitted).mean()
            rows[name].append((accuracy(matrix), baseline_accuracy(matrix), r2_score(y, fitted), rmse, mae))
    return {name: np.array(values) for name, values in rows.items()}


@exhibit(over="200 drawn classes of forty")
def measures() -> DataFrame:
    """Models fitted to forty students, measured on these forty and on 1,000 new students: mean ± standard deviation
    over 200 drawn classes. RMSE and MAE are in percentage points.
    """
    rows = {}
    for name, values in {"the 40 known": measured()["known"], "1,000 new": measured()["new"]}.items():
        pairs = zip(values.mean(axis=0), values.std(axis=0, ddof=1), (2, 2, 2, 1, 1), strict=True)
        rows[name] = [f"{mean:.{digits}f} ± {sd:.{digits}f}" for mean, sd, digits in pairs]
    columns = ["accuracy", "baseline", "R²", "RMSE", "MAE"]
    return DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("students")


@exhibit(over="200 drawn classes of forty")
def known_flatter() -> bool:
    """On average over the classes, accuracy is higher and RMSE lower on the forty learned from than on new students."""
    known, new = (measured()[name].mean(axis=0) for name in ("known", "new"))
    return bool(known[0] > new[0] and known[3] < new[3])


def strokes(level: np.ndarray, color: str, label: str) -> Figure:
    """The forty students and what a prediction for each misses by."""
    x, y = known()["Hours"].to_numpy(), known()["Percentage"].to_numpy()
    order = np.argsort(x)
    figure, axes = style.figure(4.0, 2.9)
    axes.vlines(x, level, y, color=style.tint(color, 0.5), linewidth=0.9)
    axes.plot(x, y, "o", color=style.INK, markersize=3.5)
    axes.plot(x[order], level[order], color=color)
    axes.text(0.3, 92, label, color=color)
    axes.set(xlim=(0, 10.15), ylim=(0, 100), xlabel="hours of learning", ylabel="percentage in the test")
    return figure


@exhibit(alt="Forty students, with vertical strokes to a level line at their mean percentage; many strokes are long.")
def around_the_mean() -> Figure:
    """SST: squared misses of the mean, which is what one would predict without knowing the hours."""
    y = known()["Percentage"]
    return strokes(np.full(len(y), y.mean()), style.ORANGE, "the mean of all")


@exhibit(alt="The same forty students, with vertical strokes to the rising best-fit line; most strokes are short.")
def around_the_line() -> Figure:
    """SSE: squared misses of the best-fit line."""
    return strokes(predicted(known()), style.BLUE, "the best-fit line")


@exhibit(digits=0, over="the forty students")
def total() -> float:
    """SST: sum of the squared differences between the forty percentages and their mean."""
    y = known()["Percentage"]
    return float(np.sum((y - y.mean()) ** 2))


@exhibit(digits=0, over="the forty students")
def errors() -> float:
    """SSE: sum of the squared residuals of the best-fit line on the forty students."""
    return sum_of_squared_errors(*percentages(known()))


@exhibit(digits=3, over="the forty students")
def explained() -> float:
    """R² = 1 - SSE/SST of the best-fit line on the forty students."""
    y = known()["Percentage"]
    return float(1 - errors() / np.sum((y - y.mean()) ** 2))


@exhibit(follows="the algebra of least squares with an intercept")
def r2_is_squared_correlation() -> bool:
    """1 - SSE/SST equals the squared correlation of hours and percentage, to 12 decimals. This holds for the
    least-squares line on its own data only.
    """
    correlation = np.corrcoef(known()["Hours"], known()["Percentage"])[0, 1]
    return bool(np.isclose(explained(), correlation**2, rtol=0, atol=1e-12))


@exhibit()
def largest_difference() -> str:
    """The bound within which $R^2$ equals scikit-learn's, for the line through the forty students and for 100 random
    predictions of their percentages.
    """
    from sklearn import metrics

    y, fitted = percentages(known())
    random = np.random.default_rng(0).uniform(0, 100, (100, len(y)))
    return agreement((r2_score(y, y_pred), metrics.r2_score(y, y_pred)) for y_pred in (fitted, *random))

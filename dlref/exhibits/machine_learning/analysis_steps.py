"""Exhibits of the page on the analysis steps: each step run on the heart data, before and after."""

from functools import cache
from importlib.resources import files

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame
from sklearn.metrics import log_loss
from sklearn.pipeline import Pipeline

from dlref.datasets import heart
from dlref.engine.exhibit import exhibit
from dlref.exhibits._heart import CATEGORIES, heart_model, heart_scores, heart_split, preparation
from dlref.metrics import accuracy, baseline_accuracy, confusion_at, true_positive_rate
from dlref.plots import classification


@exhibit()
def file_lines() -> DataFrame:
    """Before: lines of text, of which the first five cells are shown."""
    text = files("dlref.datasets").joinpath("heart.csv").read_text(encoding="utf-8")
    return DataFrame({"heart.csv": [",".join(line.split(",")[:5]) + ", …" for line in text.splitlines()[:3]]})


@exhibit(digits=1)
def imported() -> DataFrame:
    """After: columns with a type, each cell checked. Two patients, and what the columns hold."""
    patients = heart()
    rows = {
        name: ("text" if column.map(type).eq(str).all() else "number", *column.head(2))
        for name, column in patients.items()
    }
    return DataFrame.from_dict(rows, orient="index", columns=["type", "patient 0", "patient 1"]).rename_axis("column")


@exhibit()
def empty_cells() -> int:
    """Cells without a value in the table as imported."""
    return int(heart().isna().sum().sum())


@exhibit()
def zeros() -> DataFrame:
    """Zeros by column. Whether a zero can be true is for a person to say who knows what was measured."""
    patients = heart()
    can_be_zero = {
        "RestingBP": "no: no blood pressure",
        "Cholesterol": "no: no cholesterol",
        "FastingBS": "yes: not over 120 mg/dl",
        "Oldpeak": "yes: no depression",
    }
    counted = {name: int((patients[name] == 0).sum()) for name in can_be_zero}
    return DataFrame({"zeros": counted, "can it be true": can_be_zero}).rename_axis("column")


@exhibit()
def missing() -> int:
    """Patients whose cholesterol is given as 0."""
    return int((heart()["Cholesterol"] == 0).sum())


@exhibit(digits=2)
def ill_if_missing() -> float:
    """Share ill among the patients whose cholesterol is given as 0."""
    patients = heart()
    return float(patients.loc[patients["Cholesterol"] == 0, "HeartDisease"].mean())


@exhibit(digits=2)
def ill_if_measured() -> float:
    """Share ill among the patients whose cholesterol was measured."""
    patients = heart()
    return float(patients.loc[patients["Cholesterol"] > 0, "HeartDisease"].mean())


@exhibit(digits=1)
def treated() -> DataFrame:
    """Cholesterol of the training patients, mg/dl. Zeros pull the mean down and the spread up; a median fills gaps."""
    train, _, _, _ = heart_split()
    marked = train["Cholesterol"]
    columns = {"as imported": marked.fillna(0), "zeros marked": marked, "gaps filled": marked.fillna(marked.median())}
    rows = {
        name: {"values": int(c.count()), "mean": c.mean(), "median": c.median(), "deviation": c.std()}
        for name, c in columns.items()
    }
    return DataFrame.from_dict(rows, orient="index").astype({"values": int}).rename_axis("cholesterol")


@exhibit()
def checks() -> DataFrame:
    """What was looked for, what was found, and what is done about it."""
    patients = heart()
    found = {
        "rows that occur twice": (int(patients.duplicated().sum()), "nothing to do"),
        "ages outside 18 to 100": (int((~patients["Age"].between(18, 100)).sum()), "nothing to do"),
        "Oldpeak below 0": (int((patients["Oldpeak"] < 0).sum()), "kept: ST elevation is possible"),
        "columns of two values as text": (
            int(sum(patients[name].nunique() == 2 for name in CATEGORIES)),
            "numbers, in the next step",
        ),
    }
    return DataFrame.from_dict(found, orient="index", columns=["rows or columns", "treatment"]).rename_axis("check")


@exhibit()
def categories() -> DataFrame:
    """Before: a word in one column."""
    return heart()[["ChestPainType"]].head(4).rename_axis("patient")


@exhibit()
def encoded() -> DataFrame:
    """After: a column for each word, 1 where it applies."""
    from pandas import get_dummies

    return get_dummies(heart()["ChestPainType"], dtype=int).head(4).rename_axis("patient")


@exhibit()
def columns_after() -> int:
    """Columns of numbers that the eleven features become, and the column that marks a missing cholesterol. Of each set
    of words one is left out, since it follows.
    """
    train, _, _, _ = heart_split()
    return preparation(gaps=True).fit(train).transform(train).shape[1]


@exhibit()
def separated() -> DataFrame:
    """One table becomes two: what is predicted from, and what is predicted."""
    patients = heart()
    X, y = patients.drop(columns="HeartDisease"), patients["HeartDisease"]
    shapes = {"the table": patients.shape, "X, independent": X.shape, "y, dependent": (*y.shape, 1)}
    return DataFrame.from_dict(shapes, orient="index", columns=["rows", "columns"]).rename_axis("part")


@exhibit(digits=3)
def parts() -> DataFrame:
    """Four fifths to learn from, one fifth held out; the share ill is kept."""
    _, _, y_train, y_test = heart_split()
    rows = {
        name: {"patients": len(y), "ill": int(y.sum()), "share ill": y.mean()}
        for name, y in {"training": y_train, "test": y_test}.items()
    }
    return DataFrame.from_dict(rows, orient="index").astype({"patients": int, "ill": int}).rename_axis("part")


@exhibit(digits=2)
def scaled() -> DataFrame:
    """Training columns come to a mean of exactly 0 and a standard deviation of 1, test columns nearly: they are scaled
    with what the training rows taught.
    """
    train, test, _, _ = heart_split()
    prepare = preparation(gaps=True).set_output(transform="pandas").fit(train)
    rows = {}
    for name in ("Age", "MaxHR"):
        found = {f"{name}, before": train[name]}
        for part, table in {"training rows": train, "test rows": test}.items():
            found[f"{name}, {part}"] = next(c for n, c in prepare.transform(table).items() if n.endswith(name))
        # Rounding leaves 1e-16 instead of 0, with either sign.
        rows |= {when: {"mean": c.mean().round(9) + 0.0, "deviation": c.std(ddof=0)} for when, c in found.items()}
    return DataFrame.from_dict(rows, orient="index").rename_axis("column")


@cache
def model() -> Pipeline:
    """The preparation and logistic regression, fitted to the training patients."""
    train, _, y_train, _ = heart_split()
    return heart_model().fit(train, y_train)


@exhibit(digits=3)
def trained() -> DataFrame:
    """Before training all coefficients are 0, and each patient has probability 0.5. Training lowers the loss and moves
    the probabilities of the ill and of the healthy apart.
    """
    train, _, y_train, _ = heart_split()
    rows = {}
    for when, p in {"before": np.full(len(y_train), 0.5), "after": model().predict_proba(train)[:, 1]}.items():
        ill, healthy = p[y_train == 1].mean(), p[y_train == 0].mean()
        rows[when] = {"loss": log_loss(y_train, p), "mean of the ill": ill, "of the healthy": healthy}
    return DataFrame.from_dict(rows, orient="index").rename_axis("training")


@exhibit(digits=2)
def predictions() -> DataFrame:
    """Five held-out patients: some of what the model is given, and what it answers."""
    _, test, _, _ = heart_split()
    _, probability = heart_scores()
    shown = test[["Age", "Sex"]].assign(probability=probability, prediction=(probability >= 0.5).astype(int))
    return shown.head(5).rename_axis("patient")


@exhibit(alt="Confusion matrix of the held-out patients, most of them on the diagonal of right answers.")
def evaluated() -> Figure:
    """The held-out patients, counted by what they have and what was predicted, at a threshold of 0.5."""
    return classification.matrix(confusion_at(*heart_scores(), 0.5), names=("healthy", "disease"))


@exhibit(digits=3)
def share_right() -> float:
    """Accuracy on the held-out patients at a threshold of 0.5."""
    return accuracy(confusion_at(*heart_scores(), 0.5))


@exhibit(digits=3)
def share_baseline() -> float:
    """Accuracy of always answering with the more frequent class, on the held-out patients."""
    return baseline_accuracy(confusion_at(*heart_scores(), 0.5))


@exhibit(digits=3)
def share_found() -> float:
    """Share of the ill among the held-out patients who are found, at a threshold of 0.5."""
    return true_positive_rate(confusion_at(*heart_scores(), 0.5))

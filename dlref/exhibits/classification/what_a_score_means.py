"""Exhibits of the page on what the heart model's scores mean: other splits, other hospitals, values filled in."""

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame
from sklearn.model_selection import StratifiedKFold

from dlref.datasets import heart, heart_hospitals
from dlref.engine.exhibit import exhibit
from dlref.engine.trained import trained
from dlref.exhibits._heart import TARGET, heart_model, heart_scores, heart_table
from dlref.exhibits._heart_splits import areas
from dlref.metrics import accuracy, baseline_accuracy, confusion_at, delong, roc_auc_score
from dlref.plots import style

REPEATS = 10
HOSPITALS = ("Hungary", "Switzerland", "Long Beach", "Cleveland")
# Patients without a slope in each hospital's file at UCI, counted there; the file of this page has a slope for all.
WITHOUT_SLOPE = {"Hungary": 190, "Switzerland": 17, "Long Beach": 102, "Cleveland": 0}


def crossvalidated(rows: np.ndarray, repeat: int, *, without: tuple[str, ...]) -> np.ndarray:
    """The probability of each of these patients, from the model of four fifths of them that he is not among."""
    X, y = (part[rows] for part in heart_table())
    p = np.empty(len(y))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=repeat).split(X, y):
        p[test] = heart_model(without=without).fit(X.iloc[train], y.iloc[train]).predict_proba(X.iloc[test])[:, 1]
    return p


def left_out(hospital: str, *, gaps: bool = True) -> np.ndarray:
    """The probability of each patient of a hospital, from the model of the other three."""
    X, y = heart_table()
    theirs = (heart_hospitals() == hospital).to_numpy()
    return heart_model(gaps=gaps).fit(X[~theirs], y[~theirs]).predict_proba(X[theirs])[:, 1]


@trained
def at_random(*without: str) -> dict:
    """Probabilities by cross-validation that mixes the hospitals: one row per repeat, one column per patient."""
    everyone = np.ones(len(heart()), dtype=bool)
    return {"p": torch.tensor(np.array([crossvalidated(everyone, k, without=without) for k in range(REPEATS)]))}


@trained
def in_cleveland() -> dict:
    """Probabilities by cross-validation among Cleveland's patients alone: one row per repeat."""
    theirs = (heart_hospitals() == "Cleveland").to_numpy()
    return {"p": torch.tensor(np.array([crossvalidated(theirs, k, without=()) for k in range(REPEATS)]))}


def truth(hospital: str) -> np.ndarray:
    """Who of a hospital's patients is ill."""
    return heart()[TARGET][heart_hospitals() == hospital].to_numpy()


def random_areas(hospital: str, *without: str) -> list[float]:
    """The area among a hospital's patients in each repeat of the cross-validation that mixes the hospitals."""
    theirs = (heart_hospitals() == hospital).to_numpy()
    return [roc_auc_score(truth(hospital), p[theirs]) for p in at_random(*without)["p"].numpy()]


@exhibit(
    alt="Histogram of the area under the ROC curve over random splits: a hill. A line marks the split that "
    "the other pages show.",
)
def splits() -> Figure:
    """Area on the held-out patients of 100 random splits. The line is the one split that other pages show; nothing but
    chance chose it.
    """
    figure, axes = style.figure(4.5, 2.8)
    axes.hist(areas(), bins=np.arange(0.85, 1.0001, 0.01), color=style.tint(style.BLUE, 0.6))
    axes.axvline(one_area(), color=style.ORANGE, linewidth=1.6)
    axes.annotate(
        "the split shown",
        (one_area(), 0.93),
        (5, 0),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        color=style.ORANGE,
    )
    axes.set(xlabel="area under the ROC curve", ylabel="splits", xlim=(0.85, 1))
    return figure


@exhibit(digits=3)
def one_area() -> float:
    """Area on the held-out patients of the split that the other pages show."""
    return roc_auc_score(*heart_scores())


@exhibit(over="100 random splits", digits=0)
def splits_below() -> float:
    """How many of the random splits have a smaller area than the split that the other pages show, in per cent."""
    return float(np.mean(areas() < one_area()) * 100)


@exhibit()
def one_interval() -> str:
    """The 95 % interval of that area by DeLong's method."""
    y_true, p = heart_scores()
    (area,), covariance = delong(y_true, [p])
    error = np.sqrt(np.atleast_2d(covariance)[0, 0])
    return f"{area - 1.96 * error:.3f} to {area + 1.96 * error:.3f}"


def paired(hospital: str, one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """By how much one area among a hospital's patients is larger than another, and the standard error of that by
    DeLong's method: both are measured on the same patients, so it is smaller than that of an area.
    """
    (a, b), c = delong(truth(hospital), [one, other])
    return a - b, float(np.sqrt(c[0, 0] + c[1, 1] - 2 * c[0, 1]))


@exhibit(over="all patients of each hospital; the random folds drawn 10 times", digits=3)
def new_hospital() -> DataFrame:
    """Area among the patients of one hospital: by five random folds, so that the model has seen others of the same
    hospital, and left out, by a model of the other three; by how much it falls, and the standard error (s.e.) of that.
    """
    rows = {}
    for hospital in HOSPITALS:
        theirs, unseen = (heart_hospitals() == hospital).to_numpy(), left_out(hospital)
        fall, error = np.mean([paired(hospital, p[theirs], unseen) for p in at_random()["p"].numpy()], axis=0)
        rows[hospital] = (np.mean(random_areas(hospital)), roc_auc_score(truth(hospital), unseen), fall, error)
    titles = ["random folds", "left out", "fall", "s.e."]
    return DataFrame.from_dict(rows, orient="index", columns=titles).rename_axis("area in")


@exhibit(over="all patients of each hospital; the random folds drawn 10 times")
def left_out_is_lower() -> bool:
    """In each of the four hospitals the area is lower when it is left out than by random folds; in Hungary and in
    Cleveland by more than two standard errors of the difference, in Long Beach by less.
    """
    errors = new_hospital()["fall"] / new_hospital()["s.e."]
    return bool((errors > 0).all() and errors[["Hungary", "Cleveland"]].min() > 2 > errors["Long Beach"])


@exhibit(over="all patients of each hospital", digits=2)
def new_shares() -> DataFrame:
    """A model of the other three hospitals: its accuracy at a threshold of one half, that of always giving the more
    frequent answer there, its mean probability, and the share who are ill.
    """
    rows = {}
    for hospital in HOSPITALS:
        p, table = left_out(hospital), confusion_at(truth(hospital), left_out(hospital), 0.5)
        rows[hospital] = (accuracy(table), baseline_accuracy(table), p.mean(), truth(hospital).mean())
    titles = ["accuracy", "baseline", "mean probability", "share ill"]
    return DataFrame.from_dict(rows, orient="index", columns=titles).rename_axis("left out")


@exhibit(over="the 123 patients of Switzerland, who have no part in the model")
def below_baseline() -> bool:
    """For Switzerland left out, the accuracy is below that of always answering ill, and the mean probability is below
    the share who are ill by more than 0.1.
    """
    p, table = left_out("Switzerland"), confusion_at(truth("Switzerland"), left_out("Switzerland"), 0.5)
    return bool(accuracy(table) < baseline_accuracy(table) and truth("Switzerland").mean() - p.mean() > 0.1)


@exhibit(over="all patients of each hospital, left out in turn", digits=3)
def gap_left_out() -> DataFrame:
    """Area in a hospital that is left out: without and with the column that marks a missing cholesterol, what the
    column gains, and the standard error (s.e.) of that gain for another draw of the hospital's patients.
    """
    rows = {}
    for hospital in HOSPITALS:
        plain, marked = (left_out(hospital, gaps=gaps) for gaps in (False, True))
        gain, error = paired(hospital, marked, plain)
        rows[hospital] = (roc_auc_score(truth(hospital), plain), roc_auc_score(truth(hospital), marked), gain, error)
    titles = ["median", "and gap", "gain", "s.e."]
    return DataFrame.from_dict(rows, orient="index", columns=titles).rename_axis("left out")


@exhibit(over="all patients of each hospital, left out in turn")
def gap_does_not_travel() -> bool:
    """In none of the four hospitals does the column raise the area by as much as 0.01, or change it by more than one
    standard error of the change.
    """
    table = gap_left_out()
    return bool((table["gain"] < 0.01).all() and (table["gain"].abs() <= table["s.e."]).all())


@exhibit(digits=2)
def slopes() -> DataFrame:
    """Patients without a slope in UCI's files; here all have one. Patients with a rising slope in this file, how many
    of them are ill, and their share.
    """
    rows = {}
    for hospital in HOSPITALS:
        rising = truth(hospital)[(heart()["ST_Slope"] == "Up")[heart_hospitals() == hospital]]
        rows[hospital] = (WITHOUT_SLOPE[hospital], len(rising), int(rising.sum()), rising.mean())
    titles = ["no slope at UCI", "rising here", "of these ill", "share"]
    return DataFrame.from_dict(rows, orient="index", columns=titles).rename_axis("hospital")


@exhibit(over="all 918 patients")
def slope_tells_too_much() -> bool:
    """Of Hungary's more than 150 patients with a rising slope none is ill; of Cleveland's, more than a fifth are."""
    shares = slopes()
    return bool(
        shares.loc["Hungary", "of these ill"] == 0 < 150 < shares.loc["Hungary", "rising here"]
        and shares.loc["Cleveland", "share"] > 0.2
    )


@exhibit(over="all 918 patients")
def sugar_tells_too_much() -> bool:
    """In Switzerland all of more than 70 patients with a raised blood sugar are ill; in Cleveland about half of them,
    as of the others (the shares differ by less than 0.1).
    """
    shares = heart().groupby([heart_hospitals(), "FastingBS"])[TARGET].agg(["size", "mean"])
    swiss, cleveland = shares.loc[("Switzerland", 1)], shares.loc["Cleveland", "mean"]
    return bool(swiss["mean"] == 1 and swiss["size"] > 70 and abs(cleveland[1] - cleveland[0]) < 0.1)


@exhibit(over="10 repeats of five random folds", digits=3)
def without_slope() -> DataFrame:
    """Area among the patients of one hospital, by random folds, from all features and from all but the slope."""
    rows = {n: (np.mean(random_areas(n)), np.mean(random_areas(n, "ST_Slope"))) for n in HOSPITALS}
    table = DataFrame.from_dict(rows, orient="index", columns=["all features", "without slope"])
    return table.rename_axis("area in")


@exhibit(over="10 repeats of five random folds")
def slope_matters_where_filled() -> bool:
    """Without the slope, the mean area falls by more than 0.03 in Hungary and in Long Beach, where most of the missing
    slopes are, and changes by less than 0.015 in Cleveland, where none is missing.
    """
    fall = without_slope()["all features"] - without_slope()["without slope"]
    return bool(min(fall["Hungary"], fall["Long Beach"]) > 0.03 and abs(fall["Cleveland"]) < 0.015)


def cleveland_areas() -> list[float]:
    """The area among Cleveland's patients, from others of them, in each repeat."""
    return [roc_auc_score(truth("Cleveland"), p) for p in in_cleveland()["p"].numpy()]


@exhibit(over="100 random splits, 10 repeats of five folds, or the hospitals left out in turn", digits=2)
def summary() -> DataFrame:
    """One model, one file: the area by what it is asked, and the lowest and highest of what the mean is of: splits,
    hospitals, or repeats.
    """
    found = {
        "the one split shown": [one_area()],
        "a random fifth of the file, mean": areas(),
        "the same, within one hospital, mean of four": [np.mean(random_areas(name)) for name in HOSPITALS],
        "a hospital left out, mean of four": [roc_auc_score(truth(name), left_out(name)) for name in HOSPITALS],
        "Cleveland, by folds within it, mean": cleveland_areas(),
        "Cleveland, by the other three": [roc_auc_score(truth("Cleveland"), left_out("Cleveland"))],
    }
    rows = {
        name: (np.mean(each), *((min(each), max(each)) if len(each) > 1 else (np.nan, np.nan)))
        for name, each in found.items()
    }
    return DataFrame.from_dict(rows, orient="index", columns=["area", "lowest", "highest"]).rename_axis("held out")


@exhibit(over="100 random splits, 10 repeats of five folds, and the hospitals left out in turn")
def random_is_highest() -> bool:
    """The mean area of random splits is higher by more than 0.03 than each of the four below it in the table."""
    scores = summary()["area"]
    return bool((scores.iloc[1] - scores.iloc[2:] > 0.03).all())

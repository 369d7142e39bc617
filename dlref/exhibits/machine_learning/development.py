"""Exhibits of the page on how a model is developed and applied."""

from functools import cache

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from dlref.datasets import heart, students
from dlref.engine.exhibit import exhibit
from dlref.engine.trained import trained
from dlref.exhibits._heart import heart_table, preparation
from dlref.exhibits._heart_splits import random_splits
from dlref.plots import style
from dlref.plots.flow import Arrow, Box, flow, join, split_bar

TRIED = (1, 2, 5, 10, 20, 50)
REPEATS = 200
SPLITS = 20


@exhibit(alt="Ingredients and equipment lead into a recipe, and from there to a dish.")
def kitchen() -> Figure:
    """In the kitchen."""
    return join("ingredients", "equipment", "recipe", "dish")


@exhibit(alt="Data and compute lead into an algorithm, and from there to a model: the same shape as in the kitchen.")
def learning() -> Figure:
    """In machine learning."""
    return join("data", "compute", "algorithm", "model")


ALGORITHMS = {
    "logistic regression": LogisticRegression(max_iter=1000),
    "decision tree": DecisionTreeClassifier(max_depth=3, random_state=0),
    "five nearest neighbors": KNeighborsClassifier(5),
}


@exhibit(over="20 random splits of the heart data", digits=2)
def three_recipes() -> DataFrame:
    """Three algorithms on the same patients: three models, which agree on most of the held-out patients, not on all.
    Means over the splits, and the standard deviation (sd) of the accuracy.
    """
    X, y = heart_table()
    right, same = np.empty((2, SPLITS, len(ALGORITHMS)))
    for row, (train, test) in enumerate(random_splits(SPLITS)):
        prepare = preparation(gaps=True).fit(X.iloc[train])
        x, x_test = prepare.transform(X.iloc[train]), prepare.transform(X.iloc[test])
        answers = np.array([a.fit(x, y.iloc[train]).predict(x_test) for a in ALGORITHMS.values()])
        right[row], same[row] = (answers == y.iloc[test].to_numpy()).mean(axis=1), (answers == answers[0]).mean(axis=1)
    columns = {
        "accuracy": right.mean(axis=0),
        "sd": right.std(axis=0, ddof=1),
        "agrees with the first": same.mean(axis=0),
    }
    return DataFrame(columns, index=list(ALGORITHMS)).rename_axis("algorithm")


@exhibit(alt="Known inputs and known answers lead into a box, fit, which makes a model.")
def development_flow() -> Figure:
    """Development: the answers are known, the model is sought."""
    return join("known inputs", "known answers", "fit", "model")


@exhibit(alt="New inputs and the model lead into a box, predict, which makes predictions.")
def application_flow() -> Figure:
    """Application: the model is known, the answers are sought."""
    return join("new inputs", "model", "predict", "predictions", kinds=("data", "made"))


@exhibit(
    alt="A loop: fit on training data makes a model; measure on validation data; choose other settings; fit again. Out "
    "of the loop, the chosen model is measured once on test data."
)
def detailed_flow() -> Figure:
    """Go round with training and validation data as often as needed; leave for the test data once."""
    boxes = {
        "training": Box("training data", 0, 0),
        "fit": Box("fit", 1, 0, "work"),
        "model": Box("model", 2, 0, "made"),
        "settings": Box("choose settings", 1, 1, "work"),
        "measure": Box("measure", 2, 1, "work"),
        "validation": Box("validation data", 3, 1),
        "once": Box("measure once", 3, 0, "work"),
        "test": Box("test data", 4, 0),
    }
    arrows = [
        Arrow("training", "fit"),
        Arrow("fit", "model"),
        Arrow("model", "measure"),
        Arrow("validation", "measure"),
        Arrow("measure", "settings"),
        Arrow("settings", "fit"),
        Arrow("model", "once", "at the end"),
        Arrow("test", "once"),
    ]
    return flow(boxes, arrows, width=3.6)


@cache
def three_parts() -> dict[str, DataFrame]:
    """The patients, split at random into three fifths, one fifth and one fifth, each with the same share ill."""
    patients = heart()
    rest, test = train_test_split(patients, test_size=0.2, stratify=patients["HeartDisease"], random_state=0)
    training, validation = train_test_split(rest, test_size=0.25, stratify=rest["HeartDisease"], random_state=0)
    return {"training": training, "validation": validation, "test": test}


def split_alt() -> str:
    """What the bar shows, in words."""
    return "A bar cut in three: " + ", ".join(f"{name} {len(part)}" for name, part in three_parts().items()) + "."


@exhibit(alt=split_alt)
def split() -> Figure:
    """The patients of the heart data, split to scale."""
    return split_bar({name: len(part) for name, part in three_parts().items()})


@exhibit(digits=3)
def split_table() -> DataFrame:
    """The same split, counted: each part has nearly the same share of ill patients, because it was split so."""
    rows = {
        name: {"patients": len(part), "ill": part["HeartDisease"].sum(), "share ill": part["HeartDisease"].mean()}
        for name, part in three_parts().items()
    }
    return DataFrame.from_dict(rows, orient="index").astype({"patients": int, "ill": int}).rename_axis("part")


def numbers(table: DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Three columns to predict from, and who passed."""
    return table[["Age", "Hours", "Sleep"]].to_numpy(), table["Passed"].to_numpy()


@trained
def selection() -> dict:
    """Accuracy of the candidate chosen on 50 students: on these, and on 1,000 new ones; by how many were tried.

    Each repeat draws a class, and candidates are trees of different depths, each fitted to part of 100 students.
    """
    fresh = numbers(students(1000, seed=1_000_000))
    measured, honest = np.empty((2, REPEATS, max(TRIED)))
    for repeat in range(REPEATS):
        x, y = numbers(students(150, seed=repeat))
        generator = np.random.default_rng(repeat)
        for k in range(max(TRIED)):
            part = generator.choice(100, 40, replace=False)
            tree = DecisionTreeClassifier(max_depth=int(generator.integers(1, 8)), random_state=k)
            tree.fit(x[part], y[part])
            measured[repeat, k] = np.mean(tree.predict(x[100:]) == y[100:])
            honest[repeat, k] = np.mean(tree.predict(fresh[0]) == fresh[1])
    best = np.array([measured[:, :count].argmax(axis=1) for count in TRIED])
    rows = np.arange(REPEATS)
    return {
        "measured": torch.tensor(measured[rows, best].mean(axis=1)),
        "honest": torch.tensor(honest[rows, best].mean(axis=1)),
    }


@exhibit(
    alt="Accuracy against the number of candidates tried on the same 50 students. Measured on these students, the "
    "accuracy of the chosen one climbs steadily; on new students it rises a little and then stays. The two drift apart."
)
def selection_effect() -> Figure:
    """The best of many on one test set looks better than it is. Means of 200 repeats."""
    measured, honest = (values.numpy() for values in selection().values())
    figure, axes = style.figure(4.5, 3.1)
    axes.plot(TRIED, measured, "s--", color=style.ORANGE)
    axes.plot(TRIED, honest, "o-", color=style.BLUE)
    axes.text(3.2, 0.88, "measured on the test set", color=style.ORANGE, ha="center")
    axes.text(20, honest[4] - 0.022, "on new students", color=style.BLUE, ha="center")
    axes.set(xscale="log", xticks=TRIED, xticklabels=TRIED, ylim=(0.74, 0.92), yticks=(0.75, 0.8, 0.85, 0.9))
    axes.set(xlabel="candidates tried on the same test set", ylabel="accuracy of the one chosen")
    axes.minorticks_off()
    return figure


@exhibit(over="200 repeats, each with students of its own", digits=2)
def optimism() -> float:
    """Measured accuracy less accuracy on new students, for the best of 50 candidates; the mean of the repeats."""
    return float(selection()["measured"][-1] - selection()["honest"][-1])


@exhibit(over="200 repeats, each with students of its own")
def optimism_grows() -> bool:
    """With one candidate, measured and new accuracy differ by less than 0.02 on average; with 50, by more than 0.03."""
    apart = selection()["measured"] - selection()["honest"]
    return bool(abs(apart[0]) < 0.02 and apart[-1] > 0.03)


def small_splits(repeats: int = 400) -> list[tuple[np.ndarray, ...]]:
    """Forty patients to learn from and twenty held out, four numerical columns, drawn again and again."""
    patients, generator = heart(), np.random.default_rng(0)
    x, y = patients[["Age", "RestingBP", "MaxHR", "Oldpeak"]].to_numpy(), patients["HeartDisease"].to_numpy()
    drawn = (generator.permutation(len(y))[:60] for _ in range(repeats))
    return [(x[i[:40]], x[i[40:]], y[i[:40]], y[i[40:]]) for i in drawn]


@exhibit(digits={"mean": 1, "deviation": 1, "150 becomes": 2})
def scaling_leak() -> DataFrame:
    """What a scaler knows of resting blood pressure, fitted to 40 training rows or to these and 20 held-out rows. The
    last column is a held-out patient of 150 mm Hg after scaling.
    """
    train, test, _, _ = small_splits(1)[0]
    rows = {}
    for name, seen in {"training rows": train, "all rows": np.concatenate([train, test])}.items():
        mean, deviation = seen[:, 1].mean(), seen[:, 1].std()
        rows[name] = {"mean": mean, "deviation": deviation, "150 becomes": (150 - mean) / deviation}
    return DataFrame.from_dict(rows, orient="index").rename_axis("scaler fitted to")


@trained
def leaks() -> dict:
    """Accuracies with a step fitted before the split, and with the same step fitted to training rows only: two rows."""
    before, after = [], []
    for train, test, y_train, y_test in small_splits():
        for scores, seen in ((before, np.concatenate([train, test])), (after, train)):
            scaler = StandardScaler().fit(seen)
            model = KNeighborsClassifier(5).fit(scaler.transform(train), y_train)
            scores.append(model.score(scaler.transform(test), y_test))
    found = {"scaling": torch.tensor([before, after], dtype=torch.float64)}
    before, after = [], []
    generator = np.random.default_rng(0)
    for _ in range(100):
        x, y = generator.normal(size=(100, 1000)), generator.integers(0, 2, 100)
        for scores, seen in ((before, slice(None)), (after, slice(60))):
            pick = SelectKBest(f_classif, k=20).fit(x[seen], y[seen])
            model = Pipeline([("pick", pick), ("model", LogisticRegression(max_iter=1000))])
            model["model"].fit(pick.transform(x[:60]), y[:60])
            scores.append(model.score(x[60:], y[60:]))
    return found | {"choosing columns": torch.tensor([before, after], dtype=torch.float64)}


@exhibit(over="400 draws of patients, and 100 draws of noise", digits=3)
def leak_table() -> DataFrame:
    """Mean accuracy on held-out rows, by when the step is fitted, before the split or after it, and the difference with
    its standard error (s.e.): scaling four columns of heart data, and choosing 20 of 1,000 columns of noise, for which
    one half is what can be had.
    """
    rows = {}
    for name, (before, after) in leaks().items():
        gap = before - after
        rows[name] = [float(v) for v in (before.mean(), after.mean(), gap.mean(), gap.std() / len(gap) ** 0.5)]
    titles = ["before", "after", "difference", "s.e."]
    return DataFrame.from_dict(rows, orient="index", columns=titles).rename_axis("step")


@exhibit(over="100 draws of noise")
def noise_is_noise() -> bool:
    """On noise, choosing columns before the split gives a mean accuracy over 0.7; done after it, within 0.05 of 0.5."""
    before, after = leaks()["choosing columns"].mean(dim=1).tolist()
    return before > 0.7 and abs(after - 0.5) < 0.05


@exhibit(over="400 draws of patients")
def scaling_leaks_little() -> bool:
    """The two ways of scaling differ by less than 0.02 in mean accuracy."""
    before, after = leaks()["scaling"].mean(dim=1).tolist()
    return abs(before - after) < 0.02

"""Exhibits of the page on independent and dependent variables."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.tree import DecisionTreeClassifier

from dlref.datasets import heart, school_class, students
from dlref.engine.exhibit import exhibit
from dlref.plots.flow import Arrow, Box, flow, role_table

DRAWS = 20
ROLES = {
    "Name": "identifier",
    "Age": "predictor",
    "Learning method": "predictor",
    "Class": "predictor",
    "Grade": "target",
}


@exhibit(
    alt="Independent variables lead into a box, model, and from there to a prediction, which is compared with the "
    "dependent variable."
)
def prediction_flow() -> Figure:
    """What goes in, what comes out, and what that is held against."""
    boxes = {
        "x": Box("independent\nvariables", 0, 0),
        "model": Box("model", 1, 0, "work"),
        "prediction": Box("prediction", 2, 0, "made"),
        "compare": Box("compare", 2, 1, "work"),
        "y": Box("dependent\nvariable", 1, 1),
    }
    arrows = [Arrow("x", "model"), Arrow("model", "prediction"), Arrow("prediction", "compare"), Arrow("y", "compare")]
    return flow(boxes, arrows, width=3.4)


@exhibit(
    alt="The school class as a table. Name is marked as the identifier; Age, Learning method and Class as predictors; "
    "Grade as the target."
)
def class_roles() -> Figure:
    """The columns of the school class by role: who it is, what is known, what is to be predicted."""
    table = school_class().rename(columns={"Learning method": "Method"})
    return role_table(table, list(ROLES.values()), width=4.0)


@exhibit()
def heart_roles() -> DataFrame:
    """The heart data: one target, eleven predictors, no identifier."""
    patients = heart()
    rows = {}
    for name, column in patients.items():
        values = column.unique()
        few = len(values) <= 5
        kind = "categorical" if few else "numerical"
        shown = (
            ", ".join(map(str, sorted(values))) if few else f"{column.min():g} to {column.max():g}".replace("-", "−")
        )
        rows[name] = ("target" if name == "HeartDisease" else "predictor", kind, shown)
    return DataFrame.from_dict(rows, orient="index", columns=["role", "kind", "values"]).rename_axis("column")


@exhibit()
def synonyms() -> DataFrame:
    """One thing, many words: statistics, machine learning and programming each have their own."""
    words = {
        "independent variable": (
            "predictor, feature, input, explanatory variable, regressor, covariate, attribute",
            "X",
        ),
        "dependent variable": ("target, label, output, response, outcome, ground truth", "y, y_true"),
        "prediction": ("estimate, fitted value, model output", "ŷ, y_pred"),
        "score": ("probability, confidence; before it is turned into a class", "y_score"),
        "observation": ("row, example, instance, case, record; in machine learning also sample", "a row of X"),
        "data set": ("table; in statistics, sample", "X, y"),
        "parameters": ("weights; in statistics, coefficients, as in regression coefficient", "w, θ"),
        "intercept": ("bias, in a model; in statistics bias is also an error that does not average out", "b"),
        "hyperparameters": ("settings, tuning parameters; chosen by a person or a search", "keyword arguments"),
        "to train": ("to fit, to learn, to estimate", "fit"),
        "to predict": (
            "to apply, to score; inference, which in statistics is to conclude from a sample",
            "predict",
        ),
    }
    return DataFrame.from_dict(words, orient="index", columns=["also called", "in code"]).rename_axis("word")


@exhibit(over="20 pairs of drawn classes of 400")
def wrong_roles() -> DataFrame:
    """Accuracy of a decision tree that predicts who passes, mean ± standard deviation over 20 pairs of drawn classes of
    400. The identifier is learned by heart and useless after; the grade gives the answer away, and is not known before
    the test.
    """
    rows = {}
    for predictors in (["Hours", "Sleep"], ["Student"], ["Grade"]):
        scores = []
        for seed in range(DRAWS):
            known, new = students(400, seed=2 * seed), students(400, seed=2 * seed + 1)
            new["Student"] += len(known)
            tree = DecisionTreeClassifier(random_state=0).fit(known[predictors], known["Passed"])
            scores.append([tree.score(table[predictors], table["Passed"]) for table in (known, new)])
        pairs = zip(np.mean(scores, axis=0), np.std(scores, axis=0, ddof=1), strict=True)
        rows[", ".join(predictors)] = [f"{mean:.2f} ± {sd:.2f}" for mean, sd in pairs]
    columns = ["known students", "new students"]
    return DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("predictors")


@cache
def by_row_number() -> tuple[np.ndarray, np.ndarray]:
    """Accuracy of a small tree on the heart data from the number of the row alone, and from shuffled numbers."""
    y = heart()["HeartDisease"]
    number = np.arange(len(y))[:, None]
    shuffled = np.random.default_rng(0).permutation(number)
    folds = RepeatedStratifiedKFold(n_splits=5, n_repeats=10, random_state=0)
    tree = DecisionTreeClassifier(max_leaf_nodes=16, random_state=0)
    real, chance = (cross_val_score(tree, x, y, cv=folds) for x in (number, shuffled))
    return real, chance


def mean_and_spread(scores: np.ndarray) -> str:
    """Mean ± standard deviation over the folds."""
    return f"{scores.mean():.2f} ± {scores.std(ddof=1):.2f}"


@exhibit(over="5 folds, drawn 10 times")
def row_number() -> str:
    """Accuracy on held-out patients of a decision tree with 16 leaves that is given the number of the row alone."""
    return mean_and_spread(by_row_number()[0])


@exhibit(digits=2, over="all 918 patients")
def ill() -> float:
    """Share of the patients who are ill: the accuracy of always saying so."""
    return float(heart()["HeartDisease"].mean())


@exhibit(over="5 folds, drawn 10 times")
def row_number_tells() -> bool:
    """The mean accuracy from the row number is above the share of the ill by at least 0.05, and that from shuffled row
    numbers is not above it by 0.02.
    """
    real, chance = by_row_number()
    return bool(real.mean() > ill() + 0.05 and chance.mean() < ill() + 0.02)

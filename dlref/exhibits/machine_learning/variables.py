"""Exhibits of the page on independent and dependent variables."""

from matplotlib.figure import Figure
from pandas import DataFrame
from sklearn.tree import DecisionTreeClassifier

from dlref.datasets import heart, school_class, students
from dlref.engine.exhibit import exhibit
from dlref.plots.flow import Arrow, Box, flow, role_table

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
        "observation": ("row, example, instance, case, record, sample, data point", "a row of X"),
        "parameters": ("weights, coefficients; learned from the data", "w, θ"),
        "hyperparameters": ("settings, tuning parameters; chosen by a person or a search", "keyword arguments"),
        "to train": ("to fit, to learn, to estimate", "fit"),
        "to predict": ("to infer, to apply, to score", "predict"),
    }
    return DataFrame.from_dict(words, orient="index", columns=["also called", "in code"]).rename_axis("word")


@exhibit(digits=2)
def wrong_roles() -> DataFrame:
    """Accuracy of a tree that predicts who passes. The identifier is learned by heart and useless after; the grade
    gives the answer away, since it is not known before the test.
    """
    known, new = students(400), students(400, seed=1)
    new["Student"] += len(known)
    rows = {}
    for predictors in (["Hours", "Sleep"], ["Student"], ["Grade"]):
        tree = DecisionTreeClassifier(random_state=0).fit(known[predictors], known["Passed"])
        rows[", ".join(predictors)] = [tree.score(table[predictors], table["Passed"]) for table in (known, new)]
    columns = ["known students", "new students"]
    return DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("predictors")

"""Exhibits of the page on the heart data, its second half: scaling, training, evaluation, another model."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame
from sklearn.compose import ColumnTransformer

from dlref.engine.exhibit import exhibit
from dlref.engine.trained import trained
from dlref.exhibits._agreement import agreement
from dlref.exhibits._heart import NUMBERS, heart_scores, heart_split, preparation
from dlref.exhibits._heart_splits import SPLITS, accuracies, areas, heart_over_splits
from dlref.exhibits._intervals import corrected
from dlref.exhibits.classification._heart_networks import network_areas
from dlref.logistic import fit, predict_proba
from dlref.metrics import (
    accuracy,
    baseline_accuracy,
    confusion_at,
    counts,
    false_positive_rate,
    roc_auc_score,
    roc_curve,
    true_positive_rate,
)
from dlref.plots import classification, style

THRESHOLDS = [round(0.1 * i, 1) for i in range(1, 10)]
NAMES = ("healthy", "disease")
SAMPLES = 200
# Coefficients that the page names as raising and as lowering the odds.
RAISING = ("Sex = M", "ExerciseAngina = Y", "ST_Slope = Flat", "FastingBS", "Oldpeak", "Cholesterol missing")
LOWERING = ("ST_Slope = Up", "MaxHR", "ChestPainType = ATA", "ChestPainType = NAP", "ChestPainType = TA")


@exhibit()
def features() -> int:
    """Columns after the encoding."""
    return prepared()[0].shape[1]


@cache
def prepared() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """Training and held-out features as numbers, both targets, and the names of the features."""
    train, test, y_train, y_test = heart_split()
    prepare = preparation(gaps=True).fit(train)
    tables = prepare.transform(train).astype(float), prepare.transform(test).astype(float)
    return *tables, y_train.to_numpy(), y_test.to_numpy(), feature_names(prepare)


def feature_names(prepare: ColumnTransformer) -> list[str]:
    """What each prepared column says: a name of the table, or one of its categories."""
    names = []
    for name in prepare.get_feature_names_out():
        kind, _, short = name.partition("__")
        if kind == "missingindicator":
            names.append("Cholesterol missing")
        else:
            names.append(" = ".join(short.rsplit("_", 1)) if kind == "onehotencoder" else short)
    return names


@exhibit(digits=2)
def scaling() -> DataFrame:
    """Mean and standard deviation (std) before scaling, and the new ones after it. On the training data they become 0
    and 1; on the held-out data nearly, since the scale is not theirs.
    """
    train, test, *_ = heart_split()
    X_train, X_test, _, _, names = prepared()
    rows = {}
    for name in ("Age", "MaxHR", "Oldpeak"):
        for part, table, X in (("training", train, X_train), ("held out", test, X_test)):
            before, after = table[name].to_numpy(), X[:, names.index(name)]
            # Rounding leaves 1e-16 instead of 0, with either sign.
            rows[f"{name}, {part}"] = (before.mean(), before.std(), after.mean().round(9) + 0.0, after.std())
    titles = ["mean", "std", "new mean", "new std"]
    return DataFrame.from_dict(rows, orient="index", columns=titles).rename_axis("column")


@exhibit(follows="the definition of scaling by the mean and the standard deviation of the training patients")
def scaled_by_training() -> bool:
    """After scaling, every number's mean on the training data is 0 and its standard deviation 1, to 9 decimals."""
    X_train, _, _, _, names = prepared()
    scaled = X_train[:, [names.index(name) for name in NUMBERS]]
    return bool(np.allclose(scaled.mean(axis=0), 0, atol=1e-9) and np.allclose(scaled.std(axis=0), 1, atol=1e-9))


@cache
def from_scratch() -> tuple[np.ndarray, float, np.ndarray]:
    """Coefficients, intercept and loss path of dlref's logistic regression with C = 1."""
    X_train, _, y_train, _, _ = prepared()
    return fit(X_train, y_train, C=1.0, steps=4000, learning_rate=1.0)


@cache
def by_scikit_learn() -> tuple[np.ndarray, float]:
    """Coefficients and intercept of scikit-learn's logistic regression with C = 1, its default."""
    from sklearn.linear_model import LogisticRegression

    X_train, _, y_train, _, _ = prepared()
    model = LogisticRegression(tol=1e-10, max_iter=10_000).fit(X_train, y_train)
    return model.coef_[0], float(model.intercept_[0])


@exhibit(
    alt="The training loss over the steps of gradient descent: a steep fall at first, then a slow one until it is flat."
)
def training() -> Figure:
    """Gradient descent from scratch: the loss, its penalty included, falls and levels off. The axis of steps is
    logarithmic.
    """
    losses = from_scratch()[2]
    figure, axes = style.figure()
    axes.plot(np.arange(1, len(losses)), losses[1:], color=style.TRAINING)
    axes.set_xscale("log")
    axes.set(xlabel="step", ylabel="training loss", xlim=(1, 4000))
    axes.set(xticks=(1, 10, 100, 1000), xticklabels=("1", "10", "100", "1000"))
    axes.xaxis.minorticks_off()
    return figure


@trained
def resampled() -> dict:
    """Coefficients by scikit-learn on bootstrap samples of the training patients: one row per sample."""
    import torch
    from sklearn.linear_model import LogisticRegression

    X, _, y, _, _ = prepared()
    generator = np.random.default_rng(0)
    drawn = (generator.integers(len(y), size=len(y)) for _ in range(SAMPLES))
    fitted = [LogisticRegression(tol=1e-6, max_iter=1000).fit(X[rows], y[rows]).coef_[0] for rows in drawn]
    return {"coefficients": torch.tensor(np.array(fitted))}


@exhibit(digits={"coefficient": 2, "odds ratio": 1, "from": 1, "to": 1})
def coefficients() -> DataFrame:
    """Coefficients from the highest down, and the odds ratio that each is the logarithm of, with the middle 95 % of 200
    bootstrap samples: what another draw of training patients from the same hospitals would give.
    """
    w, b, _ = from_scratch()
    low, high = np.exp(np.quantile(resampled()["coefficients"].numpy(), (0.025, 0.975), axis=0))
    table = DataFrame({"coefficient": w, "odds ratio": np.exp(w), "from": low, "to": high}, index=prepared()[4])
    table.loc["intercept"] = [b, np.nan, np.nan, np.nan]
    order = [*table.index[:-1][np.argsort(-w)], "intercept"]
    return table.loc[order].rename_axis("feature")


@exhibit()
def largest_difference() -> str:
    """Largest difference of the 16 coefficients and the intercept of dlref from scikit-learn's."""
    (w, b, _), (v, c) = from_scratch(), by_scikit_learn()
    # Each stops near the minimum, not at it.
    return agreement([(w, v), (b, c)], at_most=1e-4)


def shares_above_zero() -> dict[str, float]:
    """For each feature the share of the splits in which its coefficient is positive."""
    return dict(zip(prepared()[4], (heart_over_splits(True)["coefficients"].numpy() > 0).mean(axis=0), strict=True))


@exhibit(over="100 random splits")
def raises_odds() -> bool:
    """The coefficients of being male, angina under exercise, a flat slope against one that falls, a raised fasting
    blood sugar, the ST depression and a missing cholesterol are positive, each in at least nine of ten splits.
    """
    return all(shares_above_zero()[name] >= 0.9 for name in RAISING)


@exhibit(over="100 random splits")
def lowers_odds() -> bool:
    """The coefficients of a rising slope, of a high heart rate, and of every kind of chest pain against none are
    negative, each in at least nine of ten splits.
    """
    return all(shares_above_zero()[name] <= 0.1 for name in LOWERING)


@exhibit(digits=2)
def predictions() -> DataFrame:
    """Six held-out patients: some features, the predicted probability, the class at one half, and what was true."""
    _, test, _, y_test = heart_split()
    _, X_test, *_ = prepared()
    p = predict_proba(X_test, *from_scratch()[:2])
    table = test[["Age", "Sex", "ST_Slope"]].copy()
    table["probability"] = p
    table["predicted"] = np.where(p >= 0.5, *NAMES[::-1])
    table["actual"] = y_test.map(dict(enumerate(NAMES)))
    return table.head(6).rename(columns={"ST_Slope": "slope"}).reset_index(drop=True)


def at(threshold: float) -> np.ndarray:
    """The confusion matrix on the held-out patients."""
    return confusion_at(*heart_scores(), threshold)


@exhibit(
    alt=lambda threshold: (
        f"Confusion matrix of the held-out patients at threshold {threshold:.1f}: "
        "{} correct rejections, {} false alarms, {} misses, {} hits.".format(*counts(at(threshold)))
    ),
    explore={"threshold": THRESHOLDS},
)
def matrix(threshold: float = 0.5) -> Figure:
    """The held-out patients, counted."""
    return classification.matrix(at(threshold), names=NAMES)


@exhibit(
    alt=lambda threshold: (
        "ROC curve of logistic regression on the held-out patients, far above the diagonal. "
        f"Marked is threshold {threshold:.1f}, at false positive rate {false_positive_rate(at(threshold)):.2f} and "
        f"true positive rate {true_positive_rate(at(threshold)):.2f}."
    ),
    explore={"threshold": THRESHOLDS},
)
def curve(threshold: float = 0.5) -> Figure:
    """The ROC curve on the same patients, and its point at the threshold."""
    y_true, p = heart_scores()
    table = at(threshold)
    point = false_positive_rate(table), true_positive_rate(table)
    return classification.roc({"logistic regression": roc_curve(y_true, p)[:2]}, point=point)


@exhibit(explore={"threshold": THRESHOLDS}, digits=3)
def reached(threshold: float = 0.5) -> float:
    """Accuracy on the held-out patients at the threshold."""
    return accuracy(at(threshold))


@exhibit(explore={"threshold": THRESHOLDS}, digits=1)
def chosen(threshold: float = 0.5) -> float:
    """The threshold that the slider is at."""
    return threshold


@exhibit(digits=3)
def baseline() -> float:
    """Share of the majority class among the held-out patients."""
    return baseline_accuracy(at(0.5))


@exhibit(digits=3)
def area() -> float:
    """Area under the ROC curve on the held-out patients of this one split."""
    return roc_auc_score(*heart_scores())


@exhibit()
def heart_splits() -> int:
    """Number of random splits."""
    return SPLITS


@exhibit(over="100 random splits", digits=3)
def mean_accuracy() -> float:
    """Mean of the accuracy on the held-out patients, at a threshold of one half."""
    return float(accuracies().mean())


@exhibit(over="100 random splits", digits=3)
def accuracy_spread() -> float:
    """Standard deviation of the accuracy on the held-out patients."""
    return float(accuracies().std(ddof=1))


@exhibit(over="100 random splits", digits=3)
def mean_area() -> float:
    """Mean of the area under the ROC curve on the held-out patients."""
    return float(areas().mean())


@exhibit(over="100 random splits", digits=3)
def area_spread() -> float:
    """Standard deviation of the area under the ROC curve on the held-out patients."""
    return float(areas().std(ddof=1))


@exhibit(over="100 random splits")
def above_baseline() -> bool:
    """At a threshold of one half, the accuracy on the held-out patients is above the share of the majority class by
    more than 0.2 in every split.
    """
    return bool((accuracies() - baseline() > 0.2).all())


@exhibit(over="100 random splits, the same for both", digits=3)
def gap_column() -> DataFrame:
    """The median alone, and with a column that marks the gaps: mean scores on held-out patients, and in how many of
    the splits the second scores higher.
    """
    rows = {}
    for name, score in (("area", areas), ("accuracy", accuracies)):
        plain, marked = score(False), score(True)
        rows[name] = (plain.mean(), marked.mean(), f"{np.mean(marked > plain):.0%}".replace("%", " %"))
    return DataFrame.from_dict(rows, orient="index", columns=["median", "and gap", "higher in"]).rename_axis("score")


@exhibit(over="100 random splits, the same for both")
def gap_helps() -> bool:
    """With the column that marks the gaps, mean area and mean accuracy are higher, and so is the area in more than six
    of ten splits.
    """
    higher = areas(True) > areas(False)
    return bool(
        higher.mean() > 0.6 and (areas(True) - areas(False)).mean() > 0 < (accuracies() - accuracies(False)).mean()
    )


@exhibit(over="20 random splits, a new start in each", digits=3)
def comparison() -> DataFrame:
    """Area under the ROC curve on held-out patients: mean and standard deviation (sd) over the splits, the mean
    difference from logistic regression with its 95 % interval, corrected for patients that splits share, and in how
    many of the splits a network is above it.
    """
    areas = {name: values.numpy() for name, values in network_areas().items()}
    titles = {
        "logistic": "logistic regression",
        "stopped": "network, stopped early",
        "to the end": "network, to the end",
    }
    rows = {}
    for key, title in titles.items():
        rows[title] = [areas[key].mean(), areas[key].std(ddof=1), np.nan, np.nan, np.nan, ""]
        if key != "logistic":
            gap = areas[key] - areas["logistic"]
            mean, reach = gap.mean(), corrected(gap)
            rows[title][2:] = mean, mean - reach, mean + reach, f"{np.mean(gap > 0):.0%}".replace("%", " %")
    columns = ["mean", "sd", "difference", "from", "to", "above"]
    return DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("model")


@exhibit(over="20 random splits, a new start in each")
def network_is_level() -> bool:
    """The mean area of the network that is stopped early is less than 0.01 above that of logistic regression and less
    than 0.015 below it; the standard deviation of either over the splits is over 0.01.
    """
    level, ours = network_areas()["logistic"], network_areas()["stopped"]
    return bool(-0.015 < (ours - level).mean() < 0.01 < min(level.std(), ours.std()))


@exhibit(over="20 random splits, a new start in each")
def overfitted_is_worse() -> bool:
    """Trained to the end, the network is below logistic regression on the held-out patients in at least eight of ten
    splits, and its area on the patients it was trained on is higher than on these in every split.
    """
    found = network_areas()
    below = (found["to the end"] < found["logistic"]).double().mean()
    return bool(below >= 0.8 and (found["on its own patients"] > found["to the end"]).all())

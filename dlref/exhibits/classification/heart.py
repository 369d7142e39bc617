"""Exhibits of the page on the heart data, its second half: scaling, training, evaluation, another model."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.exhibits._heart import heart_scores, heart_split, preparation
from dlref.logistic import fit, predict_proba
from dlref.metrics import (
    accuracy,
    baseline_accuracy,
    confusion_at,
    counts,
    delong,
    false_positive_rate,
    roc_auc_score,
    roc_curve,
    true_positive_rate,
)
from dlref.plots import classification, style

THRESHOLDS = [round(0.1 * i, 1) for i in range(1, 10)]
NAMES = ("healthy", "disease")
NUMBERS = ["Age", "RestingBP", "Cholesterol", "MaxHR", "Oldpeak"]
SEEDS = range(5)


@exhibit()
def features() -> int:
    """Columns after the encoding."""
    return prepared()[0].shape[1]


@cache
def prepared() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """Training and held-out features as numbers, both targets, and the names of the features."""
    train, test, y_train, y_test = heart_split()
    prepare = preparation().fit(train)
    names = [name.split("__")[1].replace("_", " = ") for name in prepare.get_feature_names_out()]
    names = [name.replace("ST = Slope = ", "ST_Slope = ") for name in names]
    return prepare.transform(train), prepare.transform(test), y_train.to_numpy(), y_test.to_numpy(), names


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


@exhibit()
def scaled_by_training() -> bool:
    """After scaling, every number's mean on the training data is 0 and its standard deviation 1, to 9 decimals; on the
    held-out data no mean is 0 to 3 decimals.
    """
    X_train, X_test, _, _, names = prepared()
    at = [names.index(name) for name in NUMBERS]
    a, b = X_train[:, at], X_test[:, at]
    return bool(
        np.allclose(a.mean(axis=0), 0, atol=1e-9)
        and np.allclose(a.std(axis=0), 1, atol=1e-9)
        and (np.abs(b.mean(axis=0)) > 1e-3).all()
    )


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


@exhibit(digits={"dlref": 3, "sklearn": 3, "odds ratio": 2})
def coefficients() -> DataFrame:
    """Coefficients trained from scratch and by scikit-learn, from the highest down."""
    ours, b, _ = from_scratch()
    theirs, b_theirs = by_scikit_learn()
    table = DataFrame(
        {"dlref": [*ours, b], "sklearn": [*theirs, b_theirs], "odds ratio": [*np.exp(ours), np.nan]},
        index=[*prepared()[4], "intercept"],
    )
    order = [*table.index[:-1][np.argsort(-ours)], "intercept"]
    return table.loc[order].rename_axis("feature")


@exhibit()
def largest_difference() -> str:
    """Largest difference of the 15 coefficients and the intercept of dlref from scikit-learn's."""
    (w, b, _), (v, c) = from_scratch(), by_scikit_learn()
    # Each stops near the minimum, not at it.
    return agreement([(w, v), (b, c)], at_most=1e-5)


def by_name() -> dict[str, float]:
    """The coefficients by feature."""
    return dict(zip(prepared()[4], from_scratch()[0], strict=True))


@exhibit()
def raises_odds() -> bool:
    """The coefficients of being male, angina under exercise, a flat slope against one that falls, a raised fasting
    blood sugar and the ST depression are positive.
    """
    names = ("Sex = M", "ExerciseAngina = Y", "ST_Slope = Flat", "FastingBS", "Oldpeak")
    return all(by_name()[name] > 0 for name in names)


@exhibit()
def lowers_odds() -> bool:
    """The coefficients of a rising slope, of a high heart rate, and of every kind of chest pain against none are
    negative.
    """
    kinds = ("ATA", "NAP", "TA")
    names = ("ST_Slope = Up", "MaxHR", *(f"ChestPainType = {kind}" for kind in kinds))
    return all(by_name()[name] < 0 for name in names)


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
        "ROC curves of logistic regression and of a small network, close to each other and far above the diagonal. "
        f"Logistic regression at threshold {threshold:.1f} is marked at false positive rate "
        f"{false_positive_rate(at(threshold)):.2f} and true positive rate {true_positive_rate(at(threshold)):.2f}."
    ),
    explore={"threshold": THRESHOLDS},
)
def curve(threshold: float = 0.5) -> Figure:
    """The ROC curves of both models, and logistic regression's point at the threshold."""
    y_true, p = heart_scores()
    table = at(threshold)
    curves = {"logistic regression": roc_curve(y_true, p)[:2], "network": roc_curve(y_true, network_scores()[0])[:2]}
    return classification.roc(curves, point=(false_positive_rate(table), true_positive_rate(table)))


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


@exhibit()
def above_baseline() -> bool:
    """At every threshold of the slider, the accuracy is above the baseline."""
    return all(accuracy(at(t)) > baseline() for t in THRESHOLDS)


@cache
def network_scores() -> list[np.ndarray]:
    """Probabilities for the held-out patients from a network with one hidden layer of 8 units, trained from 5 seeds."""
    import torch
    from torch import nn

    X_train, X_test, y_train, _, _ = prepared()
    x, y = torch.tensor(X_train, dtype=torch.float32), torch.tensor(y_train, dtype=torch.float32)
    scores = []
    for seed in SEEDS:
        torch.manual_seed(seed)
        network = nn.Sequential(nn.Linear(X_train.shape[1], 8), nn.ReLU(), nn.Linear(8, 1))
        optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
        for _ in range(300):
            optimizer.zero_grad()
            nn.functional.binary_cross_entropy_with_logits(network(x)[:, 0], y).backward()
            optimizer.step()
        with torch.no_grad():
            scores.append(torch.sigmoid(network(torch.tensor(X_test, dtype=torch.float32)))[:, 0].double().numpy())
    return scores


@exhibit(digits={"accuracy": 2, "area": 2})
def comparison() -> DataFrame:
    """Logistic regression against the network on the held-out patients; the network from several starts."""
    y_true, p = heart_scores()
    rows = {"logistic regression": p}
    rows |= {f"network, seed {seed}": s for seed, s in zip(SEEDS, network_scores(), strict=True)}
    table = [(accuracy(confusion_at(y_true, s, 0.5)), roc_auc_score(y_true, s)) for s in rows.values()]
    return DataFrame(table, columns=["accuracy", "area"], index=list(rows)).rename_axis("model")


@exhibit()
def network_is_not_better() -> bool:
    """From none of the 5 seeds does the network's area exceed that of logistic regression by more than 1.96 standard
    errors of the difference (DeLong).
    """
    y_true, p = heart_scores()
    for s in network_scores():
        (ours, theirs), c = delong(y_true, [p, s])
        if theirs - ours > 1.96 * np.sqrt(c[0, 0] + c[1, 1] - 2 * c[0, 1]):
            return False
    return True

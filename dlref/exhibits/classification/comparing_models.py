"""Exhibits of the page that compares methods."""

from functools import cache
from itertools import combinations

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame, Series
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from dlref.engine.exhibit import exhibit
from dlref.engine.trained import trained
from dlref.exhibits._agreement import agreement
from dlref.exhibits._heart import heart_split, heart_table, preparation
from dlref.exhibits._heart_splits import random_splits
from dlref.exhibits._intervals import corrected
from dlref.metrics import confusion_at, delong, expected_cost, false_positive_rate, roc_curve, true_positive_rate
from dlref.plots import classification, style

RATIOS = [1, 2, 3, 5, 10]
NAMES = ("logistic regression", "random forest", "support vector machine")
SPLITS = 50
Z = 1.96  # of a normal value, 95 % lie within this many standard deviations


def three_scores(X_train: DataFrame, y_train: Series, X_test: DataFrame) -> np.ndarray:
    """What three models, trained on the same patients with scikit-learn's settings, give the held-out ones."""
    prepare = preparation(gaps=True).fit(X_train)
    x, x_test = prepare.transform(X_train), prepare.transform(X_test)
    logistic = LogisticRegression(tol=1e-8, max_iter=1000).fit(x, y_train)
    forest = RandomForestClassifier(100, random_state=0).fit(x, y_train)
    # Of the machine, signed distances from the boundary, not probabilities; a ranking needs no more.
    machine = SVC().fit(x, y_train).decision_function(x_test)
    return np.array([logistic.predict_proba(x_test)[:, 1], forest.predict_proba(x_test)[:, 1], machine])


@trained
def on_this_split() -> dict:
    """Whether each held-out patient is ill, and the scores of the three models: one row per model."""
    X_train, X_test, y_train, y_test = heart_split()
    return {
        "y_true": torch.tensor(y_test.to_numpy()),
        "scores": torch.tensor(three_scores(X_train, y_train, X_test)),
    }


@trained
def over_splits() -> dict:
    """Of each random split the three areas, the lowest costs by the cost of a miss, and which pairs of curves cross."""
    X, y = heart_table()
    found = {"areas": [], "costs": [], "cross": []}
    for train, test in random_splits(SPLITS):
        scores, y_true = three_scores(X.iloc[train], y.iloc[train], X.iloc[test]), y.iloc[test].to_numpy()
        found["areas"].append(delong(y_true, list(scores))[0])
        found["costs"].append([[lowest(y_true, score, ratio)[0] for score in scores] for ratio in RATIOS])
        found["cross"].append(crossing(y_true, scores))
    return {name: torch.tensor(np.array(rows)) for name, rows in found.items()}


@cache
def scores() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Whether each held-out patient of the split shown is ill, and the scores of the models by name."""
    found = on_this_split()
    return found["y_true"].numpy(), dict(zip(NAMES, found["scores"].numpy(), strict=True))


def lowest(y_true: np.ndarray, score: np.ndarray, ratio: int) -> tuple[float, float, float]:
    """The lowest mean cost over all thresholds, a miss at so many false alarms, and both rates there."""
    matrices = confusion_at(y_true, score, roc_curve(y_true, score)[2])
    cost = expected_cost(matrices, cost_fp=1, cost_fn=ratio)
    best = matrices[cost.argmin()]
    return float(cost.min()), false_positive_rate(best), true_positive_rate(best)


def crossing(y_true: np.ndarray, scores: np.ndarray) -> list[bool]:
    """For each pair of models, whether each is higher than the other at some false positive rate."""
    grid = np.linspace(0, 1, 501)
    heights = [np.interp(grid, *roc_curve(y_true, score)[:2]) for score in scores]
    # Interpolation rounds: equal heights must not count as a difference.
    return [bool((a > b + 1e-9).any() and (b > a + 1e-9).any()) for a, b in combinations(heights, 2)]


@cache
def areas() -> tuple[np.ndarray, np.ndarray]:
    """The areas of the three models, and their covariance by DeLong's method."""
    y_true, by_model = scores()
    return delong(y_true, list(by_model.values()))


@exhibit(
    alt="ROC curves of logistic regression, a random forest and a support vector machine on the heart data. All three "
    "rise steeply and bend near the upper left corner, close to each other."
)
def curves() -> Figure:
    """Three models on the same held-out patients, in one split: the curves lie close to each other."""
    y_true, by_model = scores()
    return classification.roc({name: roc_curve(y_true, score)[:2] for name, score in by_model.items()})


@exhibit(over="50 random splits, all models on the same", digits=3)
def repeated() -> DataFrame:
    """Area on the held-out patients: mean, standard deviation (sd), lowest and highest over the splits."""
    areas = over_splits()["areas"].numpy()
    columns = {"mean": areas.mean(axis=0), "sd": areas.std(axis=0, ddof=1), "lowest": areas.min(axis=0)}
    return DataFrame(columns | {"highest": areas.max(axis=0)}, index=list(NAMES)).rename_axis("model")


@exhibit(over="50 random splits, all models on the same", digits=3)
def repeated_differences() -> DataFrame:
    """Mean differences between two areas, with corrected 95 % intervals, and in how many splits the first is ahead."""
    areas = over_splits()["areas"].numpy()
    rows = {}
    for i, j in combinations(range(3), 2):
        gap = areas[:, i] - areas[:, j]
        reach = corrected(gap)
        rows[f"{NAMES[i]} − {NAMES[j]}"] = (gap.mean(), gap.mean() - reach, gap.mean() + reach, percent(gap > 0))
    return DataFrame.from_dict(rows, orient="index", columns=["mean", "from", "to", "ahead"]).rename_axis("difference")


def percent(hits: np.ndarray) -> str:
    """A share as a text, in per cent."""
    return f"{100 * np.mean(hits):.0f} %"


@exhibit(over="50 random splits, all models on the same")
def none_is_better() -> bool:
    """The corrected 95 % interval of each mean difference contains 0, and each model leads in some splits."""
    table, areas = repeated_differences(), over_splits()["areas"].numpy()
    ahead = [
        (areas[:, i] > areas[:, j]).any() and (areas[:, i] < areas[:, j]).any() for i, j in combinations(range(3), 2)
    ]
    return bool((table["from"] < 0).all() and (table["to"] > 0).all() and all(ahead))


@exhibit(digits=3)
def table() -> DataFrame:
    """The split in the picture: area under each curve, its standard error (s.e.), and the interval that covers the
    model's true area in about 95 % of draws of held-out patients.
    """
    means, covariance = areas()
    error = np.sqrt(np.diag(covariance))
    columns = {"area": means, "s.e.": error, "from": means - Z * error, "to": means + Z * error}
    return DataFrame(columns, index=list(NAMES)).rename_axis("model")


@exhibit(digits=3)
def differences() -> DataFrame:
    """The split in the picture: differences between two areas on the same patients, with DeLong's 95 % intervals."""
    means, c = areas()
    rows = []
    for (i, one), (j, other) in combinations(enumerate(NAMES), 2):
        gap, error = means[i] - means[j], np.sqrt(c[i, i] + c[j, j] - 2 * c[i, j])
        rows.append((f"{one} − {other}", gap, gap - Z * error, gap + Z * error))
    return DataFrame(rows, columns=["difference", "of areas", "from", "to"]).set_index("difference")


@exhibit(over="the three pairs, on the held-out patients of one split")
def pairs_are_surer() -> bool:
    """For each pair, the standard error of the difference is smaller than it would be on two independent samples, where
    no covariance is taken off.
    """
    c = areas()[1]
    return all(c[i, j] > 0 for i, j in combinations(range(3), 2))


@exhibit(over="1000 bootstrap samples of the held-out patients of one split")
def bootstrap_agrees() -> bool:
    """The standard errors of the three areas over the samples differ from DeLong's by less than 15 %."""
    y_true, by_model = scores()
    generator = np.random.default_rng(0)
    drawn = []
    for _ in range(1000):
        sample = generator.integers(len(y_true), size=len(y_true))
        drawn.append(delong(y_true[sample], [score[sample] for score in by_model.values()])[0])
    return bool(np.allclose(np.std(drawn, axis=0, ddof=1), np.sqrt(np.diag(areas()[1])), rtol=0.15))


@exhibit(over="50 random splits, all models on the same")
def curves_cross() -> bool:
    """In at least nine of ten splits, each pair of curves crosses: there are false positive rates at which the one has
    the higher true positive rate, and others at which the other has.
    """
    return bool((over_splits()["cross"].double().mean(dim=0) >= 0.9).all())


def cheapest(ratio: int) -> dict[str, tuple[float, float, float]]:
    """For each model its lowest mean cost on the held-out patients of the split shown, and both rates there."""
    y_true, by_model = scores()
    return {name: lowest(y_true, score, ratio) for name, score in by_model.items()}


def winner(ratio: int) -> str:
    """The model of lowest cost in the split shown."""
    return min((cost, name) for name, (cost, _, _) in cheapest(ratio).items())[1]


@exhibit(
    alt=lambda cost_ratio: (
        f"The upper left part of the same ROC plot. With a miss {cost_ratio} times as dear as a false alarm, the "
        f"cheapest point, marked, is on the curve of {winner(cost_ratio)}; a straight line through it, on which all "
        "points cost the same, touches the curves from above."
    ),
    explore={"cost_ratio": RATIOS},
)
def cost_line(cost_ratio: int = 1) -> Figure:
    """All points of the straight line cost the same. No curve reaches above it; the marked point is the cheapest."""
    y_true, by_model = scores()
    figure = classification.roc({name: roc_curve(y_true, score)[:2] for name, score in by_model.items()})
    axes = figure.axes[0]
    _, fpr, tpr = cheapest(cost_ratio)[winner(cost_ratio)]
    # Equal cost: a step in false alarms is paid back by a step in hits, weighted with the sizes of the classes.
    slope = np.sum(y_true == 0) / (cost_ratio * np.sum(y_true == 1))
    axes.axline((fpr, tpr), slope=slope, color=style.INK, linewidth=1)
    axes.plot(fpr, tpr, "o", markersize=8, color=style.INK)
    for text in axes.texts:
        text.remove()
    axes.set(xlim=(-0.01, 0.65), ylim=(0.65, 1.01), aspect="auto")
    return figure


def shares_cheapest(ratio: int) -> np.ndarray:
    """In what share of the splits each model is the cheapest; models of equal cost share a split."""
    costs = over_splits()["costs"].numpy()[:, RATIOS.index(ratio)]
    best = np.isclose(costs, costs.min(axis=1, keepdims=True), rtol=0, atol=1e-12)
    return (best / best.sum(axis=1, keepdims=True)).mean(axis=0)


@exhibit(over="50 random splits, all models on the same", explore={"cost_ratio": RATIOS}, digits=2)
def lowest_costs(cost_ratio: int = 1) -> DataFrame:
    """Each model at its cheapest threshold: the cost of a patient in false alarms, the mean over the splits with its
    corrected 95 % interval, and in how many of them the model is the cheapest.
    """
    costs = over_splits()["costs"].numpy()[:, RATIOS.index(cost_ratio)]
    shares = [f"{100 * share:.0f} %" for share in shares_cheapest(cost_ratio)]
    means, reach = costs.mean(axis=0), corrected(costs)
    columns = {"cost": means, "from": means - reach, "to": means + reach, "cheapest in": shares}
    return DataFrame(columns, index=list(NAMES)).rename_axis("model")


@exhibit(explore={"cost_ratio": RATIOS})
def cheapest_model(cost_ratio: int = 1) -> str:
    """The model with the lowest mean cost at its best threshold, in the split in the picture."""
    return winner(cost_ratio)


@exhibit(explore={"cost_ratio": RATIOS})
def ratio(cost_ratio: int = 1) -> int:
    """The cost of a miss in false alarms that the slider is at."""
    return cost_ratio


@exhibit(over="50 random splits, all models on the same")
def none_is_cheapest() -> bool:
    """At each of the five costs of a miss, no model is the cheapest in more than seven of ten splits, and each is the
    cheapest in some.
    """
    shares = np.array([shares_cheapest(ratio) for ratio in RATIOS])
    return bool(shares.max() < 0.7 and shares.min() > 0)


@exhibit()
def largest_difference() -> str:
    """Largest difference of the three models' areas from scikit-learn's, by trapezoids and by DeLong's pairs."""
    from sklearn import metrics

    from dlref.metrics import roc_auc_score

    y_true, by_model = scores()
    theirs = [metrics.roc_auc_score(y_true, score) for score in by_model.values()]
    ours = [roc_auc_score(y_true, score) for score in by_model.values()]
    return agreement([(ours, theirs), (areas()[0], theirs)])

"""Exhibits of the page that compares methods."""

from functools import cache
from itertools import combinations

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.exhibits._heart import heart_split, preparation
from dlref.metrics import confusion_at, delong, expected_cost, false_positive_rate, roc_curve, true_positive_rate
from dlref.plots import classification, style

RATIOS = [1, 2, 3, 5, 10]
Z = 1.96  # of a normal value, 95 % lie within this many standard deviations


@cache
def scores() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Whether each held-out patient is ill, and the scores of three models trained on the same patients."""
    train, test, y_train, y_test = heart_split()
    prepare = preparation().fit(train)
    X_train, X_test = prepare.transform(train), prepare.transform(test)
    logistic = LogisticRegression(max_iter=1000).fit(X_train, y_train)
    forest = RandomForestClassifier(500, random_state=0).fit(X_train, y_train)
    machine = SVC().fit(X_train, y_train)
    return y_test.to_numpy(), {
        "logistic regression": logistic.predict_proba(X_test)[:, 1],
        "random forest": forest.predict_proba(X_test)[:, 1],
        # Signed distances from the boundary, not probabilities; a ranking needs no more.
        "support vector machine": machine.decision_function(X_test),
    }


@cache
def areas() -> tuple[np.ndarray, np.ndarray]:
    """The areas of the three models, and their covariance by DeLong's method."""
    y_true, by_model = scores()
    return delong(y_true, list(by_model.values()))


@exhibit(
    alt="ROC curves of logistic regression, a random forest and a support vector machine on the heart data. All three "
    "rise steeply and bend near the upper left corner; they cross several times."
)
def curves() -> Figure:
    """Three models on the same held-out patients. Their curves cross, so that none is best at every threshold."""
    y_true, by_model = scores()
    return classification.roc({name: roc_curve(y_true, score)[:2] for name, score in by_model.items()})


@exhibit(digits=3)
def table() -> DataFrame:
    """Area under each curve, its standard error (s.e.), and the interval that covers the true area in
    about 95 % of samples.
    """
    means, covariance = areas()
    error = np.sqrt(np.diag(covariance))
    columns = {"area": means, "s.e.": error, "from": means - Z * error, "to": means + Z * error}
    return DataFrame(columns, index=list(scores()[1])).rename_axis("model")


def gaps() -> DataFrame:
    """For each pair of models the difference of their areas, with its 95 % interval."""
    means, c = areas()
    rows = []
    for (i, one), (j, other) in combinations(enumerate(scores()[1]), 2):
        gap, error = means[i] - means[j], np.sqrt(c[i, i] + c[j, j] - 2 * c[i, j])
        rows.append((f"{one} − {other}", gap, gap - Z * error, gap + Z * error))
    return DataFrame(rows, columns=["difference", "of areas", "from", "to"]).set_index("difference")


@exhibit(digits=3)
def differences() -> DataFrame:
    """Differences between two areas on the same patients, with 95 % intervals."""
    return gaps()


@exhibit()
def none_is_better() -> bool:
    """The 95 % interval of each difference holds 0."""
    table = gaps()
    return bool((table["from"] < 0).all() and (table["to"] > 0).all())


@exhibit()
def pairs_are_surer() -> bool:
    """For each pair, the standard error of the difference is smaller than it would be on two independent samples, where
    no covariance is taken off.
    """
    c = areas()[1]
    return all(c[i, j] > 0 for i, j in combinations(range(3), 2))


@exhibit()
def bootstrap_agrees() -> bool:
    """The standard errors of the three areas over 1000 bootstrap samples of the patients differ from DeLong's by less
    than a tenth.
    """
    y_true, by_model = scores()
    generator = np.random.default_rng(0)
    drawn = []
    for _ in range(1000):
        sample = generator.integers(len(y_true), size=len(y_true))
        drawn.append(delong(y_true[sample], [score[sample] for score in by_model.values()])[0])
    return bool(np.allclose(np.std(drawn, axis=0, ddof=1), np.sqrt(np.diag(areas()[1])), rtol=0.1))


@exhibit()
def curves_cross() -> bool:
    """For each pair of models there are false positive rates at which the one has the higher true positive rate, and
    others at which the other has.
    """
    y_true, by_model = scores()
    grid = np.linspace(0, 1, 501)
    heights = [np.interp(grid, *roc_curve(y_true, score)[:2]) for score in by_model.values()]
    return all((a > b).any() and (a < b).any() for a, b in combinations(heights, 2))


def cheapest(ratio: int) -> dict[str, tuple[float, float, float]]:
    """For each model its lowest mean cost on the held-out patients, and both rates there."""
    y_true, by_model = scores()
    found = {}
    for name, score in by_model.items():
        matrices = confusion_at(y_true, score, roc_curve(y_true, score)[2])
        cost = expected_cost(matrices, cost_fp=1, cost_fn=ratio)
        best = matrices[cost.argmin()]
        found[name] = float(cost.min()), false_positive_rate(best), true_positive_rate(best)
    return found


def winner(ratio: int) -> str:
    """The model of lowest cost."""
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


@exhibit(explore={"cost_ratio": RATIOS}, digits=3)
def lowest_costs(cost_ratio: int = 1) -> DataFrame:
    """Each model at its cheapest threshold: mean cost of a patient in false alarms, and both rates."""
    rows = DataFrame(cheapest(cost_ratio), index=["cost", "FPR", "TPR"]).T
    return rows.rename_axis("model")


@exhibit(explore={"cost_ratio": RATIOS})
def cheapest_model(cost_ratio: int = 1) -> str:
    """The model with the lowest mean cost at its best threshold."""
    return winner(cost_ratio)


@exhibit(explore={"cost_ratio": RATIOS})
def ratio(cost_ratio: int = 1) -> int:
    """The cost of a miss in false alarms that the slider is at."""
    return cost_ratio


@exhibit()
def cost_decides() -> bool:
    """Over the costs of a miss from 1 to 10, more than one model is the cheapest on the held-out patients."""
    return len({winner(ratio) for ratio in RATIOS}) > 1


@exhibit()
def largest_difference() -> str:
    """Largest difference of the three models' areas from scikit-learn's, by trapezoids and by DeLong's pairs."""
    from sklearn import metrics

    from dlref.metrics import roc_auc_score

    y_true, by_model = scores()
    theirs = [metrics.roc_auc_score(y_true, score) for score in by_model.values()]
    ours = [roc_auc_score(y_true, score) for score in by_model.values()]
    return agreement([(ours, theirs), (areas()[0], theirs)])

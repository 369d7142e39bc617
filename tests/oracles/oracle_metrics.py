"""What the functions of `dlref.metrics` equal."""

import warnings

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from oracles import Oracle
from sklearn import metrics
from sklearn.dummy import DummyClassifier

costs = st.floats(0.1, 100)
lengths = st.integers(1, 20)


def arrays(elements, n):
    return npst.arrays("float64" if elements is numbers else "int64", n, elements=elements)


labels = st.integers(0, 1)
numbers = st.floats(-1e3, 1e3)
# A few values only, so that equal scores are common, with far and near neighbors among them.
scores = st.sampled_from([-1e300, -2.0, 0.0, 0.5, np.nextafter(0.5, 1), 1.0, 1e300])
labels_and_scores = lengths.flatmap(lambda n: st.tuples(arrays(labels, n), npst.arrays("float64", n, elements=scores)))
values = lengths.flatmap(lambda n: st.tuples(arrays(numbers, n), arrays(numbers, n)))
two_classes = lengths.flatmap(lambda n: st.tuples(arrays(labels, n), arrays(labels, n)))
more_classes = st.tuples(st.integers(2, 5), lengths).flatmap(
    lambda drawn: st.fixed_dictionaries(
        {name: arrays(st.integers(0, drawn[0] - 1), drawn[1]) for name in ("y_true", "y_pred")}
        | {"classes": st.just(drawn[0])}
    )
)
both_classes = st.lists(labels, max_size=12).map(lambda extra: np.array([0, 1, 1, 0, *extra]))
several_models = st.tuples(both_classes, st.integers(1, 3)).flatmap(
    lambda drawn: st.tuples(st.just(drawn[0]), npst.arrays("float64", (drawn[1], len(drawn[0])), elements=scores))
)
curves = st.integers(2, 10).flatmap(lambda n: st.tuples(arrays(numbers, n).map(np.sort), arrays(numbers, n)))
few = st.integers(0, 9)
stacks = st.tuples(npst.arrays("int64", st.sampled_from([(2, 2), (3, 2, 2), (0, 2, 2), (2, 2, 2, 2)]), elements=few))
multiclass = st.tuples(npst.arrays("int64", st.sampled_from([(2, 2), (4, 4), (3, 3, 3)]), elements=few))


def sklearn_confusion(y_true, y_pred, *, classes=2):
    return metrics.confusion_matrix(y_true, y_pred, labels=range(classes))


def per_matrix(score):
    """A scikit-learn score of labels, for a stack of matrices: each count becomes that many cases."""

    def rate(matrix, **kwargs):
        matrices = np.asarray(matrix)
        results = []
        for one in matrices.reshape(-1, *matrices.shape[-2:]):
            y_true, y_pred = np.repeat(np.argwhere(one >= 0), one.ravel(), axis=0).T
            results.append(score(y_true, y_pred, **kwargs) if len(y_true) else np.nan)
        return np.reshape(results, matrices.shape[:-2])

    return rate


def outcome(y_true, y_pred, *, place):
    return sklearn_confusion(y_true, y_pred).ravel()[place]


def majority(y_true, y_pred):
    return DummyClassifier(strategy="most_frequent").fit(y_true, y_true).score(y_true, y_true)


def mean_cost(y_true, y_pred, *, cost_fp=1.0, cost_fn=1.0):
    """From the definition, case by case."""
    return np.mean([cost_fp if p > t else cost_fn if t > p else 0 for t, p in zip(y_true, y_pred, strict=True)])


def cheapest_alarm(*, cost_fp, cost_fn):
    """Where the mean costs of alarm and silence cross, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if middle * cost_fn < (1 - middle) * cost_fp else (low, middle)
    return low


def sklearn_at(y_true, y_score, threshold):
    matrices = [sklearn_confusion(y_true, y_score >= t) for t in np.ravel(threshold)]
    return np.reshape(matrices, (*np.shape(threshold), 2, 2))


def quiet(function):
    """scikit-learn's answer without its warning about a class that does not occur."""

    def call(*args, **kwargs):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(*args, **kwargs)

    return call


def delong_by_hand(y_true, y_scores):
    """Sums over pairs, as in the paper's equations 1 to 6, without arrays."""

    def psi(x, y):
        return 1.0 if y < x else 0.5 if y == x else 0.0

    cases = [(row[y_true == 1].tolist(), row[y_true == 0].tolist()) for row in y_scores]
    m, n = int(sum(y_true)), int(sum(1 - y_true))
    areas = [sum(psi(x, y) for x in xs for y in ys) / (m * n) for xs, ys in cases]
    v10 = [[sum(psi(x, y) for y in ys) / n for x in xs] for xs, ys in cases]
    v01 = [[sum(psi(x, y) for x in xs) / m for y in ys] for xs, ys in cases]

    def s(v, r, q):
        return sum((a - areas[r]) * (b - areas[q]) for a, b in zip(v[r], v[q], strict=True)) / (len(v[r]) - 1)

    k = range(len(cases))
    return np.array(areas), np.array([[s(v10, r, q) / m + s(v01, r, q) / n for q in k] for r in k])


nan = {"zero_division": np.nan}
ORACLES = {
    "confusion_matrix": Oracle(
        "sklearn.metrics.confusion_matrix(..., labels=range(classes))", sklearn_confusion, two_classes | more_classes
    ),
    "confusion_at": Oracle(
        "sklearn.metrics.confusion_matrix(y_true, y_score >= threshold)",
        sklearn_at,
        st.tuples(
            labels_and_scores, npst.arrays("float64", npst.array_shapes(min_dims=0, max_dims=2), elements=scores)
        ).map(lambda drawn: (*drawn[0], drawn[1])),
    ),
    "counts": Oracle(
        "sklearn.metrics.confusion_matrix(...).ravel()",
        lambda matrix: tuple(per_matrix(outcome)(matrix, place=i) for i in range(4)),
        stacks.filter(lambda drawn: drawn[0].sum(axis=(-2, -1)).all()),
    ),
    "true_positive_rate": Oracle(
        "sklearn.metrics.recall_score", per_matrix(lambda t, p: metrics.recall_score(t, p, **nan)), stacks
    ),
    "false_positive_rate": Oracle(
        "1 - recall_score of class 0",
        per_matrix(lambda t, p: 1 - metrics.recall_score(t, p, pos_label=0, **nan)),
        stacks,
    ),
    "specificity": Oracle(
        "sklearn.metrics.recall_score(..., pos_label=0)",
        per_matrix(lambda t, p: metrics.recall_score(t, p, pos_label=0, **nan)),
        stacks,
    ),
    "precision": Oracle(
        "sklearn.metrics.precision_score", per_matrix(lambda t, p: metrics.precision_score(t, p, **nan)), stacks
    ),
    "f1": Oracle("sklearn.metrics.f1_score", per_matrix(lambda t, p: metrics.f1_score(t, p, **nan)), stacks),
    "accuracy": Oracle("sklearn.metrics.accuracy_score", per_matrix(metrics.accuracy_score), multiclass),
    "error_rate": Oracle("sklearn.metrics.zero_one_loss", per_matrix(metrics.zero_one_loss), multiclass),
    "baseline_accuracy": Oracle("DummyClassifier(strategy='most_frequent').score", per_matrix(majority), multiclass),
    "expected_cost": Oracle(
        "no equal: the mean over the cases",
        per_matrix(mean_cost),
        st.fixed_dictionaries(
            {"matrix": stacks.map(lambda drawn: drawn[0])}, optional={"cost_fp": costs, "cost_fn": costs}
        ),
    ),
    "cost_threshold": Oracle(
        "no equal: where the costs cross, by bisection",
        cheapest_alarm,
        st.fixed_dictionaries({"cost_fp": costs, "cost_fn": costs}),
    ),
    "roc_curve": Oracle(
        "sklearn.metrics.roc_curve(..., drop_intermediate=False)",
        quiet(lambda y_true, y_score: metrics.roc_curve(y_true, y_score, drop_intermediate=False)),
        labels_and_scores,
    ),
    "auc": Oracle("sklearn.metrics.auc", metrics.auc, curves, atol=1e-9),
    "roc_auc_score": Oracle("sklearn.metrics.roc_auc_score", quiet(metrics.roc_auc_score), labels_and_scores),
    "delong": Oracle("no equal in Python: the paper's sums, pair by pair", delong_by_hand, several_models),
    "sum_of_squared_errors": Oracle(
        "n × sklearn.metrics.mean_squared_error", lambda t, p: len(t) * metrics.mean_squared_error(t, p), values
    ),
    "mean_squared_error": Oracle("sklearn.metrics.mean_squared_error", metrics.mean_squared_error, values),
    "r2_score": Oracle(
        "sklearn.metrics.r2_score",
        quiet(lambda t, p: metrics.r2_score(t, p) if np.ptp(t) > 0 else np.nan),
        values.filter(lambda drawn: np.ptp(drawn[0]) == 0 or np.ptp(drawn[0]) > 1e-3),
    ),
}

"""What the table of oracles cannot say about `dlref.metrics`: the workshop's figures, properties, refusals."""

import numpy as np
import pytest

from dlref import metrics

# TN FP FN TP → FPR TPR, as the slides round them.
TABLE = [
    (1318, 3641, 3, 1550, 0.73, 1),
    (1776, 3183, 10, 1543, 0.64, 0.99),
    (4958, 1, 1431, 122, 0, 0.08),
    (4958, 1, 1448, 105, 0, 0.07),
]


def test_the_workshops_confusion_matrix():
    matrix = [[50, 10], [5, 100]]
    rates = ("accuracy", "error_rate", "specificity", "true_positive_rate", "false_positive_rate", "precision")
    got = [round(getattr(metrics, rate)(matrix), 2) for rate in rates]
    assert got == [0.91, 0.09, 0.83, 0.95, 0.17, 0.91]


def test_the_workshops_threshold_table():
    table = np.array(TABLE)
    matrices = table[:, :4].astype(int).reshape(-1, 2, 2)
    assert (matrices.sum(axis=2) == [4959, 1553]).all()
    np.testing.assert_array_equal(metrics.false_positive_rate(matrices).round(2), table[:, 4])
    np.testing.assert_array_equal(metrics.true_positive_rate(matrices).round(2), table[:, 5])
    assert (metrics.baseline_accuracy(matrices).round(4) == 0.7615).all()


def test_one_matrix_gives_python_numbers():
    assert type(metrics.accuracy([[1, 0], [1, 1]])) is float
    assert type(metrics.expected_cost([[0, 0], [0, 0]])) is float
    assert [type(count) for count in metrics.counts([[1, 2], [3, 4]])] == [int] * 4


def test_the_area_counts_pairs():
    generator = np.random.default_rng(0)
    y_true = generator.integers(0, 2, 50)
    y_score = generator.integers(0, 9, 50)
    positive, negative = y_score[y_true == 1, None], y_score[y_true == 0]
    pairs = np.mean((positive > negative) + (positive == negative) / 2)
    assert metrics.roc_auc_score(y_true, y_score) == pytest.approx(pairs)
    assert metrics.delong(y_true, [y_score])[0] == pytest.approx(pairs)


def test_delong_agrees_with_the_spread_over_new_samples():
    """The mean of its covariance is the covariance of the areas over 2000 samples, within Monte Carlo error."""
    generator = np.random.default_rng(1)
    y_true = np.repeat([0, 1], [60, 40])
    noise = generator.normal(size=(2000, 3, 100))
    y_scores = noise[:, :2] + 0.7 * noise[:, 2:] + [[1.0], [0.6]] * y_true
    areas, covariances = zip(*(metrics.delong(y_true, scores) for scores in y_scores), strict=True)
    np.testing.assert_allclose(np.mean(covariances, axis=0), np.cov(np.transpose(areas)), rtol=0.08)


def test_the_cheapest_threshold_is_where_theory_puts_it():
    """Outcomes drawn with the very probabilities that are scored: no threshold is cheaper than p*, save by chance."""
    generator = np.random.default_rng(2)
    p = generator.uniform(size=200_000)
    y_true = (generator.uniform(size=p.size) < p).astype(int)
    costs = {"cost_fp": 1.0, "cost_fn": 4.0}
    thresholds = np.linspace(0, 1, 101)
    cost = metrics.expected_cost(metrics.confusion_at(y_true, p, thresholds), **costs)
    assert thresholds[cost.argmin()] == pytest.approx(metrics.cost_threshold(**costs), abs=0.03)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (
            "accuracy",
            ([1, 2],),
            "matrix must be as confusion_matrix(y_true, y_pred) gives it, 2 × 2 or more; got shape (2,).",
        ),
        (
            "accuracy",
            ([[1]],),
            "matrix must be as confusion_matrix(y_true, y_pred) gives it, 2 × 2 or more; got shape (1, 1).",
        ),
        ("precision", (np.eye(3),), "matrix must have shape (..., 2, 2); got shape (3, 3)."),
        ("f1", ([[1, -1], [0, 1]],), "matrix must hold integers from 0; got -1."),
        ("specificity", ("TN",), "matrix must hold real numbers; got str 'TN'."),
        ("roc_curve", ([0, 2], [0, 1]), "y_true must hold integers from 0 to 1; got 2."),
        ("roc_curve", ([0, 1], [0, np.nan]), "y_score must be finite; got nan among its values."),
        ("roc_curve", ([0, 1], [1]), "y_score must have the shape of y_true, (2,); got shape (1,)."),
        ("roc_auc_score", ([], []), "y_true must not be empty; got shape (0,)."),
        ("confusion_at", ([0], [0], np.nan), "threshold must not be nan; got nan among its values."),
        ("confusion_at", ([0], [0, 1], 0), "y_score must have the shape of y_true, (1,); got shape (2,)."),
        ("confusion_matrix", ([0, 1], [0]), "y_pred must have the shape of y_true, (2,); got shape (1,)."),
        ("confusion_matrix", ([0, 3], [0, 3]), "y_true must hold integers from 0 to 1; got 3."),
        ("auc", ([0], [0]), "x must have 2 points or more; got 1."),
        ("delong", ([0, 0, 1], [[1, 2, 3]]), "y_true must have at least 2 cases of class 1; got 1."),
        ("delong", ([0, 0, 1, 1], [[1, 2, 3]]), "y_scores must have shape (models, 4); got shape (1, 3)."),
        ("r2_score", ([1, np.inf], [1, 2]), "y_true must be finite; got inf among its values."),
    ],
)
def test_bad_arguments_are_named(function, arguments, message):
    with pytest.raises((ValueError, TypeError)) as caught:
        getattr(metrics, function)(*arguments)
    assert str(caught.value) == f"{function}: {message}"


@pytest.mark.parametrize(
    ("function", "arguments", "settings", "message"),
    [
        ("confusion_matrix", ([0], [0]), {"classes": 1}, "classes must be an integer >= 2; got 1."),
        ("expected_cost", ([[1, 0], [0, 1]],), {"cost_fp": -1}, "cost_fp must be a finite number >= 0; got -1."),
        ("cost_threshold", (), {"cost_fp": 1, "cost_fn": 0}, "cost_fn must be a finite number > 0; got 0."),
    ],
)
def test_bad_settings_are_named(function, arguments, settings, message):
    with pytest.raises(ValueError, match="must") as caught:
        getattr(metrics, function)(*arguments, **settings)
    assert str(caught.value) == f"{function}: {message}"

"""Logistic regression: equal to scikit-learn's once the descent has arrived, and clear about what it cannot fit."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from dlref.datasets import heart
from dlref.logistic import fit, logistic_loss, logistic_loss_gradient, predict_proba


def patients():
    """Standardized numeric features of the heart data, and the target."""
    table = heart()
    X = table[["Age", "MaxHR", "Oldpeak", "FastingBS"]].to_numpy(dtype=float)
    return (X - X.mean(axis=0)) / X.std(axis=0), table["HeartDisease"].to_numpy()


@pytest.mark.parametrize("C", [np.inf, 1.0, 0.01])
def test_the_same_coefficients_as_scikit_learn(C):
    X, y_true = patients()
    coefficients, intercept, losses = fit(X, y_true, steps=1000, C=C)
    model = LogisticRegression(C=C, solver="newton-cholesky", tol=1e-12).fit(X, y_true)
    np.testing.assert_allclose(coefficients, model.coef_[0], rtol=1e-8)
    np.testing.assert_allclose(intercept, model.intercept_[0], rtol=1e-8)
    np.testing.assert_allclose(predict_proba(X, coefficients, intercept), model.predict_proba(X)[:, 1], rtol=1e-8)
    assert (np.diff(losses) <= 1e-15).all()


def test_the_gradient_is_the_slope_of_the_loss():
    """Central differences in every direction."""
    generator = np.random.default_rng(0)
    X, y_true = generator.normal(size=(20, 3)), np.arange(20) % 2
    w, b, h = generator.normal(size=3), 0.3, 1e-5
    gradient, slope = logistic_loss_gradient(X, y_true, w, b, C=0.5)
    for k, step in enumerate(np.eye(3) * h):
        rise = logistic_loss(X, y_true, w + step, b, C=0.5) - logistic_loss(X, y_true, w - step, b, C=0.5)
        assert rise / (2 * h) == pytest.approx(gradient[k], abs=1e-9)
    rise = logistic_loss(X, y_true, w, b + h, C=0.5) - logistic_loss(X, y_true, w, b - h, C=0.5)
    assert rise / (2 * h) == pytest.approx(slope, abs=1e-9)


def test_separable_classes_have_no_minimum_without_a_penalty():
    X, y_true = [[-2], [-1], [1], [2]], [0, 0, 1, 1]
    weights = [fit(X, y_true, steps=steps)[0][0] for steps in (100, 1000, 10_000)]
    assert weights[0] + 1 < weights[1] < weights[2] - 1
    assert fit(X, y_true, steps=1000, C=1)[0] == pytest.approx(fit(X, y_true, steps=2000, C=1)[0])


@pytest.mark.parametrize(
    ("X", "y_true", "settings", "message"),
    [
        ([[1], [2]], [0, 1, 1], {}, "y_true must have one class for each of the 2 rows of X; got shape (3,)."),
        ([[1], [2]], [0, 0], {}, "y_true must hold both classes; got class 0 alone."),
        ([[1], [2]], [-1, 1], {}, "y_true must hold integers from 0 to 1; got -1."),
        ([[1], [np.nan]], [0, 1], {}, "X must be finite; got nan among its values."),
        ([[1], [2]], [0, 1], {"C": 0}, "C must be a finite number > 0; got 0."),
        ([[1], [2]], [0, 1], {"steps": 0}, "steps must be an integer >= 1; got 0."),
        ([[1], [2]], [0, 1], {"learning_rate": 0}, "learning_rate must be a finite number > 0; got 0."),
        (
            [[1], [2]],
            [0, 1],
            {"learning_rate": 1e200, "C": 0.001},
            "learning_rate must be small enough for the loss to stay finite; got 1e+200.",
        ),
    ],
)
def test_bad_arguments_are_named(X, y_true, settings, message):
    with pytest.raises(ValueError, match="must") as caught:
        fit(X, y_true, **settings)
    assert str(caught.value) == f"fit: {message}"


def test_weights_must_fit_the_features():
    with pytest.raises(ValueError, match="must") as caught:
        predict_proba([[1, 2]], [1], 0)
    assert (
        str(caught.value) == "predict_proba: coefficients must have one value for each of 2 features; got shape (1,)."
    )


def test_a_loss_that_overflows_after_the_first_step_is_refused():
    X, y_true = [[-1e200], [1e200], [3e200]], [0, 1, 0]
    with pytest.warns(UserWarning, match=r"^fit: the loss ends at 2.222e\+307, above 0.6931 where it began"):
        assert np.isfinite(fit(X, y_true, learning_rate=2e-92, steps=1)[2]).all()
    with pytest.raises(ValueError, match="small enough for the loss to stay finite"):
        fit(X, y_true, learning_rate=2e-92, steps=2)

"""The ends of the losses, their means in scikit-learn, and input that they refuse."""

import numpy as np
import pytest
import sklearn.metrics
import torch
import torch.nn.functional as F

from dlref.losses import (
    _cross_entropy,
    _hinge,
    _regression,
    absolute_error,
    bias_error,
    binary_cross_entropy,
    binary_cross_entropy_from_logits,
    cross_entropy_from_logits,
    cross_entropy_from_logits_gradient,
    hinge_loss,
    multiclass_hinge_loss,
    multilabel_cross_entropy_from_logits,
    squared_error,
)

RNG = np.random.default_rng(0)
Y_TRUE, Y_PRED = RNG.normal(size=(2, 50))
LABELS, P = RNG.integers(0, 2, 50), RNG.random(50)
CLASSES, SCORES = RNG.integers(0, 4, 50), RNG.normal(size=(50, 4))


def test_means_equal_scikit_learn():
    def softmax(z):
        return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)

    signs = 2 * LABELS - 1
    # scikit-learn's multi-class hinge takes the worst class, which for two classes is the only one.
    two = np.stack([-Y_PRED / 2, Y_PRED / 2], axis=1)
    equal = [
        (squared_error(Y_TRUE, Y_PRED), sklearn.metrics.mean_squared_error(Y_TRUE, Y_PRED)),
        (absolute_error(Y_TRUE, Y_PRED), sklearn.metrics.mean_absolute_error(Y_TRUE, Y_PRED)),
        (binary_cross_entropy(LABELS, P), sklearn.metrics.log_loss(LABELS, P)),
        (cross_entropy_from_logits(CLASSES, SCORES), sklearn.metrics.log_loss(CLASSES, softmax(SCORES))),
        (hinge_loss(signs, Y_PRED), sklearn.metrics.hinge_loss(signs, Y_PRED)),
        (multiclass_hinge_loss(LABELS, two), sklearn.metrics.hinge_loss(signs, Y_PRED)),
    ]
    for ours, theirs in equal:
        assert ours.mean() == pytest.approx(theirs, rel=1e-12)


def test_cross_entropy_at_the_ends():
    ends = [0, 0, 1, 1], [0.0, 1.0, 0.0, 1.0]
    assert binary_cross_entropy(*ends).tolist() == [0, np.inf, np.inf, 0]
    clamped = F.binary_cross_entropy(torch.tensor(ends[1]), torch.tensor(ends[0]).float(), reduction="none")
    assert clamped.tolist() == [0, 100, 100, 0]
    assert not np.signbit(binary_cross_entropy([0, 1], [0.0, 1.0])).any()


def test_infinite_logits_are_certain():
    assert binary_cross_entropy_from_logits([0, 1, 0, 1], [-np.inf, np.inf, np.inf, -np.inf]).tolist() == [
        0,
        0,
        np.inf,
        np.inf,
    ]


@pytest.mark.parametrize("shift", [-1e6, 1e6])
def test_a_shift_of_all_logits_changes_nothing(shift):
    for function in (cross_entropy_from_logits, cross_entropy_from_logits_gradient):
        shifted = function(CLASSES, SCORES + shift)
        np.testing.assert_allclose(shifted, function(CLASSES, SCORES), rtol=0, atol=1e-8)


def test_binary_is_multiclass_with_two_classes():
    two = np.stack([np.zeros(50), Y_PRED], axis=1)
    np.testing.assert_allclose(
        binary_cross_entropy_from_logits(LABELS, Y_PRED), cross_entropy_from_logits(LABELS, two), rtol=1e-12
    )


def test_float32_stays_float32():
    arguments = {
        _cross_entropy: (CLASSES, SCORES.astype(np.float32)),
        _hinge: (np.ones(50, np.float32), Y_PRED.astype(np.float32)),
        _regression: (Y_TRUE.astype(np.float32), Y_PRED.astype(np.float32)),
    }
    for module, (y_true, x) in arguments.items():
        for name in module.__all__:
            one, other = y_true, x
            if name.startswith("binary"):
                one, other = LABELS, P.astype(np.float32)
            elif name.startswith("multilabel"):
                one = (SCORES > 0).astype(int)
            elif name.startswith("multiclass"):
                one, other = CLASSES, SCORES.astype(np.float32)
            assert getattr(module, name)(one, other).dtype == np.float32, name


REFUSED = {
    "shapes that broadcast": (
        lambda: absolute_error([1.0, 2.0], [[1.0], [2.0]]),
        "absolute_error: y_pred must have the shape of y_true, (2,); got shape (2, 1).",
    ),
    "nothing": (lambda: bias_error([], []), "bias_error: y_true must not be empty; got shape (0,)."),
    "text": (lambda: squared_error([1.0], ["1"]), "squared_error: y_pred must hold real numbers; got list ['1']."),
    "soft labels": (
        lambda: binary_cross_entropy([0.5], [0.5]),
        "binary_cross_entropy: y_true must hold integers from 0 to 1; got 0.5.",
    ),
    "probabilities of another shape": (
        lambda: binary_cross_entropy([1, 0], [0.5]),
        "binary_cross_entropy: p must have the shape of y_true, (2,); got shape (1,).",
    ),
    "a negative probability": (
        lambda: binary_cross_entropy([1], [-0.1]),
        "binary_cross_entropy: p must lie in [0, 1]; got -0.1.",
    ),
    "nan as a probability": (
        lambda: binary_cross_entropy([1], [np.nan]),
        "binary_cross_entropy: p must lie in [0, 1]; got nan.",
    ),
    "labels of another shape": (
        lambda: binary_cross_entropy_from_logits([1, 0], [[0.5, 1.0]]),
        "binary_cross_entropy_from_logits: logits must have the shape of y_true, (2,); got shape (1, 2).",
    ),
    "a class that has no score": (
        lambda: cross_entropy_from_logits([0, 3], np.zeros((2, 3))),
        "cross_entropy_from_logits: y_true must hold integers from 0 to 2; got 3.",
    ),
    "a label too few": (
        lambda: cross_entropy_from_logits([0], np.zeros((2, 3))),
        "cross_entropy_from_logits: y_true must have one class per row of logits, 2; got 1 classes.",
    ),
    "one-hot labels": (
        lambda: cross_entropy_from_logits([[1, 0, 0]], np.zeros((1, 3))),
        "cross_entropy_from_logits: y_true must have 1 dimension; got shape (1, 3).",
    ),
    "no classes": (
        lambda: cross_entropy_from_logits([], np.zeros((0, 3))),
        "cross_entropy_from_logits: logits must not be empty; got shape (0, 3).",
    ),
    "class numbers for a multi-hot row": (
        lambda: multilabel_cross_entropy_from_logits([[0, 2]], np.zeros((1, 2))),
        "multilabel_cross_entropy_from_logits: y_true must hold integers from 0 to 1; got 2.",
    ),
    "labels 0 and 1 for signs": (lambda: hinge_loss([0], [1.0]), "hinge_loss: y_true must hold -1 and 1; got 0."),
    "scores of another shape": (
        lambda: hinge_loss([1], [[1.0]]),
        "hinge_loss: y_score must have the shape of y_true, (1,); got shape (1, 1).",
    ),
    "a class too many": (
        lambda: multiclass_hinge_loss([0, 1, 1], np.zeros((2, 2))),
        "multiclass_hinge_loss: y_true must have one class per row of y_score, 2; got 3 classes.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input_is_named(name):
    call, message = REFUSED[name]
    with pytest.raises((TypeError, ValueError)) as raised:
        call()
    assert str(raised.value) == message

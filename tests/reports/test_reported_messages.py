"""Errors name the function and the argument of whoever called, in this package's words."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from dlref import activations, boxes, encoding, logistic, losses, metrics, mlp, optimizers, softmax

X = [[1.0, 2.0]]
LAYERS = [(np.ones((1, 2)), np.zeros(1))]
RNG = np.random.default_rng(0)
CASES = {
    "boxes_true of match_boxes": (
        lambda: boxes.match_boxes([[5, 5, 2, 2]], [[0, 0, 1, 1]]),
        "match_boxes: boxes_true must have left <= right and top <= bottom; got [5. 5. 2. 2.].",
    ),
    "boxes_pred of match_boxes": (
        lambda: boxes.match_boxes([], [0, 0, 1, 1]),
        "match_boxes: boxes_pred must have shape (n, 4); got shape (4,).",
    ),
    "x of mlp.step": (
        lambda: mlp.step(LAYERS, [[1, 2, 3]], lambda y: y, learning_rate=1),
        "step: x must have axes (batch, nodes0 = 2); got shape (1, 3).",
    ),
    "activation of mlp.step": (
        lambda: mlp.step(LAYERS, X, lambda y: y, learning_rate=1, activation=["relu"]),
        "step: activation must be one of 'identity', 'leaky_relu', 'relu', 'sigmoid', 'tanh'; got ['relu'].",
    ),
    "loss of mlp.step": (
        lambda: mlp.step(LAYERS, X, lambda y: y[0], learning_rate=1),
        "step: what loss_gradient returns must have the shape of the output, (1, 1); got shape (1,).",
    ),
    "gradient of descend": (
        lambda: optimizers.descend(lambda x: [1, 2, 3], [1, 2], optimizers.adam(), steps=1),
        "descend: gradient must have the shape of x, (2,); got shape (3,).",
    ),
    "gradient of a step": (
        lambda: optimizers.adamw()[1]([1, 2], [1], optimizers.adamw()[0]([1, 2])),
        "step: gradient must have the shape of x, (2,); got shape (1,).",
    ),
    "rng of mlp.init": (lambda: mlp.init([2, 1], rng=0), "init: rng must be a Generator; got int 0."),
    "layers that are an array": (
        lambda: mlp.forward(np.zeros((1, 2, 3)), X),
        "forward: layers[0] weight must have axes (nodes1, nodes0); got shape (3,).",
    ),
    "layers of a number": (
        lambda: mlp.forward([1], X),
        "forward: layers[0] must be a list; got int 1.",
    ),
    "C of an array": (
        lambda: logistic.fit([[1.0], [2]], [0, 1], C=np.array([1, 2])),
        "fit: C must be a number; got ndarray array([1, 2]).",
    ),
    "a number beyond floats": (
        lambda: softmax.softmax([1, 2], temperature=10**400),
        f"softmax: temperature must be a finite number > 0; got 1{'0' * 56}....",
    ),
    "a number beyond words": (
        lambda: softmax.softmax([1, 2], temperature=10**5000),
        "softmax: temperature must be a finite number > 0; got of more digits than can be shown.",
    ),
    "an integer beyond int64": (
        lambda: encoding.one_hot([0], classes=10**30),
        "one_hot: classes must be an integer below 2**63; got 1000000000000000000000000000000.",
    ),
    "a missing name": (
        lambda: encoding.ordinal([pd.NA], categories=["a"]),
        "ordinal: values must be one of 'a'; got <NA>.",
    ),
    "names that are no keys": (
        lambda: encoding.ordinal(["a"], categories=[["a"]]),
        "ordinal: categories must hold names; got list [['a']].",
    ),
    "rows without columns": (
        lambda: encoding.from_one_hot(np.zeros((0, 0))),
        "from_one_hot: encoded must have a column for each class; got none.",
    ),
    "nested rows": (
        lambda: activations.relu([[1], [1, 2]]),
        "relu: x must have rows of equal length; got rows of different lengths.",
    ),
    "an object among numbers": (
        lambda: metrics.auc(np.array([0, None], dtype=object), [0, 1]),
        "auc: x must hold real numbers; got NoneType None.",
    ),
    "logits of the loss": (
        lambda: losses.cross_entropy_from_logits_gradient([0], [1.0, 2.0]),
        "cross_entropy_from_logits_gradient: logits must have 2 dimensions; got shape (2,).",
    ),
    "a callback of the reader's": (
        lambda: optimizers.descend(lambda x: activations.relu("up"), [1, 2], optimizers.adam(), steps=1),
        "relu: x must hold real numbers; got str 'up'.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_message(name):
    call, message = CASES[name]
    with pytest.raises((TypeError, ValueError)) as caught:
        call()
    assert str(caught.value) == message


def test_numbers_of_every_class_are_numbers():
    """Fractions ended in "ufunc 'isfinite' not supported"; lists and generators of layers are the same to a reader."""
    assert softmax.softmax([1, 1], temperature=Fraction(1, 2)).tolist() == [0.5, 0.5]
    assert activations.relu([Fraction(1, 2), np.float64(-1)]).tolist() == [0.5, 0]
    inputs, sums = mlp.forward((layer for layer in LAYERS), X)
    assert len(inputs) == len(sums) == 1

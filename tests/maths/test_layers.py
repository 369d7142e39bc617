"""Bad input to layers and activations, and what holds for all of them."""

import numpy as np
import pytest

from dlref import activations, convolution, layers, recurrent, softmax

ONE, FOUR = [[1.0]], [[1.0]] * 4
# A call that works, for each function that takes arrays.
CALLS = {
    layers.perceptron: {"x": [1.0], "weights": [1.0]},
    layers.perceptron_gradient: {"x": [1.0], "weights": [1.0]},
    layers.dense: {"x": ONE, "weight": ONE, "bias": [1.0]},
    layers.dense_gradient: {"x": ONE, "weight": ONE, "y_gradient": ONE},
    convolution.conv1d: {"x": [ONE], "weight": [ONE], "bias": [1.0]},
    convolution.conv1d_gradient: {"x": [ONE], "weight": [ONE], "y_gradient": [ONE]},
    recurrent.rnn_cell: {"x": ONE, "h": ONE, "weight_ih": ONE, "weight_hh": ONE, "bias": [1.0]},
    recurrent.rnn_cell_gradient: {
        "x": ONE,
        "h": ONE,
        "weight_ih": ONE,
        "weight_hh": ONE,
        "bias": [1.0],
        "h_gradient": ONE,
    },
    recurrent.lstm_gates: {"x": ONE, "h": ONE, "weight_ih": FOUR, "weight_hh": FOUR, "bias": [1.0] * 4},
    recurrent.lstm_cell: {"x": ONE, "h": ONE, "c": ONE, "weight_ih": FOUR, "weight_hh": FOUR, "bias": [1.0] * 4},
    recurrent.lstm_cell_gradient: {
        "x": ONE,
        "h": ONE,
        "c": ONE,
        "weight_ih": FOUR,
        "weight_hh": FOUR,
        "bias": [1.0] * 4,
        "h_gradient": ONE,
        "c_gradient": ONE,
    },
    softmax.softmax: {"logits": [1.0, 2.0]},
    softmax.log_softmax: {"logits": [1.0, 2.0]},
    softmax.softmax_gradient: {"logits": [1.0, 2.0]},
}
ARRAYS = [(function, name) for function, arguments in CALLS.items() for name in arguments]
WRONG = {
    "text": "abc",
    "nothing": None,
    "complex": 1j,
    "empty": [],
    "ragged": [[1, 2], [3]],
    "a number": 1.0,
    "4 axes": np.ones((2, 2, 2, 2)),
}


# The softmax takes any number of axes.
WRONG_ARRAYS = [(*a, w) for a in ARRAYS for w in WRONG if (a[0].__module__, w) != ("dlref.softmax", "4 axes")]


@pytest.mark.parametrize(
    ("function", "name", "wrong"), WRONG_ARRAYS, ids=lambda value: getattr(value, "__name__", value)
)
def test_wrong_arrays_are_refused_by_name(function, name, wrong):
    with pytest.raises((TypeError, ValueError), match=rf"^{function.__name__}: {name} must .*; got .*\.$"):
        function(**CALLS[function] | {name: WRONG[wrong]})


@pytest.mark.parametrize("name", ["stride", "padding"])
@pytest.mark.parametrize("wrong", [-1, 1.5, "1", True, None])
@pytest.mark.parametrize("function", [convolution.conv1d, convolution.conv1d_gradient])
def test_strides_and_paddings_are_whole(function, name, wrong):
    with pytest.raises((TypeError, ValueError), match=rf"^{function.__name__}: {name} must be an integer.*; got .*\.$"):
        function(**CALLS[function], **{name: wrong})


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmax_gradient"])
@pytest.mark.parametrize("wrong", [0, -1, float("nan"), float("inf"), "1", [1]])
def test_temperatures_are_positive(name, wrong):
    with pytest.raises((TypeError, ValueError), match=rf"^{name}: temperature must be a .*number.*; got .*\.$"):
        getattr(softmax, name)([1, 2], temperature=wrong)


@pytest.mark.parametrize("function", CALLS, ids=lambda function: function.__name__)
def test_float32_stays_float32(function):
    result = function(**{name: np.float32(array) for name, array in CALLS[function].items()})
    arrays = result if isinstance(result, tuple) else [result]
    assert all(array.dtype == np.float32 for array in arrays if isinstance(array, np.ndarray))


@pytest.mark.parametrize("name", activations.__all__)
def test_activations_keep_float32_and_shape(name):
    result = getattr(activations, name)(np.full((2, 3), 0.25, np.float32))
    assert (result.dtype, result.shape) == (np.float32, (2, 3))


def test_softmax_of_scores_with_a_constant_added_is_the_same():
    logits = np.random.default_rng(0).normal(size=(50, 6))
    np.testing.assert_allclose(softmax.softmax(logits + 700), softmax.softmax(logits), rtol=1e-10)

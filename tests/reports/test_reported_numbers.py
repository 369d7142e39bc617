"""Values that came out wrong elsewhere: losses, activations, optimizers and regression scores."""

import math

import numpy as np
import pytest
import torch

from dlref.activations import logit, sigmoid_gradient, tanh_gradient
from dlref.autograd import Node, gradients
from dlref.logistic import fit, logistic_loss
from dlref.losses import (
    binary_cross_entropy,
    binary_cross_entropy_from_logits,
    binary_cross_entropy_from_logits_gradient,
    cross_entropy_from_logits,
    cross_entropy_from_logits_gradient,
    hinge_loss,
)
from dlref.metrics import cost_threshold, expected_cost, r2_score
from dlref.optimizers import adadelta, adagrad, adam, adamw, rmsprop
from dlref.softmax import log_softmax, softmax, softmax_gradient
from dlref.surfaces import rosenbrock, saddle, styblinski_tang


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("offset", [0.0, 1e3, 1e4, 1e8, 1e16, 1e30])
def test_cross_entropy_of_large_equal_logits(dtype, offset):
    """It was 0 for ln 2: pytorch/pytorch#11752, ml-explore/mlx#4188."""
    if offset <= float(np.finfo(dtype).max):
        loss = cross_entropy_from_logits([1], np.full((1, 2), offset, dtype))
        np.testing.assert_allclose(loss, [math.log(2)], rtol=1e-6)


def test_cross_entropy_with_an_offset_and_with_many_classes():
    """The same, where logits differ and where there are a million of them."""
    logits = np.float32([[1e6 + 1, 1e6, 1e6 - 1]])
    theirs = torch.nn.functional.cross_entropy(torch.tensor(logits), torch.tensor([0])).item()
    np.testing.assert_allclose(cross_entropy_from_logits([0], logits), [theirs], rtol=1e-6)
    np.testing.assert_allclose(cross_entropy_from_logits([0], logits), -log_softmax(logits)[:, 0])
    many = cross_entropy_from_logits([0, 1], np.asfortranarray(np.zeros((2, 1_000_000), np.float32)))
    np.testing.assert_allclose(many, math.log(1e6), rtol=1e-6)


def test_masked_logits():
    """A logit of -inf is a class that is left out, for the loss, its gradient and the softmax alike."""
    logits = [[1.0, -np.inf, 2.0]]
    np.testing.assert_allclose(cross_entropy_from_logits([0], logits), [math.log(1 + math.e)])
    np.testing.assert_allclose(cross_entropy_from_logits_gradient([0], logits), [[-0.7310586, 0, 0.7310586]])
    assert cross_entropy_from_logits([1], logits) == [np.inf]
    np.testing.assert_allclose(softmax(logits), [[0.26894142, 0, 0.73105858]])
    assert softmax_gradient(logits)[0, 1].tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match=r"^softmax: logits must leave a class in every row"):
        softmax([[-np.inf, -np.inf]])
    with pytest.raises(ValueError, match=r"^softmax: logits must be finite; got nan among its values\.$"):
        softmax([[1, np.nan]])


def test_softmax_in_half_precision_and_at_any_temperature():
    """70 000 equal float16 scores summed to 0, and a temperature below float32's gave nan."""
    np.testing.assert_allclose(softmax(np.zeros(70_000, np.float16)).sum(), 1, rtol=1e-5)
    assert softmax(np.float32([1, 2]), temperature=1e-50).tolist() == [0, 1]
    assert softmax(np.float32([1, 2]), temperature=1e300).tolist() == [0.5, 0.5]
    assert softmax_gradient(np.float32([1, 2]), temperature=1e-50).tolist() == [[0, 0], [0, 0]]


def test_the_loss_of_a_sure_and_right_answer_is_small_and_not_zero():
    """Binary cross-entropy with logits lost 4.2e-18 at a logit of 40: pytorch/pytorch#195529."""
    small = math.exp(-40)
    for loss in (binary_cross_entropy_from_logits([1, 0], [40, -40]), cross_entropy_from_logits([0], [[40.0, 0]])):
        np.testing.assert_allclose(loss, small, rtol=1e-12)
    np.testing.assert_allclose(binary_cross_entropy_from_logits_gradient([1, 0], [40, -40]), [-small, small])
    np.testing.assert_allclose(logistic_loss([[1.0]], [1], [40.0], 0), small, rtol=1e-12)
    assert logistic_loss([[1e200]], [1], [1e200], 0.0) == 0
    assert binary_cross_entropy_from_logits([1, 0], [np.inf, np.inf]).tolist() == [0, np.inf]


def test_a_certain_probability_in_single_precision():
    """log_loss of a float32 probability of 1 was nan: scikit-learn/scikit-learn#24315, #17399."""
    assert binary_cross_entropy([1, 0], np.float32([1, 1])).tolist() == [0, np.inf]


def test_the_logit_near_one_half():
    """Two logarithms that cancel kept ten digits of sixteen."""
    p = np.nextafter(0.5, 1) + np.array([0, 1e-12, 1e-6, 0.2])
    np.testing.assert_allclose(logit(p), 2 * np.arctanh(2 * p - 1), rtol=4e-16)
    assert isinstance(logit(0.25), float) and logit([0, 0.5, 1]).tolist() == [-np.inf, 0, np.inf]


def test_slopes_far_out_are_small_and_not_zero():
    """tanh of 1000 overflowed, and its slope as 1 - tanh² is 0 from 19 on: karpathy/micrograd#74."""
    x = Node(20.0)
    y = x.tanh()
    np.testing.assert_allclose(gradients(y)[x], 4 * math.exp(-40), rtol=1e-12)
    assert Node(1000.0).tanh().value == 1
    np.testing.assert_allclose(tanh_gradient([20.0, -300]), 4 * np.exp([-40.0, -600]), rtol=1e-12)
    np.testing.assert_allclose(sigmoid_gradient([700.0, -700]), math.exp(-700), rtol=1e-12)
    assert tanh_gradient(1e308) == 0


def test_backward_twice_and_a_node_used_twice():
    """Gradients piled up, and shared nodes counted twice: karpathy/micrograd#102, sebgao/cTensor#5."""
    x = Node(3.0)
    y = x * x
    assert gradients(y)[x] == gradients(y)[x] == 6


@pytest.mark.parametrize("rule", [adagrad, rmsprop, adadelta, adam, adamw])
def test_adaptive_rules_in_half_precision(rule):
    """eps of 1e-8 is 0 in float16, and 300² overflows there: keras-team/keras#11860, chainer/chainer#6299."""
    x, gradient = np.ones(3, np.float16), np.float16([0, 1e-3, 300])
    init, step = rule()
    half, _ = step(x, gradient, init(x))
    double, _ = step(x.astype(float), gradient.astype(float), init(x.astype(float)))
    np.testing.assert_allclose(half, double, rtol=1e-6)
    assert half[2] < 1


def test_rates_that_are_numpys_numbers_keep_single_precision():
    """AdamW turned float32 weights into float64 where its rate was a NumPy number."""
    x = np.ones(2, np.float32)
    for rule in (adam, adamw, rmsprop):
        init, step = rule(learning_rate=np.float64(1e-3))
        assert step(x, x, init(x))[0].dtype == np.float32
    assert hinge_loss([1], np.float32([0.5])).dtype == np.float32


def test_one_huge_gradient_does_not_stop_adam():
    """In float32 the square of 3e19 is infinite; torch multiplies by 1 - beta first, and goes on."""
    x = np.ones(1, np.float32)
    init, step = adam()
    state = init(x)
    for gradient in [3e19] + [1.0] * 2000:
        x, state = step(x, np.float32([gradient]), state)
    assert x[0] < 0.995


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_r2_of_many_and_of_extreme_values(dtype):
    """R² in float32 drifted with length, and in float16 is nan: scikit-learn/scikit-learn#2158."""
    rng = np.random.default_rng(0)
    y_true = (1000 + rng.normal(0, 10, 20_000)).astype(dtype)
    y_pred = (y_true + rng.normal(0, 1, 20_000)).astype(dtype)
    exact = r2_score(y_true.astype(float), y_pred.astype(float))
    assert r2_score(y_true, y_pred) == exact and 0.97 < exact < 0.99
    for scale in (1e200, 1e-200):
        assert abs(r2_score(np.array([1, 2, 4]) * scale, np.array([1, 2, 3]) * scale) - 11 / 14) < 1e-12


def test_far_away_on_a_surface():
    """∞ - ∞ is no height."""
    with np.errstate(over="ignore"):
        for surface in (rosenbrock, saddle, styblinski_tang):
            assert surface([-1e200, 1e200]) == np.inf


def test_costs_near_the_largest_float():
    """Their sum overflowed, and the threshold became 0."""
    assert cost_threshold(cost_fp=1.7e308, cost_fn=1.7e308) == 0.5
    assert expected_cost([[1, 1], [1, 1]], cost_fp=1.6e308, cost_fn=1.6e308) == 0.8e308


def test_a_fit_that_got_worse_says_so():
    """No warning where logistic regression had not converged: scikit-learn/scikit-learn#10866."""
    with pytest.warns(UserWarning, match=r"^fit: the loss ends at .*, above 0\.6931 where it began; standardize X"):
        fit([[100.0], [140], [120], [180]], [0, 1, 1, 0], steps=50)


@pytest.mark.parametrize("function", [softmax, sigmoid_gradient, log_softmax, saddle])
def test_float16_is_computed_in_float32(function):
    """Squares above 65504 became infinite."""
    x = np.array([300, -290], dtype=np.float16)
    assert function(x).dtype == np.float32
    assert np.array_equal(function(x), function(x.astype(np.float32)))
    assert np.isfinite(function(x)).all()

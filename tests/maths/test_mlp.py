"""Training with `dlref.mlp`, step for step against PyTorch."""

import numpy as np
import pytest
import torch
from oracle_layers import TORCH_ACTIVATIONS
from oracle_mlp import network, run

from dlref import mlp


@pytest.mark.parametrize("activation", TORCH_ACTIVATIONS)
def test_each_of_100_steps_equals_torch(activation):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 2))
    y_true = (x[:, :1] * x[:, 1:] > 0).astype(float)
    layers = mlp.init([2, 5, 3, 1], rng=rng)
    modules, function = network(layers, activation)
    optimizer = torch.optim.SGD([p for linear in modules for p in linear.parameters()], lr=0.5)

    for _ in range(100):
        layers = mlp.step(
            layers,
            x,
            lambda logits: (1 / (1 + np.exp(-logits)) - y_true) / len(x),
            learning_rate=0.5,
            activation=activation,
        )
        optimizer.zero_grad()
        logits = run(modules, function, x)[1][-1]
        torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.as_tensor(y_true)).backward()
        optimizer.step()
        for (weight, bias), linear in zip(layers, modules, strict=True):
            np.testing.assert_allclose(weight, linear.weight.detach(), rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(bias, linear.bias.detach(), rtol=1e-9, atol=1e-12)


def test_a_step_changes_nothing_in_place():
    layers = mlp.init([2, 3, 1], rng=np.random.default_rng(0))
    before = [(weight.copy(), bias.copy()) for weight, bias in layers]
    mlp.step(layers, [[1, 2]], lambda y: y - 1, learning_rate=0.1)
    for pair, copies in zip(layers, before, strict=True):
        for array, copy in zip(pair, copies, strict=True):
            np.testing.assert_array_equal(array, copy)


def test_init_keeps_the_size_of_what_passes_through():
    """With the gain of √2, thirty ReLU layers neither blow up nor fade: He et al. (2015)."""
    layers = mlp.init([400] * 31, rng=np.random.default_rng(0))
    _, sums = mlp.forward(layers, np.random.default_rng(1).normal(size=(100, 400)))
    assert 0.5 < np.std(sums[-1]) / np.std(sums[0]) < 2


@pytest.mark.parametrize("layers", [[], [([[1]],)], [([[1]], [0]), ([[1, 2]], [0])], [([["a"]], [0])], [([[]], [0])]])
def test_layers_that_do_not_fit_are_refused(layers):
    with pytest.raises((TypeError, ValueError), match=r"^forward: layers.* must .*; got .*\.$"):
        mlp.forward(layers, [[1]])


@pytest.mark.parametrize("rate", ["0.1", True, None, 0, -1, float("nan"), float("inf")])
def test_a_rate_that_is_no_positive_number_is_refused(rate):
    with pytest.raises((TypeError, ValueError), match=r"^step: learning_rate must be a .*number.*; got .*\.$"):
        mlp.step([([[1]], [0])], [[1]], lambda y: y, learning_rate=rate)


@pytest.mark.parametrize(("inputs", "sums"), [([], []), ([[[1.0]]], []), ([[[1.0]]] * 2, [[[1.0]]] * 2)])
def test_backward_refuses_inputs_of_another_number_of_layers(inputs, sums):
    with pytest.raises(ValueError):
        mlp.backward([([[1.0]], [0.0])], inputs, sums, [[1.0]])

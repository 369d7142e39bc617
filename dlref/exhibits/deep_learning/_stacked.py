"""Many small networks trained side by side: each array has the networks along its first axis."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

Layers = list[tuple[np.ndarray, np.ndarray]]


def first_layers(sizes: Sequence[int], count: int, rng: np.random.Generator) -> Layers:
    """Weights of shape (networks, outputs, inputs) by He's rule, and biases of 0, of shape (networks, 1, outputs)."""
    return [
        (rng.normal(0, (2 / inputs) ** 0.5, (count, outputs, inputs)), np.zeros((count, 1, outputs)))
        for inputs, outputs in pairwise(sizes)
    ]


def forward(layers: Layers, x: np.ndarray, slopes: np.ndarray | float = 0.0) -> tuple[list, list]:
    """Inputs and sums of each layer; between layers is a ReLU, or a leaky one with this slope below 0.

    Args:
        layers: Weights and biases.
        x: One batch for all networks, or one for each: (batch, inputs) or (networks, batch, inputs).
        slopes: One slope, or one for each network: (networks, 1, 1).
    """
    inputs, sums = [], []
    for weight, bias in layers:
        inputs.append(np.where(sums[-1] > 0, sums[-1], slopes * sums[-1]) if sums else x)
        sums.append(inputs[-1] @ weight.transpose(0, 2, 1) + bias)
    return inputs, sums


def step(
    layers: Layers, x: np.ndarray, loss_gradient: Callable, *, rate: float, slopes: np.ndarray | float = 0.0
) -> Layers:
    """All networks after one step of gradient descent. `loss_gradient` takes the outputs of all."""
    inputs, sums = forward(layers, x, slopes)
    gradient, new = loss_gradient(sums[-1]), []
    for (weight, bias), below, total in zip(layers[::-1], inputs[::-1], sums[::-1], strict=True):
        gradient = gradient * np.where(total > 0, 1, slopes) if new else gradient
        by_weight, by_bias = gradient.transpose(0, 2, 1) @ below, gradient.sum(axis=1, keepdims=True)
        new.insert(0, (weight - rate * by_weight, bias - rate * by_bias))
        gradient = gradient @ weight
    return new

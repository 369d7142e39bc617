"""What the functions of `dlref.layers` equal."""

import torch
import torch.nn.functional as F
from hypothesis import strategies as st
from oracles import Oracle, backpropagated, drawn

TORCH_ACTIVATIONS = {
    "identity": torch.nn.Identity(),
    "leaky_relu": F.leaky_relu,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}


def neuron(x, weights, activation):
    """A linear layer with one output and no bias, then the activation."""
    return TORCH_ACTIVATIONS[activation](F.linear(x, weights[None]))[0]


def perceptron(x, weights, activation):
    return neuron(torch.as_tensor(x), torch.as_tensor(weights), activation).item()


def perceptron_gradient(x, weights, activation):
    return backpropagated(lambda x, w: neuron(x, w, activation), x, weights)


def dense(x, weight, bias):
    return F.linear(*map(torch.as_tensor, (x, weight, bias))).numpy()


def dense_gradient(x, weight, y_gradient):
    bias = torch.zeros(len(weight), dtype=torch.float64)
    return backpropagated(F.linear, x, weight, bias, upstream=y_gradient)


neurons = drawn({"x": "inputs", "weights": "inputs"}, activation=st.sampled_from(sorted(TORCH_ACTIVATIONS)))

ORACLES = {
    "perceptron": Oracle("torch.nn.functional.linear, then the activation", perceptron, neurons),
    "perceptron_gradient": Oracle("autograd of the same", perceptron_gradient, neurons),
    "dense": Oracle(
        "torch.nn.functional.linear", dense, drawn({"x": "batch inputs", "weight": "outputs inputs", "bias": "outputs"})
    ),
    "dense_gradient": Oracle(
        "autograd of torch.nn.functional.linear",
        dense_gradient,
        drawn({"x": "batch inputs", "weight": "outputs inputs", "y_gradient": "batch outputs"}),
    ),
}

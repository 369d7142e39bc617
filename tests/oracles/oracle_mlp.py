"""What the functions of `dlref.mlp` equal."""

import numpy as np
import torch
from hypothesis import strategies as st
from oracle_layers import TORCH_ACTIVATIONS
from oracles import Oracle, drawn

SHAPES = {
    "x": "batch n0",
    "weight1": "n1 n0",
    "bias1": "n1",
    "weight2": "n2 n1",
    "bias2": "n2",
    "weight3": "n3 n2",
    "bias3": "n3",
}


def network(layers, activation):
    """The torch modules of these layers, an activation before each but the first."""
    modules = []
    for weight, bias in layers:
        linear = torch.nn.Linear(weight.shape[1], weight.shape[0], dtype=torch.float64)
        linear.load_state_dict({"weight": torch.as_tensor(weight), "bias": torch.as_tensor(bias)})
        modules.append(linear)
    return modules, TORCH_ACTIVATIONS[activation]


def run(modules, function, x):
    inputs, sums = [], []
    for linear in modules:
        inputs.append(function(sums[-1]) if sums else torch.as_tensor(x))
        sums.append(linear(inputs[-1]))
    return inputs, sums


def forward(layers, x, activation):
    with torch.no_grad():
        inputs, sums = run(*network(layers, activation), x)
    return [array.numpy() for array in inputs], [array.numpy() for array in sums]


def backward(layers, inputs, sums, y_gradient, activation):
    modules, function = network(layers, activation)
    run(modules, function, inputs[0])[1][-1].backward(torch.as_tensor(y_gradient))
    return [(linear.weight.grad.numpy(), linear.bias.grad.numpy()) for linear in modules]


def step(layers, x, loss_gradient, learning_rate, activation):
    modules, function = network(layers, activation)
    parameters = [p for linear in modules for p in linear.parameters()]
    output = run(modules, function, x)[1][-1]
    # The loss with the gradient y_pred - 1.
    ((output - 1) ** 2).sum().div(2).backward()
    torch.optim.SGD(parameters, lr=learning_rate).step()
    return [(linear.weight.detach().numpy(), linear.bias.detach().numpy()) for linear in modules]


def init(sizes, rng, gain):
    layers = []
    for i in range(1, len(sizes)):
        standard = rng.standard_normal((sizes[i], sizes[i - 1]))
        layers.append((standard * gain / np.sqrt(sizes[i - 1]), np.zeros(sizes[i])))
    return layers


def parameter_count(layers):
    modules, _ = network(layers, "relu")
    return sum(p.numel() for p in torch.nn.Sequential(*modules).parameters())


@st.composite
def networks(draw):
    """One to three layers, a batch for them, and an activation."""
    arrays = draw(drawn(SHAPES, bound=3))
    depth = draw(st.integers(1, 3))
    layers = [(arrays[f"weight{i}"], arrays[f"bias{i}"]) for i in range(1, depth + 1)]
    return {"layers": layers, "x": arrays["x"], "activation": draw(st.sampled_from(sorted(TORCH_ACTIVATIONS)))}


@st.composite
def passes(draw):
    arguments = draw(networks())
    inputs, sums = forward(**arguments)
    y_gradient = np.random.default_rng(draw(st.integers(0, 9))).normal(size=sums[-1].shape)
    return {
        "layers": arguments["layers"],
        "inputs": inputs,
        "sums": sums,
        "y_gradient": y_gradient,
        "activation": arguments["activation"],
    }


@st.composite
def steps(draw):
    return draw(networks()) | {"loss_gradient": lambda y: y - 1, "learning_rate": draw(st.floats(1e-3, 1))}


sizes = st.lists(st.integers(1, 5), min_size=2, max_size=5)
generators = st.integers(0, 99).map(np.random.default_rng)

ORACLES = {
    "init": Oracle(
        "standard normal numbers, scaled",
        init,
        st.fixed_dictionaries({"sizes": sizes, "rng": generators, "gain": st.floats(0.1, 3)}),
    ),
    "parameter_count": Oracle(
        "numel of the torch parameters", parameter_count, networks().map(lambda arguments: (arguments["layers"],))
    ),
    "forward": Oracle("torch.nn.Linear layers with the activation between", forward, networks()),
    "backward": Oracle("loss.backward() through the same", backward, passes()),
    "step": Oracle("loss.backward(), then torch.optim.SGD", step, steps()),
}

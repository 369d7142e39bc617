"""What the functions of `dlref.convolution` equal."""

import torch
import torch.nn.functional as F
from hypothesis import strategies as st
from oracles import Oracle, backpropagated, drawn


def conv1d_length(length, kernel, stride, padding):
    x, weight = torch.zeros(1, 1, length), torch.zeros(1, 1, kernel)
    return F.conv1d(x, weight, stride=stride, padding=padding).shape[2]


def conv1d(x, weight, bias, stride, padding):
    return F.conv1d(*map(torch.as_tensor, (x, weight, bias)), stride=stride, padding=padding).numpy()


def conv1d_gradient(x, weight, y_gradient, stride, padding):
    bias = torch.zeros(len(weight), dtype=torch.float64)
    return backpropagated(
        lambda *arrays: F.conv1d(*arrays, stride=stride, padding=padding), x, weight, bias, upstream=y_gradient
    )


def fits(arguments):
    """The window is no longer than the padded input."""
    return arguments["weight"].shape[2] <= arguments["x"].shape[2] + 2 * arguments["padding"]


def with_y_gradient(arguments):
    """Whatever numbers, in the shape of the output."""
    bias = arguments.pop("bias")
    y = conv1d(bias=bias, **arguments)
    return arguments | {"y_gradient": torch.randn(y.shape, dtype=torch.float64, generator=SEEDED).numpy()}


SEEDED = torch.Generator().manual_seed(0)
arguments = drawn(
    {"x": "batch channels length", "weight": "filters channels kernel", "bias": "filters"},
    high=6,
    stride=st.integers(1, 4),
    padding=st.integers(0, 3),
).filter(fits)
lengths = st.tuples(st.integers(1, 20), st.integers(1, 20), st.integers(1, 6), st.integers(0, 5)).filter(
    lambda drawn: drawn[1] <= drawn[0] + 2 * drawn[3]
)

ORACLES = {
    "conv1d_length": Oracle(
        "shape of torch.nn.functional.conv1d",
        conv1d_length,
        lengths.map(lambda drawn: dict(zip(["length", "kernel", "stride", "padding"], drawn, strict=True))),
    ),
    "conv1d": Oracle("torch.nn.functional.conv1d", conv1d, arguments),
    "conv1d_gradient": Oracle(
        "autograd of torch.nn.functional.conv1d", conv1d_gradient, arguments.map(with_y_gradient)
    ),
}

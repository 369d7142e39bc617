"""What the functions of `dlref.activations` equal."""

import torch
import torch.nn.functional as F
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from oracles import Oracle, reals

probabilities = npst.arrays("float64", npst.array_shapes(max_dims=2, max_side=4), elements=st.floats(0, 1))
leaky_arguments = st.fixed_dictionaries({"x": reals(), "negative_slope": st.floats(0, 1)})


def gradient_of(function):
    """The derivative of an elementwise torch function, by autograd."""

    def gradient(x, *args, **kwargs):
        x = torch.as_tensor(x, dtype=torch.float64).requires_grad_()
        return torch.autograd.grad(function(x, *args, **kwargs).sum(), x)[0].numpy()

    return gradient


def torch_on_arrays(function):
    """A torch function that takes and returns NumPy arrays."""
    return lambda x, *args, **kwargs: function(torch.as_tensor(x), *args, **kwargs).numpy()


ORACLES = {
    "sigmoid": Oracle("torch.sigmoid", torch_on_arrays(torch.sigmoid), st.tuples(reals())),
    # torch computes S(1 - S), which rounds to 0 from x = 37 on.
    "sigmoid_gradient": Oracle("autograd of torch.sigmoid", gradient_of(torch.sigmoid), st.tuples(reals()), atol=1e-15),
    # torch computes 1 - tanh², which rounds to 0 from x = 19 on.
    "tanh_gradient": Oracle("autograd of torch.tanh", gradient_of(torch.tanh), st.tuples(reals()), atol=1e-15),
    "tanh": Oracle("torch.tanh", torch_on_arrays(torch.tanh), st.tuples(reals())),
    "relu": Oracle("torch.nn.functional.relu", torch_on_arrays(F.relu), st.tuples(reals())),
    "relu_gradient": Oracle("autograd of torch.nn.functional.relu", gradient_of(F.relu), st.tuples(reals())),
    "leaky_relu": Oracle("torch.nn.functional.leaky_relu", torch_on_arrays(F.leaky_relu), leaky_arguments),
    "leaky_relu_gradient": Oracle(
        "autograd of torch.nn.functional.leaky_relu", gradient_of(F.leaky_relu), leaky_arguments
    ),
    "logit": Oracle("torch.logit", torch_on_arrays(torch.logit), st.tuples(probabilities)),
}

"""What the functions of `dlref.losses` equal."""

import numpy as np
import torch
import torch.nn.functional as F
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from oracles import Oracle

shapes = npst.array_shapes(min_dims=1, max_dims=3, max_side=4)


@st.composite
def two_arrays(draw):
    """Two arrays of one shape; some of their values are equal, where the absolute error has its kink."""
    shape = draw(shapes)
    y_true, y_pred = (draw(npst.arrays(np.float64, shape, elements=st.floats(-1e6, 1e6))) for _ in range(2))
    same = draw(npst.arrays(bool, shape))
    return y_true, np.where(same, y_true, y_pred)


def torch_loss(loss):
    """A torch loss, one value per prediction."""
    return lambda y_true, y_pred: loss(torch.tensor(y_pred), torch.tensor(y_true), reduction="none").numpy()


def torch_gradient(loss):
    """The gradient of a torch loss by the prediction."""

    def gradient(y_true, y_pred):
        y_pred = torch.tensor(y_pred, requires_grad=True)
        return torch.autograd.grad(loss(y_pred, torch.tensor(y_true), reduction="sum"), y_pred)[0].numpy()

    return gradient


def bias(y_pred, y_true, reduction):
    """What torch lacks, in the manner of its losses."""
    return (y_true - y_pred).sum() if reduction == "sum" else y_true - y_pred


ORACLES = {
    "squared_error": Oracle("F.mse_loss", torch_loss(F.mse_loss), two_arrays()),
    "squared_error_gradient": Oracle("autograd of F.mse_loss", torch_gradient(F.mse_loss), two_arrays()),
    "absolute_error": Oracle("F.l1_loss", torch_loss(F.l1_loss), two_arrays()),
    "absolute_error_gradient": Oracle("autograd of F.l1_loss", torch_gradient(F.l1_loss), two_arrays()),
    "bias_error": Oracle("no counterpart; the definition in torch", torch_loss(bias), two_arrays()),
    "bias_error_gradient": Oracle("autograd of the definition", torch_gradient(bias), two_arrays()),
}

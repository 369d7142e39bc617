"""What the functions of `dlref.losses` equal."""

import numpy as np
import torch
import torch.nn.functional as F
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from oracles import Oracle

# 1e-40 and 1 - 1e-12: torch clamps logarithms at -100, ours are infinite at 0; test_cross_entropy.py has the ends.
inside = st.floats(1e-40, 1 - 1e-12)
finite = st.floats(-1e3, 1e3)


@st.composite
def binary(draw, elements, dims=(1, 3)):
    """Labels 0 and 1, and a value for each."""
    shape = draw(npst.array_shapes(min_dims=dims[0], max_dims=dims[1], max_side=4))
    return draw(npst.arrays(np.int64, shape, elements=st.integers(0, 1))), draw(
        npst.arrays(float, shape, elements=elements)
    )


@st.composite
def multiclass(draw):
    """One class an example, and a row of scores for each."""
    n, classes = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    y_true = draw(npst.arrays(np.int64, n, elements=st.integers(0, classes - 1)))
    return y_true, draw(npst.arrays(float, (n, classes), elements=finite))


def torch_loss(loss):
    """A torch loss of labels in floats, one value per example."""
    return lambda y_true, x: loss(torch.tensor(x), torch.tensor(y_true, dtype=torch.float64), reduction="none").numpy()


def torch_gradient(loss, dtype=torch.float64):
    """The gradient of a torch loss by the logits."""

    def gradient(y_true, logits):
        logits = torch.tensor(logits, requires_grad=True)
        total = loss(logits, torch.tensor(y_true, dtype=dtype), reduction="none").sum()
        return torch.autograd.grad(total, logits)[0].numpy()

    return gradient


ORACLES = {
    "binary_cross_entropy": Oracle("F.binary_cross_entropy", torch_loss(F.binary_cross_entropy), binary(inside)),
    "binary_cross_entropy_from_logits": Oracle(
        "F.binary_cross_entropy_with_logits", torch_loss(F.binary_cross_entropy_with_logits), binary(finite)
    ),
    "binary_cross_entropy_from_logits_gradient": Oracle(
        "autograd of F.binary_cross_entropy_with_logits",
        torch_gradient(F.binary_cross_entropy_with_logits),
        binary(finite),
    ),
    "cross_entropy_from_logits": Oracle(
        "F.cross_entropy",
        lambda y_true, logits: F.cross_entropy(torch.tensor(logits), torch.tensor(y_true), reduction="none").numpy(),
        multiclass(),
    ),
    "cross_entropy_from_logits_gradient": Oracle(
        "autograd of F.cross_entropy", torch_gradient(F.cross_entropy, torch.int64), multiclass()
    ),
    "multilabel_cross_entropy_from_logits": Oracle(
        "F.multilabel_soft_margin_loss", torch_loss(F.multilabel_soft_margin_loss), binary(finite, dims=(2, 2))
    ),
    "multilabel_cross_entropy_from_logits_gradient": Oracle(
        "autograd of F.multilabel_soft_margin_loss",
        torch_gradient(F.multilabel_soft_margin_loss),
        binary(finite, dims=(2, 2)),
    ),
}

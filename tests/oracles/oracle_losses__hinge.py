"""What the functions of `dlref.losses` equal."""

import numpy as np
import torch
import torch.nn.functional as F
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from oracles import Oracle

# Sums of eighths are exact, whatever their order, so that rounding puts no score on the other side of the hinge.
# The small ones put many right on it.
scores = (st.integers(-8000, 8000) | st.integers(-16, 16)).map(lambda k: k / 8)


@st.composite
def signs(draw):
    """Labels -1 and 1, and a score for each."""
    shape = draw(npst.array_shapes(max_dims=3, max_side=4))
    y_true = draw(npst.arrays(float, shape, elements=st.sampled_from([-1.0, 1.0])))
    return y_true, draw(npst.arrays(float, shape, elements=scores))


@st.composite
def multiclass(draw):
    """One class an example, and a row of scores for each."""
    n, classes = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    y_true = draw(npst.arrays(np.int64, n, elements=st.integers(0, classes - 1)))
    return y_true, draw(npst.arrays(float, (n, classes), elements=scores))


def torch_hinge(y_true, y_score):
    return torch.relu(1 - torch.as_tensor(y_true) * torch.as_tensor(y_score))


def torch_multiclass(y_true, y_score):
    """`multi_margin_loss` without its division by the number of classes."""
    y_true, y_score = torch.as_tensor(y_true), torch.as_tensor(y_score)
    return F.multi_margin_loss(y_score, y_true, reduction="none") * y_score.shape[1]


def gradient_of(loss):
    """The gradient of a torch loss by the scores."""

    def gradient(y_true, y_score):
        y_score = torch.tensor(y_score, requires_grad=True)
        return torch.autograd.grad(loss(y_true, y_score).sum(), y_score)[0].numpy()

    return gradient


ORACLES = {
    "hinge_loss": Oracle("torch.relu(1 - y * s)", lambda *a: torch_hinge(*a).numpy(), signs()),
    "hinge_loss_gradient": Oracle("autograd of torch.relu(1 - y * s)", gradient_of(torch_hinge), signs()),
    "multiclass_hinge_loss": Oracle("C F.multi_margin_loss", lambda *a: torch_multiclass(*a).numpy(), multiclass()),
    "multiclass_hinge_loss_gradient": Oracle(
        "autograd of C F.multi_margin_loss", gradient_of(torch_multiclass), multiclass()
    ),
}

"""What the functions of `dlref.logistic` equal."""

import warnings

import numpy as np
import torch
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from oracles import Oracle
from sklearn.linear_model import LogisticRegression
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy


def arrays(shape, bound):
    return npst.arrays("float64", shape, elements=st.floats(-bound, bound))


shapes = st.tuples(st.integers(2, 8), st.integers(1, 3))


def weights(features):
    return {"coefficients": arrays(features, 30), "intercept": st.floats(-30, 30)}


def both_classes(cases):
    return st.lists(st.integers(0, 1), min_size=cases - 2, max_size=cases - 2).map(lambda some: [0, *some, 1])


def drawn(bound, others):
    """Features, classes, and by chance a penalty; `others(features)` draws the other arguments."""
    return shapes.flatmap(
        lambda shape: st.fixed_dictionaries(
            {"X": arrays(shape, bound), "y_true": both_classes(shape[0])} | others(shape[1]),
            optional={"C": st.floats(0.05, 100)},
        )
    )


def tensors(*values):
    return [torch.tensor(np.asarray(value, dtype=float), requires_grad=True) for value in values]


def torch_loss(X, y_true, w, b, C=np.inf):
    loss = cross_entropy(X @ w + b, torch.tensor(y_true, dtype=torch.float64))
    return loss + w @ w / (2 * C * len(y_true))


def loss(X, y_true, coefficients, intercept, C=np.inf):
    return torch_loss(torch.tensor(X), y_true, *tensors(coefficients, intercept), C).item()


def gradient(X, y_true, coefficients, intercept, C=np.inf):
    w, b = tensors(coefficients, intercept)
    torch_loss(torch.tensor(X), y_true, w, b, C).backward()
    return w.grad.numpy(), b.grad.item()


def sgd(X, y_true, learning_rate, steps, C=np.inf):
    w, b = tensors(np.zeros(X.shape[1]), 0.0)
    optimizer = torch.optim.SGD([w, b], lr=learning_rate)
    losses = []
    for _ in range(steps + 1):
        optimizer.zero_grad()
        value = torch_loss(torch.tensor(X), y_true, w, b, C)
        value.backward()
        losses.append(value.item())
        if len(losses) <= steps:
            optimizer.step()
    return w.detach().numpy(), b.item(), losses


def quietly(fit, *args, **kwargs):
    """The fit, without the warning that some of the drawn rates are too large."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fit(*args, **kwargs)


def sklearn_proba(X, coefficients, intercept):
    model = LogisticRegression()
    model.classes_, model.coef_, model.intercept_ = np.array([0, 1]), coefficients[None], np.array([intercept])
    return model.predict_proba(X)[:, 1]


ORACLES = {
    "predict_proba": Oracle(
        "sklearn.linear_model.LogisticRegression.predict_proba",
        sklearn_proba,
        shapes.flatmap(lambda shape: st.fixed_dictionaries({"X": arrays(shape, 30)} | weights(shape[1]))),
    ),
    "logistic_loss": Oracle(
        "torch.nn.functional.binary_cross_entropy_with_logits, and the penalty", loss, drawn(30, weights)
    ),
    "logistic_loss_gradient": Oracle("autograd of the same", gradient, drawn(30, weights)),
    "fit": Oracle(
        "torch.optim.SGD, step for step",
        sgd,
        drawn(3, lambda _: {"learning_rate": st.floats(0.01, 2), "steps": st.integers(1, 10)}),
        rtol=1e-7,
        call=quietly,
    ),
}

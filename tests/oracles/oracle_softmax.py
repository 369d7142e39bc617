"""What the functions of `dlref.softmax` equal."""

import numpy as np
import torch
from hypothesis import strategies as st
from oracles import Oracle, reals

arguments = st.fixed_dictionaries({"logits": reals(min_dims=1), "temperature": st.floats(0.01, 100)})


def softmax(logits, temperature):
    return torch.softmax(torch.as_tensor(logits) / temperature, dim=-1).numpy()


def log_softmax(logits, temperature):
    return torch.log_softmax(torch.as_tensor(logits) / temperature, dim=-1).numpy()


def jacobian(logits, temperature):
    """One Jacobian for each set of scores, by autograd."""
    sets = torch.as_tensor(logits).reshape(-1, logits.shape[-1])
    jacobians = [
        torch.autograd.functional.jacobian(lambda z: torch.softmax(z / temperature, dim=-1), one).numpy()
        for one in sets
    ]
    return np.stack(jacobians).reshape(*logits.shape, logits.shape[-1])


ORACLES = {
    "softmax": Oracle("torch.softmax", softmax, arguments),
    "log_softmax": Oracle("torch.log_softmax", log_softmax, arguments, atol=1e-9),
    "softmax_gradient": Oracle("autograd of torch.softmax", jacobian, arguments, atol=1e-12),
}

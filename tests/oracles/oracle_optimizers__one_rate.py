"""What the functions of `dlref.optimizers` equal."""

import torch
from hypothesis import strategies as st
from oracles import Oracle
from torch_paths import path_of, torch_path

rates = {"learning_rate": st.floats(1e-4, 1)}
with_momentum = st.fixed_dictionaries(rates, optional={"momentum": st.floats(0, 0.99)})


def sgd(learning_rate, momentum=0.9, nesterov=False):
    return torch_path(torch.optim.SGD, lr=learning_rate, momentum=momentum, nesterov=nesterov and momentum > 0)


ORACLES = {
    "gradient_descent": Oracle(
        "torch.optim.SGD",
        lambda learning_rate=1e-3: sgd(learning_rate, 0),
        st.fixed_dictionaries({}, optional=rates),
        call=path_of,
    ),
    "momentum": Oracle("torch.optim.SGD with momentum", sgd, with_momentum, call=path_of),
    "nesterov": Oracle(
        "torch.optim.SGD with nesterov=True",
        lambda **hyper: sgd(nesterov=True, **hyper),
        with_momentum,
        call=path_of,
    ),
}

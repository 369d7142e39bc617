"""What the functions of `dlref.optimizers` equal: the path of `torch.optim` on the same gradients."""

import torch
from hypothesis import strategies as st
from oracles import Oracle
from torch_paths import path_of, torch_path

rates = st.floats(1e-4, 1)
shares = st.floats(0, 0.99)
# Below 1e-12, √v + ε loses ε's digits for either side.
tiny = st.floats(1e-12, 0.1)


def row(name, draws, spelled):
    """The optimizer of torch with that name; `spelled` gives torch's words for our hyperparameters."""

    def theirs(**hyper):
        return torch_path(getattr(torch.optim, name), **spelled(hyper))

    return Oracle(f"torch.optim.{name}", theirs, st.fixed_dictionaries({}, optional=draws), call=path_of)


def lr(hyper):
    return {"lr" if name == "learning_rate" else name: value for name, value in hyper.items()}


def betas(hyper):
    hyper = lr(hyper)
    pair = hyper.pop("beta1", 0.9), hyper.pop("beta2", 0.999)
    return hyper | {"betas": pair}


moments = {"learning_rate": rates, "beta1": st.floats(0.1, 0.99), "beta2": st.floats(0.5, 0.9999), "eps": tiny}
ORACLES = {
    "adagrad": row("Adagrad", {"learning_rate": rates, "eps": tiny}, lr),
    "rmsprop": row("RMSprop", {"learning_rate": rates, "alpha": shares, "eps": tiny}, lr),
    "adadelta": row("Adadelta", {"learning_rate": rates, "rho": shares, "eps": tiny}, lr),
    "adam": row("Adam", moments, betas),
    "adamw": row("AdamW", moments | {"weight_decay": st.floats(0, 1)}, betas),
}

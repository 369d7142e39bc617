"""The same gradients through an optimizer of dlref and one of torch."""

import numpy as np
import torch

# Weights whose gradients differ in size by eight decades, one whose gradient is mostly 0, one whose gradient always is.
SCALES = np.array([1e-4, 1.0, 1e4, 1.0, 0.0])
START = np.array([0.5, -1.0, 2.0, 0.0, 3.0])


def gradients(steps: int) -> np.ndarray:
    """One row of gradients a step."""
    rng = np.random.default_rng(0)
    rows = SCALES * rng.normal(0.3, 1, (steps, 5))
    rows[:, 3] *= rng.random(steps) < 0.1
    return rows


def our_path(optimizer, steps: int = 100) -> np.ndarray:
    """The weights after each step of `init` and `step`."""
    init, step = optimizer
    x, state, path = START, init(START), []
    for gradient in gradients(steps):
        x, state = step(x, gradient, state)
        path.append(x)
    return np.stack(path)


def torch_path(optimizer, steps: int = 100, **settings) -> np.ndarray:
    """The weights after each step of a class of `torch.optim`."""
    x = torch.tensor(START, requires_grad=True)
    optimizer, path = optimizer([x], **settings), []
    for gradient in gradients(steps):
        x.grad = torch.tensor(gradient)
        optimizer.step()
        path.append(x.detach().numpy().copy())
    return np.stack(path)


def path_of(function, **hyper):
    """The path of the optimizer that `function` makes with these hyperparameters."""
    return our_path(function(**hyper))

"""What the functions of `dlref.optimizers` equal."""

import numpy as np
import torch
from hypothesis import strategies as st
from oracles import Oracle

from dlref.optimizers import gradient_descent, momentum


def bowl_gradient(x):
    return 2 * x * np.linspace(0.5, 2, x.size)


def torch_descent(gradient, start, optimizer, steps):
    """SGD with momentum on the bowl above, its slope by autograd."""
    x = torch.tensor(start, requires_grad=True)
    rule, path = torch.optim.SGD([x], lr=0.1, momentum=0.5), [start]
    for _ in range(steps):
        rule.zero_grad()
        (torch.linspace(0.5, 2, len(start), dtype=torch.float64) * x**2).sum().backward()
        rule.step()
        path.append(x.detach().numpy().copy())
    return np.stack(path)


def batch_gradient(x, batch):
    return 2 * (x - np.mean(batch))


def running_mean(gradient, start, optimizer, batches):
    """Gradient descent at rate 1/4 on the squared distance to a batch goes half of the way to the batch's mean."""
    path = [np.asarray(start)]
    for batch in batches:
        path.append((path[-1] + sum(batch) / len(batch)) / 2)
    return np.stack(path)


def epochs_of(batches):
    """The sizes of the batches, and the examples of each epoch, sorted."""
    examples = np.concatenate(batches)
    return [len(batch) for batch in batches], np.sort(examples.reshape(-1, examples.max() + 1), axis=1)


def dealt(n, batch_size, epochs, rng):
    sizes = [batch_size] * (n // batch_size) + [n % batch_size] * (n % batch_size > 0)
    return sizes * epochs, np.tile(np.arange(n), (epochs, 1))


starts = st.lists(st.floats(-10, 10), min_size=1, max_size=4).map(np.array)
ORACLES = {
    "mini_batches": Oracle(
        "no counterpart; every example once an epoch",
        dealt,
        st.integers(1, 12).flatmap(
            lambda n: st.fixed_dictionaries(
                {
                    "n": st.just(n),
                    "batch_size": st.integers(1, n),
                    "epochs": st.integers(1, 3),
                    "rng": st.integers(0, 99).map(np.random.default_rng),
                }
            )
        ),
        call=lambda function, *args, **kwargs: epochs_of(function(*args, **kwargs)),
    ),
    "descend": Oracle(
        "a loop around torch.optim.SGD",
        torch_descent,
        st.fixed_dictionaries(
            {
                "gradient": st.just(bowl_gradient),
                "start": starts,
                "optimizer": st.just(momentum(learning_rate=0.1, momentum=0.5)),
                "steps": st.integers(0, 100),
            }
        ),
    ),
    "descend_batches": Oracle(
        "the closed form for a squared distance",
        running_mean,
        st.fixed_dictionaries(
            {
                "gradient": st.just(batch_gradient),
                "start": starts,
                "optimizer": st.just(gradient_descent(learning_rate=0.25)),
                "batches": st.lists(st.lists(st.integers(-9, 9), min_size=1, max_size=3), max_size=5),
            }
        ),
    ),
}

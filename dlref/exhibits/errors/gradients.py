"""Exhibits of the page on errors about gradients."""

import torch
from torch import nn

from dlref.engine.exhibit import exhibit

STARTS, STEPS = 20, 100


@exhibit(over="20 random starts of a network with two inputs")
def nothing_moves() -> bool:
    """After 100 steps on a detached loss with `requires_grad_(True)` no weight has moved; connected, one has."""

    def moved(seed: int, connected: bool) -> float:
        torch.manual_seed(seed)
        model, x, y = nn.Linear(2, 1).double(), torch.randn(50, 2).double(), torch.randn(50, 1).double()
        before = [weight.detach().clone() for weight in model.parameters()]
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(STEPS):
            optimizer.zero_grad()
            predicted = model(x)
            loss = nn.functional.mse_loss(predicted if connected else predicted.detach(), y)
            (loss if connected else loss.requires_grad_(True)).backward()
            optimizer.step()
        return max((a - b).abs().max().item() for a, b in zip(before, model.parameters(), strict=True))

    return all(moved(seed, False) == 0 and moved(seed, True) > 0.01 for seed in range(STARTS))


def walked(steps: int) -> int:
    """Operations that `backward` walks through after so many steps of a state that is carried on undetached."""
    w, state = torch.tensor(0.5, requires_grad=True), torch.tensor(1.0)
    for _ in range(steps):
        state = torch.tanh(w * state)
    seen, waiting = set(), [state.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is not None and node not in seen:
            seen.add(node)
            waiting += [before for before, _ in node.next_functions]
    # The last node adds the gradient to the weight.
    return len(seen) - 1


@exhibit()
def operations() -> int:
    """Operations in the record of the state after 100 steps."""
    return walked(STEPS)


@exhibit()
def operations_first() -> int:
    """Operations in the record of the state after one step."""
    return walked(1)

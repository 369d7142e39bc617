"""Networks trained side by side: a tensor holds the same layer of all, so that many cost little more than one."""

from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor

from dlref.pytorch.networks import MLP


def stacked(sizes: Sequence[int], seeds: Iterable[int]) -> list[Tensor]:
    """Weights and biases of one `MLP` a seed, as PyTorch draws them, in double precision: weights (networks, out, in),
    biases (networks, 1, out).
    """
    drawn = []
    for seed in seeds:
        torch.manual_seed(seed)
        drawn.append([parameter.detach().double() for parameter in MLP(sizes).parameters()])
    return [torch.stack([p if p.ndim == 2 else p[None] for p in layer]) for layer in zip(*drawn, strict=True)]


def outputs(weights: Sequence[Tensor], x: Tensor, activation: Callable[[Tensor], Tensor] = torch.relu) -> Tensor:
    """What each network gives for its own rows of x, (networks, rows, inputs), or for rows that all share."""
    for weight, bias in zip(weights[0:-2:2], weights[1:-2:2], strict=True):
        x = activation(x @ weight.mT + bias)
    return x @ weights[-2].mT + weights[-1]


def shuffled(networks: int, rows: int, seed: int) -> Iterable[Tensor]:
    """For each epoch, without end, an order of the rows for each network."""
    generator = torch.Generator().manual_seed(seed)
    while True:
        yield torch.rand(networks, rows, generator=generator, dtype=torch.float64).argsort(dim=1)

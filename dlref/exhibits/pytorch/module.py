"""Exhibits of the page on nn.Module."""

import torch
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.pytorch.networks import MLP, parameter_count

SIZES = [3, 4, 4, 3]


@exhibit()
def parameters() -> DataFrame:
    """All parameters of the 3-4-4-3 network: a row of weights for each node, and a bias."""
    named = MLP(SIZES).named_parameters()
    rows = [(f"`{name}`", f"`{tuple(tensor.shape)}`", tensor.numel()) for name, tensor in named]
    return DataFrame(rows, columns=["name", "shape", "numbers"])


@exhibit(over="20 random starts of a layer of 64 inputs and 64 outputs")
def starts_within() -> bool:
    """All new weights and biases lie within 1/√64, and the largest is within a hundredth of it."""
    largest = []
    for seed in range(20):
        torch.manual_seed(seed)
        largest.append(max(parameter.abs().max().item() for parameter in torch.nn.Linear(64, 64).parameters()))
    return all(0.99 / 8 < value <= 1 / 8 for value in largest)


@exhibit()
def total() -> int:
    """All weights and biases of the 3-4-4-3 network."""
    return parameter_count(MLP(SIZES))


@exhibit(follows="what an `MLP` is made of")
def is_its_formula() -> bool:
    """The network's output equals relu(relu(x W₁ᵀ + b₁) W₂ᵀ + b₂) W₃ᵀ + b₃ to 1e-12."""

    def differs(seed: int) -> float:
        torch.manual_seed(seed)
        model, x = MLP(SIZES).double(), torch.randn(100, 3, dtype=torch.float64)
        w1, b1, w2, b2, w3, b3 = model.parameters()
        by_hand = torch.relu(torch.relu(x @ w1.T + b1) @ w2.T + b2) @ w3.T + b3
        return (model(x) - by_hand).abs().max().item()

    return all(differs(seed) < 1e-12 for seed in range(20))

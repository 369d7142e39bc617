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


@exhibit()
def total() -> int:
    """All weights and biases of the 3-4-4-3 network."""
    return parameter_count(MLP(SIZES))


@exhibit()
def is_its_formula() -> bool:
    """On 100 random rows, the network's output equals relu(relu(x W₁ᵀ + b₁) W₂ᵀ + b₂) W₃ᵀ + b₃ to 1e-6."""
    torch.manual_seed(0)
    model, x = MLP(SIZES), torch.randn(100, 3)
    w1, b1, w2, b2, w3, b3 = model.parameters()
    by_hand = torch.relu(torch.relu(x @ w1.T + b1) @ w2.T + b2) @ w3.T + b3
    return torch.allclose(model(x), by_hand, rtol=0, atol=1e-6)

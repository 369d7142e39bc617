"""Networks with two outputs and two losses, trained for the page on loss functions."""

import numpy as np
import torch
from torch.nn import functional

from dlref.engine.trained import trained
from dlref.exhibits._heart import heart_split, preparation

WEIGHTS = [0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0]
STEPS = 300


def prepared() -> tuple[np.ndarray, ...]:
    """Features for training and testing, and the two targets of each: maximum heart rate, scaled, and disease."""
    train, test, ill_train, ill_test = heart_split()
    rates = [part["MaxHR"].to_numpy(dtype=float) for part in (train, test)]
    prepare = preparation()
    x_train = prepare.fit_transform(train.drop(columns="MaxHR"))
    x_test = prepare.transform(test.drop(columns="MaxHR"))
    scaled = [(rate - rates[0].mean()) / rates[0].std() for rate in rates]
    return x_train, scaled[0], ill_train.to_numpy(), x_test, scaled[1], ill_test.to_numpy()


def first_layers(features: int) -> list[torch.Tensor]:
    """Weights and biases of as many networks as there are weights, all alike: one hidden node, two outputs."""
    random = torch.Generator().manual_seed(0)
    sizes = (features, 1), (1, 1), (1, 2), (1, 2)
    first = [0.5 * torch.randn(size, generator=random, dtype=torch.float64) for size in sizes]
    return [one.repeat(len(WEIGHTS), 1, 1).requires_grad_() for one in first]


def losses(layers: list[torch.Tensor], x: np.ndarray, rate: np.ndarray, ill: np.ndarray) -> list[torch.Tensor]:
    """Of each network, the squared error of the heart rate and the cross-entropy of the disease."""
    w1, b1, w2, b2 = layers
    rate_out, logit = (torch.tanh(torch.tensor(x) @ w1 + b1) @ w2 + b2).unbind(dim=-1)
    rate, ill = (torch.tensor(target, dtype=torch.float64).expand_as(logit) for target in (rate, ill))
    both = (
        functional.mse_loss(rate_out, rate, reduction="none"),
        functional.binary_cross_entropy_with_logits(logit, ill, reduction="none"),
    )
    return [each.mean(dim=1) for each in both]


@trained
def training() -> dict:
    """The losses below, while networks are trained side by side, each on `weight` times the squared error plus the rest
    times the cross-entropy.
    """
    x, rate, ill, *testing = prepared()
    weights = torch.tensor(WEIGHTS, dtype=torch.float64)
    layers = first_layers(x.shape[1])
    optimizer = torch.optim.Adam(layers, lr=0.02)
    held_out = []
    for _ in range(STEPS + 1):
        with torch.no_grad():
            held_out.append(torch.stack(losses(layers, *testing), dim=1))
        optimizer.zero_grad()
        squared, entropy = losses(layers, x, rate, ill)
        # The networks share nothing: the gradient of the sum over them is each one's own.
        (weights * squared + (1 - weights) * entropy).sum().backward()
        optimizer.step()
    return {"losses": torch.stack(held_out, dim=1)}


def held_out_losses() -> np.ndarray:
    """Both losses on held-out patients: an array (weight, step, loss), the squared error of the heart rate first."""
    return training()["losses"].numpy()

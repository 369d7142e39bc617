"""Networks of several sizes that learn a noisy sine: twenty of each size, trained side by side on data of their own."""

import numpy as np
import torch
from torch import Tensor, nn

from dlref.engine.trained import trained
from dlref.exhibits._side_by_side import outputs, stacked

RUNS, EPOCHS = 20, 1000
# After which epochs losses are measured: as dense on a logarithmic scale at the end as at the start.
MEASURED = np.unique(np.geomspace(1, EPOCHS, 80).round().astype(int)).tolist()
GRID = torch.linspace(-3, 3, 241, dtype=torch.float64)[:, None]


def noisy_sine(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of sin(2x) with normal noise of standard deviation 0.3; its square is the least loss on new points."""
    generator = np.random.default_rng(seed)
    x = generator.uniform(-3, 3, (count, 1))
    return x, np.sin(2 * x) + generator.normal(0, 0.3, (count, 1))


def drawn() -> list[Tensor]:
    """For each run 40 points to train on and 200 to validate: x and y of the first, x and y of the second."""
    x, y = (torch.tensor(np.stack(part)) for part in zip(*(noisy_sine(240, run) for run in range(RUNS)), strict=True))
    return [x[:, :40], y[:, :40], x[:, 40:], y[:, 40:]]


def loss(weights: list[Tensor], x: Tensor, y: Tensor) -> Tensor:
    """Each network's mean squared error."""
    return nn.functional.mse_loss(outputs(weights, x, torch.tanh), y, reduction="none").mean(dim=(1, 2))


@trained
def fits(nodes: int) -> dict:
    """Two hidden layers of that many nodes, trained by Adam on all 40 points at once: training and validation loss
    after the same steps, (moments, runs), and the curve of the first run.
    """
    x, y, x_validation, y_validation = drawn()
    weights = [weight.requires_grad_() for weight in stacked([1, nodes, nodes, 1], range(RUNS))]
    optimizer = torch.optim.Adam(weights, lr=0.01)
    training, validation = [], []
    for epoch in range(1, EPOCHS + 1):
        optimizer.zero_grad()
        loss(weights, x, y).sum().backward()
        optimizer.step()
        if epoch in MEASURED:
            with torch.no_grad():
                training.append(loss(weights, x, y))
                validation.append(loss(weights, x_validation, y_validation))
    with torch.no_grad():
        curve = outputs(weights, GRID, torch.tanh)[0]
    return {"training": torch.stack(training), "validation": torch.stack(validation), "curve": curve}

"""Networks with two outputs and two losses, trained for the page on loss functions."""

import numpy as np
import pandas as pd
import torch
from sklearn.model_selection import train_test_split
from torch.nn import functional

from dlref.datasets import heart
from dlref.engine.trained import trained
from dlref.exhibits._heart import CATEGORIES, DISGUISED, TARGET

WEIGHTS = [0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0]
SPLITS = 20
STEPS = 300
EVERY = 10  # steps from one look at the held-out patients to the next


def prepared(held_out: float, seed: int) -> list[np.ndarray]:
    """One split: features, maximum heart rate (scaled) and disease, of the patients to train on and of the others."""
    table = heart()
    table[DISGUISED] = table[DISGUISED].replace(0, np.nan)
    train, _ = parts = train_test_split(table, test_size=held_out, stratify=table[TARGET], random_state=seed)
    # The categories are those of all patients, since in few patients one may be missing.
    features = pd.get_dummies(table.drop(columns=["MaxHR", TARGET]), columns=CATEGORIES, drop_first=True, dtype=float)
    numbers = [column for column in features if column in table]
    features[numbers] = features[numbers].fillna(train[numbers].median())
    mean, scale = (getattr(features.loc[train.index, numbers], name)() for name in ("mean", "std"))
    features[numbers] = (features[numbers] - mean) / scale
    rate = (table["MaxHR"] - train["MaxHR"].mean()) / train["MaxHR"].std(ddof=0)
    return [data.loc[part.index].to_numpy() for part in parts for data in (features, rate, table[TARGET])]


def first_layers(features: int, weights: int) -> list[torch.Tensor]:
    """For each split a start of its own, the same for every weight: one hidden node, two outputs."""
    random = torch.Generator().manual_seed(0)
    sizes = (features, 1), (1, 1), (1, 2), (1, 2)
    first = [0.5 * torch.randn((SPLITS, 1, *size), generator=random, dtype=torch.float64) for size in sizes]
    return [one.repeat(1, weights, 1, 1).requires_grad_() for one in first]


def losses(layers: list[torch.Tensor], x: torch.Tensor, rate: torch.Tensor, ill: torch.Tensor) -> torch.Tensor:
    """An array (loss, split, weight): squared error of the heart rate and cross-entropy of the disease."""
    w1, b1, w2, b2 = layers
    rate_out, logit = (torch.tanh(x[:, None] @ w1 + b1) @ w2 + b2).unbind(dim=-1)
    rate, ill = (target[:, None].expand_as(logit) for target in (rate, ill))
    squared = functional.mse_loss(rate_out, rate, reduction="none")
    entropy = functional.binary_cross_entropy_with_logits(logit, ill, reduction="none")
    return torch.stack([squared, entropy]).mean(dim=-1)


@trained
def training(held_out: float = 0.2, decay: float = 0.0, every_weight: bool = False) -> dict:
    """Losses on held-out patients, an array (look, loss, split, weight), while networks are trained side by side, each
    on `weight` times the squared error plus the rest times the cross-entropy.
    """
    splits = zip(*(prepared(held_out, seed) for seed in range(SPLITS)), strict=True)
    x, rate, ill, *testing = (torch.tensor(np.stack(part), dtype=torch.float64) for part in splits)
    weights = torch.tensor(WEIGHTS if every_weight else [0.0, 0.5, 1.0], dtype=torch.float64)
    layers = first_layers(x.shape[-1], len(weights))
    optimizer = torch.optim.Adam(layers, lr=0.02)
    looks = []
    for step in range(STEPS + 1):
        if step % EVERY == 0:
            with torch.no_grad():
                looks.append(losses(layers, *testing))
        optimizer.zero_grad()
        squared, entropy = losses(layers, x, rate, ill)
        penalty = decay * sum((layer**2).sum() for layer in layers[::2])
        # The networks share nothing: the gradient of the sum over them is each one's own.
        ((weights * squared + (1 - weights) * entropy).sum() + penalty).backward()
        optimizer.step()
    return {"losses": torch.stack(looks)}


def held_out_losses() -> np.ndarray:
    """Both losses on a held-out fifth, for every weight: an array (look, loss, split, weight), squared error first."""
    return training(0.2, 0.0, True)["losses"].numpy()


def company(held_out: float, decay: float) -> np.ndarray:
    """Both losses at the end, each alone and in company: an array (loss, split, alone or in company)."""
    every = (held_out, decay) == (0.2, 0.0)  # that one is trained for the figures anyway
    squared, entropy = training(held_out, decay, every)["losses"][-1].numpy()
    both = WEIGHTS.index(0.5) if every else 1
    return np.stack([squared[:, [-1, both]], entropy[:, [0, both]]])

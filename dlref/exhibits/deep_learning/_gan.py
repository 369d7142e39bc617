"""The adversarial networks of the page on GANs: points on a ring, and handwritten digits."""

from functools import cache
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn

from dlref.engine.trained import trained
from dlref.exhibits._digits import digits_split, read
from dlref.pytorch.generation import discriminator_loss, generator_loss

MODES, SPREAD = 8, 0.05
# A round is some steps of the discriminator and some of the generator: (discriminator, generator).
BALANCED, EVEN, HASTY = (3, 1), (1, 1), (1, 10)
# Steps of both networks together; each of them is a whole number of rounds for all three.
STEPS = [0, 220, 440, 880, 1760, 4400]
LATE = [3520, 3740, 3960, 4180, 4400]
# How many digits are made, and put among as many real ones.
MADE = 500
DIGIT_STEPS = [0, 100, 400, 1000, 2000]


def centers() -> Tensor:
    """The middles of the eight groups, on a circle of radius 1."""
    angles = torch.arange(MODES) * 2 * torch.pi / MODES
    return torch.stack([angles.cos(), angles.sin()], dim=1)


def real_points(count: int) -> Tensor:
    """Points of eight groups, each as likely as the others."""
    return centers()[torch.randint(MODES, (count,))] + SPREAD * torch.randn(count, 2)


def dense(sizes: list[int]) -> nn.Sequential:
    """Dense layers with leaky ReLU between them."""
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.LeakyReLU(0.1)]
    return nn.Sequential(*layers[:-1])


def rivals(generator: nn.Module, discriminator: nn.Module, learning_rate: float) -> list[torch.optim.Adam]:
    """An optimizer for each; less momentum than usual, since the target moves."""
    return [torch.optim.Adam(m.parameters(), lr=learning_rate, betas=(0.5, 0.9)) for m in (discriminator, generator)]


@trained
def ring(discriminator_steps: int, generator_steps: int, seed: int) -> dict:
    """Samples of the generator after some steps of both networks, and both losses of every round."""
    torch.manual_seed(seed)
    generator, discriminator = dense([2, 64, 64, 2]), dense([2, 64, 64, 1])
    judge, maker = rivals(generator, discriminator, 1e-3)
    noise = torch.randn(2000, 2)
    samples, losses = {}, []
    for step in range(0, STEPS[-1] + 1, discriminator_steps + generator_steps):
        if step in STEPS or step in LATE:
            with torch.no_grad():
                samples[str(step)] = generator(noise)
        for _ in range(discriminator_steps):
            made = generator(torch.randn(128, 2)).detach()
            loss = discriminator_loss(discriminator(real_points(128)), discriminator(made))
            judge.zero_grad()
            loss.backward()
            judge.step()
        for _ in range(generator_steps):
            fooled = generator_loss(discriminator(generator(torch.randn(128, 2))))
            maker.zero_grad()
            fooled.backward()
            maker.step()
        losses.append([loss.item(), fooled.item()])
    return {"samples": samples, "losses": losses}


def samples(way: tuple[int, int], step: int, seed: int = 0) -> np.ndarray:
    """2000 points that the generator makes after so many steps."""
    return ring(*way, seed)["samples"][str(step)].numpy()


def covered(points: np.ndarray) -> tuple[int, float]:
    """How many groups hold more than 2 % of the points within three spreads, and the share of points in any group."""
    distances = np.linalg.norm(points[:, None] - centers().numpy(), axis=2)
    inside = distances < 3 * SPREAD
    return int((inside.mean(axis=0) > 0.02).sum()), float(inside.any(axis=1).mean())


def digit_maker() -> nn.Module:
    """From sixteen numbers of noise to 64 pixels; normalized over the batch, so that draws stay apart."""
    hidden = [nn.Linear(16, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 128), nn.BatchNorm1d(128), nn.ReLU()]
    return nn.Sequential(*hidden, nn.Linear(128, 64), nn.Sigmoid())


def digit_judge() -> nn.Module:
    """From 64 pixels to a logit; dropout keeps it from learning the real digits by heart."""
    hidden = [nn.Linear(64, 128), nn.LeakyReLU(0.2), nn.Dropout(0.3)]
    return nn.Sequential(*hidden, nn.Linear(128, 128), nn.LeakyReLU(0.2), nn.Dropout(0.3), nn.Linear(128, 1))


@trained
def digit_gan(seed: int) -> dict:
    """Digits that a generator makes after some steps, from the same noise."""
    torch.manual_seed(seed)
    images = torch.tensor(digits_split(seed)[0]).flatten(1)
    generator, discriminator = digit_maker(), digit_judge()
    judge, maker = rivals(generator, discriminator, 1e-3)
    noise = torch.randn(MADE, 16)
    made_after = {}
    for step in range(DIGIT_STEPS[-1] + 1):
        if step in DIGIT_STEPS:
            with torch.no_grad():
                made_after[str(step)] = generator.eval()(noise)
            generator.train()
        real = images[torch.randint(len(images), (64,))]
        loss = discriminator_loss(discriminator(real), discriminator(generator(torch.randn(64, 16)).detach()))
        judge.zero_grad()
        loss.backward()
        judge.step()
        fooled = generator_loss(discriminator(generator(torch.randn(64, 16))))
        maker.zero_grad()
        fooled.backward()
        maker.step()
    return {"made": made_after}


def readable(images: np.ndarray, seed: int) -> float:
    """Share of pictures in which the network that reads real digits gives one digit a probability of 0.9 or more."""
    return float((read(images, seed).max(axis=1) >= 0.9).mean())


@cache
def made_digits(step: int, seed: int = 0) -> np.ndarray:
    """500 digits that the generator makes after so many steps, shape (500, 8, 8)."""
    return digit_gan(seed)["made"][str(step)].reshape(-1, 8, 8).numpy()


def told_apart(made: np.ndarray, seed: int) -> tuple[float, float]:
    """Of 500 held-out digits and of 500 made ones, the share whose nearest neighbor is of their own kind."""
    both = np.concatenate([digits_split(seed)[1], made]).reshape(-1, 64)
    real = np.arange(len(both)) < len(both) // 2
    distances = ((both[:, None] - both) ** 2).sum(axis=2)
    np.fill_diagonal(distances, np.inf)
    alike = real[distances.argmin(axis=1)] == real
    return float(alike[real].mean()), float(alike[~real].mean())


def ring_measures(seed: int) -> dict[str, float]:
    """What the generators of one start cover: the means over the late steps."""
    found = {}
    for way in (BALANCED, EVEN, HASTY):
        covers = np.array([covered(samples(way, step, seed)) for step in LATE])
        name = "{} to {}".format(*way)
        found |= {f"groups, {name}": covers[:, 0].mean(), f"most groups, {name}": covers[:, 0].max()}
        found |= {f"share, {name}": covers[:, 1].mean()}
        found |= {f"least share, {name}": covers[:, 1].min(), f"largest share, {name}": covers[:, 1].max()}
    return found


def digit_measures(seed: int) -> dict[str, float]:
    """How good the made digits of one start are, beside real ones and beside pixels drawn one by one."""
    train = digits_split(seed)[0]
    shuffled = np.random.default_rng(seed).permuted(train, axis=0)[:MADE]
    kinds = {"real digits": train[:MADE], "pixels drawn one by one": shuffled}
    kinds |= {f"GAN after {step} steps": made_digits(step, seed) for step in DIGIT_STEPS[1:]}
    found = {}
    for name, made in kinds.items():
        real_alike, made_alike = told_apart(made, seed)
        found |= {f"real alike, {name}": real_alike, f"made alike, {name}": made_alike}
        found[f"readable, {name}"] = readable(made, seed)
    return found

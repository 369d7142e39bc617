"""A line through the ages and the maximum heart rates of some patients: two weights, whose loss can be drawn."""

from functools import cache

import numpy as np

from dlref.datasets import heart
from dlref.losses import squared_error, squared_error_gradient

START = (-0.9, 1.0)


@cache
def patients() -> tuple[np.ndarray, np.ndarray]:
    """Of 60 patients: age, in decades over 40, and maximum heart rate, in steps of 20 beats a minute from 140."""
    sample = heart().sample(60, random_state=0)
    return (sample["Age"].to_numpy() - 40) / 10, (sample["MaxHR"].to_numpy() - 140) / 20


def line_loss(weights: np.ndarray) -> np.ndarray:
    """Mean squared error of the line y = b + w x, for weights (b, w) along the last axis of an array."""
    x, y = patients()
    predicted = weights[..., :1] + weights[..., 1:] * x
    return squared_error(np.broadcast_to(y, predicted.shape), predicted).mean(axis=-1)


def line_gradient(weights: np.ndarray, batch: np.ndarray | slice = slice(None)) -> np.ndarray:
    """Slope of that loss by b and by w, over all patients or a batch of them."""
    x, y = (values[batch] for values in patients())
    slopes = squared_error_gradient(y, weights[0] + weights[1] * x)
    return np.array([slopes.mean(), (slopes * x).mean()])


def best_line() -> np.ndarray:
    """The weights (b, w) of least squares, solved directly."""
    x, y = patients()
    return np.linalg.lstsq(np.stack([np.ones_like(x), x], axis=1), y, rcond=None)[0]


def line_curvature() -> np.ndarray:
    """The second derivatives of the loss by b and w, a 2 × 2 matrix that is the same everywhere."""
    x, _ = patients()
    columns = np.stack([np.ones_like(x), x])
    return 2 * columns @ columns.T / len(x)

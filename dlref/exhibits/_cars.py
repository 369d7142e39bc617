"""The cars that several pages fit a line to: weight against miles per gallon."""

import numpy as np

from dlref.datasets import mtcars


def cars() -> tuple[np.ndarray, np.ndarray]:
    """Weight in thousand pounds and miles per gallon of the 32 cars, as two columns of shape (32, 1)."""
    table = mtcars()
    return table[["wt"]].to_numpy(), table[["mpg"]].to_numpy()


def standardized_cars() -> tuple[np.ndarray, np.ndarray]:
    """The same, with the weight in standard deviations from its mean: one learning rate then suits both parameters."""
    weight, mpg = cars()
    return (weight - weight.mean()) / weight.std(), mpg


def closed_form() -> tuple[float, float]:
    """Slope and intercept of the line with the least squared error, from the normal equations."""
    weight, mpg = cars()
    design = np.hstack([weight, np.ones_like(weight)])
    slope, intercept = np.linalg.solve(design.T @ design, design.T @ mpg).ravel()
    return float(slope), float(intercept)

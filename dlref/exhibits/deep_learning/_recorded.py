"""The recording `trainings.csv`: what the networks of these pages reached, each trained anew from several starts."""

from importlib.resources import files

import numpy as np
import pandas as pd

FILE = files("dlref.exhibits.deep_learning") / "trainings.csv"
TABLE = pd.read_csv(FILE, index_col="measure", comment="#")
RUNS = TABLE.shape[1]
# What a claim about the recording was measured over.
OVER = f"{RUNS} recorded trainings, each with data and start of its own"


def made() -> list[str]:
    """The date, the processor and the version of PyTorch, from the first line."""
    return FILE.read_text().partition("\n")[0].removeprefix("# ").split(", ")


def recorded(measure: str) -> np.ndarray:
    """What was measured in each run."""
    return TABLE.loc[measure].to_numpy(dtype=float)


def within(low: float, high: float, digits: int = 2) -> str:
    """A range in a table's cell."""
    return f"{low:.{digits}f} to {high:.{digits}f}"


def spread(measure: str, digits: int = 2) -> str:
    """The least and the largest of what was measured."""
    return within(recorded(measure).min(), recorded(measure).max(), digits)


def outside(measures: dict[str, float]) -> list[str]:
    """Which measures of a new run are not like the recorded ones.

    Like them is what lies in their range, made wider on each side by twice its width and by a tenth of its mean: a
    run with another seed, or on another processor, is one more draw, and one of a few draws is often the new least or
    largest. What is broken is far beyond.
    """
    found = []
    for name, value in measures.items():
        values = recorded(name)
        margin = 2 * np.ptp(values) + 0.1 * abs(values.mean())
        if not values.min() - margin <= value <= values.max() + margin:
            found.append(name)
    return found

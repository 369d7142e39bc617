"""Intervals of means over random splits of one table."""

import numpy as np
from scipy import stats


def corrected(values: np.ndarray) -> np.ndarray:
    """Half the width of the 95 % interval of a mean over splits, of which each held out a fifth; the splits come first.

    Nadeau and Bengio (2003): splits share most of their rows, and the ratio of held-out to training rows, here a
    fourth, is added to one over the number of splits to make up for it.
    """
    splits = len(values)
    error = np.std(values, axis=0, ddof=1) * np.sqrt(1 / splits + 0.2 / 0.8)
    return stats.t.ppf(0.975, splits - 1) * error

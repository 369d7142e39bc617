"""The recording `batch_times.csv`: how long an epoch took at each batch size, and when and with what."""

from importlib.resources import files

import pandas as pd

FILE = files("dlref.exhibits.pytorch") / "batch_times.csv"


def seconds() -> pd.Series:
    """Seconds an epoch, by batch size."""
    return pd.read_csv(FILE, index_col="batch_size", comment="#")["seconds"]


def made() -> list[str]:
    """The date, the processor and the version of PyTorch, from the first line."""
    return FILE.read_text().partition("\n")[0].removeprefix("# ").split(", ")

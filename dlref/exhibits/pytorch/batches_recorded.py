"""Exhibits of the page on batches that show a recording, `batch_times.csv`, which `_batch_times` makes."""

from importlib.resources import files

import pandas as pd
import torch
from pandas import DataFrame
from torch import nn

from dlref.engine.exhibit import exhibit
from dlref.exhibits._heart_tables import heart_tables
from dlref.pytorch.networks import MLP

FILE = files("dlref.exhibits.pytorch") / "batch_times.csv"


def network() -> MLP:
    """A network for the heart data, as those that are trained."""
    torch.manual_seed(0)
    return MLP([heart_tables()[0].shape[1], 16, 1])


def recorded() -> DataFrame:
    """Seconds an epoch, by batch size: median, least and greatest of the repeats."""
    return pd.read_csv(FILE, index_col="batch_size", comment="#")


def made() -> list[str]:
    """The date, the processor, the version of PyTorch and the repeats, from the first line."""
    return FILE.read_text().partition("\n")[0].removeprefix("# ").split(", ")


def kept_for_backward(batch_size: int) -> int:
    """Bytes that one forward pass keeps for the backward pass, parameters left out."""
    model = network()
    own = {parameter.data_ptr() for parameter in model.parameters()}
    sizes = {}

    def pack(tensor):
        if tensor.data_ptr() not in own:
            sizes[tensor.data_ptr()] = tensor.numel() * tensor.element_size()
        return tensor

    x, y, _, _ = (torch.tensor(table[:batch_size]) for table in heart_tables())
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        loss = nn.functional.binary_cross_entropy_with_logits(model(x), y)
    del loss
    return sum(sizes.values())


@exhibit()
def recorded_on() -> str:
    """The date in the first line of the recording, `batch_times.csv`."""
    return made()[0]


@exhibit()
def recorded_with() -> str:
    """The processor in the first line of the recording."""
    return made()[1]


@exhibit()
def recorded_by() -> str:
    """The version in the first line of the recording."""
    return made()[2]


@exhibit()
def repeats() -> str:
    """How many epochs of each batch size were timed, from the first line of the recording."""
    return made()[3].removesuffix(" epochs each")


@exhibit(digits={"kept, kB": 1, "seconds": 4, "least": 4, "greatest": 4}, over="the epochs of one recording")
def costs() -> DataFrame:
    """One epoch over the training patients: its steps, what a step keeps in memory for the backward pass, and its time
    as recorded: median, least and greatest.
    """
    rows = []
    for size, times in recorded().iterrows():
        steps = -(-len(heart_tables()[0]) // size)
        rows.append((size, steps, kept_for_backward(size) / 1000, times["seconds"], times["least"], times["greatest"]))
    return DataFrame(rows, columns=["batch size", "steps", "kept, kB", "seconds", "least", "greatest"])


@exhibit(over="the epochs of one recording")
def larger_is_faster() -> bool:
    """In the recording, the median time of each larger batch size is below the least time of the size before it."""
    times = recorded()
    return bool((times["seconds"].to_numpy()[1:] < times["least"].to_numpy()[:-1]).all())

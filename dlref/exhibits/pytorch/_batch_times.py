"""Measures how long an epoch takes at each batch size and writes batch_times.csv.

Run it as `python -m dlref.exhibits.pytorch._batch_times`.

Times differ from machine to machine and run to run, so the site shows a recording and builds the same everywhere.
"""

import platform
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

import torch
from torch import nn
from torch.utils.data import DataLoader

from dlref.exhibits._heart_tables import heart_tables
from dlref.exhibits.pytorch.batches import network
from dlref.pytorch.training import TableDataset, train_epoch

SIZES = [1, 8, 32, 128, 734]


def seconds(batch_size: int, repeats: int = 7) -> float:
    """Wall time of one epoch in one thread: the median of some repeats, after one to warm up."""
    torch.set_num_threads(1)
    x, y, _, _ = heart_tables()
    model, times = network(), []
    loader = DataLoader(TableDataset(x, y), batch_size, shuffle=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for _ in range(repeats + 1):
        start = perf_counter()
        train_epoch(model, loader, nn.BCEWithLogitsLoss(), optimizer)
        times.append(perf_counter() - start)
    return median(times[1:])


def processor() -> str:
    """What the processor is called; Linux tells it in a file."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.exists() else []
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor())


if __name__ == "__main__":
    made = f"# {date.today()}, {processor()}, PyTorch {torch.__version__}"
    lines = [f"{size},{seconds(size):.4f}" for size in SIZES]
    Path(__file__).with_name("batch_times.csv").write_text("\n".join([made, "batch_size,seconds", *lines, ""]))

"""Measures how long an epoch takes at each batch size.

    python -m dlref.exhibits.pytorch._batch_times            writes batch_times.csv
    python -m dlref.exhibits.pytorch._batch_times --check    whether a new run lies within the recorded spread

Times differ from machine to machine and run to run, so the site shows a recording and builds the same everywhere.
"""

import platform
import sys
from datetime import date
from pathlib import Path
from statistics import median
from time import process_time

import torch
from torch import nn
from torch.utils.data import DataLoader

from dlref.exhibits._heart_tables import heart_tables
from dlref.exhibits.pytorch.batches_recorded import made, network, recorded
from dlref.pytorch.training import TableDataset, train_epoch

SIZES, ROUNDS, EPOCHS = [1, 8, 32, 128, 734], 10, 5


def epochs(batch_size: int) -> list[float]:
    """Processor time of some epochs in one thread, after two to warm up."""
    x, y, _, _ = heart_tables()
    model, times = network(), []
    loader = DataLoader(TableDataset(x, y), batch_size, shuffle=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for _ in range(EPOCHS + 2):
        start = process_time()
        train_epoch(model, loader, nn.BCEWithLogitsLoss(), optimizer)
        times.append(process_time() - start)
    return times[2:]


def measured() -> dict[int, list[float]]:
    """The times of all rounds, by batch size; the sizes take turns, so that each meets the machine's moods."""
    torch.set_num_threads(1)
    rounds = [{size: epochs(size) for size in SIZES} for _ in range(ROUNDS)]
    return {size: [time for times in rounds for time in times[size]] for size in SIZES}


def processor() -> str:
    """What the processor is called; Linux tells it in a file."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.exists() else []
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor())


def record() -> None:
    """Write the recording anew."""
    lines = [f"# {date.today()}, {processor()}, PyTorch {torch.__version__}, {ROUNDS * EPOCHS} epochs each"]
    lines.append("batch_size,seconds,least,greatest")
    for size, times in measured().items():
        lines.append(f"{size},{median(times):.4f},{min(times):.4f},{max(times):.4f}")
    Path(__file__).with_name("batch_times.csv").write_text("\n".join([*lines, ""]))


def check() -> int:
    """Whether each new median lies between the least and greatest time recorded; on another processor, after scaling
    by the time for batches of 1.
    """
    found, kept = {size: median(times) for size, times in measured().items()}, recorded()
    scale = 1.0 if made()[1] == processor() else kept["seconds"][1] / found[1]
    outside = [s for s in SIZES if not kept["least"][s] <= scale * found[s] <= kept["greatest"][s]]
    for size in SIZES:
        least, greatest = kept["least"][size], kept["greatest"][size]
        print(f"{size:4} {scale * found[size]:.4f} s, recorded {least:.4f} to {greatest:.4f}")
    return len(outside)


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(min(check(), 1))
    record()

"""Trains the networks of the pages on applications anew: `python -m dlref.exhibits.deep_learning._record`.

It writes trainings.csv, which the pages show. What a long training reaches differs from start to start, and in the
last place from processor to processor, which grows on the way: so the site shows a recording of several starts, and
checks with every build that a training on this machine is like them. Each run draws its own training data, held-out
data and start. A number after the command says how many runs, ten unless told, which take about half an hour of one
core; they run side by side. What the pages train anyway is taken from the cache of trainings.
"""

import platform
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import cpu_count, get_context
from pathlib import Path

import pandas as pd
import torch

from dlref.exhibits._digits import digit_accuracies
from dlref.exhibits.deep_learning._data_size import size_measures
from dlref.exhibits.deep_learning._gan import digit_measures, ring_measures
from dlref.exhibits.deep_learning._sequences import sequence_measures
from dlref.exhibits.deep_learning._shifted import layer_measures
from dlref.exhibits.deep_learning._style import style_measures
from dlref.exhibits.deep_learning._vision import task_measures

GROUPS: dict[str, Callable[[int], dict[str, float]]] = {
    "digits": digit_accuracies,
    "layers": layer_measures,
    "scenes": task_measures,
    "ring": ring_measures,
    "made digits": digit_measures,
    "sequences": sequence_measures,
    "style": style_measures,
    "sizes": size_measures,
}


def run(seed: int) -> pd.Series:
    """All measures of one run, named with their group."""
    torch.set_num_threads(1)
    found = {}
    for group, measures in GROUPS.items():
        found |= {f"{group}: {name}": value for name, value in measures(seed).items()}
        print(f"run {seed}: {group}", file=sys.stderr, flush=True)
    return pd.Series(found, dtype=float)


def processor() -> str:
    """What the processor is called; Linux tells it in a file."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.exists() else []
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor())


if __name__ == "__main__":
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    made = f"# {date.today()}, {processor().replace(',', ' ')}, PyTorch {torch.__version__}"
    with ProcessPoolExecutor(cpu_count(), mp_context=get_context("spawn")) as pool:
        table = pd.DataFrame(dict(enumerate(pool.map(run, range(runs))))).rename_axis("measure")
    body = table.to_csv(float_format="%.5g", lineterminator="\n")
    Path(__file__).with_name("trainings.csv").write_text(f"{made}\n{body}")

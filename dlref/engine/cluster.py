"""Makes exhibits on a Dask cluster, through joblib.

Its workers hold the same commit and versions, on the same kind of processor: what has another key is refused, so that
one page never mixes two arithmetics.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dlref.engine import isolate, source

# Of the cluster's scheduler; empty where exhibits are made on this machine.
address = ""


def each(function: Callable[[tuple[str, str]], Any], tasks: Sequence[tuple[str, str]]) -> Iterator[tuple[int, Any]]:
    """The place of each task and what the function gives for it, as results come in.

    Dask gives the task of a worker that has died to another one.

    Args:
        function: Runs on a worker.
        tasks: The address of an exhibit and its key here.
    """
    import joblib
    from distributed import Client

    with Client(address, timeout=5), joblib.parallel_config("dask"):
        parallel = joblib.Parallel(return_as="generator_unordered", batch_size=1, pre_dispatch="all")
        yield from parallel(joblib.delayed(_on_worker)(function, i, task) for i, task in enumerate(tasks))


def _on_worker(function: Callable[[tuple[str, str]], Any], place: int, task: tuple[str, str]) -> tuple[int, Any]:
    # Dask marks its processes as ones that may have no children; an exhibit runs in one, so that its limits hold.
    vars(multiprocessing.current_process())["_config"]["daemon"] = False
    isolate.preload()
    exhibit, key = task
    if source.key(exhibit) != key:
        return place, isolate.Failure("a worker of the cluster has other code, versions or another kind of processor")
    return place, function(task)

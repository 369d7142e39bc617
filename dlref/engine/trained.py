"""Trainings that several exhibits show, done once: kept on disk, by the code and the versions that they depend on."""

import io
import os
from collections.abc import Callable
from functools import cache as once_each
from functools import wraps
from pathlib import Path
from typing import Any

import torch

from dlref.engine import arithmetic, cache, source


def _encode(result: dict) -> bytes:
    file = io.BytesIO()
    torch.save(result, file)
    return file.getvalue()


trainings = cache.Store("trained", ".pt", _encode, lambda body: torch.load(io.BytesIO(body), weights_only=True))


def trained(function: Callable[..., dict]) -> Callable[..., dict]:
    """Let a function that trains run once for each choice of its arguments, whichever exhibit asks first.

    It returns a dict of tensors, numbers, texts and lists, such as a `state_dict`. In a checkout of the repository the
    result is kept on disk; where `dlref` is installed, the function runs once an interpreter.
    """

    @once_each
    @wraps(function)
    def once(*args: Any) -> dict:
        arithmetic.note_seeds()
        # Where `dlref` is installed nothing is written, unless somebody has named a folder; nor is it for code that was
        # copied and stands in no file, since there is nothing to tell its changes by.
        keeps = "DLREF_CACHE" in os.environ or (source.PACKAGE.parent / "pyproject.toml").is_file()
        if not keeps or not Path(function.__code__.co_filename).is_file():
            return _one_thread(function, args)
        from filelock import FileLock

        module = function.__module__.removeprefix("dlref.exhibits.")
        name, key = "-".join([module, function.__name__, *map(str, args)]), _key(function)
        path = trainings.path(name, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Exhibits run side by side: the first one trains, the others wait.
        with FileLock(path.with_name(f"{name}.lock")):
            result = trainings.load(name, key)
            if result is None:
                result = _one_thread(function, args)
                trainings.save(name, key, result)
        return result

    return once


def _one_thread(function: Callable[..., dict], args: tuple) -> dict:
    """Call it with one thread, since sums in one order give the same bytes on every run; leave no trace in torch."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        # Whoever asks may have gradients off, and must not notice whether this ran or was kept.
        with torch.enable_grad(), torch.random.fork_rng(devices=[]):
            return function(*args)
    finally:
        torch.set_num_threads(threads)


def _key(function: Callable) -> str:
    """Changes when anything changes that the result depends on."""
    file, name = source.module(Path(function.__code__.co_filename)), function.__name__
    return source.fingerprint(file.code(name), file.imported(name))

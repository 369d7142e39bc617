"""Trainings that several exhibits show, done once: kept on disk, by the code and the versions that they depend on."""

import hashlib
import io
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

import torch

PACKAGE = Path(__file__).parents[1]
FOLDER = PACKAGE.parent / ".cache" / "trained"


def trained(function: Callable[..., dict]) -> Callable[..., dict]:
    """Let a function that trains run once for each choice of its arguments, whichever exhibit asks first.

    It returns a dict of tensors, numbers, texts and lists, such as a `state_dict`. In a checkout of the repository the
    result is kept in `.cache/trained`; where `dlref` is installed, the function runs once an interpreter.
    """

    @cache
    @wraps(function)
    def once(*args: Any) -> dict:
        if not (PACKAGE.parent / "pyproject.toml").is_file():
            return _one_thread(function, args)
        from filelock import FileLock

        FOLDER.mkdir(parents=True, exist_ok=True)
        module = function.__module__.removeprefix("dlref.exhibits.")
        name = "-".join([module, function.__name__, *map(str, args)])
        # Exhibits run side by side: the first one trains, the others wait.
        with FileLock(FOLDER / f"{name}.lock"):
            path = FOLDER / f"{name}-{_key(function)}.pt"
            result = _load(path)
            if result is None:
                result = _one_thread(function, args)
                _save(path, name, result)
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
    from dlref.engine import source

    file, name = source.module(Path(function.__code__.co_filename)), function.__name__
    return source.fingerprint(file.code(name), file.imported(name))


def _load(path: Path) -> dict | None:
    """What was saved, or None where that is missing or damaged."""
    try:
        digest, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    intact = hashlib.sha256(body).hexdigest().encode() == digest
    return torch.load(io.BytesIO(body), weights_only=True) if intact else None


def _save(path: Path, name: str, result: dict) -> None:
    """Save in place of what an older key left."""
    file = io.BytesIO()
    torch.save(result, file)
    for old in FOLDER.glob(f"{name}-{'?' * 16}.pt"):
        old.unlink(missing_ok=True)
    aside = path.with_suffix(".new")
    aside.write_bytes(hashlib.sha256(file.getvalue()).hexdigest().encode() + b"\n" + file.getvalue())
    aside.replace(path)

"""Saving a training run, and taking it up again where it stopped, on the same device or another."""

import io
import os
import pickle
import random
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from dlref import _check

__all__ = ["load_checkpoint", "save_checkpoint"]

# What a file holds, and of which kind; the first four are what an interrupted run cannot do without.
_PARTS = {
    "model": dict,
    "optimizer": dict,
    "epoch": int,
    "random_states": dict,
    "optimizer_kind": str,
    "scheduler": dict | None,
    "scheduler_kind": str | None,
    "modes": dict,
    "generator_state": torch.Tensor | None,
}
_GPUS = ("cuda", "xpu")


def save_checkpoint(
    path: str | Path,
    model: nn.Module,
    optimizer: Optimizer,
    *,
    epoch: int,
    scheduler: LRScheduler | None = None,
    generator: torch.Generator | None = None,
) -> None:
    """Write all that a run needs to go on, after an epoch, as if it had never stopped.

    That is the model's parameters and the mode of each of its modules; the optimizer's settings and state (Adam's
    running means, say); where the schedule of the learning rate is; the number of the epoch; and the states of the
    random generators, which decide dropout and the order of the batches: PyTorch's on the CPU and on each GPU, and the
    global ones of NumPy and Python.

    Not kept: the place within an epoch, the data and their preparation, a `GradScaler`, and generators of your own but
    for one.

    Args:
        path: The file to write. An older file of that name is replaced at the very end, so that an interrupted save
            leaves it whole.
        model: The model in training.
        optimizer: Its optimizer.
        epoch: How many epochs are done, from 0.
        scheduler: What changes the learning rate, if anything does.
        generator: The generator of a `DataLoader` that shuffles, if it was given one.

    Raises:
        TypeError: If `model`, `optimizer`, `scheduler`, `generator` or `epoch` is of another kind.
        ValueError: If `epoch` is below 0, or if a state holds what `load_checkpoint` could not read.
        FileNotFoundError: If the folder of `path` does not exist.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import torch
        >>> from torch import nn
        >>> from dlref.pytorch.checkpoints import load_checkpoint, save_checkpoint
        >>> model, other = nn.Linear(2, 1), nn.Linear(2, 1)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder) / "run.pt"
        ...     save_checkpoint(path, model, torch.optim.Adam(model.parameters()), epoch=7)
        ...     epoch = load_checkpoint(path, other, torch.optim.Adam(other.parameters()))
        >>> print(epoch, torch.equal(model.weight, other.weight))
        7 True

    References:
        `torch.save` of the `state_dict` of each part. On the page: [Saving and loading models][pt-save-load].
    """
    _check_arguments(model, optimizer, scheduler, generator)
    epoch = _check.integer("epoch", epoch, low=0)
    path = _check.path("path", path)
    if path.is_dir():
        raise IsADirectoryError(f"save_checkpoint: path must name a file; got the folder {str(path)!r}.")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"save_checkpoint: path must lie in a folder that exists; got {str(path)!r}.")

    checkpoint = {
        "model": model.state_dict(),
        "modes": {name: module.training for name, module in model.named_modules()},
        "optimizer": optimizer.state_dict(),
        "optimizer_kind": type(optimizer).__name__,
        "scheduler": None if scheduler is None else scheduler.state_dict(),
        "scheduler_kind": None if scheduler is None else type(scheduler).__name__,
        "epoch": epoch,
        "random_states": _random_states(),
        "generator_state": None if generator is None else generator.get_state(),
    }
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        _write(checkpoint, unfinished)
        unfinished.replace(path)
        _sync_folder(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def load_checkpoint(
    path: str | Path,
    model: nn.Module,
    optimizer: Optimizer,
    *,
    scheduler: LRScheduler | None = None,
    generator: torch.Generator | None = None,
) -> int:
    """Put a model, its optimizer and the random generators in the state that `save_checkpoint` wrote.

    Everything is checked before anything is changed. The file is read with `weights_only=True`, which refuses to run
    code that a pickle may carry, and to the CPU, from where the numbers go to the device of `model`: so a file from a
    GPU loads where there is none. The generators of GPUs are set where there are as many as there were.

    Args:
        path: A file from `save_checkpoint`.
        model: A model with the same layers.
        optimizer: An optimizer of the same kind, made for the parameters of `model`.
        scheduler: A scheduler of the same kind, if one was saved.
        generator: The generator of a `DataLoader`, if one was saved.

    Returns:
        How many epochs were done.

    Raises:
        TypeError: If `model`, `optimizer`, `scheduler` or `generator` is of another kind.
        FileNotFoundError: If `path` names no file.
        ValueError: If the file is damaged or no checkpoint, or if it belongs to a model with other parameters, shapes
            or types of numbers, to another kind of optimizer or scheduler, or was saved with a scheduler or generator
            and none is given, or the reverse.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import torch
        >>> from torch import nn
        >>> from dlref.pytorch.checkpoints import load_checkpoint, save_checkpoint
        >>> def optimizer(model):
        ...     return torch.optim.SGD(model.parameters(), lr=0.1)
        >>> small, large = nn.Linear(2, 1), nn.Linear(3, 1)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder) / "run.pt"
        ...     save_checkpoint(path, small, optimizer(small), epoch=1)
        ...     try:
        ...         load_checkpoint(path, large, optimizer(large))
        ...     except ValueError as error:
        ...         print(error)
        load_checkpoint: model must have the saved shapes; got weight (1, 3), saved as (1, 2).

    References:
        `torch.load` and `load_state_dict`, with the refusals worded. On the page:
        [Saving and loading models][pt-save-load].
    """
    _check_arguments(model, optimizer, scheduler, generator)
    saved = _read(_check.path("path", path))
    _check_model(model, saved)
    _check_optimizer(optimizer, saved)
    _check_given("scheduler", scheduler, saved["scheduler"])
    if scheduler is not None and type(scheduler).__name__ != saved["scheduler_kind"]:
        raise _check.wrong_value("scheduler", f"be {saved['scheduler_kind']}, as saved", type(scheduler).__name__)
    _check_given("generator", generator, saved["generator_state"])

    model.load_state_dict(saved["model"])
    for name, module in model.named_modules():
        module.training = saved["modes"][name]
    optimizer.load_state_dict(saved["optimizer"])
    if scheduler is not None:
        scheduler.load_state_dict(saved["scheduler"])
    _set_random_states(saved["random_states"])
    if generator is not None:
        generator.set_state(saved["generator_state"])
    return saved["epoch"]


def _check_arguments(model: Any, optimizer: Any, scheduler: Any, generator: Any) -> None:
    _check.instance("model", model, nn.Module)
    _check.instance("optimizer", optimizer, Optimizer)
    if scheduler is not None:
        _check.instance("scheduler", scheduler, LRScheduler)
    if generator is not None:
        _check.instance("generator", generator, torch.Generator)


def _check_given(argument: str, given: Any, saved: Any) -> None:
    if (given is None) != (saved is None):
        expected, got = ("be given", "none") if given is None else ("not be given", f"a {argument}")
        raise _check.wrong_value(argument, f"{expected}, as when the file was saved", got)


def _random_states() -> dict[str, Any]:
    """The states of all generators that training draws from unless told otherwise."""
    _, numbers, *rest = np.random.get_state()
    gpus = {name: torch.get_device_module(name) for name in _GPUS}
    return {
        "cpu": torch.get_rng_state(),
        **{name: gpu.get_rng_state_all() if gpu.is_available() else [] for name, gpu in gpus.items()},
        "mps": torch.mps.get_rng_state() if torch.backends.mps.is_available() else None,
        # A tensor, since reading with weights_only refuses arrays.
        "numpy": (torch.from_numpy(numbers.astype(np.int64)), *rest),
        "python": random.getstate(),
    }


def _set_random_states(states: dict[str, Any]) -> None:
    torch.set_rng_state(states["cpu"])
    for name in _GPUS:
        gpu = torch.get_device_module(name)
        if states[name] and gpu.is_available() and gpu.device_count() == len(states[name]):
            gpu.set_rng_state_all(states[name])
    if states["mps"] is not None and torch.backends.mps.is_available():
        torch.mps.set_rng_state(states["mps"])
    np.random.set_state(_numpy_state(states))
    random.setstate(states["python"])


def _numpy_state(states: dict[str, Any]) -> tuple:
    numbers, *rest = states["numpy"]
    return "MT19937", numbers.numpy().astype(np.uint32), *rest


def _write(checkpoint: dict[str, Any], path: Path) -> None:
    """Write it whole, to the disk itself, and make sure that it can be read."""
    with _check_sums():
        torch.save(checkpoint, path)
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    try:
        # Mapped: the tensors' own bytes are not read again.
        torch.load(path, weights_only=True, map_location="cpu", mmap=True)
    except pickle.UnpicklingError:
        parts = (name for name, part in checkpoint.items() if not _is_readable(part))
        expected = "hold nothing but tensors and plain values, which alone are read again"
        raise _check.wrong_value(f"the state of {next(parts)}", expected, "something else") from None


def _is_readable(part: Any) -> bool:
    file = io.BytesIO()
    torch.save(part, file)
    file.seek(0)
    try:
        torch.load(file, weights_only=True)
    except pickle.UnpicklingError:
        return False
    return True


@contextmanager
def _check_sums() -> Iterator[None]:
    """With the check sums that `_is_whole` asks for, whatever the program has set."""
    before = torch.serialization.get_crc32_options()
    torch.serialization.set_crc32_options(True)
    try:
        yield
    finally:
        torch.serialization.set_crc32_options(before)


def _sync_folder(folder: Path) -> None:
    """Have the new name on the disk as well; Windows does it by itself."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _not_a_checkpoint(path: Path, found: str) -> ValueError:
    return _check.wrong_value("path", "name a file from save_checkpoint", f"{path.name!r}, which {found}")


def _read(path: Path) -> dict[str, Any]:
    """What the file holds, once every part of it is known to be of its kind."""
    if not path.is_file():
        got = f"the folder {str(path)!r}" if path.is_dir() else repr(str(path))
        raise FileNotFoundError(f"load_checkpoint: path must name a file; got {got}.")
    with path.open("rb") as file:
        start = file.read(4)
    # A zip archive, as torch.save writes, begins with PK; a file cut off within these bytes is told below.
    if start and not (start.startswith(b"PK") or b"PK\3\4".startswith(start)):
        raise _not_a_checkpoint(path, "is no file of torch.save, or one from before PyTorch 1.6")
    if not _is_whole(path):
        raise _check.wrong_value("path", "name a whole file", f"{path.name!r}, which is cut short or damaged")
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise _not_a_checkpoint(path, "holds more than tensors and plain values") from None
    except RuntimeError:
        raise _not_a_checkpoint(path, "is an archive of another kind") from None
    return _checked(path, saved)


def _checked(path: Path, saved: Any) -> dict[str, Any]:
    if not isinstance(saved, dict):
        raise _not_a_checkpoint(path, f"holds a {type(saved).__name__}")
    if saved and all(isinstance(value, torch.Tensor) for value in saved.values()):
        raise _not_a_checkpoint(path, "holds parameters alone, for load_state_dict of the model")
    for name in _PARTS:
        if name not in saved:
            raise _not_a_checkpoint(path, f"has no {name!r}")
    for name, kind in _PARTS.items():
        if not isinstance(saved[name], kind) or isinstance(saved[name], bool):
            raise _not_a_checkpoint(path, f"has {type(saved[name]).__name__} {saved[name]!r:.20} as {name!r}")
    try:
        # On generators that nobody uses.
        states = saved["random_states"]
        torch.Generator().set_state(states["cpu"])
        np.random.RandomState().set_state(_numpy_state(states))
        random.Random().setstate(states["python"])
        _ = [states[name] for name in (*_GPUS, "mps")], saved["optimizer"]["param_groups"]
    except (KeyError, TypeError, ValueError, RuntimeError, AttributeError, IndexError):
        raise _not_a_checkpoint(path, "has states of generators or of the optimizer in another form") from None
    return saved


def _is_whole(path: Path) -> bool:
    """Whether every part of the file has the check sum it was written with; `torch.load` does not look."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    # What is damaged decides which error it is.
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, struct.error):
        return False


def _check_model(model: nn.Module, saved: dict[str, Any]) -> None:
    """Refuse other parameters, shapes or types of numbers, naming the first that differ."""
    own, theirs = model.state_dict(), saved["model"]
    for name in sorted(own.keys() ^ theirs.keys()):
        where = "the model has, the file has not" if name in own else "the file has, the model has not"
        raise _check.wrong_value("model", "have the saved parameters", f"{name}, which {where}")
    for name, tensor in own.items():
        if not isinstance(tensor, torch.Tensor) or not isinstance(theirs[name], torch.Tensor):
            continue
        if tensor.shape != theirs[name].shape:
            shapes = f"{name} {tuple(tensor.shape)}, saved as {tuple(theirs[name].shape)}"
            raise _check.wrong_value("model", "have the saved shapes", shapes)
        if tensor.dtype != theirs[name].dtype:
            kinds = f"{name} of {tensor.dtype}, saved as {theirs[name].dtype}"
            raise _check.wrong_value("model", "have the saved types of numbers", kinds)
    if saved["modes"].keys() != {name for name, _ in model.named_modules()}:
        raise _check.wrong_value("model", "have the saved modules", "others")


def _check_optimizer(optimizer: Optimizer, saved: dict[str, Any]) -> None:
    """Refuse another kind of optimizer, or one with another number of parameters."""
    if type(optimizer).__name__ != saved["optimizer_kind"]:
        raise _check.wrong_value("optimizer", f"be {saved['optimizer_kind']}, as saved", type(optimizer).__name__)
    counts = [
        [len(group["params"]) for group in state["param_groups"]]
        for state in (saved["optimizer"], optimizer.state_dict())
    ]
    if counts[0] != counts[1]:
        raise _check.wrong_value("optimizer", f"have parameter groups of {counts[0]}, as saved", f"{counts[1]}")

"""Saving a training run, and taking it up again where it stopped."""

import os
import pickle
import struct
import zipfile
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from dlref import _check

__all__ = ["load_checkpoint", "save_checkpoint"]

_PARTS = {"model", "optimizer", "optimizer_kind", "epoch", "random_state", "generator_state"}


def save_checkpoint(
    path: str | Path,
    model: nn.Module,
    optimizer: Optimizer,
    *,
    epoch: int,
    generator: torch.Generator | None = None,
) -> None:
    """Write all that a run needs to go on as if it had never stopped.

    That is the model's parameters, the optimizer's settings and state (Adam's running means, say), the number of the
    epoch, and the states of the random generators, which decide dropout and the order of the batches.

    Args:
        path: The file to write. An older file of that name is replaced at the very end, so that an interrupted save
            leaves it whole.
        model: The model in training.
        optimizer: Its optimizer.
        epoch: How many epochs are done, from 0.
        generator: The generator of a `DataLoader` that shuffles, if it was given one.

    Raises:
        TypeError: If `model`, `optimizer`, `generator` or `epoch` is of another kind.
        ValueError: If `epoch` is below 0.
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
    _check.instance("model", model, nn.Module)
    _check.instance("optimizer", optimizer, Optimizer)
    epoch = _check.integer("epoch", epoch, low=0)
    if generator is not None:
        _check.instance("generator", generator, torch.Generator)
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"save_checkpoint: path must lie in a folder that exists; got {str(path)!r}.")

    checkpoint = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "optimizer_kind": type(optimizer).__name__,
        "epoch": epoch,
        "random_state": torch.get_rng_state(),
        "generator_state": None if generator is None else generator.get_state(),
    }
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        torch.save(checkpoint, unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def load_checkpoint(
    path: str | Path, model: nn.Module, optimizer: Optimizer, *, generator: torch.Generator | None = None
) -> int:
    """Put a model, its optimizer and the random generators in the state that `save_checkpoint` wrote.

    Everything is checked before anything is changed. The file is read with `weights_only=True`, which refuses to run
    code that a pickle may carry.

    Args:
        path: A file from `save_checkpoint`.
        model: A model with the same layers.
        optimizer: An optimizer of the same kind, made for the parameters of `model`.
        generator: The generator of a `DataLoader`, if one was saved.

    Returns:
        How many epochs were done.

    Raises:
        TypeError: If `model`, `optimizer` or `generator` is of another kind.
        FileNotFoundError: If `path` names no file.
        ValueError: If the file is cut short or no checkpoint, or if it belongs to a model with other parameters or
            shapes, to another kind of optimizer, or was saved with a generator and none is given, or the reverse.

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
    _check.instance("model", model, nn.Module)
    _check.instance("optimizer", optimizer, Optimizer)
    if generator is not None:
        _check.instance("generator", generator, torch.Generator)
    saved = _read(Path(path))
    _check_model(model.state_dict(), saved["model"])
    _check_optimizer(optimizer, saved)
    if (generator is None) != (saved["generator_state"] is None):
        expected, got = ("not be given", "a generator") if generator else ("be given", "none")
        raise _check.wrong_value("generator", f"{expected}, as when the file was saved", got)

    model.load_state_dict(saved["model"])
    optimizer.load_state_dict(saved["optimizer"])
    torch.set_rng_state(saved["random_state"])
    if generator is not None:
        generator.set_state(saved["generator_state"])
    return saved["epoch"]


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise FileNotFoundError(f"load_checkpoint: path must name a file; got {str(path)!r}.")
    if not _is_whole(path):
        raise _check.wrong_value("path", "name a whole file", f"{path.name!r}, which is cut short or damaged")
    try:
        saved = torch.load(path, weights_only=True)
    except (pickle.UnpicklingError, RuntimeError):
        raise _check.wrong_value(
            "path", "name a file from save_checkpoint", f"{path.name!r}, which holds more than tensors and plain values"
        ) from None
    if not isinstance(saved, dict) or saved.keys() != _PARTS:
        raise _check.wrong_value("path", "name a file from save_checkpoint", f"{path.name!r}, which holds other things")
    return saved


def _is_whole(path: Path) -> bool:
    """Whether every part of the file has the check sum it was written with; `torch.load` does not look."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    # What is damaged decides which error it is.
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, struct.error):
        return False


def _check_model(own: dict[str, torch.Tensor], saved: dict[str, torch.Tensor]) -> None:
    """Refuse other parameters or other shapes, naming the first that differ."""
    for name in sorted(own.keys() ^ saved.keys()):
        where = "the model has, the file has not" if name in own else "the file has, the model has not"
        raise _check.wrong_value("model", "have the saved parameters", f"{name}, which {where}")
    for name, tensor in own.items():
        if tensor.shape != saved[name].shape:
            shapes = f"{name} {tuple(tensor.shape)}, saved as {tuple(saved[name].shape)}"
            raise _check.wrong_value("model", "have the saved shapes", shapes)


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

"""A resumed run equals one that never stopped; whatever does not fit is refused before anything is changed."""

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader

from dlref.pytorch.checkpoints import load_checkpoint, save_checkpoint
from dlref.pytorch.networks import MLP
from dlref.pytorch.training import TableDataset, fit

ROWS = np.random.default_rng(0).normal(size=(20, 3))
DATASET = TableDataset(ROWS, ROWS @ [[1.0], [-2.0], [0.5]])
OPTIMIZERS = {
    "SGD": lambda parameters: torch.optim.SGD(parameters, lr=0.01, momentum=0.9),
    "Adam": lambda parameters: torch.optim.Adam(parameters, lr=0.01),
    "RMSprop": lambda parameters: torch.optim.RMSprop(parameters, lr=0.001),
}


def run(kind="Adam"):
    """A model with dropout and batch norm, its optimizer, and a loader that shuffles: all that a run depends on."""
    model = MLP([3, 8, 1], batch_norm=True, dropout=0.3)
    generator = torch.Generator().manual_seed(5)
    loader = DataLoader(DATASET, batch_size=6, shuffle=True, generator=generator)
    return model, OPTIMIZERS[kind](model.parameters()), loader, generator


def equal(one, other):
    """Whether two state dicts hold the same, at any depth."""
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return one == other


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_a_resumed_run_equals_an_uninterrupted_one(kind, tmp_path):
    torch.manual_seed(0)
    model, optimizer, loader, generator = run(kind)
    fit(model, loader, nn.MSELoss(), optimizer, epochs=3)
    save_checkpoint(tmp_path / "run.pt", model, optimizer, epoch=3, generator=generator)
    losses = fit(model, loader, nn.MSELoss(), optimizer, epochs=4).train_loss

    torch.manual_seed(99)
    other, other_optimizer, other_loader, other_generator = run(kind)
    assert load_checkpoint(tmp_path / "run.pt", other, other_optimizer, generator=other_generator) == 3
    assert fit(other, other_loader, nn.MSELoss(), other_optimizer, epochs=4).train_loss == losses
    assert equal(model.state_dict(), other.state_dict())
    assert equal(optimizer.state_dict(), other_optimizer.state_dict())


def refused(path, model, optimizer, message, error=ValueError, generator=None):
    """Loading fails with this message and changes nothing."""
    before = copy.deepcopy((model.state_dict(), optimizer.state_dict(), torch.get_rng_state()))
    with pytest.raises(error) as caught:
        load_checkpoint(path, model, optimizer, generator=generator)
    assert str(caught.value) == message
    assert equal([*before[:2]], [model.state_dict(), optimizer.state_dict()])
    assert torch.equal(before[2], torch.get_rng_state())


@pytest.fixture
def saved(tmp_path):
    model = MLP([3, 8, 1])
    save_checkpoint(tmp_path / "run.pt", model, OPTIMIZERS["Adam"](model.parameters()), epoch=1)
    return tmp_path / "run.pt"


@pytest.mark.parametrize("share", [0, 0.001, 0.25, 0.5, 0.9, 0.999])
def test_a_file_cut_short(saved, share):
    content = saved.read_bytes()
    saved.write_bytes(content[: int(share * len(content))])
    model = MLP([3, 8, 1])
    message = "load_checkpoint: path must name a whole file; got 'run.pt', which is cut short or damaged."
    refused(saved, model, OPTIMIZERS["Adam"](model.parameters()), message)


def test_a_file_with_one_wrong_byte(saved):
    content = saved.read_bytes()
    model = MLP([3, 8, 1])
    start = content.index(torch.load(saved)["model"]["layers.0.weight"].numpy().tobytes())
    for place in (start, start + 50, len(content) // 2, len(content) - 20):
        saved.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        message = "load_checkpoint: path must name a whole file; got 'run.pt', which is cut short or damaged."
        refused(saved, model, OPTIMIZERS["Adam"](model.parameters()), message)


def test_a_pickle_that_would_run_code(tmp_path):
    model = MLP([3, 1])
    torch.save(model, tmp_path / "model.pt")
    message = (
        "load_checkpoint: path must name a file from save_checkpoint; "
        "got 'model.pt', which holds more than tensors and plain values."
    )
    refused(tmp_path / "model.pt", model, OPTIMIZERS["SGD"](model.parameters()), message)


@pytest.mark.parametrize("content", [{"model": {}}, [1, 2], torch.zeros(2)])
def test_a_file_of_something_else(tmp_path, content):
    torch.save(content, tmp_path / "other.pt")
    model = MLP([3, 1])
    message = "load_checkpoint: path must name a file from save_checkpoint; got 'other.pt', which holds other things."
    refused(tmp_path / "other.pt", model, OPTIMIZERS["SGD"](model.parameters()), message)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (MLP([3, 9, 1]), "model must have the saved shapes; got layers.0.weight (9, 3), saved as (8, 3)."),
        (
            MLP([3, 8, 8, 1]),
            "model must have the saved parameters; got layers.4.bias, which the model has, the file has not.",
        ),
        (
            MLP([3, 1]),
            "model must have the saved parameters; got layers.2.bias, which the file has, the model has not.",
        ),
    ],
)
def test_another_model(saved, model, message):
    refused(saved, model, OPTIMIZERS["Adam"](model.parameters()), f"load_checkpoint: {message}")


def test_another_optimizer(saved):
    model = MLP([3, 8, 1])
    message = "load_checkpoint: optimizer must be Adam, as saved; got SGD."
    refused(saved, model, OPTIMIZERS["SGD"](model.parameters()), message)
    message = "load_checkpoint: optimizer must have parameter groups of [4], as saved; got [2]."
    refused(saved, model, OPTIMIZERS["Adam"](model.layers[0].parameters()), message)


def test_a_generator_on_one_side_only(saved, tmp_path):
    model, optimizer, _, generator = run()
    plain = MLP([3, 8, 1])
    message = "load_checkpoint: generator must not be given, as when the file was saved; got a generator."
    refused(saved, plain, OPTIMIZERS["Adam"](plain.parameters()), message, generator=generator)
    save_checkpoint(tmp_path / "with.pt", model, optimizer, epoch=1, generator=generator)
    message = "load_checkpoint: generator must be given, as when the file was saved; got none."
    refused(tmp_path / "with.pt", model, optimizer, message)


def test_files_that_are_not_there(tmp_path):
    model = MLP([3, 1])
    optimizer = OPTIMIZERS["SGD"](model.parameters())
    path = str(tmp_path / "none" / "run.pt")
    refused(path, model, optimizer, f"load_checkpoint: path must name a file; got {path!r}.", FileNotFoundError)
    with pytest.raises(FileNotFoundError) as caught:
        save_checkpoint(path, model, optimizer, epoch=0)
    assert str(caught.value) == f"save_checkpoint: path must lie in a folder that exists; got {path!r}."


def test_a_save_that_fails_leaves_the_old_file(saved, monkeypatch):
    before = saved.read_bytes()

    def full_disk(content, path):
        path.write_bytes(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(torch, "save", full_disk)
    model = MLP([3, 1])
    with pytest.raises(OSError, match="No space left"):
        save_checkpoint(saved, model, OPTIMIZERS["SGD"](model.parameters()), epoch=2)
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.iterdir()] == ["run.pt"]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"model": {}}, TypeError, "save_checkpoint: model must be a Module; got dict {}."),
        ({"optimizer": "Adam"}, TypeError, "save_checkpoint: optimizer must be an Optimizer; got str 'Adam'."),
        ({"epoch": -1}, ValueError, "save_checkpoint: epoch must be an integer >= 0; got -1."),
        ({"generator": 1}, TypeError, "save_checkpoint: generator must be a Generator; got int 1."),
    ],
)
def test_what_saving_refuses(tmp_path, change, error, message):
    model, optimizer, _, generator = run()
    arguments = {"model": model, "optimizer": optimizer, "epoch": 1, "generator": generator} | change
    with pytest.raises(error) as caught:
        save_checkpoint(tmp_path / "run.pt", **arguments)
    assert str(caught.value) == message

"""A resumed run equals one that never stopped; whatever does not fit is refused before anything is changed."""

import copy
import os
import random
import zipfile
from pathlib import Path

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
    "SGD": lambda parameters: torch.optim.SGD(parameters, lr=0.002, momentum=0.9),
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


def refused_as(path, found, model=None):
    """Refused as no checkpoint, because of what was found."""
    model = model or MLP([3, 8, 1])
    message = f"load_checkpoint: path must name a file from save_checkpoint; got {path.name!r}, which {found}."
    refused(path, model, OPTIMIZERS["Adam"](model.parameters()), message)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({"model": {}}, "has no 'optimizer'"),
        ({}, "has no 'model'"),
        ([1, 2], "holds a list"),
        (torch.zeros(2), "holds a Tensor"),
        (MLP([3, 8, 1]).state_dict(), "holds parameters alone, for load_state_dict of the model"),
    ],
)
def test_a_file_of_something_else(tmp_path, content, found):
    torch.save(content, tmp_path / "other.pt")
    refused_as(tmp_path / "other.pt", found)


@pytest.mark.parametrize(
    ("part", "value", "found"),
    [
        ("epoch", "x", "has str 'x' as 'epoch'"),
        ("epoch", True, "has bool True as 'epoch'"),
        ("model", 3, "has int 3 as 'model'"),
        ("optimizer", [], "has list [] as 'optimizer'"),
        ("optimizer", {}, "has states of generators or of the optimizer in another form"),
        ("random_states", {}, "has states of generators or of the optimizer in another form"),
        ("generator_state", 1, "has int 1 as 'generator_state'"),
    ],
)
def test_a_part_of_another_kind(saved, part, value, found):
    torch.save(torch.load(saved) | {part: value}, saved)
    refused_as(saved, found)


def test_files_of_other_programs(tmp_path):
    model = MLP([3, 8, 1])
    not_ours = "is no file of torch.save, or one from before PyTorch 1.6"
    (tmp_path / "notes.txt").write_text("epoch 3 was good")
    refused_as(tmp_path / "notes.txt", not_ours)
    torch.save(model.state_dict(), tmp_path / "old.pt", _use_new_zipfile_serialization=False)
    refused_as(tmp_path / "old.pt", not_ours)
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        archive.writestr("a.txt", "text")
    refused_as(tmp_path / "some.zip", "is an archive of another kind")
    with pytest.raises(FileNotFoundError, match=r"^load_checkpoint: path must name a file; got the folder '"):
        load_checkpoint(tmp_path, model, OPTIMIZERS["Adam"](model.parameters()))


@pytest.mark.parametrize("device", ["cuda:0", "mps", "xpu:1"])
def test_a_file_from_a_gpu_loads_on_a_cpu(tmp_path, monkeypatch, device):
    """Refused as no checkpoint, once; after Sujit-O/pykg2vec #223 and CAREamics/careamics #145."""
    model, optimizer, loader, _ = run()
    fit(model, loader, nn.MSELoss(), optimizer, epochs=1)
    with monkeypatch.context() as patched:
        patched.setattr(torch.serialization, "location_tag", lambda storage: device)
        save_checkpoint(tmp_path / "gpu.pt", model, optimizer, epoch=1)
    with pytest.raises(RuntimeError):
        torch.load(tmp_path / "gpu.pt", weights_only=True)
    other, other_optimizer, _, _ = run()
    assert load_checkpoint(tmp_path / "gpu.pt", other, other_optimizer) == 1
    assert equal(model.state_dict(), other.state_dict())
    assert equal(optimizer.state_dict(), other_optimizer.state_dict())


class FakeGPU:
    """Stands in for `torch.cuda` with some devices, where none is."""

    def __init__(self, *states):
        self.states = [torch.tensor(state) for state in states]

    def is_available(self):
        return bool(self.states)

    def device_count(self):
        return len(self.states)

    def get_rng_state_all(self):
        return [state.clone() for state in self.states]

    def set_rng_state_all(self, states):
        self.states = states


@pytest.mark.parametrize(("now", "after"), [((0, 0), [3, 4]), ((0,), [0]), ((), [])])
def test_the_generators_of_gpus_are_kept(tmp_path, monkeypatch, now, after):
    model = nn.Linear(1, 1)
    optimizer = OPTIMIZERS["SGD"](model.parameters())
    gpus = {"cuda": FakeGPU(3, 4), "xpu": FakeGPU()}
    monkeypatch.setattr(torch, "get_device_module", gpus.__getitem__)
    save_checkpoint(tmp_path / "run.pt", model, optimizer, epoch=1)
    gpus["cuda"] = FakeGPU(*now)
    load_checkpoint(tmp_path / "run.pt", model, optimizer)
    assert [state.item() for state in gpus["cuda"].states] == after


def test_all_generators_go_on_where_they_were(tmp_path):
    model = nn.Linear(1, 1)
    optimizer = OPTIMIZERS["SGD"](model.parameters())
    np.random.normal()  # leaves a second number for the next call, which is a part of the state
    save_checkpoint(tmp_path / "run.pt", model, optimizer, epoch=1)
    draws = [(torch.rand(1).item(), np.random.normal(), random.random(), random.gauss(0, 1)) for _ in range(3)]
    load_checkpoint(tmp_path / "run.pt", model, optimizer)
    assert [(torch.rand(1).item(), np.random.normal(), random.random(), random.gauss(0, 1)) for _ in range(3)] == draws


SCHEDULERS = {
    "StepLR": lambda optimizer: torch.optim.lr_scheduler.StepLR(optimizer, 3),
    "MultiStepLR": lambda optimizer: torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 5]),
    "CosineAnnealingLR": lambda optimizer: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 8),
    "OneCycleLR": lambda optimizer: torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=20),
    "ReduceLROnPlateau": lambda optimizer: torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=0),
}


@pytest.mark.parametrize("kind", SCHEDULERS)
@pytest.mark.parametrize("after", [1, 3, 4])
def test_a_schedule_goes_on_where_it_was(tmp_path, kind, after):
    def rates(scheduler, optimizer, count):
        found = []
        for _ in range(count):
            optimizer.step()
            scheduler.step(*[1.0] * (kind == "ReduceLROnPlateau"))
            found.append(optimizer.param_groups[0]["lr"])
        return found

    model, other = nn.Linear(1, 1), nn.Linear(1, 1)
    optimizer, other_optimizer = (OPTIMIZERS["SGD"](one.parameters()) for one in (model, other))
    scheduler, other_scheduler = SCHEDULERS[kind](optimizer), SCHEDULERS[kind](other_optimizer)
    rates(scheduler, optimizer, after)
    save_checkpoint(tmp_path / "run.pt", model, optimizer, epoch=after, scheduler=scheduler)
    load_checkpoint(tmp_path / "run.pt", other, other_optimizer, scheduler=other_scheduler)
    assert rates(other_scheduler, other_optimizer, 6) == rates(scheduler, optimizer, 6)


def test_a_scheduler_on_one_side_only_or_of_another_kind(saved, tmp_path):
    model = MLP([3, 8, 1])
    optimizer = OPTIMIZERS["Adam"](model.parameters())
    scheduler = SCHEDULERS["StepLR"](optimizer)
    with pytest.raises(ValueError, match=r"^load_checkpoint: scheduler must not be given, as when the file was saved;"):
        load_checkpoint(saved, model, optimizer, scheduler=scheduler)
    save_checkpoint(tmp_path / "with.pt", model, optimizer, epoch=1, scheduler=scheduler)
    message = "load_checkpoint: scheduler must be given, as when the file was saved; got none."
    refused(tmp_path / "with.pt", model, optimizer, message)
    with pytest.raises(ValueError, match=r"^load_checkpoint: scheduler must be StepLR, as saved; got OneCycleLR\.$"):
        load_checkpoint(tmp_path / "with.pt", model, optimizer, scheduler=SCHEDULERS["OneCycleLR"](optimizer))


def test_each_module_comes_back_in_the_mode_it_was_in(tmp_path):
    model, other = (MLP([3, 8, 1], batch_norm=True, dropout=0.3) for _ in range(2))
    model.layers[1].eval()
    save_checkpoint(tmp_path / "run.pt", model, OPTIMIZERS["Adam"](model.parameters()), epoch=1)
    other.eval()
    load_checkpoint(tmp_path / "run.pt", other, OPTIMIZERS["Adam"](other.parameters()))
    assert [layer.training for layer in other.layers] == [True, False, True, True, True]
    assert other.training


def test_numbers_of_another_type_would_be_rounded(saved):
    model = MLP([3, 8, 1]).half()
    message = (
        "load_checkpoint: model must have the saved types of numbers; "
        "got layers.0.weight of torch.float16, saved as torch.float32."
    )
    refused(saved, model, OPTIMIZERS["Adam"](model.parameters()), message)


def test_a_file_that_could_not_be_read_is_not_written(saved):
    """A plateau that was shown a NumPy number keeps it, and reading with weights_only refuses that."""
    before, model = saved.read_bytes(), MLP([3, 8, 1])
    optimizer = OPTIMIZERS["Adam"](model.parameters())
    scheduler = SCHEDULERS["ReduceLROnPlateau"](optimizer)
    scheduler.best = np.float64(1)
    with pytest.raises(ValueError, match=r"^save_checkpoint: the state of scheduler must hold nothing but tensors"):
        save_checkpoint(saved, model, optimizer, epoch=2, scheduler=scheduler)
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.iterdir()] == ["run.pt"]


def test_check_sums_are_written_whatever_is_set(tmp_path):
    model = MLP([3, 1])
    optimizer = OPTIMIZERS["SGD"](model.parameters())
    torch.serialization.set_crc32_options(False)
    try:
        save_checkpoint(tmp_path / "run.pt", model, optimizer, epoch=4)
        assert not torch.serialization.get_crc32_options()
    finally:
        torch.serialization.set_crc32_options(True)
    assert load_checkpoint(tmp_path / "run.pt", model, optimizer) == 4


def test_a_new_file_is_on_the_disk_before_it_has_the_name(saved, monkeypatch):
    done = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: done.append("sync"))
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda self, to: [done.append("name"), replace(self, to)][1])
    model = MLP([3, 1])
    save_checkpoint(saved, model, OPTIMIZERS["SGD"](model.parameters()), epoch=2)
    assert done[:2] == ["sync", "name"]


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
        ({"scheduler": 1}, TypeError, "save_checkpoint: scheduler must be a LRScheduler; got int 1."),
        ({"generator": 1}, TypeError, "save_checkpoint: generator must be a Generator; got int 1."),
    ],
)
def test_what_saving_refuses(tmp_path, change, error, message):
    model, optimizer, _, generator = run()
    arguments = {"model": model, "optimizer": optimizer, "epoch": 1, "generator": generator} | change
    with pytest.raises(error) as caught:
        save_checkpoint(tmp_path / "run.pt", **arguments)
    assert str(caught.value) == message

"""A training is kept on disk, and done again when it must be."""

import pytest
import torch

from dlref.engine import trained as module
from dlref.engine.trained import trained

CALLS = []


def weights(seed: int) -> dict:
    """A training that counts how often it runs."""
    CALLS.append(seed)
    torch.manual_seed(seed)
    return {"weight": torch.randn(3, requires_grad=True).detach(), "grad": torch.is_grad_enabled()}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(module.cache, "ROOT", tmp_path)
    monkeypatch.setattr(module, "_key", lambda function: "0123456789abcdef")
    CALLS.clear()
    return tmp_path / "trained"


def test_it_runs_once_for_each_choice():
    for _ in range(2):
        # A new wrapper is what another process has.
        once = trained(weights)
        assert torch.equal(once(1)["weight"], once(1)["weight"])
    assert not torch.equal(once(1)["weight"], once(2)["weight"])
    assert CALLS == [1, 2]


def test_a_damaged_file_is_made_again(folder):
    first = trained(weights)(1)["weight"]
    file = next(folder.glob("*.pt"))
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert torch.equal(trained(weights)(1)["weight"], first)
    assert CALLS == [1, 1]


def test_another_key_replaces_the_file(folder, monkeypatch):
    trained(weights)(1)
    monkeypatch.setattr(module, "_key", lambda function: "fedcba9876543210")
    trained(weights)(1)
    assert CALLS == [1, 1]
    assert [file.name for file in folder.glob("*.pt")] == ["test_trained-weights-1-fedcba9876543210.pt"]


def test_whoever_asks_is_left_alone():
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    with torch.no_grad():
        assert trained(weights)(1)["grad"]
        assert not torch.is_grad_enabled()
    assert torch.equal(torch.rand(1), expected)


def test_the_key_follows_the_code(tmp_path, monkeypatch):
    monkeypatch.undo()
    file = tmp_path / "copied.py"
    keys = []
    for rate, unused in ((1, 1), (2, 1), (2, 2)):
        file.write_text(f"RATE = {rate}\nUNUSED = {unused}\n\n\ndef training():\n    return {{'rate': RATE}}\n")
        scope = {}
        exec(compile(file.read_text(), file, "exec"), scope)
        keys.append(module._key(scope["training"]))
    assert keys[0] != keys[1] == keys[2]

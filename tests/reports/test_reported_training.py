"""Training, checkpoints and callbacks: what others reported of their libraries, asked of this one."""

import copy
import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader

from dlref import mlp, optimizers
from dlref.bandits import play
from dlref.datasets import mtcars
from dlref.pytorch.checkpoints import load_checkpoint, save_checkpoint
from dlref.pytorch.sequences import CharacterModel, Translator, sample_characters
from dlref.pytorch.training import TableDataset, evaluate, fit, train_epoch

CARS = mtcars()
WEIGHT = (CARS[["wt"]] - CARS["wt"].mean()) / CARS["wt"].std()


def loader(targets) -> DataLoader:
    return DataLoader(TableDataset(WEIGHT, targets), batch_size=len(CARS))


def mean_square(outputs, targets):
    return ((outputs - targets) ** 2).mean()


@pytest.mark.parametrize("loss_function", [nn.MSELoss(), nn.L1Loss(), nn.SmoothL1Loss(), mean_square])
@pytest.mark.parametrize("targets", [CARS["hp"], CARS["hp"].astype(float)], ids=["integers", "floats"])
def test_a_row_of_targets_is_not_spread_over_a_column_of_outputs(loss_function, targets):
    """A slope of 0 for 45.2, since (n, 1) and (n,) broadcast: pytorch/pytorch#16045, #4938; deepset-ai/FARM#229."""
    model = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    told = r"targets must have the shape of the outputs, \(32, 1\); got shape \(32,\)\.$"
    with pytest.raises(ValueError, match=f"^fit: {told}"):
        fit(model, loader(targets), loss_function, optimizer, epochs=1)
    with pytest.raises(ValueError, match=f"^train_epoch: {told}"):
        train_epoch(model, loader(targets), loss_function, optimizer)
    with pytest.raises(ValueError, match=f"^evaluate: {told}"):
        evaluate(model, loader(targets), loss_function)


def test_the_slope_of_integer_targets_in_a_column():
    """As it comes out where the shapes agree."""
    model = nn.Linear(1, 1)
    fit(model, loader(CARS[["hp"]]), nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=0.1), epochs=200)
    assert abs(model.weight.item() - 45.17) < 0.01


@pytest.mark.parametrize("loss_function", [nn.BCEWithLogitsLoss(), nn.HuberLoss()])
def test_losses_of_floats_and_integer_targets(loss_function):
    """`result type Float can't be cast to Long`.

    After skorch-dev/skorch#813, pytorch/pytorch#2220 and PacktPublishing/Mastering-PyTorch#4.
    """
    name = type(loss_function).__name__
    with pytest.raises(
        TypeError, match=rf"^evaluate: targets must hold floats, as {name} asks; got dtype torch\.int64"
    ):
        evaluate(nn.Linear(1, 1), loader(CARS[["vs"]]), loss_function)


@pytest.mark.parametrize("device", ["cuda:0", "mps"])
def test_a_checkpoint_of_another_device(tmp_path, monkeypatch, device):
    """A file from a GPU on a machine without one: Sujit-O/pykg2vec#223, CAREamics/careamics#145."""
    model = nn.Linear(2, 1)
    optimizer = torch.optim.Adam(model.parameters())
    other = copy.deepcopy(model)
    with monkeypatch.context() as patch:
        patch.setattr(torch.serialization, "location_tag", lambda _: device)
        save_checkpoint(tmp_path / "gpu.pt", model, optimizer, epoch=3)
    nn.init.zeros_(model.weight)
    assert load_checkpoint(tmp_path / "gpu.pt", model, optimizer) == 3
    torch.testing.assert_close(model.weight, other.weight)


@pytest.mark.parametrize("training", [True, False])
def test_a_model_comes_back_in_the_mode_it_was_in(training):
    """Sampling left it in evaluation, and training stopped: wiseodd/controlled-text-generation#24."""
    characters, translator = CharacterModel(3, hidden=4).train(training), Translator(3, 4, hidden=2).train(training)
    sample_characters(characters, [0], count=2, temperature=1.0, generator=torch.Generator())
    translator.translate(torch.tensor([[0, 1]]), longest=2)
    assert characters.training is translator.training is training


@pytest.mark.parametrize("temperature", [1e-320, 1e300])
def test_a_temperature_beyond_floats(temperature):
    """Scores over a tiny temperature are infinite, and their softmax nan."""
    generator = torch.Generator().manual_seed(0)
    model = CharacterModel(3, hidden=4)
    drawn = sample_characters(model, [0], count=5, temperature=temperature, generator=generator)
    assert len(drawn) == 5 and set(drawn) <= {0, 1, 2}


@pytest.mark.parametrize("longest", [0, -1])
def test_a_translation_of_no_words(longest):
    """A local variable was missing."""
    with pytest.raises(ValueError, match=r"^translate: longest must be an integer >= 1; got "):
        Translator(3, 4, hidden=2).translate(torch.tensor([[0, 1]]), longest=longest)


def test_a_strategy_that_writes_to_what_it_is_given():
    """Its counts were the game's own, so that `counts[counts == 0] = 1` before a division changed the game."""
    seen = []

    def careless(counts, totals):
        seen.append((counts.tolist(), totals.tolist()))
        counts[counts == 0] = 1
        totals += 7
        return 0

    play(np.full((3, 2), 0.5), careless)
    assert seen == [([0, 0], [0, 0]), ([1, 0], [0.5, 0]), ([2, 0], [1, 0])]


def test_a_gradient_that_writes_to_what_it_is_given():
    """The same kind: the path, and the start that the caller holds, were changed."""

    def careless(x):
        x *= 2
        return x

    start = np.array([1.0])
    path = optimizers.descend(careless, start, optimizers.gradient_descent(learning_rate=0.25), steps=2)
    assert path.ravel().tolist() == [1, 0.5, 0.25] and start.tolist() == [1]


def test_a_loss_gradient_that_writes_to_what_it_is_given():
    layers = [(np.ones((1, 1)), np.zeros(1))]

    def careless(output):
        output *= 2
        return output

    for function in (careless, lambda output: 2 * output):
        ((weight, bias),) = mlp.step(layers, [[3.0]], function, learning_rate=1)
        assert (weight.item(), bias.item()) == (1 - 2 * 3 * 3, -2 * 3)


def test_one_network_of_nan_is_told():
    """A training that ends above where it began was told to nobody."""
    model = nn.Linear(1, 1)
    with pytest.warns(RuntimeWarning, match=r"^fit: the training loss rose from .* to (nan|inf) in the last"):
        fit(model, loader(CARS[["hp"]]), nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=1e9), epochs=20)
    assert not math.isfinite(model.weight.item())

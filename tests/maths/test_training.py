"""The loop's arithmetic against PyTorch and against closed forms, and what `dlref.pytorch.training` refuses."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils.data import DataLoader

from dlref.datasets import mtcars
from dlref.pytorch.networks import MLP, parameter_count
from dlref.pytorch.training import History, TableDataset, evaluate, fit, predict, train_epoch

ROWS = np.random.default_rng(0).normal(size=(23, 3))
TARGETS = ROWS @ [[1.0], [-2.0], [0.5]] + 3


def sgd(model, learning_rate=0.1, momentum=0.0):
    return torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(size=st.integers(1, 30), examples=st.integers(1, 23))
def test_the_mean_loss_does_not_depend_on_the_batch_size(size, examples):
    torch.manual_seed(0)
    model, dataset = MLP([3, 4, 1], dropout=0.5), TableDataset(ROWS[:examples], TARGETS[:examples])
    expected = nn.functional.mse_loss(model.eval()(dataset.features), dataset.targets).item()
    loader = DataLoader(dataset, batch_size=size)
    assert evaluate(model, loader, nn.MSELoss()) == pytest.approx(expected, rel=1e-6)
    # Without dropout, and at a rate of 0, training measures the same.
    plain = nn.Linear(3, 1)
    expected = nn.functional.mse_loss(plain(dataset.features), dataset.targets).item()
    assert train_epoch(plain, loader, nn.MSELoss(), sgd(plain, 0.0)) == pytest.approx(expected, rel=1e-6)


def test_fit_takes_the_steps_of_the_loop_written_out():
    dataset = TableDataset(ROWS, TARGETS)
    torch.manual_seed(1)
    ours = MLP([3, 5, 1], activation=nn.Tanh)
    torch.manual_seed(1)
    theirs = MLP([3, 5, 1], activation=nn.Tanh)
    history = fit(ours, DataLoader(dataset, batch_size=10), nn.MSELoss(), sgd(ours, 0.01, 0.9), epochs=20)

    optimizer = sgd(theirs, 0.01, 0.9)
    for epoch in range(20):
        total = 0.0
        for start in (0, 10, 20):
            x, y = dataset.features[start : start + 10], dataset.targets[start : start + 10]
            optimizer.zero_grad()
            loss = ((theirs(x) - y) ** 2).mean()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
        assert history.train_loss[epoch] == pytest.approx(total / 23, rel=1e-6)
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_line_through_mtcars_reaches_the_closed_form():
    weight, mpg = mtcars()[["wt"]].to_numpy(), mtcars()[["mpg"]].to_numpy()
    slope, intercept = np.linalg.lstsq(np.hstack([weight, np.ones_like(weight)]), mpg, rcond=None)[0].ravel()
    assert (slope, intercept) == (pytest.approx(-5.344472), pytest.approx(37.285126))  # as R's lm(mpg ~ wt)
    model = MLP([1, 1])
    loader = DataLoader(TableDataset(weight, mpg), batch_size=32)
    fit(model, loader, nn.MSELoss(), sgd(model, 0.08), epochs=3000)
    assert model.layers[0].weight.item() == pytest.approx(slope, abs=1e-3)
    assert model.layers[0].bias.item() == pytest.approx(intercept, abs=1e-3)


def test_validation_data_change_nothing():
    dataset = TableDataset(ROWS, TARGETS)
    histories = []
    for validation_loader in (None, DataLoader(TableDataset(ROWS[:5], TARGETS[:5]), batch_size=2)):
        torch.manual_seed(2)
        model = MLP([3, 4, 1], batch_norm=True)
        loader = DataLoader(dataset, batch_size=12)
        histories.append(fit(model, loader, nn.MSELoss(), sgd(model), epochs=4, validation_loader=validation_loader))
    assert histories[0].train_loss == histories[1].train_loss
    assert (len(histories[0].validation_loss), len(histories[1].validation_loss)) == (0, 4)


def test_evaluation_leaves_each_module_in_its_own_mode():
    model = MLP([3, 4, 1], batch_norm=True, dropout=0.2)
    model.layers[1].eval()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    predict(model, ROWS)
    assert [layer.training for layer in model.layers] == [True, False, True, True, True]
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    with pytest.raises(ValueError, match="forward: x must have 3 columns"):
        predict(model, ROWS[:, :2])
    assert [layer.training for layer in model.layers] == [True, False, True, True, True]


def test_labels_train_a_classifier():
    labels = (TARGETS[:, 0] > 3).astype(int)
    torch.manual_seed(0)
    model = MLP([3, 2])
    history = fit(model, DataLoader(TableDataset(ROWS, labels), 8), nn.CrossEntropyLoss(), sgd(model, 1.0), epochs=50)
    assert history.train_loss[-1] < 0.1 < history.train_loss[0]
    assert (predict(model, ROWS).argmax(axis=1) == labels).all()


@pytest.mark.parametrize(
    ("features", "targets", "error", "message"),
    [
        ([1, 2], [1, 2], ValueError, "TableDataset: features must have 2 dimensions; got shape (2,)."),
        ([], [], ValueError, "TableDataset: features must have 2 dimensions; got shape (0,)."),
        (np.ones((0, 3)), [], ValueError, "TableDataset: features must not be empty; got shape (0, 3)."),
        (
            [[1], [2, 3]],
            [1, 2],
            ValueError,
            "TableDataset: features must have rows of equal length; got rows of different lengths.",
        ),
        ([["a"]], [1], TypeError, "TableDataset: features must hold real numbers; got list [['a']]."),
        ([[np.nan]], [1], ValueError, "TableDataset: features must be finite; got nan among its values."),
        ([[1.0]], [np.inf], ValueError, "TableDataset: targets must be finite; got inf among its values."),
        ([[1.0]], 1.0, ValueError, "TableDataset: targets must have 1 or 2 dimensions; got shape ()."),
        (
            [[1.0]],
            [1, 2],
            ValueError,
            "TableDataset: targets must hold one row for each of the 1 rows of features; got 2 rows.",
        ),
    ],
)
def test_a_data_set_refuses(features, targets, error, message):
    with pytest.raises(error) as caught:
        TableDataset(features, targets)
    assert str(caught.value) == message


def test_a_data_set_ends_where_it_ends():
    dataset = TableDataset(ROWS, TARGETS)
    assert len(list(dataset)) == len(dataset) == 23
    assert dataset[-1][1] == dataset[22][1]
    with pytest.raises(IndexError):
        dataset[23]
    features = ROWS.copy()
    dataset = TableDataset(features, TARGETS)
    features[:] = 0
    assert dataset.features.abs().min() > 0


@pytest.mark.parametrize(("epochs", "error"), [(0, ValueError), (-1, ValueError), (1.0, TypeError), (True, TypeError)])
def test_epochs_are_counted_from_one(epochs, error):
    model = MLP([3, 1])
    with pytest.raises(error, match=r"^fit: epochs must be an integer"):
        fit(model, [], nn.MSELoss(), sgd(model), epochs=epochs)


def test_batches_that_run_out_are_noticed():
    model, dataset = MLP([3, 1]), TableDataset(ROWS, TARGETS)
    once = iter(DataLoader(dataset, 8))
    with pytest.raises(ValueError, match=r"^train_epoch: loader must give at least one batch; got none\.$"):
        fit(model, once, nn.MSELoss(), sgd(model), epochs=2)


def test_histories_do_not_share_their_lists():
    assert History().train_loss is not History().train_loss


@pytest.mark.parametrize("sizes", [[3, 4, 4, 3], [2, 1], [1, 7, 2]])
def test_a_network_is_its_formula(sizes):
    torch.manual_seed(3)
    model = MLP(sizes, activation=nn.Tanh).double()
    x = h = np.random.default_rng(1).normal(size=(5, sizes[0]))
    layers = [layer for layer in model.layers if isinstance(layer, nn.Linear)]
    for layer in layers[:-1]:
        h = np.tanh(h @ layer.weight.detach().numpy().T + layer.bias.detach().numpy())
    expected = h @ layers[-1].weight.detach().numpy().T + layers[-1].bias.detach().numpy()
    np.testing.assert_allclose(model(torch.tensor(x)).detach().numpy(), expected, rtol=1e-9)
    assert parameter_count(model) == sum((a + 1) * b for a, b in pairwise(sizes))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: MLP([3]), ValueError, "MLP: sizes must hold at least the inputs and the outputs; got [3]."),
        (lambda: MLP([3, 0]), ValueError, "MLP: sizes must hold integers from 1; got 0."),
        (lambda: MLP(3), ValueError, "MLP: sizes must have 1 dimension; got shape ()."),
        (lambda: MLP("31"), TypeError, "MLP: sizes must hold real numbers; got str '31'."),
        (lambda: MLP([3, 1], dropout=2), ValueError, "MLP: dropout must be a finite number >= 0 and <= 1; got 2."),
        (lambda: parameter_count(3), TypeError, "parameter_count: model must be a Module; got int 3."),
    ],
)
def test_a_network_refuses(make, error, message):
    with pytest.raises(error) as caught:
        make()
    assert str(caught.value) == message

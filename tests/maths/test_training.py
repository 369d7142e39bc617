"""The loop's arithmetic against PyTorch and against closed forms, and what `dlref.pytorch.training` refuses."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas import DataFrame
from torch import nn
from torch.nn import functional
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
    with pytest.raises(ValueError, match=r"^fit: loader must give at least one batch; got none\.$"):
        fit(model, once, nn.MSELoss(), sgd(model), epochs=2)


ELEMENTWISE = [nn.MSELoss(), nn.L1Loss(), nn.PoissonNLLLoss(), functional.mse_loss, lambda a, b: ((a - b) ** 2).mean()]


@pytest.mark.parametrize("loss_function", ELEMENTWISE)
@pytest.mark.parametrize("kind", [int, float, bool])
def test_nothing_is_broadcast_whatever_the_targets_are(loss_function, kind):
    """Integer targets (n,) against outputs (n, 1) trained to a slope of 0: pytorch/pytorch #16045 and #4938."""
    model, dataset = MLP([3, 1]), TableDataset(ROWS, (TARGETS[:, 0] > 0).astype(kind))
    message = r"targets must have the shape of the outputs, \(8, 1\); got shape \(8,\)\.$"
    for call in (
        lambda: fit(model, DataLoader(dataset, 8), loss_function, sgd(model), epochs=1),
        lambda: train_epoch(model, DataLoader(dataset, 8), loss_function, sgd(model)),
        lambda: evaluate(model, DataLoader(dataset, 8), loss_function),
    ):
        with pytest.raises(ValueError, match=message):
            call()


def test_labels_of_as_many_examples_as_classes_are_not_compared_with_outputs():
    model, dataset = MLP([3, 4]), TableDataset(ROWS[:4], [0, 1, 2, 3])
    assert evaluate(model, [dataset[:]], nn.CrossEntropyLoss()) > 0
    for loss_function in (nn.MSELoss(), functional.mse_loss):
        with pytest.raises(ValueError, match=r"^evaluate: targets must have the shape of the outputs, \(4, 4\);"):
            evaluate(model, [dataset[:]], loss_function)
    with pytest.raises(ValueError, match=r"or be integers of shape \(4,\), as class labels; got shape \(4, 1\)\.$"):
        evaluate(model, [(dataset.features, dataset.targets[:, None])], nn.CrossEntropyLoss())


@pytest.mark.parametrize("loss_function", [nn.BCEWithLogitsLoss(), nn.BCELoss(), nn.HuberLoss()])
def test_losses_that_take_floats_say_so(loss_function):
    """PyTorch's own words for integers are of casts: skorch-dev/skorch #813, pytorch/pytorch #2220."""
    model, dataset = nn.Sequential(MLP([3, 1]), nn.Sigmoid()), TableDataset(ROWS, (TARGETS > 0).astype(int))
    name = type(loss_function).__name__
    message = f"^fit: targets must hold floats, as {name} asks; got dtype torch.int64\\.$"
    with pytest.raises(TypeError, match=message):
        fit(model, DataLoader(dataset, 8), loss_function, sgd(model), epochs=1)


@pytest.mark.parametrize(("learning_rate", "epochs"), [(1.2, 2), (1.2, 30), (20.0, 300)])
def test_a_training_that_ends_above_its_start_is_told(learning_rate, epochs):
    """Also where it ends at nan; after scikit-learn/scikit-learn #10866."""
    torch.manual_seed(0)
    model, batch = nn.Linear(3, 1), TableDataset(ROWS, TARGETS)[:]
    with pytest.warns(RuntimeWarning, match=r"^fit: the training loss rose from .* the learning rate may be too high"):
        history = fit(model, [batch], nn.MSELoss(), sgd(model, learning_rate), epochs=epochs)
    assert not history.train_loss[-1] <= history.train_loss[0]


def test_a_training_at_its_end_is_not_warned_of():
    model, batch = nn.Linear(3, 1), TableDataset(ROWS, TARGETS)[:]
    for _ in range(3):
        fit(model, [batch], nn.MSELoss(), sgd(model, 0.1), epochs=300)


def test_a_mean_over_examples_by_another_name_is_one():
    model, target = nn.LogSoftmax(dim=1), torch.tensor([[0.5, 0.5], [0.9, 0.1]])
    scores = torch.tensor([[0.0, 1.0], [2.0, -1.0]])
    loss_function = nn.KLDivLoss(reduction="batchmean")
    expected = pytest.approx(loss_function(model(scores), target).item())
    assert evaluate(model, [(scores[:1], target[:1]), (scores[1:], target[1:])], loss_function) == expected


def test_a_loss_for_each_example_is_refused():
    model, batch = MLP([3, 1]), TableDataset(ROWS, TARGETS)[:]
    message = r"^fit: loss_function must give one number per batch, a tensor; got "
    with pytest.raises(ValueError, match=message + r"shape \(23, 1\)\.$"):
        fit(model, [batch], lambda a, b: (a - b) ** 2, sgd(model), epochs=1)
    with pytest.raises(ValueError, match=message + r"float\.$"):
        fit(model, [batch], lambda a, b: ((a - b) ** 2).mean().item(), sgd(model), epochs=1)


@pytest.mark.parametrize("training", [True, False])
def test_a_model_comes_back_in_the_mode_it_was_in(training):
    model, batch = MLP([3, 4, 1], batch_norm=True, dropout=0.2).train(training), TableDataset(ROWS, TARGETS)[:]
    seen = []
    model.layers[1].register_forward_hook(lambda module, _, __: seen.append(module.training))
    model.layers[1].train(not training)
    modes = [module.training for module in model.modules()]
    train_epoch(model, [batch], nn.MSELoss(), sgd(model, 0.01))
    fit(model, [batch], nn.MSELoss(), sgd(model, 0.01), epochs=2, validation_loader=[batch])
    evaluate(model, [batch], nn.MSELoss())
    predict(model, ROWS)
    assert [module.training for module in model.modules()] == modes
    assert seen == [True, True, False, True, False, False, False]


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_batches_follow_the_model(dtype):
    model, dataset = nn.Linear(3, 1).to(dtype), TableDataset(ROWS, TARGETS)
    history = fit(model, DataLoader(dataset, 8), nn.MSELoss(), sgd(model, 0.01), epochs=2)
    assert history.train_loss[1] < history.train_loss[0]
    # NumPy has no bfloat16.
    assert predict(model, ROWS).dtype == (np.float64 if dtype == torch.float64 else np.float32)


def test_features_reach_a_wide_model_unrounded():
    model = nn.Linear(1, 1, bias=False).double()
    nn.init.ones_(model.weight)
    assert predict(model, [[1 / 3]])[0, 0] == 1 / 3


STRANGE = {
    "reversed": lambda rows: rows[::-1][::-1],
    "strided": lambda rows: np.repeat(rows, 2, axis=0)[::2],
    "big-endian": lambda rows: rows.astype(">f8"),
    "longdouble": lambda rows: rows.astype(np.longdouble),
    "tensor": torch.tensor,
    "tensor with gradient": lambda rows: torch.tensor(rows, requires_grad=True),
    "frame": lambda rows: DataFrame(rows).iloc[::-1].iloc[::-1],
    "masked, nothing hidden": np.ma.masked_array,
}


@pytest.mark.parametrize("kind", STRANGE)
def test_arrays_of_every_make(kind):
    """Negative strides and other byte orders met PyTorch's own words: pytorch/pytorch #92680."""
    model, features = nn.Linear(3, 1), STRANGE[kind](ROWS)
    plain = TableDataset(ROWS, TARGETS)
    dataset = TableDataset(features, STRANGE[kind](np.hstack([TARGETS] * 3)))
    assert torch.equal(dataset.features, plain.features) and torch.equal(dataset.targets[:, :1], plain.targets)
    assert (predict(model, features) == predict(model, ROWS)).all()


def test_bfloat16_is_taken_and_stays_what_it_is():
    rows = torch.tensor(ROWS, dtype=torch.bfloat16, requires_grad=True)
    dataset = TableDataset(rows, torch.tensor(TARGETS, dtype=torch.bfloat16))
    assert torch.equal(dataset.features, rows.float()) and not dataset.features.requires_grad
    assert (predict(nn.ReLU(), rows) == rows.float().relu().detach().numpy()).all()


@pytest.mark.parametrize(
    ("features", "targets", "message"),
    [
        ([[1e39]], [0.0], "features must be finite in float32; got 1e+39 among its values."),
        ([[1.0]], [-1e39], "targets must be finite in float32; got -1e+39 among its values."),
        (
            [[1.0]],
            np.array([2**63], dtype=np.uint64),
            "targets must fit in int64; got 9223372036854775808 among its values.",
        ),
        (np.ma.masked_array([[1.0], [999]], [[0], [1]]), [0, 1], "features must have no masked values; got 1 of 2."),
    ],
)
def test_what_is_stored_is_what_was_checked(features, targets, message):
    with pytest.raises(ValueError) as caught:
        TableDataset(features, targets)
    assert str(caught.value) == f"TableDataset: {message}"


def test_a_sparse_tensor_is_stored_densely():
    assert TableDataset(torch.eye(2).to_sparse(), [0, 1]).features.tolist() == [[1, 0], [0, 1]]


def test_large_labels_are_stored_to_the_last_digit():
    assert TableDataset([[0.0], [0.0]], [2**53 + 1, 3]).targets.tolist() == [2**53 + 1, 3]


def test_predictions_are_of_the_features_that_were_given():
    with pytest.raises(ValueError, match=r"^predict: features must be finite in torch.float32; got 1e\+39\.$"):
        predict(nn.Linear(1, 1), [[1e39]])
    with pytest.raises(TypeError, match=r"^predict: what model gives must be a Tensor; got tuple"):
        predict(nn.LSTM(1, 1), [[1.0]])


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
        (
            lambda: MLP([1, 1])(np.ones((2, 1))),
            TypeError,
            "forward: x must be a Tensor; got ndarray array([[1.], [1.]]).",
        ),
        (lambda: parameter_count(3), TypeError, "parameter_count: model must be a Module; got int 3."),
    ],
)
def test_a_network_refuses(make, error, message):
    with pytest.raises(error) as caught:
        make()
    assert str(caught.value) == message

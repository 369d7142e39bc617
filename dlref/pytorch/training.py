"""Training in PyTorch: a data set, the loop with its history, and evaluation."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import Dataset

from dlref import _check

__all__ = ["History", "TableDataset", "evaluate", "fit", "predict", "train_epoch"]

Batches = Iterable[tuple[Tensor, Tensor]]


class TableDataset(Dataset):
    """The rows of a table as examples: features as float32, with their targets.

    Args:
        features: Numbers of shape (examples, features).
        targets: Numbers of shape (examples,) for class labels, or (examples, outputs). Integers stay integers, as class
            labels must; floats become float32.

    Raises:
        TypeError: If either holds anything but real numbers.
        ValueError: If either has another shape, is empty or holds nan or ∞, or if their lengths differ.

    Examples:
        >>> from dlref.pytorch.training import TableDataset
        >>> dataset = TableDataset([[2.62], [2.32], [3.44]], [[21.0], [22.8], [18.7]])
        >>> print(len(dataset), dataset[1])
        3 (tensor([2.3200]), tensor([22.8000]))

        Class labels stay integers.

        >>> from dlref.pytorch.training import TableDataset
        >>> features, label = TableDataset([[1, 2], [3, 4]], [0, 1])[1]
        >>> print(features, label)
        tensor([3., 4.]) tensor(1)

        Every row of features needs its target.

        >>> from dlref.pytorch.training import TableDataset
        >>> try:
        ...     TableDataset([[2.62], [2.32], [3.44]], [[21.0], [22.8]])
        ... except ValueError as error:
        ...     print(error)
        TableDataset: targets must hold one row for each of the 3 rows of features; got 2 rows.

    References:
        Like `torch.utils.data.TensorDataset`, which takes tensors and checks their lengths with an `assert`.
        On the page: [Dataset][pt-dataset].
    """

    def __init__(self, features: ArrayLike, targets: ArrayLike) -> None:
        features = _check.not_empty("features", _check.floats("features", features, ndim=2, finite=True))
        checked = _check.floats("targets", targets, finite=True)
        if checked.ndim not in (1, 2):
            raise _check.wrong_value("targets", "have 1 or 2 dimensions", f"shape {checked.shape}")
        if len(checked) != len(features):
            expected = f"hold one row for each of the {len(features)} rows of features"
            raise _check.wrong_value("targets", expected, f"{len(checked)} rows")

        whole = np.asarray(targets).dtype.kind in "biu"
        self.features = torch.tensor(features, dtype=torch.float32)
        self.targets = torch.tensor(checked, dtype=torch.int64 if whole else torch.float32)

    def __len__(self) -> int:
        return len(self.features)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.features[index], self.targets[index]


@dataclass
class History:
    """What `fit` measures: the mean loss an example, 0 or more for the usual losses, one number an epoch.

    Args:
        train_loss: On the training data, while they are learned from.
        validation_loss: On the validation data, after each epoch; empty without any.

    Examples:
        >>> from dlref.pytorch.training import History
        >>> print(History(train_loss=[4.0, 1.0]))
        History(train_loss=[4.0, 1.0], validation_loss=[])

    References:
        On the page: [Training loop][pt-training-loop].
    """

    train_loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)


def train_epoch(model: nn.Module, loader: Batches, loss_function: Callable, optimizer: Optimizer) -> float:
    r"""Train on every batch once, and return the mean loss an example.

    $$\bar L = \frac{\sum_b n_b L_b}{\sum_b n_b}$$

    Each batch's mean loss $L_b$ counts by its size $n_b$, since the last batch is often smaller.

    Args:
        model: A module that maps features to outputs; left in training mode.
        loader: Batches of features and targets: a `DataLoader`, or a list of pairs.
        loss_function: Maps outputs and targets to the batch's mean loss.
        optimizer: Updates the model's parameters.

    Returns:
        The mean loss, each batch's measured before its own step; so later batches meet a better model.

    Raises:
        ValueError: If `loader` gives no batch, if `loss_function` says that it sums instead of averaging, or if
            floating targets do not have the shape of the outputs, which would be broadcast.

    Examples:
        >>> import torch
        >>> from torch import nn
        >>> from dlref.pytorch.training import train_epoch
        >>> model = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.zeros_(model.weight)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        >>> batches = [(torch.ones(3, 1), torch.ones(3, 1)), (torch.ones(1, 1), 3 * torch.ones(1, 1))]
        >>> print(round(train_epoch(model, batches, nn.MSELoss(), optimizer), 4), round(model.weight.item(), 4))
        2.71 0.76

        Three predictions of shape (3, 1) less three targets of shape (3,) are nine differences: refused.

        >>> import torch
        >>> from torch import nn
        >>> from dlref.pytorch.training import train_epoch
        >>> model = nn.Linear(1, 1)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        >>> try:
        ...     train_epoch(model, [(torch.ones(3, 1), torch.ones(3))], nn.MSELoss(), optimizer)
        ... except ValueError as error:
        ...     print(error)
        train_epoch: targets must have the shape of the outputs, (3, 1); got shape (3,).

    References:
        The loop of every PyTorch tutorial. On the page: [Training loop][pt-training-loop].
    """
    _check_averages(loss_function)

    model.train()
    losses = []
    for features, targets in loader:
        optimizer.zero_grad()
        loss = _loss(model, loss_function, features, targets)
        loss.backward()
        optimizer.step()
        losses.append((loss.item(), len(features)))
    return _mean(losses)


def evaluate(model: nn.Module, loader: Batches, loss_function: Callable) -> float:
    """Mean loss an example, in evaluation mode and without gradients; the model is left as it was.

    Args:
        model: A module that maps features to outputs.
        loader: Batches of features and targets.
        loss_function: Maps outputs and targets to the batch's mean loss.

    Returns:
        The mean loss, batches counted by their size: the same for every batch size, if the loss is a plain mean.
        A loss with class weights divides by the sum of the weights, and is none.

    Raises:
        ValueError: As `train_epoch`.

    Examples:
        >>> import torch
        >>> from torch import nn
        >>> from dlref.pytorch.training import evaluate
        >>> batches = [(torch.zeros(3, 1), torch.zeros(3, 1)), (torch.zeros(1, 1), torch.full((1, 1), 2.0))]
        >>> print(evaluate(nn.Identity(), batches, nn.MSELoss()))
        1.0

        Dropout is off while evaluating, and on again afterwards.

        >>> import torch
        >>> from torch import nn
        >>> from dlref.pytorch.training import evaluate
        >>> model = nn.Dropout(0.5)
        >>> print(evaluate(model, [(torch.ones(100, 1), torch.ones(100, 1))], nn.MSELoss()), model.training)
        0.0 True

        >>> from torch import nn
        >>> from dlref.pytorch.training import evaluate
        >>> for loss_function in (nn.MSELoss(reduction="sum"), nn.MSELoss()):
        ...     try:
        ...         evaluate(nn.Identity(), [], loss_function)
        ...     except ValueError as error:
        ...         print(error)
        evaluate: loss_function must average over the batch; got reduction='sum'.
        evaluate: loader must give at least one batch; got none.

    References:
        On the page: [Model evaluation][pt-evaluation].
    """
    _check_averages(loss_function)

    with _evaluating(model):
        return _mean([(_loss(model, loss_function, x, y).item(), len(x)) for x, y in loader])


def predict(model: nn.Module, features: ArrayLike) -> np.ndarray:
    """The model's outputs for a table of features, in evaluation mode and without gradients.

    Args:
        model: A module that maps features to outputs; left as it was.
        features: Numbers of shape (examples, features).

    Returns:
        Outputs as the model gives them, such as logits, as an array.

    Raises:
        TypeError: If `features` holds anything but real numbers.
        ValueError: If `features` does not have two dimensions.

    Examples:
        >>> from torch import nn
        >>> from dlref.pytorch.training import predict
        >>> print(predict(nn.ReLU(), [[-1, 2], [3, -4]]))
        [[0. 2.]
         [3. 0.]]

    References:
        On the page: [Model evaluation][pt-evaluation].
    """
    features = _check.floats("features", features, ndim=2)

    with _evaluating(model):
        return model(torch.tensor(features, dtype=torch.float32)).numpy()


def fit(
    model: nn.Module,
    loader: Batches,
    loss_function: Callable,
    optimizer: Optimizer,
    *,
    epochs: int,
    validation_loader: Batches | None = None,
) -> History:
    """Train for some epochs; after each, measure the loss on validation data.

    Args:
        model: A module that maps features to outputs.
        loader: Batches to train on; a `DataLoader` that shuffles gives them in a new order each epoch.
        loss_function: Maps outputs and targets to the batch's mean loss.
        optimizer: Updates the model's parameters.
        epochs: How often the data are gone through, from 1.
        validation_loader: Batches that are only measured.

    Returns:
        The losses, one an epoch.

    Raises:
        TypeError: If `epochs` is not an integer.
        ValueError: If `epochs` is below 1, or as `train_epoch`.

    Examples:
        A line through y = 2x finds its slope.

        >>> import torch
        >>> from torch import nn
        >>> from dlref.pytorch.training import fit
        >>> model = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.zeros_(model.weight)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
        >>> batches, others = [(torch.ones(1, 1), torch.full((1, 1), 2.0))], [(torch.ones(1, 1), torch.ones(1, 1))]
        >>> history = fit(model, batches, nn.MSELoss(), optimizer, epochs=3, validation_loader=others)
        >>> print(history)
        History(train_loss=[4.0, 1.0, 0.25], validation_loss=[0.0, 0.25, 0.5625])
        >>> print(fit(model, batches, nn.MSELoss(), optimizer, epochs=1))
        History(train_loss=[0.0625], validation_loss=[])

    References:
        On the page: [Training loop][pt-training-loop].
    """
    epochs = _check.integer("epochs", epochs)

    history = History()
    for _ in range(epochs):
        history.train_loss.append(train_epoch(model, loader, loss_function, optimizer))
        if validation_loader is not None:
            history.validation_loss.append(evaluate(model, validation_loader, loss_function))
    return history


def _check_averages(loss_function: Callable) -> None:
    reduction = getattr(loss_function, "reduction", "mean")
    if reduction != "mean":
        raise _check.wrong_value("loss_function", "average over the batch", f"reduction={reduction!r}")


def _loss(model: nn.Module, loss_function: Callable, features: Tensor, targets: Tensor) -> Tensor:
    """The loss of one batch. Floating targets of another shape than the outputs would be broadcast against them."""
    outputs = model(features)
    if targets.is_floating_point() and targets.shape != outputs.shape:
        expected = f"have the shape of the outputs, {tuple(outputs.shape)}"
        raise _check.wrong_value("targets", expected, f"shape {tuple(targets.shape)}")
    return loss_function(outputs, targets)


def _mean(losses: list[tuple[float, int]]) -> float:
    """The mean an example, from each batch's mean and size."""
    if not losses:
        raise _check.wrong_value("loader", "give at least one batch", "none")
    return sum(loss * size for loss, size in losses) / sum(size for _, size in losses)


@contextmanager
def _evaluating(model: nn.Module) -> Iterator[None]:
    """Evaluation mode without gradients; each module's own mode comes back, so that a frozen one stays frozen."""
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for module, mode in modes.items():
            module.training = mode

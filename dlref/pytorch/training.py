"""Training in PyTorch: a data set, the loop with its history, and evaluation.

Batches are moved to where the model is: to its device, and floats to its dtype. So the same loop trains in float32 and
float64, on a CPU and on a GPU.
"""

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import Dataset

from dlref import _check
from dlref.pytorch._modes import mode

__all__ = ["History", "TableDataset", "evaluate", "fit", "predict", "train_epoch"]

Batches = Iterable[tuple[Tensor, Tensor]]

# These compare number with number, and would broadcast; by class and by function.
_ELEMENTWISE = {
    *("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "BCELoss", "BCEWithLogitsLoss", "KLDivLoss"),
    *("PoissonNLLLoss", "SoftMarginLoss", "HingeEmbeddingLoss", "MultiLabelSoftMarginLoss"),
    *("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy"),
    *("binary_cross_entropy_with_logits", "kl_div", "poisson_nll_loss", "soft_margin_loss", "hinge_embedding_loss"),
    "multilabel_soft_margin_loss",
}
# And these take floating targets only.
_FLOATS = {"HuberLoss", "BCELoss", "BCEWithLogitsLoss", "huber_loss", "binary_cross_entropy"}
_FLOATS |= {"binary_cross_entropy_with_logits"}


class TableDataset(Dataset):
    """The rows of a table as examples: features as float32, with their targets.

    Args:
        features: Numbers of shape (examples, features).
        targets: Numbers of shape (examples,) for class labels, or (examples, outputs). Integers stay integers, as class
            labels must; floats become float32.

    Attributes:
        features: All features, a float32 tensor of shape (examples, features).
        targets: All targets, a float32 or int64 tensor.

    `dataset[i]` is one example, and `dataset[:]`, or another slice, the features and targets of several: a batch.

    Raises:
        TypeError: If either holds anything but real numbers.
        ValueError: If either has another shape, is empty or holds nan, ∞ or what float32 (for integers, int64) cannot
            hold, or if their lengths differ.

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
        checked = _check.not_empty("features", _check.floats("features", features, ndim=2, finite=True))
        found = _check.numbers("targets", targets, finite=True)
        if found.ndim not in (1, 2):
            raise _check.wrong_value("targets", "have 1 or 2 dimensions", f"shape {found.shape}")
        if len(found) != len(checked):
            expected = f"hold one row for each of the {len(checked)} rows of features"
            raise _check.wrong_value("targets", expected, f"{len(found)} rows")

        self.features = _float32("features", checked)
        self.targets = (_int64 if found.dtype.kind in "biu" else _float32)("targets", found)

    def __len__(self) -> int:
        return len(self.features)

    def __getitem__(self, index: int | slice) -> tuple[Tensor, Tensor]:
        return self.features[index], self.targets[index]


@dataclass
class History:
    """What `fit` measures: the mean loss per example, 0 or more for the usual losses, one number per epoch.

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
    r"""Train on every batch once, and return the mean loss per example.

    $$\bar L = \frac{\sum_b n_b L_b}{\sum_b n_b}$$

    Each batch's mean loss $L_b$ counts by its size $n_b$, since the last batch is often smaller.

    Args:
        model: A module that maps features to outputs. It trains in training mode, and comes back in its own.
        loader: Batches of features and targets: a `DataLoader`, or a list of pairs. They are moved to the device of
            the model, and floats to its dtype.
        loss_function: Maps outputs and targets to the batch's mean loss.
        optimizer: Updates the model's parameters.

    Returns:
        The mean loss, each batch's measured before its own step; so later batches meet a better model.

    Raises:
        ValueError: If `loader` gives no batch, if `loss_function` says that it sums instead of averaging or gives more
            than one number, or if targets do not have the shape of the outputs and are no class labels either, which
            would be broadcast.
        TypeError: If `loss_function` takes floating targets only and these are integers.

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

        Integers are class labels where the outputs have a column for each class, and refused elsewhere.

        >>> import torch
        >>> from torch import nn
        >>> from dlref.pytorch.training import train_epoch
        >>> labels = torch.tensor([0, 1, 1])
        >>> for outputs, loss_function in ((2, nn.CrossEntropyLoss()), (1, nn.MSELoss())):
        ...     model = nn.Linear(1, outputs)
        ...     nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
        ...     optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        ...     try:
        ...         print(round(train_epoch(model, [(torch.ones(3, 1), labels)], loss_function, optimizer), 4))
        ...     except ValueError as error:
        ...         print(error)
        0.6931
        train_epoch: targets must have the shape of the outputs, (3, 1); got shape (3,).

    References:
        The loop of every PyTorch tutorial. On the page: [Training loop][pt-training-loop].
    """
    _check_parts(model, loss_function, optimizer)

    with mode(model, training=True):
        return _train(model, loader, loss_function, optimizer)


def evaluate(model: nn.Module, loader: Batches, loss_function: Callable) -> float:
    """Mean loss per example, in evaluation mode and without gradients; the model is left as it was.

    Args:
        model: A module that maps features to outputs.
        loader: Batches of features and targets, moved as by `train_epoch`.
        loss_function: Maps outputs and targets to the batch's mean loss.

    Returns:
        The mean loss, batches counted by their size: the same for every batch size, if the loss is a plain mean.
        A loss with class weights divides by the sum of the weights, and is none.

    Raises:
        TypeError: As `train_epoch`.
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
    _check_parts(model, loss_function)

    return _measure(model, loader, loss_function)


def predict(model: nn.Module, features: ArrayLike) -> np.ndarray:
    """The model's outputs for a table of features, in evaluation mode and without gradients.

    Args:
        model: A module that maps features to outputs; left as it was.
        features: Numbers of shape (examples, features). They become a tensor on the device of the model, of its dtype;
            float32, if it has no parameters.

    Returns:
        Outputs as the model gives them, such as logits, as an array on the CPU, of the model's dtype; float32 for a
        model in bfloat16, which NumPy does not have.

    Raises:
        TypeError: If `features` holds anything but real numbers, or the model gives anything but one tensor.
        ValueError: If `features` does not have two dimensions, or holds what the model's dtype cannot hold.

    Examples:
        >>> from torch import nn
        >>> from dlref.pytorch.training import predict
        >>> print(predict(nn.ReLU(), [[-1, 2], [3, -4]]))
        [[0. 2.]
         [3. 0.]]

    References:
        On the page: [Model evaluation][pt-evaluation].
    """
    _check.instance("model", model, nn.Module)
    checked = _check.floats("features", features, ndim=2)
    # float64 as it is, for a model in float64; longdouble is not known to torch.
    wide = checked.dtype.itemsize >= 8
    table = torch.from_numpy(np.array(checked, dtype=np.float64, order="C")) if wide else _float32("features", checked)
    (moved,) = _to_model(model, table if _like(model) is not None else table.float())
    if np.isfinite(checked).all() and not moved.isfinite().all():
        raise _check.wrong_value("features", f"be finite in {moved.dtype}", f"{np.abs(checked).max():g}")

    with mode(model, training=False), torch.no_grad():
        outputs = model(moved)
    outputs = _check.instance("what model gives", outputs, Tensor).cpu()
    return (outputs.float() if outputs.dtype == torch.bfloat16 else outputs).numpy()


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
        model: A module that maps features to outputs; it comes back in the mode it was in.
        loader: Batches to train on, moved as by `train_epoch`; a `DataLoader` that shuffles gives them in a new order
            each epoch.
        loss_function: Maps outputs and targets to the batch's mean loss.
        optimizer: Updates the model's parameters.
        epochs: How often the data are gone through, from 1.
        validation_loader: Batches that are only measured.

    Returns:
        The losses, one per epoch.

    Warns:
        RuntimeWarning: If the training loss of the last epoch is above that of the first, or not a number.

    Raises:
        TypeError: If `epochs` is not an integer, or as `train_epoch`.
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

        At four times the rate each step overshoots, and the loss grows: `fit` says so.

        >>> import warnings
        >>> import torch
        >>> from torch import nn
        >>> from dlref.pytorch.training import fit
        >>> model = nn.Linear(1, 1, bias=False)
        >>> nn.init.zeros_(model.weight)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=1.5)
        >>> with warnings.catch_warnings(record=True) as said:
        ...     warnings.simplefilter("always")
        ...     history = fit(model, [(torch.ones(1, 1), torch.full((1, 1), 2.0))], nn.MSELoss(), optimizer, epochs=3)
        >>> print(history.train_loss)
        [4.0, 16.0, 64.0]
        >>> print(said[0].message)
        fit: the training loss rose from 4 in the first epoch to 64 in the last; the learning rate may be too high.

    References:
        On the page: [Training loop][pt-training-loop].
    """
    epochs = _check.integer("epochs", epochs)
    _check_parts(model, loss_function, optimizer)

    history = History()
    for _ in range(epochs):
        with mode(model, training=True):
            history.train_loss.append(_train(model, loader, loss_function, optimizer))
        if validation_loader is not None:
            history.validation_loss.append(_measure(model, validation_loader, loss_function, "validation_loader"))

    first, last = history.train_loss[0], history.train_loss[-1]
    # Written so that nan warns, and a loss that stays where it is to the last digits of float32 does not.
    if not last <= first + 1e-6 * abs(first):
        rose = f"rose from {first:g} in the first epoch to {last:g} in the last"
        warnings.warn(f"fit: the training loss {rose}; the learning rate may be too high.", RuntimeWarning, 2)
    return history


def _train(model: nn.Module, loader: Batches, loss_function: Callable, optimizer: Optimizer) -> float:
    losses = []
    for features, targets in _batches("loader", loader):
        optimizer.zero_grad()
        loss = _loss(model, loss_function, features, targets)
        loss.backward()
        optimizer.step()
        losses.append((loss.item(), len(features)))
    return _mean(losses)


def _measure(model: nn.Module, loader: Batches, loss_function: Callable, argument: str = "loader") -> float:
    with mode(model, training=False), torch.no_grad():
        batches = _batches(argument, loader)
        return _mean([(_loss(model, loss_function, x, y).item(), len(x)) for x, y in batches], argument)


def _float32(argument: str, checked: np.ndarray) -> Tensor:
    """A copy in float32, whatever the strides and the order of bytes; what float32 cannot hold is refused."""
    with np.errstate(over="ignore"):
        single = np.array(checked, dtype=np.float32, order="C")
    lost = np.isinf(single) & np.isfinite(checked)
    if lost.any():
        raise _check.wrong_value(argument, "be finite in float32", f"{checked[lost].flat[0]:g} among its values")
    return torch.from_numpy(single)


def _int64(argument: str, whole: np.ndarray) -> Tensor:
    if whole.size and whole.max() > np.iinfo(np.int64).max:
        raise _check.wrong_value(argument, "fit in int64", f"{whole.max()} among its values")
    return torch.from_numpy(np.array(whole, dtype=np.int64, order="C"))


def _like(model: nn.Module) -> Tensor | None:
    """A tensor of the device and dtype in which the model computes: its first floating one."""
    tensors = chain(model.parameters(), model.buffers())
    return next((tensor for tensor in tensors if tensor.is_floating_point()), None)


def _to_model(model: nn.Module, *batch: Tensor) -> list[Tensor]:
    """The tensors on the device of the model, floats in its dtype."""
    like = _like(model)
    if like is None:
        return list(batch)
    return [
        part.to(like.device, like.dtype if part.is_floating_point() else part.dtype, non_blocking=True)
        if isinstance(part, Tensor)
        else part
        for part in batch
    ]


def _batches(argument: str, loader: Batches) -> Iterator[tuple[Tensor, Tensor]]:
    """The batches that a loader gives, each a pair."""
    try:
        batches = iter(loader)
    except TypeError:
        raise _check.wrong_kind(argument, "give batches", loader) from None
    for batch in batches:
        if not isinstance(batch, tuple | list) or len(batch) != 2:
            raise _check.wrong_kind(argument, "give pairs of features and targets", batch)
        yield tuple(batch)


def _check_parts(model: nn.Module, loss_function: Callable, *optimizers: Optimizer) -> None:
    _check.instance("model", model, nn.Module)
    _check.function("loss_function", loss_function)
    for optimizer in optimizers:
        _check.instance("optimizer", optimizer, Optimizer)
    reduction = getattr(loss_function, "reduction", "mean")
    # KLDivLoss calls its mean over the examples so.
    if reduction not in ("mean", "batchmean"):
        raise _check.wrong_value("loss_function", "average over the batch", f"reduction={reduction!r}")


def _loss(model: nn.Module, loss_function: Callable, features: Tensor, targets: Tensor) -> Tensor:
    """The loss of one batch, once it is sure that nothing is broadcast."""
    features, targets = _to_model(model, features, targets)
    outputs = model(features)
    if isinstance(outputs, Tensor) and isinstance(targets, Tensor):
        _check_targets(loss_function, outputs, targets)
    loss = loss_function(outputs, targets)
    if not isinstance(loss, Tensor) or loss.numel() != 1:
        got = f"shape {tuple(loss.shape)}" if isinstance(loss, Tensor) else type(loss).__name__
        raise _check.wrong_value("loss_function", "give one number per batch, a tensor", got)
    return loss


def _check_targets(loss_function: Callable, outputs: Tensor, targets: Tensor) -> None:
    """Targets of another shape than the outputs are broadcast against them, unless they are class labels."""
    name = getattr(loss_function, "__name__", type(loss_function).__name__)
    if name in _FLOATS and not targets.is_floating_point():
        raise _check.wrong_kind("targets", f"hold floats, as {name} asks", targets.dtype)
    shape, labels = tuple(outputs.shape), outputs.shape[:1] + outputs.shape[2:]
    classes = outputs.ndim > 1 and outputs.shape[1] > 1 and name not in _ELEMENTWISE
    if targets.shape == outputs.shape or (classes and not targets.is_floating_point() and targets.shape == labels):
        return
    expected = f"have the shape of the outputs, {shape}"
    expected += f", or be integers of shape {tuple(labels)}, as class labels" if classes else ""
    raise _check.wrong_value("targets", expected, f"shape {tuple(targets.shape)}")


def _mean(losses: list[tuple[float, int]], argument: str = "loader") -> float:
    """The mean per example, from each batch's mean and size."""
    if not losses:
        raise _check.wrong_value(argument, "give at least one batch", "none")
    return sum(loss * size for loss, size in losses) / sum(size for _, size in losses)

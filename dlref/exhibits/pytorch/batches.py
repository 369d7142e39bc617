"""Exhibits of the page on batches and their size."""

from functools import cache

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame
from torch import nn
from torch.utils.data import DataLoader

from dlref.engine.exhibit import exhibit
from dlref.exhibits._heart_tables import heart_tables
from dlref.exhibits.pytorch import _recording
from dlref.plots import style
from dlref.pytorch.networks import MLP
from dlref.pytorch.training import TableDataset, evaluate, train_epoch

SIZES = [1, 8, 64, 734]
NOISE_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
EPOCHS = 10


def network() -> MLP:
    """The network that all runs start from."""
    torch.manual_seed(0)
    return MLP([heart_tables()[0].shape[1], 16, 1])


@cache
def losses(batch_size: int, rate: float = 0.05) -> list[float]:
    """Loss on all training patients before training and after each epoch, by SGD."""
    x, y, _, _ = heart_tables()
    model, loss_function = network(), nn.BCEWithLogitsLoss()
    dataset = TableDataset(x, y)
    loader = DataLoader(dataset, batch_size, shuffle=True, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    found = [evaluate(model, [dataset[:]], loss_function)]
    for _ in range(EPOCHS):
        train_epoch(model, loader, loss_function, optimizer)
        found.append(evaluate(model, [dataset[:]], loss_function))
    return found


def steps(batch_size: int) -> int:
    """Steps of one epoch: the number of batches, the last one included."""
    return -(-len(heart_tables()[0]) // batch_size)


@exhibit(
    alt="Training loss over 10 epochs for batches of 1, 8, 64 and all 734 patients. After each epoch, smaller batches "
    "have the lower loss; with one batch of all it has hardly fallen."
)
def per_epoch() -> Figure:
    """An epoch of small batches takes many steps, and gets further."""
    figure, axes = style.figure()
    for size, color, dash in zip(SIZES, style.SERIES, style.DASHES, strict=True):
        axes.plot(losses(size), color=color, linestyle=dash, label=f"{size}")
    axes.set(xlabel="epoch", ylabel="training loss", xlim=(0, EPOCHS), xticks=range(0, EPOCHS + 1, 2), ylim=(0.1, 0.75))
    axes.legend(title="batch size", ncols=2, alignment="left")
    return figure


@exhibit(
    alt="The same losses against the number of steps, on a logarithmic scale. The four curves nearly lie on each "
    "other: a step of a large batch gets about as far as a step of a small one."
)
def per_step() -> Figure:
    """At one learning rate, a step is a step: large batches do not get further by it, but each costs more."""
    figure, axes = style.figure()
    for size, color, dash in zip(SIZES, style.SERIES, style.DASHES, strict=True):
        axes.semilogx(
            steps(size) * np.arange(1, EPOCHS + 1), losses(size)[1:], color=color, linestyle=dash, label=f"{size}"
        )
    axes.set_xticks([1, 10, 100, 1000, 10_000], ["1", "10", "100", "1000", "10,000"])
    axes.minorticks_off()
    axes.set(xlabel="steps", ylabel="training loss", ylim=(0.1, 0.75))
    axes.legend(title="batch size", ncols=2, alignment="left", loc="lower left")
    return figure


@exhibit()
def smaller_is_ahead() -> bool:
    """After each of the ten epochs, the loss is lower the smaller the batches are."""
    return all(list(after) == sorted(after) for after in list(zip(*map(losses, SIZES), strict=True))[1:])


@exhibit()
def steps_decide() -> bool:
    """Where two runs have taken about as many steps, their losses differ by less than 0.02: batches of 8 after eight
    epochs and of 1 after one; of 64 after eight and of 8 after one; of all patients after ten and of 64 after one."""
    pairs = [((8, 8), (1, 1)), ((64, 8), (8, 1)), ((734, 10), (64, 1))]
    return all(abs(losses(a)[after] - losses(b)[then]) < 0.02 for (a, after), (b, then) in pairs)


@cache
def example_gradients() -> torch.Tensor:
    """The gradient of the loss of each single patient by all parameters of the network, one row a patient."""
    x, y, _, _ = (torch.tensor(table) for table in heart_tables())
    model = network()
    parameters = dict(model.named_parameters())

    def loss(values, features, target):
        logits = torch.func.functional_call(model, values, (features[None],))
        return nn.functional.binary_cross_entropy_with_logits(logits, target[None])

    each = torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))(parameters, x, y)
    return torch.cat([gradient.flatten(1) for gradient in each.values()], dim=1).double()


@cache
def noise(batch_size: int) -> float:
    """How far the gradient of a random batch is from that of all patients: root mean square of 2000 batches."""
    each = example_gradients()
    generator = torch.Generator().manual_seed(batch_size)
    rows = torch.randint(len(each), (2000, batch_size), generator=generator)
    # How often each patient is in each batch: the means are then one matrix product.
    times = torch.zeros(2000, len(each), dtype=torch.float64).scatter_add_(1, rows, torch.ones(rows.shape).double())
    batches = times @ each / batch_size
    return (batches - each.mean(dim=0)).square().sum(dim=1).mean().sqrt().item()


@exhibit()
def alignment() -> float:
    """Cosine of the angle between the gradient of 32 random patients and that of all of them: the mean of 2000
    batches."""
    each = example_gradients()
    rows = torch.randint(len(each), (2000, 32), generator=torch.Generator().manual_seed(0))
    return nn.functional.cosine_similarity(each[rows].mean(dim=1), each.mean(dim=0), dim=1).mean().item()


def expected_noise() -> float:
    """The same for a batch of one, from the spread of the single gradients."""
    each = example_gradients()
    return (each - each.mean(dim=0)).square().sum(dim=1).mean().sqrt().item()


@exhibit(
    alt="Gradient noise against batch size, both on logarithmic scales: ten measured points from 1 to 512, all on a "
    "straight line that falls as one over the square root of the batch size."
)
def gradient_noise() -> Figure:
    """Noise of the gradient, measured (points), and σ/√n (line): four times the batch halves it."""
    figure, axes = style.figure()
    sizes = np.array(NOISE_SIZES)
    axes.loglog(sizes, expected_noise() / np.sqrt(sizes), color=style.MUTED, linewidth=1.2)
    axes.loglog(sizes, [noise(size) for size in NOISE_SIZES], "o", color=style.BLUE, markersize=5)
    axes.annotate("σ / √n", (40, 1.25 * expected_noise() / np.sqrt(40)), color=style.MUTED)
    axes.set_xticks([1, 8, 64, 512], ["1", "8", "64", "512"])
    axes.set_yticks([0.03, 0.1, 0.3, 1], ["0.03", "0.1", "0.3", "1"])
    axes.minorticks_off()
    axes.set(xlabel="batch size n", ylabel="distance from the full gradient")
    return figure


@exhibit()
def falls_as_root() -> bool:
    """For all ten batch sizes, measured noise times √n is within 5 % of the spread of the single gradients."""
    return all(abs(noise(size) * np.sqrt(size) / expected_noise() - 1) < 0.05 for size in NOISE_SIZES)


def kept_for_backward(batch_size: int) -> int:
    """Bytes that one forward pass keeps for the backward pass, parameters left out."""
    model = network()
    own = {parameter.data_ptr() for parameter in model.parameters()}
    sizes = {}

    def pack(tensor):
        if tensor.data_ptr() not in own:
            sizes[tensor.data_ptr()] = tensor.numel() * tensor.element_size()
        return tensor

    x, y, _, _ = (torch.tensor(table[:batch_size]) for table in heart_tables())
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        loss = nn.functional.binary_cross_entropy_with_logits(model(x), y)
    del loss
    return sum(sizes.values())


@exhibit()
def recorded_on() -> str:
    """The date in the first line of the recording, `batch_times.csv`."""
    return _recording.made()[0]


@exhibit()
def recorded_with() -> str:
    """The processor in the first line of the recording."""
    return _recording.made()[1]


@exhibit()
def recorded_by() -> str:
    """The version in the first line of the recording."""
    return _recording.made()[2]


@exhibit(digits={"kept, kB": 1, "seconds": 4})
def costs() -> DataFrame:
    """One epoch over the training patients: its steps, what a step keeps in memory for the backward pass, and its time
    as recorded."""
    times = _recording.seconds()
    rows = [(size, steps(size), kept_for_backward(size) / 1000, times[size]) for size in times.index]
    return DataFrame(rows, columns=["batch size", "steps", "kept, kB", "seconds"])


@exhibit()
def larger_is_faster() -> bool:
    """In the recording, each larger batch size takes less time an epoch."""
    return _recording.seconds().is_monotonic_decreasing

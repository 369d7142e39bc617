"""Exhibits of the page on who changes what in a training step."""

from itertools import pairwise

import torch
from matplotlib.figure import Figure
from pandas import DataFrame
from torch import nn

from dlref.engine.exhibit import exhibit
from dlref.exhibits._cars import standardized_cars
from dlref.plots import style

CALLS = ["zero_grad", "forward", "loss", "backward", "step"]
OBJECTS = ["parameter", "output", "loss", "record", "gradient", "momentum"]


def operations(result: torch.Tensor | None) -> str:
    """How many operations are recorded behind a result; "freed" once `backward()` has passed."""
    if result is None:
        return "none"
    try:
        # What the last operation saved for `backward()`.
        _ = result.grad_fn._saved_self
    except RuntimeError:
        return "freed"
    count, node = 0, result.grad_fn
    while node is not None and node.name() != "torch::autograd::AccumulateGrad":
        count, node = count + 1, node.next_functions[0][0]
    return f"{count} operation{'s' * (count > 1)}"


def shown(value: torch.Tensor | None) -> str:
    """A number with two decimals, or that there is none."""
    return "none" if value is None else f"{value.item():.2f}".replace("-", "−")


def states() -> list[dict[str, str]]:
    """What each object holds before a training step and after each of its five calls.

    It is the second step of a line through the mean of the cars, so gradient and momentum of the first are still there.
    """
    x, y = (torch.tensor(column) for column in standardized_cars())
    y = y - y.mean()
    model = nn.Linear(1, 1, bias=False, dtype=torch.float64)
    nn.init.ones_(model.weight)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()

    found, outputs, loss = [], None, None
    for call in ("before", *CALLS):
        if call == "zero_grad":
            optimizer.zero_grad()
        elif call == "forward":
            outputs = model(x)
        elif call == "loss":
            loss = nn.functional.mse_loss(outputs, y)
        elif call == "backward":
            loss.backward()
        elif call == "step":
            optimizer.step()
        momentum = optimizer.state[model.weight]["momentum_buffer"]
        first, latest = None if outputs is None else outputs[0], outputs if loss is None else loss
        values = [shown(model.weight), shown(first), shown(loss), operations(latest)]
        values += [shown(model.weight.grad), shown(momentum)]
        found.append(dict(zip(OBJECTS, values, strict=True)))
    return found


def changes() -> list[list[str]]:
    """The objects that each call changes, found by comparing the states around it."""
    return [[name for name in OBJECTS if before[name] != after[name]] for before, after in pairwise(states())]


@exhibit()
def values() -> DataFrame:
    """One real step, after each call: the slope, its output for the first car, the loss, what is recorded for
    `backward`, the gradient of the slope and its momentum."""
    table = DataFrame(states(), index=["before", *CALLS])
    table.index.name = "call"
    return table


@exhibit(over="the second step of training on 32 cars")
def one_change_each() -> bool:
    """`zero_grad` changes the gradient alone; the forward pass the output and the record; the loss function the loss
    and the record; `backward` the record and the gradient; `step` the parameter and the momentum."""
    expected = [["gradient"], ["output", "record"], ["loss", "record"], ["record", "gradient"]]
    return changes() == [*expected, ["parameter", "momentum"]]


@exhibit(over="a forward pass in each mode, from 20 random starts")
def forward_also_changes() -> bool:
    """In training mode, a forward pass through batch norm and dropout changes the running means and the state of the
    random generator; in evaluation mode neither."""

    def changed(model: nn.Module) -> tuple[bool, bool]:
        means, state = model[0].running_mean.clone(), torch.get_rng_state()
        model(torch.arange(8.0).reshape(4, 2))
        return not torch.equal(means, model[0].running_mean), not torch.equal(state, torch.get_rng_state())

    found = set()
    for seed in range(20):
        torch.manual_seed(seed)
        model = nn.Sequential(nn.BatchNorm1d(2), nn.Dropout(0.5))
        found.add((changed(model.train()), changed(model.eval())))
    return found == {((True, True), (False, False))}


PLACES = {
    "parameters": (0.75, 2.7),
    "outputs": (2.4, 2.7),
    "loss": (4.05, 2.7),
    "record": (2.4, 1.62),
    "gradients": (4.05, 0.62),
    "optimizer state": (0.75, 0.62),
}
# Which boxes stand for what was measured.
BOXES = {"parameter": "parameters", "output": "outputs", "gradient": "gradients", "momentum": "optimizer state"}
# The arrows of each call, from and to, and where its name stands: beside the first.
ARROWS = {
    "zero_grad": ([((4.05, -0.06), (4.05, 0.38))], (3.5, 0.06)),
    "forward": ([((1.38, 2.7), (1.98, 2.7)), ((2.4, 2.46), (2.4, 1.86))], (1.68, 2.86)),
    "loss": ([((2.82, 2.7), (3.78, 2.7)), ((3.8, 2.5), (2.8, 1.78))], (3.3, 2.86)),
    "backward": ([((2.8, 1.46), (3.6, 0.86))], (3.62, 1.24)),
    "step": ([((3.55, 0.62), (1.35, 0.62)), ((0.75, 0.94), (0.75, 2.46))], (2.45, 0.78)),
}


@exhibit(
    alt="Boxes for parameters, outputs, loss, record, gradients, optimizer state. Arrows: forward from parameters to "
    "outputs and on to the record; loss from the outputs to the loss and on to the record; backward from the record to "
    "the gradients; step from the gradients to the optimizer state and on to the parameters; zero_grad from outside to "
    "the gradients. The call {call} and what it changes are marked.",
    explore={"call": CALLS},
)
def ring(call: str = "backward") -> Figure:
    """Each call changes what its arrows point to; `backward` frees the record it reads, and `step` leaves the gradients
    it reads. Plain SGD has no state of its own."""
    figure, axes = style.blank(4.8, 3.3, xlim=(0, 4.8), ylim=(-0.1, 3.2))
    changed = [BOXES.get(name, name) for name in dict(zip(CALLS, changes(), strict=True))[call]]
    for name, place in PLACES.items():
        color = style.BACKWARD if name in changed else style.MUTED
        box = style.BOX | {"edgecolor": color, "facecolor": style.tint(color, 0.1)}
        axes.text(*place, name.replace(" ", "\n"), ha="center", va="center", bbox=box)
    for name, (arrows, place) in ARROWS.items():
        color, weight = (style.BACKWARD, "semibold") if name == call else (style.MUTED, "regular")
        for start, end in arrows:
            axes.annotate("", end, start, arrowprops=style.ARROW | {"color": color})
        axes.text(*place, name, ha="center", va="center", color=color, weight=weight)
    return figure

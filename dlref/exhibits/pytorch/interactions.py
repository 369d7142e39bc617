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
OBJECTS = ["parameters", "outputs", "loss", "gradients", "optimizer state"]


def states() -> list[dict[str, list[float]]]:
    """What each object holds before a training step and after each of its five calls.

    It is the second step of a line through the cars, so gradients and momentum of the first are still there.
    """
    x, y = (torch.tensor(column, dtype=torch.float32) for column in standardized_cars())
    model = nn.Linear(1, 1)
    nn.init.constant_(model.weight, 1.0)
    nn.init.constant_(model.bias, 10.0)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()

    found, results = [], {}

    def look() -> None:
        gradients = [p.grad.item() for p in model.parameters() if p.grad is not None]
        momenta = [optimizer.state[p]["momentum_buffer"].item() for p in model.parameters()]
        outputs = results["outputs"][:2, 0].tolist() if "outputs" in results else []
        loss = [results["loss"].item()] if "loss" in results else []
        values = [[p.item() for p in model.parameters()], outputs, loss, gradients, momenta]
        found.append(dict(zip(OBJECTS, values, strict=True)))

    look()
    optimizer.zero_grad()
    look()
    results["outputs"] = model(x)
    look()
    results["loss"] = nn.functional.mse_loss(results["outputs"], y)
    look()
    results["loss"].backward()
    look()
    optimizer.step()
    look()
    return found


def changes() -> list[str]:
    """The objects that each call changes, found by comparing the states around it."""
    found = states()
    changed = [[name for name in OBJECTS if before[name] != after[name]] for before, after in pairwise(found)]
    return [" and ".join(names) for names in changed]


@exhibit()
def values() -> DataFrame:
    """One real step, after each call: weight and bias, outputs for the first two cars, loss, gradients, momentum."""
    rows = [
        {name: ", ".join(f"{value:.2f}".replace("-", "−") for value in held) or "none" for name, held in state.items()}
        for state in states()
    ]
    table = DataFrame(rows, index=["before", *CALLS])
    table.index.name = "call"
    return table


@exhibit()
def one_change_each() -> bool:
    """In the measured step, `zero_grad` and `backward` change the gradients and nothing else, `step` the parameters and
    the optimizer state, the forward pass the outputs, and the loss function the loss."""
    return changes() == ["gradients", "outputs", "loss", "gradients", "parameters and optimizer state"]


PLACES = {
    "parameters": (0.75, 2.7),
    "outputs": (2.4, 2.7),
    "loss": (4.05, 2.7),
    "gradients": (4.05, 0.7),
    "optimizer state": (0.75, 0.7),
}
# The arrows of each call, from and to, and where its name stands: beside each.
ARROWS = {
    "zero_grad": ([((4.05, 0.02), (4.05, 0.46))], [(3.5, 0.16)]),
    "forward": ([((1.38, 2.7), (1.98, 2.7))], [(1.68, 2.86)]),
    "loss": ([((2.82, 2.7), (3.78, 2.7))], [(3.3, 2.86)]),
    "backward": ([((4.05, 2.5), (4.05, 0.92))], [(3.62, 1.7)]),
    "step": ([((3.55, 0.7), (1.35, 0.7)), ((0.75, 1.02), (0.75, 2.38))], [(2.45, 0.86), (1.02, 1.7)]),
}


@exhibit(
    alt="Five boxes in a ring: parameters, outputs, loss, gradients, optimizer state. Arrows: forward from parameters "
    "to outputs, loss to the loss, backward to the gradients, step from the gradients to the optimizer state and on to "
    "the parameters, zero_grad from outside to the gradients. The call {call} and what it changes are marked.",
    explore={"call": CALLS},
)
def ring(call: str = "backward") -> Figure:
    """Each call changes what its arrow points to; `step` reads the gradients on its way, and leaves them."""
    figure, axes = style.blank(4.8, 3.3, xlim=(0, 4.8), ylim=(0, 3.3))
    changed = dict(zip(CALLS, changes(), strict=True))[call]
    for name, place in PLACES.items():
        color = style.BACKWARD if name in changed else style.MUTED
        box = style.BOX | {"edgecolor": color, "facecolor": style.tint(color, 0.1)}
        axes.text(*place, name.replace(" ", "\n"), ha="center", va="center", bbox=box)
    for name, (arrows, places) in ARROWS.items():
        color, weight = (style.BACKWARD, "semibold") if name == call else (style.MUTED, "regular")
        for start, end in arrows:
            axes.annotate("", end, start, arrowprops=style.ARROW | {"color": color})
        for place in places:
            axes.text(*place, name, ha="center", va="center", color=color, weight=weight)
    return figure

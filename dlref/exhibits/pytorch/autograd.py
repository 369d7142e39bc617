"""Exhibits of the page on automatic gradients."""

from collections import Counter
from typing import ClassVar

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame
from torch import nn

from dlref.autograd import Node, gradients
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.graphs import collapse
from dlref.plots import graph, style

# Whole numbers, so that all gradients of the graph are, too.
X = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]


def polynomial(x):
    """y = (x - 3)(x - 6)(x - 4), of a number, an array, a tensor or a node."""
    return (x - 3) * (x - 6) * (x - 4)


def many_operations(x):
    """A function of a node or a tensor that uses every operation of `dlref.autograd`."""
    y = polynomial(x) / 10
    return y.tanh() * (x / 4).exp() - (y**2 + 1).log() / (x.sigmoid() + 1) + (-y).relu()


def slope(x: float) -> float:
    """Its derivative by the product rule."""
    return (x - 6) * (x - 4) + (x - 3) * (x - 4) + (x - 3) * (x - 6)


@exhibit(digits=0, explore={"x": X})
def by_pytorch(x: float = 1.0) -> float:
    """What `backward()` leaves in `x.grad`."""
    at = torch.tensor(x, requires_grad=True)
    polynomial(at).backward()
    return at.grad.item()


@exhibit(digits=0, explore={"x": X})
def by_dlref(x: float = 1.0) -> float:
    """What `dlref.autograd.gradients` gives."""
    at = Node(x)
    return gradients(polynomial(at))[at]


@exhibit(digits=0, explore={"x": X})
def by_calculus(x: float = 1.0) -> float:
    """The derivative by the product rule, as in `slope`."""
    return slope(x)


@exhibit(digits=0, explore={"x": X})
def at_x(x: float = 1.0) -> float:
    """Where the slider is."""
    return x


@exhibit()
def largest_difference() -> str:
    """Largest difference of the gradient by `dlref.autograd` from PyTorch's, in float64, at 1401 values of x from 0 to
    7: of the polynomial, and of a function with exponential, logarithm, tanh, sigmoid, ReLU, quotient and power.
    """
    pairs = []
    for function in (polynomial, many_operations):
        for x in np.linspace(0, 7, 1401):
            node, leaf = Node(float(x)), torch.tensor(x, requires_grad=True)
            (theirs,) = torch.autograd.grad(function(leaf), leaf)
            pairs.append((gradients(function(node))[node], theirs))
    return agreement(pairs)


@exhibit(
    alt=lambda x: (
        f"The curve of (x − 3)(x − 6)(x − 4) from 0 to 7.5, which crosses zero at 3, 4 and 6, with its tangent at "
        f"{x:g}, of slope {slope(x):g}."
    ),
    explore={"x": X},
)
def tangent(x: float = 1.0) -> Figure:
    """The gradient, here by PyTorch, is the slope of the tangent."""
    gradient = by_pytorch(x)
    figure, axes = style.figure()
    grid = np.linspace(-0.2, 7.5, 155)
    axes.axhline(0, color=style.GRID, linewidth=0.9)
    axes.plot(grid, polynomial(grid), color=style.FORWARD)
    axes.axline((x, polynomial(x)), slope=gradient, color=style.BACKWARD, linewidth=1.3, linestyle=(0, (5, 2)))
    axes.plot(x, polynomial(x), "o", color=style.INK, markersize=6)
    axes.annotate(
        f"slope {graph.number(gradient)}", (0.97, 0.06), xycoords="axes fraction", ha="right", color=style.BACKWARD
    )
    axes.set(xlim=(-0.2, 7.5), ylim=(-75, 60), xlabel="x", ylabel="y")
    return figure


def factors(x: float) -> Node:
    """The polynomial with a name for each factor."""
    at = Node(x, name="x")
    a, b, c = ((at - root).named(name) for root, name in ((3, "a"), (6, "b"), (4, "c")))
    return collapse((a * b * c).named("y"))


@exhibit(
    alt=lambda x: (
        f"Graph of x = {x:g}, its three factors a, b and c, and y. Gradients flow back from y over the factors to x, "
        f"where they add up to {slope(x):g}."
    ),
    explore={"x": X},
)
def polynomial_graph(x: float = 1.0) -> Figure:
    """The same gradient, found on the graph: with a = x − 3, b = x − 6 and c = x − 4, it comes back on three ways."""
    return graph.backward(factors(x), width=4.0)


class Saved:
    """A tensor that the record has saved for `backward()`: counted as long as it is kept, once for each memory."""

    kept: ClassVar[Counter] = Counter()

    def __init__(self, tensor: torch.Tensor) -> None:
        self.tensor = tensor.detach()
        # Parameters are kept anyway.
        self.place = self.tensor.data_ptr(), 0 if tensor.is_leaf and tensor.requires_grad else tensor.nbytes
        Saved.kept[self.place] += 1

    def __del__(self) -> None:
        Saved.kept[self.place] -= 1


def recorded(total: float | torch.Tensor) -> int:
    """How many operations can be reached from a result."""
    seen, todo = set(), [total.grad_fn] if isinstance(total, torch.Tensor) else []
    while todo:
        node = todo.pop()
        if node is not None and node not in seen:
            seen.add(node)
            todo += [parent for parent, _ in node.next_functions]
    return sum(node.name() != "torch::autograd::AccumulateGrad" for node in seen)


def kept(train: bool, item: bool, recording: bool = True, batches: int = 20) -> tuple[float, float]:
    """Operations and kilobytes that stay for each batch, after a loop that adds up its losses."""
    model = nn.Sequential(nn.Linear(100, 100), nn.ReLU(), nn.Linear(100, 1))
    total = 0.0
    with torch.autograd.graph.saved_tensors_hooks(Saved, lambda saved: saved.tensor):
        for _ in range(batches):
            with torch.inference_mode(not recording):
                loss = nn.functional.mse_loss(model(torch.ones(64, 100)), torch.ones(64, 1))
            if train:
                loss.backward()
            total = total + (loss.item() if item else loss)
            del loss
    size = sum(size for (_, size), count in Saved.kept.items() if count)
    return recorded(total) / batches, size / 1000 / batches


@exhibit(over="20 batches of 64 examples with 100 features, through a hidden layer of 100 nodes")
def memory() -> DataFrame:
    """What each batch leaves behind in a loop that adds up its losses."""
    loops = [
        ("`backward()`, `total += loss`", *kept(train=True, item=False)),
        ("`backward()`, `total += loss.item()`", *kept(train=True, item=True)),
        ("no `backward()`, `total += loss`", *kept(train=False, item=False)),
        ("no `backward()`, `total += loss.item()`", *kept(train=False, item=True)),
        ("`inference_mode()`, `total += loss`", *kept(train=False, item=False, recording=False)),
    ]
    rows = [(loop, round(operations), round(size)) for loop, operations, size in loops]
    return DataFrame(rows, columns=["loop", "operations", "kilobytes"])

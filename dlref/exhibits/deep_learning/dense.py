"""Exhibits of the page on the dense layer."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement, by_autograd
from dlref.layers import dense, dense_gradient
from dlref.plots import layer, network

X = np.array([1, 2, -1, 3])
WEIGHT = np.array([[0.5, -1, 2, 0], [1, 0.5, 0, -0.5], [-1.5, 1, 1, 1]])
BIAS = np.array([0.5, 0, -1])
OUTPUTS = [1, 2, 3]


def outputs() -> np.ndarray:
    """What the layer gives for the one example."""
    return dense(X[None], WEIGHT, BIAS)[0]


def sum_in_words(output: int) -> str:
    """The products that make one output."""
    return ", ".join(f"{x:g} times {w:g}" for x, w in zip(X, WEIGHT[output - 1], strict=True))


@exhibit(
    alt="Four input nodes on the left, three output nodes on the right, and a line from each input to each output, "
    "twelve in all; 15 parameters."
)
def drawing() -> Figure:
    """A dense layer from 4 nodes to 3: a line for each weight, solid blue if positive, dashed orange if negative. A
    weight of 0 has the thinnest line. Beneath: weights and biases, counted.
    """
    return network.network([WEIGHT], values=[X, outputs()], width=3.6)


@exhibit(
    alt=lambda output: (
        f"The row of four inputs times a table of weights with 4 rows and 3 columns, plus three biases, gives three "
        f"outputs. Column {output} is marked: {sum_in_words(output)}, plus {BIAS[output - 1]:g}, is "
        f"{outputs()[output - 1]:g}."
    ),
    explore={"output": OUTPUTS},
)
def product(output: int = 1) -> Figure:
    """Each output is the sum of all inputs, each times a weight of that output's own column, plus its bias."""
    return layer.product(X, WEIGHT, BIAS, outputs(), output - 1)


@exhibit()
def parameter_counts() -> DataFrame:
    """Parameters of dense layers, for the four inputs above and for the pixels of pictures: inputs times outputs, plus
    one bias an output.
    """
    sizes = [(4, 3), (784, 100), (224 * 224 * 3, 1000)]
    names = ["above", "28 × 28 gray", "224 × 224 color"]
    rows = [
        {"inputs are": name, "inputs": i, "outputs": o, "parameters": i * o + o}
        for name, (i, o) in zip(names, sizes, strict=True)
    ]
    return DataFrame(rows)


@exhibit()
def largest_difference() -> str:
    """Largest difference from `torch.nn.functional.linear`, output and all three gradients, on random layers of four
    sizes.
    """
    from torch.nn.functional import linear

    rng, pairs = np.random.default_rng(0), []
    for n, inputs, outputs in ((1, 1, 1), (3, 40, 1), (50, 1, 30), (50, 40, 30)):
        shapes = (n, inputs), (outputs, inputs), (outputs,), (n, outputs)
        x, weight, bias, upstream = (rng.normal(size=shape) for shape in shapes)
        ours = [dense(x, weight, bias), *dense_gradient(x, weight, upstream)]
        pairs += zip(ours, by_autograd(linear, [x, weight, bias], upstream), strict=True)
    return agreement(pairs)

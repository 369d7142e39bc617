"""Exhibits of the page on the 1D convolution."""

from functools import partial
from itertools import product

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.convolution import conv1d, conv1d_gradient, conv1d_length
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement, by_autograd
from dlref.plots import layer, style

X = np.array([2, 1, 3, -1])
KERNEL = np.array([1, -0.5, 2])
STRIDES, PADDINGS = [1, 2], [0, 1, 2]
FILTERS = {"difference": [-1, 0, 1], "average": [1 / 3, 1 / 3, 1 / 3], "curvature": [1, -2, 1]}


def outputs(stride: int, padding: int) -> np.ndarray:
    """What the one filter gives, without bias."""
    return conv1d(X[None, None], KERNEL[None, None], [0], stride=stride, padding=padding)[0, 0]


def windows_alt(stride: int, padding: int) -> str:
    """What the drawing shows, in words."""
    y = outputs(stride, padding)
    return (
        f"Input 2, 1, 3, -1 with {padding} zeros at each end, drawn once for each window of 3, which moves in steps of "
        f"{stride}. The {len(y)} windows give " + ", ".join(f"{value:g}" for value in y) + "."
    )


@exhibit(alt=windows_alt, explore={"stride": STRIDES, "padding": PADDINGS})
def windows(stride: int = 1, padding: int = 0) -> Figure:
    """One filter of three weights, 1, −0.5 and 2, slides over four inputs: a row for each window, with what it gives.
    All windows use the same weights.
    """
    return layer.windows(X, KERNEL, outputs(stride, padding), stride=stride, padding=padding)


@exhibit(explore={"stride": STRIDES, "padding": PADDINGS})
def length(stride: int = 1, padding: int = 0) -> int:
    """Length of the output at this stride and padding."""
    return conv1d_length(len(X), kernel=len(KERNEL), stride=stride, padding=padding)


@exhibit(explore={"stride": STRIDES})
def stride_chosen(stride: int = 1) -> int:
    """The stride that is chosen."""
    return stride


@exhibit(explore={"padding": PADDINGS})
def padding_chosen(padding: int = 0) -> int:
    """The padding that is chosen."""
    return padding


@exhibit(follows="the formula of the length")
def four_inputs_two_outputs() -> bool:
    """Four inputs and a kernel of 3 give 2 outputs, at stride 1 without padding."""
    return conv1d_length(4, kernel=3) == len(outputs(1, 0)) == 2


@exhibit()
def lengths() -> DataFrame:
    """Output lengths for inputs of length $n$, kernels of size $k$, stride $s$ and padding $p$: by the formula, and as
    counted on what PyTorch returns.
    """
    import torch

    rows = []
    for n, k, s, p in [(4, 3, 1, 0), (4, 3, 1, 1), (10, 3, 2, 0), (10, 3, 2, 1), (100, 5, 1, 2), (100, 7, 3, 0)]:
        counted = torch.nn.Conv1d(1, 1, k, stride=s, padding=p)(torch.zeros(1, 1, n)).shape[2]
        formula = conv1d_length(n, kernel=k, stride=s, padding=p)
        rows.append({"n": n, "k": k, "s": s, "p": p, "formula": formula, "PyTorch": counted})
    return DataFrame(rows)


@exhibit()
def sharing() -> DataFrame:
    """Parameters of one filter of 3 weights, and of a dense layer with the same inputs and outputs, counted on the
    PyTorch layers: what is shared does not grow with the input.
    """
    import torch

    def count(module):
        return sum(p.numel() for p in module.parameters())

    rows = []
    for n in (4, 100, 1000):
        m = conv1d_length(n, kernel=3)
        # On the device "meta" a layer has shapes and no numbers.
        dense = torch.nn.Linear(n, m, device="meta")
        rows.append({"inputs": n, "outputs": m, "convolution": count(torch.nn.Conv1d(1, 1, 3)), "dense": count(dense)})
    return DataFrame(rows)


def signal() -> np.ndarray:
    """A step up, a bump and a step down, with a little noise."""
    t = np.arange(60)
    clean = 1.0 * (t >= 10) + 1.0 * np.exp(-(((t - 30) / 3) ** 2)) - 1.0 * (t >= 48)
    return clean + np.random.default_rng(0).normal(0, 0.06, len(t))


@exhibit(
    alt=lambda filter: (
        f"A noisy signal with a step up, a bump and a step down, and beneath it what the filter {filter} makes of it."
    ),
    explore={"filter": list(FILTERS)},
)
def responses(filter: str = "difference") -> Figure:
    """A filter answers wherever its pattern occurs: the difference to steps, up and down; the average to the level,
    without the noise; the curvature to corners. These three are made by hand; in a network the weights are trained.
    """
    x = signal()
    y = conv1d(x[None, None], [[FILTERS[filter]]], [0], padding=1)[0, 0]
    figure, axes = style.figure(4.8, 3.0)
    axes.plot(x, color=style.MUTED, linewidth=1.2)
    axes.plot(y, color=style.BLUE)
    axes.axhline(0, color=style.MUTED, linewidth=0.6)
    axes.set(xlim=(0, 59), ylim=(-1.9, 2.4), xlabel="position", ylabel="value")
    axes.annotate("input", (30, 2.08), color=style.MUTED, ha="center")
    axes.annotate(f"output of the {filter} filter", (59, -1.6), color=style.BLUE, ha="right")
    return figure


@exhibit(follows="the formula, at stride 1 and away from the ends")
def shifted_input_shifted_output() -> bool:
    """The signal moved by 5 positions gives the output moved by 5 positions, for each of the filters, at stride 1."""
    x = np.pad(signal(), 10)
    for kernel in FILTERS.values():
        y, moved = (conv1d(np.roll(x, shift)[None, None], [[kernel]], [0])[0, 0] for shift in (0, 5))
        if not np.allclose(np.roll(y, 5)[8:-8], moved[8:-8], rtol=0, atol=1e-12):
            return False
    return True


@exhibit()
def largest_difference() -> str:
    """Largest difference from `torch.nn.functional.conv1d`, output and all three gradients, on 27 random layers:
    kernels of 1, 2 and 5, strides and paddings up to 3, on 8 sequences of length 40 with 3 channels.
    """
    from torch.nn import functional

    rng, pairs = np.random.default_rng(0), []
    for kernel, stride, padding in product((1, 2, 5), (1, 2, 3), (0, 1, 3)):
        options = {"stride": stride, "padding": padding}
        x, weight, bias = (rng.normal(size=shape) for shape in ((8, 3, 40), (4, 3, kernel), (4,)))
        y = conv1d(x, weight, bias, **options)
        upstream = rng.normal(size=y.shape)
        theirs = by_autograd(partial(functional.conv1d, **options), [x, weight, bias], upstream)
        pairs += zip([y, *conv1d_gradient(x, weight, upstream, **options)], theirs, strict=True)
    return agreement(pairs)

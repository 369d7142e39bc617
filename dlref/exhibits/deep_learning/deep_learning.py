"""Exhibits of the page on what deep learning is."""

from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits.deep_learning._recorded import OVER, outside, recorded, spread
from dlref.exhibits.deep_learning._shifted import (
    COPIES,
    KINDS,
    activations,
    agreement,
    favorites,
    new_network,
    responses,
    right,
    shifted_digits,
)
from dlref.plots import pictures, style
from dlref.plots.flow import Arrow, Box, flow
from dlref.pytorch.networks import parameter_count

# For each layer: the first and the one-past-last pixel that a unit at 0 sees, and pixels from one unit to the next.
SEES = {1: (-1, 2, 1), 2: (-3, 5, 2), 3: (-7, 11, 4)}
UNITS, PATCHES = 4, 7


def seen(layer: int, unit: int, sheet: int) -> np.ndarray:
    """The part of a sheet that the unit sees where it responds most."""
    start, end, step = SEES[layer]
    response = responses(layer)[sheet, unit]
    row, column = np.unravel_index(response.argmax(), response.shape)
    # Beyond the sheet the network sees zeros.
    padded = np.pad(shifted_digits()[1][sheet].numpy(), 8)
    down, across = (8 + step * place for place in (row, column))
    return padded[down + start : down + end, across + start : across + end]


def parts_alt(layer: int) -> str:
    """What the parts look like, in words."""
    start, end, _ = SEES[layer]
    held = {
        1: "Each row holds one kind of edge or spot",
        2: "Each row holds strokes and bends that lie alike, parts of several kinds of digits",
        3: "Each holds a whole small digit; within a row digits of several kinds, alike in one of their parts",
    }[layer]
    return (
        f"{UNITS} rows of {PATCHES} small squares, {end - start} by {end - start} pixels each: the parts of held-out "
        f"sheets to which {UNITS} units of layer {layer} respond most. {held}."
    )


@exhibit(
    alt="Boxes from top to bottom: a sheet of 16 by 16 pixels, three layers whose maps become smaller and more, and "
    "ten scores, one a digit."
)
def layers_drawn() -> Figure:
    """The network: each layer works on what the layer before has made. Height × width × filters of what each gives."""
    with_sizes = [tuple(one.shape[1:]) for one in activations(shifted_digits()[1][:1])]
    texts = ["sheet"] + [f"layer {i}" for i in (1, 2, 3)]
    sizes = ["{1} × {2} × {0}".format(*(shape if len(shape) == 3 else (1, *shape))) for shape in with_sizes]
    boxes = {text: Box(f"{text}\n{size}", i, 0, kind="work" if i else "data")
             for i, (text, size) in enumerate(zip(texts, sizes, strict=True))}  # fmt: skip
    boxes["scores"] = Box("linear layer\n10 scores", len(texts), 0, kind="made")
    names = list(boxes)
    return flow(boxes, [Arrow(*pair) for pair in pairwise(names)], width=2.2)


@exhibit(alt=parts_alt, explore={"layer": [1, 2, 3]}, one_run=True)
def favorite_parts(layer: int = 2) -> Figure:
    """What units respond to: a row for each of the first four units of a layer that respond to anything, with the parts
    of held-out sheets to which the unit responds most. One training.
    """
    units = [unit for unit, sheets in enumerate(favorites(layer)) if len(sheets)][:UNITS]
    side = SEES[layer][1] - SEES[layer][0]
    figure, axes = style.figure(4.6, 2.9, nrows=UNITS)
    figure.get_layout_engine().set(h_pad=0.03, hspace=0)
    for axis, unit in zip(axes, units, strict=True):
        parts = [seen(layer, unit, sheet) for sheet in favorites(layer)[unit][:PATCHES]]
        pictures.show(axis, np.concatenate(parts, axis=1))
        for edge in range(1, PATCHES):
            axis.axvline(edge * side - 0.5, color=style.GROUND, linewidth=5)
        axis.set_ylabel(f"unit {unit + 1}", rotation=0, ha="right", va="center")
    return figure


@exhibit()
def probes() -> DataFrame:
    """Held-out accuracy of a linear classifier on each layer's output, mean and range of the recorded trainings: how
    many numbers it is given for a sheet, and what part of the sheet each of them sees.
    """
    numbers = [activations(shifted_digits()[1][:1])[layer].numel() for layer in range(4)]
    size = shifted_digits()[1].shape[-1]
    # Pooling joins a unit's answer with those one step to the right and below.
    sides = [1, *(end - start + step for start, end, step in SEES.values())]
    measures = [f"layers: probe of layer {layer}" for layer in range(4)]
    return DataFrame(
        {
            "layer": ["the sheet", "layer 1", "layer 2", "layer 3"],
            "numbers": numbers,
            "sees, pixels": [f"{side} × {side}" if side < size else "all" for side in sides],
            "accuracy": [recorded(measure).mean() for measure in measures],
            "range": [spread(measure) for measure in measures],
        }
    )


@exhibit(over=OVER)
def probes_rise() -> bool:
    """In every training, from each layer to the next, the accuracy of the linear probe on held-out sheets rises by more
    than two percentage points.
    """
    by_layer = [recorded(f"layers: probe of layer {layer}") for layer in range(4)]
    return bool((np.diff(by_layer, axis=0) > 0.02).all())


@exhibit(explore={"layer": [1, 2, 3]}, over=OVER)
def probe_here(layer: int = 2) -> str:
    """Mean held-out accuracy of a linear classifier on what this layer gives."""
    return f"{recorded(f'layers: probe of layer {layer}').mean():.0%}".replace("%", " %")


@exhibit(explore={"layer": [1, 2, 3]})
def layer_here(layer: int = 2) -> int:
    """The layer that the slider is at."""
    return layer


@exhibit()
def choosiness() -> DataFrame:
    """Of the ten held-out sheets to which a unit responds most, the share with the commonest digit: mean over the units
    of a layer, then mean and range of the recorded trainings.
    """
    rows = {"ten sheets drawn at random": "layers: agreement by chance"}
    rows |= {f"units of layer {layer}": f"layers: agreement in layer {layer}" for layer in (1, 2, 3)}
    means = [recorded(measure).mean() for measure in rows.values()]
    return DataFrame({"units": list(rows), "share": means, "range": [spread(measure) for measure in rows.values()]})


@exhibit(over=OVER)
def choosier_than_the_first() -> bool:
    """In every training, the commonest digit has a larger share in layer 2 than in layer 1, and in layer 1 a larger one
    than among sheets drawn at random, by two percentage points or more.
    """
    rows = ["by chance", "in layer 1", "in layer 2"]
    shares = [recorded(f"layers: agreement {row}") for row in rows]
    return bool((np.diff(shares, axis=0) > 0.02).all())


@exhibit(over=OVER)
def no_choosier_than_the_second() -> bool:
    """On average over the trainings, the share of the commonest digit differs by less than five percentage points
    between layers 2 and 3, and in no training does it reach four fifths in either.
    """
    second, third = (recorded(f"layers: agreement in layer {layer}") for layer in (2, 3))
    return bool(abs(second.mean() - third.mean()) < 0.05 and max(second.max(), third.max()) < 0.8)


@exhibit()
def kinds_compared() -> DataFrame:
    """One task, three kinds of networks, trained alike: share of the sheets read rightly, those learned from and those
    held out, as the mean of the recorded trainings. Guessing would be right once in ten.
    """
    held_out = [f"layers: {kind}, held-out" for kind in KINDS]
    return DataFrame(
        {
            "network": ["fully connected", "convolutional", "recurrent (GRU)"],
            "parameters": [parameter_count(new_network(kind)) for kind in KINDS],
            "training": [recorded(f"layers: {kind}, training").mean() for kind in KINDS],
            "held-out": [recorded(measure).mean() for measure in held_out],
            "range": [spread(measure) for measure in held_out],
        }
    )


@exhibit(over=OVER)
def convolution_does_more_with_less() -> bool:
    """The convolutional network has less than half the parameters of either other one; in every training it is above
    the fully connected network by ten percentage points, and at most three behind the recurrent one.
    """
    counts = {kind: parameter_count(new_network(kind)) for kind in KINDS}
    dense, convolution, recurrent = (recorded(f"layers: {kind}, held-out") for kind in KINDS)
    fewer = all(2 * counts["convolutional"] < counts[kind] for kind in KINDS if kind != "convolutional")
    return bool(fewer and (convolution > dense + 0.1).all() and (convolution > recurrent - 0.03).all())


@exhibit(over=OVER)
def the_dense_one_memorizes() -> bool:
    """In every training, the fully connected network reads more of the sheets that it has learned from than of those
    held out, by fifteen percentage points or more; the convolutional one by less than fifteen.
    """
    gaps = {kind: recorded(f"layers: {kind}, training") - recorded(f"layers: {kind}, held-out") for kind in KINDS}
    return bool(gaps["fully connected"].min() > 0.15 and gaps["convolutional"].max() < 0.15)


@exhibit(over="one training while this site was built, beside the recorded ones")
def this_run_is_like_them() -> bool:
    """The convolutional network drawn above reads about as many sheets, and its units are about as choosy, as in the
    recording: within its range, made wider on each side by twice its width and a tenth of the mean.
    """
    found = {f"convolutional, {part}": right("convolutional", 0, held_out=part == "held-out")
             for part in ("training", "held-out")}  # fmt: skip
    found |= {f"agreement in layer {layer}": agreement(layer, 0) for layer in (1, 2, 3)}
    return not outside({f"layers: {name}": value for name, value in found.items()})


@exhibit()
def sheets() -> int:
    """Number of sheets to learn from."""
    return len(shifted_digits()[0])


@exhibit()
def copies() -> int:
    """At how many places each training digit is shown."""
    return COPIES


@exhibit(
    alt="Six held-out sheets of 16 by 16 pixels, each with a handwritten digit of 8 by 8 pixels somewhere on it, and "
    "faint noise."
)
def examples() -> Figure:
    """Digits somewhere on a sheet: no pixel means the same thing twice."""
    _, test, _, labels = shifted_digits()
    return pictures.grid(list(test[:6].numpy()), 6, titles=[str(int(label)) for label in labels[:6]])[0]

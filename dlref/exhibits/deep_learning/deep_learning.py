"""Exhibits of the page on what deep learning is."""

from functools import cache

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits.deep_learning._shifted import (
    COPIES,
    activations,
    held_out_accuracy,
    network,
    new_network,
    shifted_digits,
)
from dlref.plots import pictures, style
from dlref.pytorch.networks import parameter_count

# For each layer: the first and the one-past-last pixel that a unit at 0 sees, and pixels from one unit to the next.
SEES = {1: (-1, 2, 1), 2: (-3, 5, 2), 3: (-7, 11, 4)}
UNITS, PATCHES = 4, 7
KINDS = ("fully connected", "convolutional", "recurrent")


@cache
@torch.no_grad()
def responses(layer: int) -> np.ndarray:
    """How strongly each unit of a layer responds at each place of each held-out sheet, before pooling."""
    below = activations(shifted_digits()[1])[layer - 1]
    return network("convolutional")[layer][:2](below).numpy()


@cache
def favorites(layer: int) -> list[np.ndarray]:
    """Of each unit that responds at all: the held-out sheets to which it responds most, strongest first."""
    strongest = responses(layer).max(axis=(2, 3))
    return [np.argsort(-unit, kind="stable") if unit.max() > 0 else np.array([], int) for unit in strongest.T]


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
    alike = {1: "a dark or light edge", 2: "a stroke, a corner or a bend", 3: "parts of one or two digits"}[layer]
    return (
        f"{UNITS} rows of {PATCHES} small squares, {end - start} by {end - start} pixels each: the parts of held-out "
        f"sheets to which {UNITS} units of layer {layer} respond most. Within a row they look alike: {alike}."
    )


@exhibit(alt=parts_alt, explore={"layer": [1, 2, 3]})
def favorite_parts(layer: int = 2) -> Figure:
    """What units respond to: a row for each unit, with the parts of held-out sheets to which it responds most."""
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


@cache
def probe_accuracy(layer: int) -> float:
    """Held-out accuracy of a linear classifier on what a layer gives; layer 0 is the sheet itself."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    train, test, y_train, y_test = shifted_digits()
    with torch.no_grad():
        features, held_out = (activations(sheets)[layer].flatten(1).numpy() for sheets in (train, test))
    probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000))
    return float(probe.fit(features, y_train).score(held_out, y_test))


@exhibit()
def probes() -> DataFrame:
    """Held-out accuracy of a linear classifier on each layer's output: how many numbers it is given for a sheet, and
    what part of the sheet each of them sees.
    """
    numbers = [activations(shifted_digits()[1][:1])[layer].numel() for layer in range(4)]
    size = shifted_digits()[1].shape[-1]
    # Pooling joins a unit's answer with those one step to the right and below.
    sides = [1, *(end - start + step for start, end, step in SEES.values())]
    return DataFrame(
        {
            "layer": ["the sheet", "layer 1", "layer 2", "layer 3"],
            "numbers": numbers,
            "sees, pixels": [f"{side} × {side}" if side < size else "all" for side in sides],
            "accuracy": [probe_accuracy(layer) for layer in range(4)],
        }
    )


@exhibit()
def probes_rise() -> bool:
    """From each layer to the next, the accuracy of the linear probe on held-out sheets rises by more than 0.02."""
    return bool((np.diff([probe_accuracy(layer) for layer in range(4)]) > 0.02).all())


@exhibit(explore={"layer": [1, 2, 3]})
def probe_here(layer: int = 2) -> float:
    """Held-out accuracy of a linear classifier on what this layer gives."""
    return probe_accuracy(layer)


@exhibit(explore={"layer": [1, 2, 3]})
def layer_here(layer: int = 2) -> int:
    """The layer that the slider is at."""
    return layer


def agreement(layer: int) -> float:
    """Of the ten sheets to which a unit responds most, the share with the commonest digit; mean over the units."""
    labels = shifted_digits()[3].numpy()
    return float(np.mean([np.bincount(labels[sheets[:10]]).max() / 10 for sheets in favorites(layer) if len(sheets)]))


@exhibit()
def deeper_units_are_choosier() -> bool:
    """Of the ten held-out sheets to which a unit responds most, the commonest digit has a larger share in layer 3 than
    in layer 1, on average over the units.
    """
    return agreement(3) > agreement(1)


@exhibit()
def kinds_compared() -> DataFrame:
    """One task, three kinds of networks, trained alike. Guessing would be right once in ten."""
    return DataFrame(
        {
            "network": KINDS,
            "parameters": [parameter_count(new_network(kind)) for kind in KINDS],
            "held-out accuracy": [held_out_accuracy(kind) for kind in KINDS],
        }
    )


@exhibit()
def convolution_does_more_with_less() -> bool:
    """The convolutional network has less than half the parameters of either other one, and is at most 0.03 behind the
    better of them in held-out accuracy; both others are right at least four times as often as guessing.
    """
    table = kinds_compared().set_index("network")
    parameters, accuracy = table["parameters"], table["held-out accuracy"]
    others = ["fully connected", "recurrent"]
    return bool(
        (2 * parameters["convolutional"] < parameters[others]).all()
        and (accuracy["convolutional"] > accuracy[others] - 0.03).all()
        and (accuracy[others] > 0.4).all()
    )


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

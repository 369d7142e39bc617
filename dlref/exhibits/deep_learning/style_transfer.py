"""Exhibits of the page on style transfer."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits.deep_learning._style import (
    STEPS,
    WEIGHT,
    as_input,
    content_loss,
    photograph,
    shown,
    style_loss,
    transfer,
)
from dlref.plots import pictures, style


@exhibit(
    alt="Two photographs: a Chinese pagoda by a lake under a pale sky, and an orange dahlia before dark green leaves."
)
def originals() -> Figure:
    """The content, `china.jpg`, and the style, `flower.jpg`: two photographs that come with scikit-learn, made small.
    Some rights reserved by danielbuechele; their origin and license stand at the end of the page.
    """
    images = [shown(photograph(name)) for name in ("china.jpg", "flower.jpg")]
    return pictures.grid(images, 2, titles=["content", "style"])[0]


def result_alt(step: int) -> str:
    """What the picture shows after a step, in words."""
    if step == 0:
        return "The pagoda by the lake as it was."
    if step < 10:
        return f"The pagoda by the lake, darker and changed little by step {step}."
    return (
        f"The pagoda by the lake after {step} steps: the layout is the same, the colors and textures have become those "
        "of the dahlia, with orange petals in the sky and dark green below."
    )


@exhibit(alt=result_alt, explore={"step": STEPS})
def result(step: int = 40) -> Figure:
    """The content picture, changed step by step until features occur together as they do in the style picture."""
    return pictures.grid([shown(transfer()["images"][str(step)].numpy())], 1, width=4.2)[0]


@exhibit(
    alt="Both losses against steps on a log scale: style falls by orders of magnitude, content rises and stays level."
)
def losses() -> Figure:
    """What is gained and what it costs: the style loss falls, while the layout departs from the content's."""
    content, unlike = np.array(transfer()["curve"]).T
    steps = np.arange(len(content))
    figure, axes = style.figure(4.4, 3.0)
    axes.plot(steps[1:], content[1:], color=style.ORANGE, linestyle=(0, (5, 2)))
    axes.plot(steps, unlike, color=style.BLUE)
    for name, curve, color in (("content", content, style.ORANGE), ("style", unlike, style.BLUE)):
        axes.annotate(name, (steps[-1], curve[-1]), (0, 9), textcoords="offset points", color=color, ha="right")
    axes.set(yscale="log", xlabel="steps", ylabel="loss")
    axes.minorticks_off()
    return figure


@exhibit(digits=4)
def compared() -> DataFrame:
    """Both losses of four pictures: the result comes near the style, at a price in content."""
    content, flower = as_input(photograph("china.jpg")), as_input(photograph("flower.jpg"))
    mixed = (content + flower) / 2
    rows = {"the content": content, "the style": flower, "both laid over each other": mixed}
    pairs = [(content_loss(one, content).item(), style_loss(one, flower).item()) for one in rows.values()]
    pairs.append(tuple(transfer()["curve"][-1]))
    table = DataFrame(pairs, columns=["content loss", "style loss"])
    table.insert(0, "picture", [*rows, f"the result, step {STEPS[-1]}"])
    return table


@exhibit()
def style_is_reached() -> bool:
    """The style loss has fallen to less than a hundredth of its first value, and the result's is below that of both
    pictures laid over each other.
    """
    table = compared().set_index("picture")["style loss"]
    return bool(table.iloc[3] < table.iloc[0] / 100 and table.iloc[3] < table.iloc[2])


@exhibit()
def weight() -> float:
    """By how much the style loss counts against the content loss."""
    return int(WEIGHT)

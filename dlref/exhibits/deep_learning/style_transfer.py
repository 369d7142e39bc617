"""Exhibits of the page on style transfer."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits.deep_learning._recorded import RUNS, recorded, spread
from dlref.exhibits.deep_learning._style import STEPS, WEIGHT, photograph, shown, style_measures, transfer
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
        "of the dahlia, with orange blotches in the sky and dark green below."
    )


@exhibit(alt=result_alt, explore={"step": STEPS})
def result(step: int = 40) -> Figure:
    """The content picture, changed step by step until features occur together as they do in the style picture. One draw
    of the filters.
    """
    return pictures.grid([shown(transfer(0)["images"][str(step)].numpy())], 1, width=4.2)[0]


@exhibit(
    alt="Both losses against steps on a log scale: style falls by orders of magnitude, content rises and stays level."
)
def losses() -> Figure:
    """What is gained and what it costs: the style loss falls, while the layout departs from the content's."""
    content, unlike = np.array(transfer(0)["curve"]).T
    steps = np.arange(len(content))
    figure, axes = style.figure(4.4, 3.0)
    axes.plot(steps[1:], content[1:], color=style.ORANGE, linestyle=(0, (5, 2)))
    axes.plot(steps, unlike, color=style.BLUE)
    for name, curve, color in (("content", content, style.ORANGE), ("style", unlike, style.BLUE)):
        axes.annotate(name, (steps[-1], curve[-1]), (0, 9), textcoords="offset points", color=color, ha="right")
    axes.set(yscale="log", xlabel="steps", ylabel="loss")
    axes.minorticks_off()
    return figure


PICTURES = ("the content", "the style", "both laid over each other", "the result")


@exhibit(digits={"style loss": 4})
def compared() -> DataFrame:
    """Both losses of four pictures, as means of the recorded draws of the filters, and the range of the style loss: the
    result comes near the style, at a price in content.
    """
    shown_as = {"the result": f"the result, step {STEPS[-1]}"}
    rows = [
        (shown_as.get(name, name), recorded(f"style: content loss, {name}").mean(),
         recorded(f"style: style loss, {name}").mean(), spread(f"style: style loss, {name}", 4))
        for name in PICTURES
    ]  # fmt: skip
    return DataFrame(rows, columns=["picture", "content loss", "style loss", "range"])


@exhibit(over=f"{RUNS} recorded draws of the filters")
def style_is_reached() -> bool:
    """With every draw of the filters, the style loss has fallen to less than a tenth of its first value, and the
    result's is below that of both pictures laid over each other.
    """
    first, _, mixed, last = (recorded(f"style: style loss, {name}") for name in PICTURES)
    return bool((last < first / 10).all() and (last < mixed).all())


@exhibit(over="one draw of the filters while this site was built, beside the recorded ones")
def this_run_is_like_them() -> bool:
    """Both losses of the result drawn above are at most ten times the largest recorded ones."""
    measures = {name: value for name, value in style_measures(0).items() if name.endswith("the result")}
    return all(value <= 10 * recorded(f"style: {name}").max() for name, value in measures.items())


@exhibit()
def weight() -> float:
    """By how much the style loss counts against the content loss."""
    return int(WEIGHT)

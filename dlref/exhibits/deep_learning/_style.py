"""Style transfer between the two photographs that scikit-learn ships.

In float64: there the steps come out alike on every processor, in float32 they do not.
"""

from functools import cache

import numpy as np
import torch
from PIL import Image
from sklearn.datasets import load_sample_image
from torch import Tensor
from torch.nn import functional

from dlref.engine.trained import trained
from dlref.pytorch.generation import RandomFilters, gram_matrix

WIDTH, HEIGHT = 120, 80
# The picture is made larger than it is shown: near an edge few filters look.
MARGIN = 8
WEIGHT = 100.0
STEPS = [0, 1, 2, 5, 10, 20, 40]


@cache
def photograph(name: str) -> np.ndarray:
    """One of scikit-learn's photographs, made small: red, green and blue from 0 to 1."""
    size = WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN
    small = Image.fromarray(load_sample_image(name)).resize(size, Image.Resampling.LANCZOS)
    return np.asarray(small, dtype=np.float32) / 255


def shown(image: np.ndarray) -> np.ndarray:
    """The picture without its margin, in 48 colors, so that its file is small."""
    middle = image[MARGIN:-MARGIN, MARGIN:-MARGIN]
    pixels = Image.fromarray((middle * 255).round().astype(np.uint8))
    return np.asarray(pixels.quantize(48, dither=Image.Dither.NONE).convert("RGB")) / 255


def as_input(image: np.ndarray) -> Tensor:
    """A picture as a network takes it: shape (1, 3, height, width)."""
    return torch.tensor(image).double().permute(2, 0, 1)[None].contiguous()


def layout(image: Tensor) -> Tensor:
    """What is where: mean brightness of overlapping cells of 6 × 6 pixels, without colors and without texture."""
    return functional.avg_pool2d(image.mean(dim=1, keepdim=True), 6, stride=2)


@cache
def filters(seed: int) -> RandomFilters:
    """One draw of random filters; the same for all pictures."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return RandomFilters((3, 5, 9), count=24).double()


def style_loss(image: Tensor, style: Tensor, seed: int) -> Tensor:
    """How far the features of two pictures are from occurring together alike, each group of filters by its own size."""
    pairs = zip(filters(seed)(image), filters(seed)(style), strict=True)
    grams = [(gram_matrix(a), gram_matrix(b)) for a, b in pairs]
    return sum(((a - b) ** 2).sum() / (b**2).sum() for a, b in grams) / len(grams)


def content_loss(image: Tensor, content: Tensor) -> Tensor:
    """Mean squared difference of what is where, against the content's own variance."""
    return functional.mse_loss(layout(image), layout(content)) / layout(content).var()


@trained
def transfer(seed: int) -> dict:
    """The picture that the content has become after some steps, and both losses after each."""
    content, style = as_input(photograph("china.jpg")), as_input(photograph("flower.jpg"))
    # The sigmoid keeps every color between 0 and 1, whatever the optimizer does.
    hidden = content.clamp(0.02, 0.98).logit().requires_grad_()
    optimizer = torch.optim.LBFGS([hidden], max_iter=1, history_size=10, line_search_fn="strong_wolfe")

    def losses() -> tuple[Tensor, Tensor]:
        image = hidden.sigmoid()
        return content_loss(image, content), style_loss(image, style, seed)

    def closure() -> Tensor:
        optimizer.zero_grad()
        far, unlike = losses()
        total = far + WEIGHT * unlike
        total.backward()
        return total

    images, curve = {}, []
    for step in range(STEPS[-1] + 1):
        with torch.no_grad():
            curve.append([loss.item() for loss in losses()])
            if step in STEPS:
                images[str(step)] = hidden.sigmoid()[0].permute(1, 2, 0).contiguous()
        optimizer.step(closure)
    return {"images": images, "curve": curve}


def style_measures(seed: int) -> dict[str, float]:
    """Both losses of four pictures, with one draw of the filters."""
    content, flower = as_input(photograph("china.jpg")), as_input(photograph("flower.jpg"))
    images = {"the content": content, "the style": flower, "both laid over each other": (content + flower) / 2}
    found = {}
    for name, image in images.items():
        found[f"content loss, {name}"] = content_loss(image, content).item()
        found[f"style loss, {name}"] = style_loss(image, flower, seed).item()
    found["content loss, the result"], found["style loss, the result"] = transfer(seed)["curve"][-1]
    return found

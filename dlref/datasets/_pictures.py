"""Small pictures of trees, houses and roads, drawn by code, so that what is in them is known exactly."""

from collections.abc import Iterable

import numpy as np
from jaxtyping import Bool, Float, Float32
from numpy.typing import ArrayLike

from dlref import _check

PICTURE_CLASSES = ("tree", "house", "road")

Mask = Bool[np.ndarray, "rows columns"]
Layers = list[tuple[Mask, Iterable[float]]]

# Each pixel is the mean of 4 × 4 points, which makes the edges smooth.
_POINTS = 4


def pictures(
    labels: ArrayLike, *, generator: np.random.Generator, size: int = 64
) -> Float32[np.ndarray, "n size size 3"]:
    """Draw pictures that hold exactly what their labels say.

    Each row of `labels` says whether the picture has a tree, a house and a road, in the order of `PICTURE_CLASSES`.
    Position, size and color vary with the generator; nothing hides anything else.

    Args:
        labels: 0 or 1 for each picture and class, shape (n, 3); a row of zeros is an empty meadow.
        generator: Source of the variation. The same state draws the same pictures.
        size: Height and width in pixels, 8 or more.

    Returns:
        Red, green and blue from 0 to 1, shape (n, size, size, 3); the first row of a picture is its top.

    Raises:
        TypeError: If `labels` holds anything but numbers, or `generator` is no generator.
        ValueError: If `labels` has another shape, or holds anything but 0 and 1.

    Examples:
        >>> import numpy as np
        >>> from dlref.datasets import pictures
        >>> images = pictures([[1, 0, 0], [1, 1, 0]], generator=np.random.default_rng(0))
        >>> print(images.shape, images.dtype)
        (2, 64, 64, 3) float32

        The three classes in the order of the columns:

        >>> from dlref.datasets import PICTURE_CLASSES
        >>> print(PICTURE_CLASSES)
        ('tree', 'house', 'road')

        One label a picture, as numbers, must be encoded first:

        >>> import numpy as np
        >>> from dlref.datasets import pictures
        >>> try:
        ...     pictures([0, 1, 2], generator=np.random.default_rng(0))
        ... except ValueError as error:
        ...     print(error)
        pictures: labels must have 2 dimensions; got shape (3,).

    References:
        Drawn for these pages. On the page: [Binary, multi-class and multi-label targets][clf-multilabel].
    """
    labels = _check.integers("labels", labels, ndim=2, high=2)
    if labels.shape[1] != len(PICTURE_CLASSES):
        raise _check.wrong_value("labels", f"have shape (n, {len(PICTURE_CLASSES)})", f"shape {labels.shape}")
    if not isinstance(generator, np.random.Generator):
        raise _check.wrong_kind("generator", "be a numpy.random.Generator", generator)
    size = _check.integer("size", size, low=8)

    images = [_picture(*row, generator, size) for row in labels.astype(bool).tolist()]
    return np.array(images, dtype=np.float32).reshape(-1, size, size, 3)


def _picture(
    tree: bool, house: bool, road: bool, generator: np.random.Generator, size: int
) -> Float[np.ndarray, "size size 3"]:
    """One picture: a meadow under the sky, and what is asked for, from back to front."""
    x, y = np.meshgrid(*[(np.arange(size * _POINTS) + 0.5) / (size * _POINTS)] * 2)
    horizon = generator.uniform(0.52, 0.62)
    tree_x, house_x = generator.permutation([generator.uniform(0.2, 0.24), generator.uniform(0.76, 0.8)])
    if not road and tree != house:
        tree_x = house_x = generator.uniform(0.3, 0.7)

    sky = np.array([0.99, 0.96, 0.90]) - (1 - y[..., None] / horizon).clip(0) * [0.42, 0.20, 0.02]
    meadow = np.array([0.62, 0.74, 0.42]) - (y[..., None] - horizon).clip(0) * [0.35, 0.25, 0.3]
    points = np.where((y < horizon)[..., None], sky, meadow)
    for wanted, layers in (
        (road, _road(x, y, horizon, generator)),
        (house, _house(x - house_x, y - horizon, generator)),
        (tree, _tree(x - tree_x, y - horizon, generator)),
    ):
        for mask, color in layers if wanted else ():
            points[mask] = color
    return points.reshape(size, _POINTS, size, _POINTS, 3).mean(axis=(1, 3)).clip(0, 1)


def _road(x: np.ndarray, y: np.ndarray, horizon: float, generator: np.random.Generator) -> Layers:
    """A road to the horizon: narrower and with shorter dashes the farther away."""
    depth = ((y - horizon) / (1 - horizon)).clip(0, 1)
    away = np.abs(x - 0.5 - generator.uniform(-0.06, 0.06) * (1 - depth))
    distance = 1 / (depth + 0.12)
    gray = generator.uniform(0.36, 0.46)
    dashes = (away < 0.004 + 0.018 * depth) & (np.floor(1.6 * distance + generator.uniform(0, 2)) % 2 == 0)
    ground = y >= horizon
    return [
        (ground & (away < 0.03 + 0.30 * depth), (0.88, 0.85, 0.78)),
        (ground & (away < 0.024 + 0.27 * depth), (gray, gray, gray + 0.03)),
        (ground & dashes, (0.97, 0.95, 0.88)),
    ]


def _house(x: np.ndarray, y: np.ndarray, generator: np.random.Generator) -> Layers:
    """A house seen from the front: wall, roof, chimney, door and window; (0, 0) is on the horizon, below its middle."""
    half, height = generator.uniform(0.12, 0.16), generator.uniform(0.17, 0.23)
    up = 0.10 - y
    gable = generator.uniform(0.13, 0.17)
    wall = np.array([0.93, 0.86, 0.74]) + generator.uniform(-0.08, 0.05, 3)
    roof = np.array([0.70, 0.30, 0.22]) + generator.uniform(-0.08, 0.08, 3)
    under_roof = np.abs(x) < (half + 0.035) * (height + gable - up) / gable
    return [
        ((np.abs(x - 0.55 * half) < 0.02) & (up > height) & (up < height + 0.92 * gable), 0.8 * roof),
        ((np.abs(x) < half) & (up > 0) & (up < height), wall),
        ((up >= height) & under_roof, roof),
        ((np.abs(x + 0.45 * half) < 0.032) & (up > 0) & (up < 0.6 * height), (0.42, 0.28, 0.20)),
        ((np.abs(x - 0.45 * half) < 0.036) & (np.abs(up - 0.52 * height) < 0.034), (0.98, 0.97, 0.94)),
        ((np.abs(x - 0.45 * half) < 0.027) & (np.abs(up - 0.52 * height) < 0.025), (0.36, 0.53, 0.68)),
    ]


def _tree(x: np.ndarray, y: np.ndarray, generator: np.random.Generator) -> Layers:
    """A broad-leaved tree: a trunk, and a crown of four discs; (0, 0) is on the horizon, below its middle."""
    up = 0.13 - y
    height, width = generator.uniform(0.40, 0.48), generator.uniform(0.10, 0.125)
    green = np.array([0.20, 0.44, 0.24]) + generator.uniform(-0.05, 0.08, 3)
    trunk = (np.abs(x) < 0.022 + 0.012 * (1 - up / 0.2).clip(0)) & (up > 0) & (up < height)
    crown = np.zeros_like(trunk)
    for dx, dy, scale in ((-0.55, -0.45, 0.8), (0.55, -0.40, 0.8), (0, 0, 1), (0.05, -0.55, 0.95)):
        crown |= np.hypot(x - dx * width, up - height - dy * width) < scale * width
    lit = crown & (np.hypot(x + 0.35 * width, up - height - 0.25 * width) < 0.75 * width)
    return [(trunk, (0.42, 0.30, 0.20)), (crown, green), (lit, green + 0.07)]

"""Scenes of several objects, drawn by code, so that every object's box and every pixel's class are known exactly."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, Int

from dlref import _check
from dlref.datasets._pictures import Layers, _house, _tree

SCENE_CLASSES = ("tree", "house", "sheep")

# Each pixel is the mean of 2 × 2 points.
_POINTS = 2
# Where the ground of `_tree` and `_house` is, below their origin.
_FEET = {"tree": 0.13, "house": 0.10, "sheep": 0.0}


@dataclass
class Scene:
    """A picture and what is in it; the objects in the order of their visible size, the largest first.

    Attributes:
        image: Red, green and blue from 0 to 1, shape (size, size, 3).
        labels: Each object's class, an index into `SCENE_CLASSES`.
        boxes: Each object's visible extent in pixels: left, top, right, bottom.
        mask: Each pixel's class: 0 for the ground and the sky, else 1 + an index into `SCENE_CLASSES`.
    """

    image: Float32[np.ndarray, "size size 3"]
    labels: Int[np.ndarray, " objects"]
    boxes: Float[np.ndarray, "objects 4"]
    mask: Int[np.ndarray, "size size"]


def scenes(count: int, *, generator: np.random.Generator, size: int = 48) -> list[Scene]:
    """Draw meadows with one to four trees, houses and sheep each, which may hide parts of each other.

    What stands nearer stands lower and is larger.

    Args:
        count: How many scenes, 1 or more.
        generator: Source of the variation. The same state draws the same scenes.
        size: Height and width in pixels, 16 or more.

    Returns:
        The scenes.

    Raises:
        TypeError: If `count` or `size` is no integer, or `generator` is no generator.
        ValueError: If `count` is below 1 or `size` below 16.

    Examples:
        >>> import numpy as np
        >>> from dlref.datasets import SCENE_CLASSES, scenes
        >>> scene = scenes(3, generator=np.random.default_rng(5))[2]
        >>> print(scene.image.shape, [SCENE_CLASSES[label] for label in scene.labels])
        (48, 48, 3) ['tree', 'house']
        >>> print(scene.boxes)
        [[ 1.  12.  10.  28. ]
         [11.5 15.5 18.  23.5]]

        The mask counts the classes from 1, since 0 is the background.

        >>> import numpy as np
        >>> from dlref.datasets import scenes
        >>> scene = scenes(3, generator=np.random.default_rng(5))[2]
        >>> print(np.unique(scene.mask).tolist())
        [0, 1, 2]

        >>> from dlref.datasets import scenes
        >>> try:
        ...     scenes(3, generator=5)
        ... except TypeError as error:
        ...     print(error)
        scenes: generator must be a numpy.random.Generator; got int 5.

    References:
        On the page: [Computer vision tasks][dl-vision].
    """
    count, size = _check.integer("count", count), _check.integer("size", size, low=16)
    if not isinstance(generator, np.random.Generator):
        raise _check.wrong_kind("generator", "be a numpy.random.Generator", generator)

    return [_scene(generator, size) for _ in range(count)]


def _scene(generator: np.random.Generator, size: int) -> Scene:
    """One scene, painted from the farthest object to the nearest."""
    x, y = np.meshgrid(*[(np.arange(size * _POINTS) + 0.5) / (size * _POINTS)] * 2)
    horizon = generator.uniform(0.38, 0.48)
    sky = np.array([0.99, 0.96, 0.90]) - (1 - y[..., None] / horizon).clip(0) * [0.42, 0.20, 0.02]
    meadow = np.array([0.62, 0.74, 0.42]) - (y[..., None] - horizon).clip(0) * [0.35, 0.25, 0.3]
    points = np.where((y < horizon)[..., None], sky, meadow)
    # Which object each point belongs to; 0 is none.
    owner = np.zeros(x.shape, dtype=np.int64)
    labels = []
    for center, feet in _places(generator, horizon):
        label = int(generator.integers(len(SCENE_CLASSES)))
        name = SCENE_CLASSES[label]
        scale = 0.35 + 1.7 * (feet - horizon)
        labels.append(label)
        for mask, color in _LAYERS[name]((x - center) / scale, (y - feet) / scale + _FEET[name], generator):
            points[mask] = color
            owner[mask] = len(labels)
    image = points.reshape(size, _POINTS, size, _POINTS, 3).mean(axis=(1, 3)).clip(0, 1)
    return _described(image.astype(np.float32), owner, np.array(labels))


def _places(generator: np.random.Generator, horizon: float) -> list[tuple[float, float]]:
    """Where one to four objects stand, far ones first: middle and feet, as shares of the picture."""
    wanted = int(generator.integers(1, 5))
    found: list[tuple[float, float]] = []
    for _ in range(40):
        center, feet = generator.uniform(0.1, 0.9), generator.uniform(horizon + 0.04, 0.95)
        if all(abs(center - other) > 0.17 for other, _ in found) and len(found) < wanted:
            found.append((center, feet))
    return sorted(found, key=lambda place: place[1])


def _described(image: np.ndarray, owner: np.ndarray, labels: np.ndarray) -> Scene:
    """The scene with the boxes and the mask that its points give; objects that hardly show are left out."""
    size = len(image)
    areas = np.array([(owner == i + 1).sum() for i in range(len(labels))]) / _POINTS**2
    shown = [i for i in np.argsort(-areas, kind="stable") if areas[i] >= size * size / 300]
    boxes = np.zeros((len(shown), 4))
    for row, i in enumerate(shown):
        down, across = np.nonzero(owner == i + 1)
        boxes[row] = across.min(), down.min(), across.max() + 1, down.max() + 1
    classes = np.r_[0, labels + 1][owner].reshape(size, _POINTS, size, _POINTS)
    # A pixel has the class of most of its points.
    votes = [(classes == label).sum(axis=(1, 3)) for label in range(len(SCENE_CLASSES) + 1)]
    return Scene(image, labels[shown], boxes / _POINTS, np.argmax(votes, axis=0))


def _sheep(x: np.ndarray, y: np.ndarray, generator: np.random.Generator) -> Layers:
    """A sheep from the side: four legs, a woolly body, a dark head; (0, 0) is on the ground, below its middle."""
    up, x = -y, x * generator.choice([-1, 1])
    wool = np.array([0.95, 0.94, 0.90]) - generator.uniform(0, 0.12)
    legs = np.zeros(x.shape, dtype=bool)
    for foot in (-0.11, -0.07, 0.07, 0.11):
        legs |= (np.abs(x - foot) < 0.014) & (up > 0) & (up < 0.12)
    body = np.zeros(x.shape, dtype=bool)
    for dx, dy, radius in ((-0.09, 0.17, 0.085), (0, 0.19, 0.095), (0.09, 0.17, 0.085), (0, 0.15, 0.09)):
        body |= np.hypot(x - dx, up - dy) < radius
    head = ((x - 0.18) / 0.05) ** 2 + ((up - 0.22) / 0.06) ** 2 < 1
    dark = (0.22, 0.20, 0.20)
    return [(legs, dark), (body, wool), (head, dark)]


_LAYERS = {"tree": _tree, "house": _house, "sheep": _sheep}

"""Small networks for four tasks on one picture: its class, the place of one object, all objects, each pixel's class.

Pictures are tensors of shape (n, 3, size, size), from 0 to 1. The first three networks give numbers for each of
12 × 12 cells of a picture of 48 × 48 pixels, and differ in what they make of them.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from dlref import _check

__all__ = [
    "Classifier",
    "Detector",
    "Localizer",
    "Segmenter",
    "cell_centers",
    "detection_loss",
    "detection_targets",
    "localization_loss",
]


def _block(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    """Convolution, normalization, activation; a stride of 2 halves height and width."""
    convolution = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())


def _cells(outputs: int) -> nn.Sequential:
    """From a picture to `outputs` numbers for each of its cells, 4 × 4 pixels in size; each sees 23 × 23 pixels."""
    blocks = [_block(3, 16, 2), _block(16, 32, 2), _block(32, 32, 1), _block(32, 32, 1)]
    return nn.Sequential(*blocks, nn.Conv2d(32, outputs, 1))


def cell_centers(cells: int) -> Tensor:
    """The middles of cells × cells cells, as shares of the picture.

    Args:
        cells: Cells a side, 1 or more.

    Returns:
        x and y, shape (2, cells, cells).

    Raises:
        TypeError: If `cells` is no integer.
        ValueError: If `cells` is below 1.

    Examples:
        >>> from dlref.pytorch.vision import cell_centers
        >>> print(cell_centers(2).tolist())
        [[[0.25, 0.75], [0.25, 0.75]], [[0.25, 0.25], [0.75, 0.75]]]

    References:
        On the page: [Computer vision tasks][dl-vision].
    """
    middles = (torch.arange(_check.integer("cells", cells)) + 0.5) / cells
    y, x = torch.meshgrid(middles, middles, indexing="ij")
    return torch.stack([x, y])


class Classifier(nn.Module):
    """One class for a picture: each cell gives logits, and how much it is to be heeded.

    Args:
        classes: How many classes there are.

    Raises:
        TypeError: If `classes` is no integer.
        ValueError: If it is below 1.

    Examples:
        >>> import torch
        >>> from dlref.pytorch.vision import Classifier
        >>> print(Classifier(3)(torch.zeros(8, 3, 48, 48)).shape)
        torch.Size([8, 3])

    References:
        M. Ilse, J. Tomczak and M. Welling, "Attention-based deep multiple instance learning", ICML 2018, weigh parts
        of a picture so. On the page: [Computer vision tasks][dl-vision].
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.cells = _cells(_check.integer("classes", classes) + 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits of shape (n, classes)."""
        return _heeded(self.cells(x))


class Localizer(nn.Module):
    """One class and one box for a picture: each cell also gives a box, as a shift from its own middle.

    Args:
        classes: How many classes there are.

    Raises:
        TypeError: If `classes` is no integer.
        ValueError: If it is below 1.

    Examples:
        >>> import torch
        >>> from dlref.pytorch.vision import Localizer
        >>> print(Localizer(3)(torch.zeros(8, 3, 48, 48)).shape)
        torch.Size([8, 7])

    References:
        On the page: [Computer vision tasks][dl-vision].
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.cells = _cells(_check.integer("classes", classes) + 5)

    def forward(self, x: Tensor) -> Tensor:
        """Logits, then left, top, right and bottom as shares of the picture, shape (n, classes + 4)."""
        cells = self.cells(x)
        logits, shifts, weight = cells[:, :-5], cells[:, -5:-1], cells[:, -1:]
        boxes = shifts + cell_centers(cells.shape[-1]).repeat(2, 1, 1)
        return _heeded(torch.cat([logits, boxes, weight], dim=1))


def _heeded(cells: Tensor) -> Tensor:
    """The mean over the cells of all channels but the last, which gives the weights by softmax."""
    values, weights = cells[:, :-1].flatten(2), cells[:, -1:].flatten(2).softmax(dim=2)
    return (values * weights).sum(dim=2)


class Detector(nn.Module):
    """All objects of a picture: each cell says of each class whether it is inside one, and where that one ends.

    Args:
        classes: How many classes there are.

    Raises:
        TypeError: If `classes` is no integer.
        ValueError: If it is below 1.

    Examples:
        >>> import torch
        >>> from dlref.pytorch.vision import Detector
        >>> print(Detector(3)(torch.zeros(8, 3, 48, 48)).shape)
        torch.Size([8, 7, 12, 12])

    References:
        Z. Tian, C. Shen, H. Chen and T. He, "FCOS: fully convolutional one-stage object detection", ICCV 2019; this is
        a small relative with one scale. On the page: [Computer vision tasks][dl-vision].
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.classes = _check.integer("classes", classes)
        self.cells = _cells(classes + 4)
        # Most cells are inside nothing: to begin with that answer saves the first epochs.
        nn.init.constant_(self.cells[-1].bias[:classes], -3.0)

    def forward(self, x: Tensor) -> Tensor:
        """A logit for each class, then the distances to left, top, right and bottom, shape (n, classes + 4, 12, 12)."""
        cells = self.cells(x)
        logits, distances = cells[:, : self.classes], cells[:, self.classes :]
        # Distances are positive, and mostly small.
        return torch.cat([logits, functional.softplus(distances - 1)], dim=1)


class Segmenter(nn.Module):
    """A class for each pixel: down to 12 × 12 cells to see far, and up again beside what was seen on the way down.

    Args:
        classes: How many classes there are, the background among them.

    Raises:
        TypeError: If `classes` is no integer.
        ValueError: If it is below 1.

    Examples:
        >>> import torch
        >>> from dlref.pytorch.vision import Segmenter
        >>> print(Segmenter(4)(torch.zeros(8, 3, 48, 48)).shape)
        torch.Size([8, 4, 48, 48])

    References:
        O. Ronneberger, P. Fischer and T. Brox, "U-Net: convolutional networks for biomedical image segmentation",
        MICCAI 2015. On the page: [Computer vision tasks][dl-vision].
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.whole, self.halved, self.quartered = _block(3, 8, 1), _block(8, 16, 2), _block(16, 32, 2)
        self.raised, self.widened = _block(32 + 16, 16, 1), _block(16 + 8, 8, 1)
        self.out = nn.Conv2d(8, _check.integer("classes", classes), 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits of shape (n, classes, 48, 48)."""
        whole = self.whole(x)
        halved = self.halved(whole)
        up = self.raised(torch.cat([_doubled(self.quartered(halved)), halved], dim=1))
        return self.out(self.widened(torch.cat([_doubled(up), whole], dim=1)))


def _doubled(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0)


def localization_loss(outputs: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy of the class plus 20 times the mean absolute error of the box.

    Args:
        outputs: Logits and boxes of shape (n, classes + 4), as `Localizer` gives them.
        targets: One-hot classes and boxes, in the same shape.

    Returns:
        The mean loss a picture.

    Raises:
        TypeError: If an argument is no tensor.
        ValueError: If one does not hold floats, or their shapes differ or are not (n, classes + 4).

    Examples:
        >>> import torch
        >>> from dlref.pytorch.vision import localization_loss
        >>> outputs = torch.tensor([[0.0, 0.0, 0.1, 0.1, 0.5, 0.5]])
        >>> targets = torch.tensor([[1.0, 0.0, 0.1, 0.1, 0.5, 0.7]])
        >>> print(f"{localization_loss(outputs, targets).item():.4f}")
        1.6931

        An answer of fewer classes does not fit the targets.

        >>> import torch
        >>> from dlref.pytorch.vision import localization_loss
        >>> try:
        ...     localization_loss(torch.ones(8, 6), torch.ones(8, 7))
        ... except ValueError as error:
        ...     print(error)
        localization_loss: targets must have the shape of outputs, (8, 6); got shape (8, 7).

    References:
        On the page: [Computer vision tasks][dl-vision].
    """
    outputs, targets = _check.tensor("outputs", outputs, ndim=2), _check.tensor("targets", targets, ndim=2)
    _check.same_shape(outputs=outputs, targets=targets)

    label_loss = functional.cross_entropy(outputs[:, :-4], targets[:, :-4])
    return label_loss + 20 * functional.l1_loss(outputs[:, -4:], targets[:, -4:])


def detection_targets(boxes: Tensor, labels: Sequence[int], *, classes: int, cells: int = 12) -> Tensor:
    """What a `Detector` is to answer: 1 in the cells of the middle half of each box, with the distances to its sides.

    Args:
        boxes: The objects of one picture, as shares of it, shape (k, 4).
        labels: Their classes.
        classes: How many classes there are.
        cells: Cells a side.

    Returns:
        Shape (classes + 4, cells, cells). Where boxes meet, the distances are those of the later one.

    Raises:
        TypeError: If `boxes` is no tensor, or a number of the wrong kind.
        ValueError: If `boxes` has another shape, a label is not one of the classes, or `labels` has another length.

    Examples:
        >>> import torch
        >>> from dlref.pytorch.vision import detection_targets
        >>> targets = detection_targets(torch.tensor([[0.0, 0.0, 0.5, 0.25]]), [1], classes=2, cells=4)
        >>> print(targets[1].tolist())
        [[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]
        >>> print(targets[2:, 0, 1].tolist())
        [0.375, 0.125, 0.125, 0.125]

        Each box has one label, and each label is one of the classes.

        >>> import torch
        >>> from dlref.pytorch.vision import detection_targets
        >>> for labels in ([0, 1], [2]):
        ...     try:
        ...         detection_targets(torch.tensor([[0.0, 0.0, 0.5, 0.25]]), labels, classes=2)
        ...     except ValueError as error:
        ...         print(error)
        detection_targets: boxes must have shape (2, 4), one row per label; got shape (1, 4).
        detection_targets: labels must hold integers from 0 to 1; got 2.

    References:
        On the page: [Computer vision tasks][dl-vision].
    """
    classes, cells = _check.integer("classes", classes), _check.integer("cells", cells)
    labels = _check.integers("labels", labels, ndim=1, high=classes).tolist()
    if _check.instance("boxes", boxes, Tensor).shape != (len(labels), 4):
        raise _check.wrong_value(
            "boxes", f"have shape ({len(labels)}, 4), one row per label", f"shape {tuple(boxes.shape)}"
        )

    if labels:
        boxes = _check.tensor("boxes", boxes).float()
    targets = torch.zeros(classes + 4, cells, cells)
    centers = cell_centers(cells)
    for box, label in zip(boxes, labels, strict=True):
        start, end = box[:2, None, None], box[2:, None, None]
        # At least the cell in which the middle lies.
        reach = ((end - start) / 4).clamp(min=0.5 / cells)
        inside = ((centers - (start + end) / 2).abs() <= reach).all(dim=0)
        targets[label, inside] = 1
        targets[classes:, inside] = torch.cat([centers - start, end - centers])[:, inside]
    return targets


def detection_loss(outputs: Tensor, targets: Tensor) -> Tensor:
    """Binary cross-entropy of every cell and class, plus 20 times the error of the distances in cells inside objects.

    Args:
        outputs: As `Detector` gives them.
        targets: As `detection_targets` gives them, stacked.

    Returns:
        The loss a cell that is inside an object.

    Raises:
        TypeError: If an argument is no tensor.
        ValueError: If one does not hold floats, or their shapes differ or are not (n, classes + 4, cells, cells).

    Examples:
        >>> import torch
        >>> from dlref.pytorch.vision import detection_loss, detection_targets
        >>> targets = detection_targets(torch.tensor([[0.0, 0.0, 1.0, 1.0]]), [0], classes=1, cells=2)[None]
        >>> outputs = torch.cat([torch.zeros(1, 1, 2, 2), targets[:, 1:] + 0.1], dim=1)
        >>> print(f"{detection_loss(outputs, targets).item():.4f}")
        2.6931

        Targets of one picture are no stack of them.

        >>> import torch
        >>> from dlref.pytorch.vision import detection_loss
        >>> try:
        ...     detection_loss(torch.zeros(1, 6, 12, 12), torch.zeros(6, 12, 12))
        ... except ValueError as error:
        ...     print(error)
        detection_loss: targets must have 4 dimensions; got shape (6, 12, 12).

    References:
        On the page: [Computer vision tasks][dl-vision].
    """
    outputs, targets = _check.tensor("outputs", outputs, ndim=4), _check.tensor("targets", targets, ndim=4)
    _check.same_shape(outputs=outputs, targets=targets)

    inside = targets[:, :-4].amax(dim=1, keepdim=True)
    wrong = functional.binary_cross_entropy_with_logits(outputs[:, :-4], targets[:, :-4], reduction="sum")
    away = ((outputs[:, -4:] - targets[:, -4:]).abs() * inside).mean(dim=1).sum()
    return (wrong + 20 * away) / inside.sum().clamp(min=1)

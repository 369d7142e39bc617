"""Boxes around objects, and masks over pixels: how well two agree, and which of many boxes to keep.

A box is left, top, right, bottom; x grows to the right and y downwards, in any one unit.
"""

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from dlref import _check

__all__ = ["box_iou", "class_iou", "match_boxes", "non_maximum_suppression"]


def box_iou(boxes_a: ArrayLike, boxes_b: ArrayLike) -> Float[np.ndarray, "a b"]:
    r"""Intersection over union: 1 for boxes that coincide, 0 for boxes that do not meet.

    $$\operatorname{IoU}(A, B) = \frac{|A \cap B|}{|A \cup B|} = \frac{|A \cap B|}{|A| + |B| - |A \cap B|}$$

    Args:
        boxes_a: Boxes of shape (a, 4): left, top, right, bottom.
        boxes_b: Boxes of shape (b, 4), in the same unit.

    Returns:
        From 0 to 1 for every pair, shape (a, b); nan for a pair of boxes that both have no area.

    Raises:
        TypeError: If a box holds anything but real numbers.
        ValueError: If an argument has another shape, or a box ends before it begins or is not finite.

    Examples:
        Two squares of side 2 that share a quarter of each: 1 of 4 + 4 - 1.

        >>> from dlref.boxes import box_iou
        >>> print(box_iou([[0, 0, 2, 2]], [[1, 1, 3, 3], [0, 0, 2, 2], [2, 0, 4, 1], [4, 4, 6, 6]]).round(4))
        [[0.1429 1.     0.     0.    ]]

        Two boxes without an area have no IoU.

        >>> from dlref.boxes import box_iou
        >>> print(box_iou([[1, 1, 1, 2]], [[0, 0, 2, 2], [1, 1, 1, 2]]))
        [[ 0. nan]]

        Coordinates may be of any size: areas are compared, never overflow.

        >>> import numpy as np
        >>> from dlref.boxes import box_iou
        >>> pair = np.array([[0, 0, 2, 2], [1, 1, 3, 3]])
        >>> print(box_iou(np.float16(pair * 1000), np.float16(pair * 1000)).round(4))
        [[1.     0.1429]
         [0.1429 1.    ]]
        >>> for size in (1e200, 1e-200):
        ...     print(box_iou(pair * size, pair * size)[0, 1].round(4))
        0.1429
        0.1429

    References:
        Jaccard's index of two sets of points. Equals `torchvision.ops.box_iou`.
        On the page: [Computer vision tasks][dl-vision].
    """
    return _iou(_boxes("boxes_a", boxes_a), _boxes("boxes_b", boxes_b))


def non_maximum_suppression(
    boxes: ArrayLike, y_score: ArrayLike, *, iou_threshold: float = 0.5
) -> Int[np.ndarray, " kept"]:
    """Of boxes that overlap, keep the one with the highest score.

    The box with the highest score stays, and all that overlap it by more than the threshold go; then the next one.

    Args:
        boxes: Boxes of one class, shape (n, 4).
        y_score: Their scores, shape (n,).
        iou_threshold: A box goes if its IoU with one that stays is above this; from 0 to 1.

    Returns:
        Indices of the boxes that stay, the highest score first; equal scores keep their order.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If shapes do not fit, a box ends before it begins, a score is not finite, or the threshold lies
            outside [0, 1].

    Examples:
        Three boxes on one object and one on another. The second is the best of the three.

        >>> from dlref.boxes import non_maximum_suppression
        >>> boxes = [[0, 0, 4, 4], [1, 0, 5, 4], [2, 0, 6, 4], [8, 0, 12, 4]]
        >>> print(non_maximum_suppression(boxes, [0.6, 0.9, 0.7, 0.8]))
        [1 3]

        The first and the second share 12 of 20, an IoU of 0.6: at that threshold, all stay.

        >>> from dlref.boxes import non_maximum_suppression
        >>> boxes = [[0, 0, 4, 4], [1, 0, 5, 4], [2, 0, 6, 4], [8, 0, 12, 4]]
        >>> print(non_maximum_suppression(boxes, [0.6, 0.9, 0.7, 0.8], iou_threshold=0.6))
        [1 3 2 0]

        Equal scores keep their order, however many there are.

        >>> from dlref.boxes import non_maximum_suppression
        >>> boxes = [[3 * i, 0, 3 * i + 2, 2] for i in range(20)]
        >>> print(non_maximum_suppression(boxes, [0.5, 0.9] * 10))
        [ 1  3  5  7  9 11 13 15 17 19  0  2  4  6  8 10 12 14 16 18]

        At threshold 0, boxes that touch stay. Of no boxes none stays.

        >>> import numpy as np
        >>> from dlref.boxes import non_maximum_suppression
        >>> print(non_maximum_suppression([[0, 0, 4, 4], [4, 0, 8, 4], [7, 0, 9, 4]], [0.6, 0.9, 0.7], iou_threshold=0))
        [1 0]
        >>> print(non_maximum_suppression(np.zeros((0, 4)), []).dtype)
        int64

    References:
        Equals `torchvision.ops.nms`. On the page: [Computer vision tasks][dl-vision].
    """
    boxes, y_score = _boxes("boxes", boxes), _check.floats("y_score", y_score, ndim=1, finite=True)
    if len(y_score) != len(boxes):
        raise _check.wrong_value("y_score", f"hold one score for each of the {len(boxes)} boxes", f"{len(y_score)}")
    iou_threshold = _check.number("iou_threshold", iou_threshold, low=0, high=1)

    kept, left = [], np.argsort(-y_score, kind="stable")
    while left.size:
        best, left = left[0], left[1:]
        kept.append(best)
        # nan, where neither has an area, is not above the threshold.
        left = left[~(_iou(boxes[best, None], boxes[left])[0] > iou_threshold)]
    return np.array(kept, dtype=np.int64)


def match_boxes(
    boxes_true: ArrayLike, boxes_pred: ArrayLike, *, iou_threshold: float = 0.5
) -> Int[np.ndarray, " predicted"]:
    """For each predicted box, which true box it has found, or -1 where it is a false alarm.

    The predictions take their turn in the order given, best scores first: each takes the true box that it overlaps
    most, among those not yet taken. A second box on an object is a false alarm.

    Args:
        boxes_true: The true boxes of one picture and class, shape (t, 4), or an empty list.
        boxes_pred: The predicted ones, shape (p, 4), the highest score first.
        iou_threshold: Least IoU of a hit, above 0 and up to 1.

    Returns:
        An index into `boxes_true` or -1 for each prediction, shape (p,).

    Raises:
        TypeError: If a box holds anything but real numbers.
        ValueError: If shapes do not fit, a box ends before it begins, or the threshold lies outside (0, 1].

    Examples:
        A hit, a second box on the same object, and a box on nothing.

        >>> from dlref.boxes import match_boxes
        >>> found = match_boxes([[0, 0, 4, 4], [8, 0, 12, 4]], [[8, 1, 12, 5], [8, 0, 12, 4], [20, 0, 24, 4]])
        >>> print(found)
        [ 1 -1 -1]

        An IoU of 0.6 is a hit at 0.6, not above it.

        >>> from dlref.boxes import match_boxes
        >>> for threshold in (0.6, 0.61):
        ...     print(match_boxes([[0, 0, 4, 4]], [[1, 0, 5, 4]], iou_threshold=threshold))
        [0]
        [-1]

        In a picture without objects every box is a false alarm.

        >>> from dlref.boxes import match_boxes
        >>> print(match_boxes([], [[0, 0, 4, 4]]))
        [-1]

        A box without an area is never a hit, and takes nothing from the others.

        >>> from dlref.boxes import match_boxes
        >>> print(match_boxes([[1, 1, 1, 1], [0, 0, 4, 4]], [[1, 1, 1, 1], [0, 0, 4, 4], [0, 0, 4, 4]]))
        [-1  1 -1]

    References:
        The rule of the COCO evaluation, for one class and one threshold: M. Everingham and others, "The Pascal visual
        object classes challenge", International Journal of Computer Vision 88, 2010, pages 303–338, section 4.2,
        differs in one point: there a box whose best match is taken counts as false, though it meets another object.
        On the page: [Computer vision tasks][dl-vision].
    """
    boxes_true, boxes_pred = _boxes("boxes_true", boxes_true), _boxes("boxes_pred", boxes_pred)
    iou_threshold = _check.number("iou_threshold", iou_threshold, above=0, high=1)

    found, free = np.full(len(boxes_pred), -1), np.full(len(boxes_true), True)
    for i in range(len(boxes_pred) if len(boxes_true) else 0):
        iou = np.where(free, np.nan_to_num(_iou(boxes_pred[i, None], boxes_true)[0]), -1)
        if iou.max() >= iou_threshold:
            found[i] = iou.argmax()
            free[found[i]] = False
    return found


def class_iou(y_true: ArrayLike, y_pred: ArrayLike, *, classes: int) -> Float[np.ndarray, " classes"]:
    r"""Intersection over union of each class's pixels: of those that have it or should, the share that is right.

    $$\operatorname{IoU}_c = \frac{TP_c}{TP_c + FP_c + FN_c}$$

    Args:
        y_true: Each pixel's class, of any shape: integers from 0 to `classes` - 1.
        y_pred: The predicted classes, in the same shape.
        classes: How many classes there are.

    Returns:
        From 0 to 1 for each class; nan for a class that neither has. Their mean is the mean IoU.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If a class lies outside its range, or the shapes differ.

    Examples:
        One of four pixels is wrong: an accuracy of 0.75, while the small class fares worse.

        >>> from dlref.boxes import class_iou
        >>> print(class_iou([[0, 0], [0, 1]], [[0, 0], [1, 1]], classes=3).round(4))
        [0.6667 0.5       nan]

    References:
        Equals `sklearn.metrics.jaccard_score(average=None)`, which gives 0 for a class that neither has.
        On the page: [Computer vision tasks][dl-vision].
    """
    classes = _check.integer("classes", classes)
    y_true = _check.integers("y_true", y_true, high=classes)
    y_pred = _check.integers("y_pred", y_pred, high=classes)
    _check.same_shape(y_true=y_true, y_pred=y_pred)

    either, both = (
        np.bincount(labels.ravel(), minlength=classes)
        for labels in (np.append(y_true, y_pred), y_true[y_true == y_pred])
    )
    with np.errstate(invalid="ignore"):
        return both / (either - both)


def _boxes(argument: str, value: ArrayLike) -> Float[np.ndarray, "n 4"]:
    """`value` as boxes in double precision, whose areas do not overflow; an empty list is no boxes."""
    boxes = _check.floats(argument, value, finite=True).astype(np.float64)
    boxes = boxes.reshape(0, 4) if boxes.shape == (0,) else boxes
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise _check.wrong_value(argument, "have shape (n, 4)", f"shape {boxes.shape}")
    turned = (boxes[:, :2] > boxes[:, 2:]).any(axis=1)
    if turned.any():
        raise _check.wrong_value(argument, "have left <= right and top <= bottom", f"{boxes[turned][0]}")
    with np.errstate(over="ignore"):
        endless = np.isinf(boxes[:, 2:] - boxes[:, :2])
    if endless.any():
        raise _check.wrong_value(argument, "have finite sides", "a side of inf")
    return boxes


def _iou(a: Float[np.ndarray, "a 4"], b: Float[np.ndarray, "b 4"]) -> Float[np.ndarray, "a b"]:
    """Intersection over union of every pair, without checks."""
    area_a, area_b, intersection = 1.0, 1.0, 1.0
    for start, end in ((0, 2), (1, 3)):
        side_a, side_b = (a[:, end] - a[:, start])[:, None], b[:, end] - b[:, start]
        shared = np.minimum(a[:, end, None], b[:, end]) - np.maximum(a[:, start, None], b[:, start])
        # In units of a power of two near the longer side: it rounds nothing, and no area over- or underflows.
        unit = -np.frexp(np.maximum(side_a, side_b))[1]
        area_a, area_b = area_a * np.ldexp(side_a, unit), area_b * np.ldexp(side_b, unit)
        intersection = intersection * np.ldexp(shared.clip(0), unit)
    with np.errstate(invalid="ignore"):
        return intersection / (area_a + area_b - intersection)

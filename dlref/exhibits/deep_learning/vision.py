"""Exhibits of the page on computer vision."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.boxes import box_iou, class_iou, match_boxes
from dlref.datasets import SCENE_CLASSES
from dlref.engine.exhibit import exhibit
from dlref.exhibits.deep_learning._vision import (
    CLASSES,
    HELD_OUT,
    SIZE,
    TRAINING,
    classified,
    detected,
    detection_counts,
    held_out,
    kept,
    localized,
    segmented,
    training_scenes,
)
from dlref.plots import pictures, style

# Held-out scenes to look at, by the number on the slider: easy ones first, then ones on which a network fails.
SHOWN = {1: 23, 2: 27, 3: 12, 4: 36, 5: 51}
THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]
# One color for each class of SCENE_CLASSES.
COLORS = (style.GREEN, style.ORANGE, style.BLUE)


def upright(boxes: np.ndarray) -> np.ndarray:
    """Boxes with the smaller side first: a network does not know that left comes before right."""
    return np.c_[np.minimum(boxes[:, :2], boxes[:, 2:]), np.maximum(boxes[:, :2], boxes[:, 2:])]


@cache
def truth() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the held-out scenes: class and box of the largest object, and the masks."""
    labels, boxes, masks = zip(*[(s.labels[0], s.boxes[0], s.mask) for s in held_out()], strict=True)
    return np.array(labels), np.array(boxes), np.array(masks)


@cache
def localizer_iou() -> np.ndarray:
    """Of each held-out scene: IoU of the localizer's box with the true one."""
    return np.diag(box_iou(upright(localized()[1]), truth()[1]))


def found_words(scene: int) -> str:
    """What the detector finds in a scene, in words."""
    found = [SCENE_CLASSES[label] for label, _, _ in kept(scene, 0.5)]
    return ", ".join(f"{found.count(name)} {name}" for name in SCENE_CLASSES if name in found) or "nothing"


def tasks_alt(scene: int) -> str:
    """What the four pictures show, in words."""
    index = SHOWN[scene]
    return (
        f"A drawn meadow four times. Classification: {SCENE_CLASSES[classified()[index].argmax()]}. Localization: a "
        f"box that overlaps the true one with an IoU of {localizer_iou()[index]:.2f}. Detection: {found_words(index)}. "
        "Segmentation: the objects painted in one color a class, on gray."
    )


@exhibit(alt=tasks_alt, explore={"scene": list(SHOWN)})
def four_tasks(scene: int = 1) -> Figure:
    """One picture, four questions: what is the largest object, where is it, what else is there, and which pixels are
    whose? Dashed: the true box of the largest object.
    """
    index = SHOWN[scene]
    image, label = held_out()[index].image, classified()[index].argmax()
    titles = [f"classification: {SCENE_CLASSES[label]}", "localization", "detection", "segmentation"]
    images = [image, image, image, pictures.mask(segmented()[index], COLORS, image)]
    figure, axes = pictures.grid(images, 2, titles=titles)
    guess = int(localized()[0][index].argmax())
    pictures.box(axes[1], truth()[1][index], color=style.INK, dash=(0, (3, 2)))
    pictures.box(axes[1], upright(localized()[1])[index], SCENE_CLASSES[guess], color=COLORS[guess])
    for one, box, _ in kept(index, 0.5):
        pictures.box(axes[2], box, SCENE_CLASSES[one], color=COLORS[one])
    return figure


@exhibit()
def results() -> DataFrame:
    """Each network against an answer that needs no picture: the commonest class, the mean box, all background. Scenes
    that neither has seen.
    """
    labels, boxes, masks = truth()
    known = training_scenes()
    first = np.array([one[0] for one in known["labels"]])
    commonest = np.bincount(first).argmax()
    mean_box = np.mean([one[0].numpy() for one in known["boxes"]], axis=0) * SIZE
    background = np.zeros_like(masks)
    blind = [match_boxes(s.boxes[s.labels == commonest], [mean_box])[0] >= 0 for s in held_out()]
    objects = sum(len(s.labels) for s in held_out())
    rows = [
        ("classification", "accuracy", np.mean(classified().argmax(1) == labels), np.mean(labels == commonest)),
        ("localization", "mean IoU of the box", localizer_iou().mean(), box_iou([mean_box], boxes).mean()),
        (
            "detection",
            "F1 of the boxes",
            f1(*detection_counts(0.5)),
            f1(sum(blind), HELD_OUT - sum(blind), objects - sum(blind)),
        ),
        ("segmentation", "pixel accuracy", np.mean(segmented() == masks), np.mean(background == masks)),
        ("segmentation", "mean IoU", mean_iou(segmented()), mean_iou(background)),
    ]
    return DataFrame(rows, columns=["task", "measure", "network", "baseline"])


def f1(hits: int, alarms: int, misses: int) -> float:
    """Harmonic mean of precision and recall."""
    return 2 * hits / (2 * hits + alarms + misses)


def mean_iou(masks: np.ndarray) -> float:
    """Mean over the classes, the background among them, of the IoU of all held-out pixels."""
    return float(class_iou(truth()[2], masks, classes=CLASSES + 1).mean())


@exhibit()
def every_network_beats_its_baseline() -> bool:
    """In every row of the table, the network's figure is above the baseline's by more than 0.05."""
    table = results()
    return bool((table["network"] > table["baseline"] + 0.05).all())


@exhibit()
def training_count() -> int:
    """Number of scenes that the networks learn from."""
    return TRAINING


@exhibit()
def held_out_count() -> int:
    """Number of scenes that are held out."""
    return HELD_OUT


@exhibit(
    alt=lambda: (
        "Two squares of side 4 that overlap in a shaded square of side 2. Text: intersection 4, union 28, IoU "
        f"{box_iou([[0, 0, 4, 4]], [[2, 2, 6, 6]])[0, 0]:.2f}."
    )
)
def iou_worked() -> Figure:
    """Intersection over union, worked out: shared area over covered area."""
    a, b = [0, 0, 4, 4], [2, 2, 6, 6]
    iou = box_iou([a], [b])[0, 0]
    shared = 2 * 2
    figure, axes = style.blank(4.0, 2.4, xlim=(-0.4, 11), ylim=(6.3, -0.4))
    for (left, top, right, bottom), color, name in ((a, style.BLUE, "A"), (b, style.ORANGE, "B")):
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        axes.add_patch(style_patch(corners, facecolor="none", edgecolor=color))
        axes.text(left + 0.3 if name == "A" else right - 0.3, top + 0.7 if name == "A" else bottom - 0.4, name,
                  color=color, ha="left" if name == "A" else "right")  # fmt: skip
    axes.add_patch(style_patch([(2, 2), (4, 2), (4, 4), (2, 4)], facecolor=style.tint(style.VIOLET, 0.3)))
    union = 16 + 16 - shared
    lines = [f"shared: {shared}", f"covered: 16 + 16 − {shared} = {union}", f"IoU = {shared}/{union} = {iou:.2f}"]
    for row, text in enumerate(lines):
        axes.text(6.6, 1.6 + 1.1 * row, text)
    return figure


def style_patch(corners: list[tuple[float, float]], **look):
    """A polygon with a line of ordinary width."""
    from matplotlib.patches import Polygon

    return Polygon(corners, linewidth=1.4, **look)


def detection_alt(threshold: float) -> str:
    """What the two pictures show, in words."""
    raw = sum(int((scores >= threshold).sum()) for _, scores in detected()[SHOWN[3]])
    return (
        f"One scene twice. Left: {raw} overlapping boxes with a score of at least {threshold:.2f}. Right: after "
        f"suppression {len(kept(SHOWN[3], threshold))} are left; {len(held_out()[SHOWN[3]].labels)} objects are there."
    )


@exhibit(alt=detection_alt, explore={"threshold": THRESHOLDS})
def suppression(threshold: float = 0.5) -> Figure:
    """Several cells near the middle of an object propose a box; non-maximum suppression keeps the best of those that
    overlap.
    """
    index = SHOWN[3]
    image, answer = held_out()[index].image, kept(index, threshold)
    proposed = [
        (label, box) for label, (boxes, scores) in enumerate(detected()[index]) for box in boxes[scores >= threshold]
    ]
    titles = [f"proposed: {len(proposed)}", f"kept: {len(answer)}"]
    figure, axes = pictures.grid([image, image], 2, titles=titles)
    for label, box in proposed:
        pictures.box(axes[0], box, color=COLORS[label])
    for label, box, score in answer:
        pictures.box(axes[1], box, f"{score:.2f}", color=COLORS[label])
    return figure


@cache
def rates(threshold: float) -> tuple[float, float]:
    """Precision and recall of the detector over all held-out scenes."""
    hits, alarms, misses = detection_counts(threshold)
    return hits / (hits + alarms), hits / (hits + misses)


@exhibit(
    alt=lambda threshold: (
        "Precision against recall, one point for each score threshold, near the upper right corner. At "
        f"{threshold:.2f}: precision {rates(threshold)[0]:.2f}, recall {rates(threshold)[1]:.2f}."
    ),
    explore={"threshold": THRESHOLDS},
)
def precision_recall(threshold: float = 0.5) -> Figure:
    """A higher threshold gives fewer false boxes and more missed objects."""
    precision, recall = np.array([rates(one) for one in THRESHOLDS]).T
    figure, axes = style.figure(4.0, 3.0)
    axes.plot(recall, precision, color=style.BLUE, marker="o")
    axes.plot(*rates(threshold)[::-1], marker="o", markersize=8, color=style.INK)
    axes.set(xlabel="recall: share of the objects found", ylabel="precision: share of the boxes right")
    axes.set(xlim=(0.86, 1.003), ylim=(0.94, 1.003))
    return figure


@exhibit(explore={"threshold": THRESHOLDS})
def precision(threshold: float = 0.5) -> float:
    """Of all boxes on held-out scenes, the share that finds a new object of its class, with an IoU of at least 0.5."""
    return rates(threshold)[0]


@exhibit(explore={"threshold": THRESHOLDS})
def recall(threshold: float = 0.5) -> float:
    """Of all objects on held-out scenes, the share that some box has found."""
    return rates(threshold)[1]


@exhibit(explore={"threshold": THRESHOLDS})
def chosen(threshold: float = 0.5) -> float:
    """The score threshold that the slider is at."""
    return threshold


@exhibit()
def recall_falls() -> bool:
    """Over the thresholds shown, recall never rises with the threshold, and it falls by more than 0.02 in all."""
    found = np.array([rates(threshold)[1] for threshold in THRESHOLDS])
    return bool((np.diff(found) <= 0).all() and found[0] - found[-1] > 0.02)


@exhibit()
def segmentation_by_class() -> DataFrame:
    """Share of the held-out pixels that are of each class, its IoU, and the IoU of an empty mask: the rare classes fare
    worse than the background.
    """
    masks = truth()[2]
    names = ["background", *SCENE_CLASSES]
    shares = [np.mean(masks == label) for label in range(len(names))]
    network = class_iou(masks, segmented(), classes=len(names))
    background = class_iou(masks, np.zeros_like(masks), classes=len(names))
    return DataFrame({"class": names, "share": shares, "IoU": network, "empty mask": background})


@exhibit(
    alt=lambda: (
        "The four held-out scenes with the largest share of wrong pixels; wrong ones in violet, along the edges of "
        "objects and where they are small or hidden."
    )
)
def worst_masks() -> Figure:
    """The four worst of the held-out masks: wrong pixels, violet, lie along edges and in what is small or partly
    hidden.
    """
    wrong = segmented() != truth()[2]
    worst = np.argsort(-wrong.mean(axis=(1, 2)), kind="stable")[:4]
    images = [pictures.mask(wrong[i].astype(int), [style.VIOLET], held_out()[i].image) for i in worst]
    return pictures.grid(images, 2, titles=[f"{wrong[i].mean():.1%} wrong" for i in worst])[0]


@exhibit(
    alt=lambda: (
        "Four held-out scenes in which the localizer's box misses the largest object, drawn dashed: it lies between "
        "two objects of like size, or on another one."
    )
)
def worst_boxes() -> Figure:
    """The four worst boxes of the localizer: where two objects are nearly alike in size, one box cannot say both.
    Dashed: the true box.
    """
    worst = np.argsort(localizer_iou(), kind="stable")[:4]
    titles = [f"IoU {localizer_iou()[i]:.2f}" for i in worst]
    figure, axes = pictures.grid([held_out()[i].image for i in worst], 2, titles=titles)
    for axis, i in zip(axes, worst, strict=True):
        pictures.box(axis, truth()[1][i], color=style.INK, dash=(0, (3, 2)))
        pictures.box(axis, upright(localized()[1])[i], color=COLORS[localized()[0][i].argmax()])
    return figure

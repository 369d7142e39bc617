"""Exhibits of the page on computer vision."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.boxes import box_iou
from dlref.datasets import SCENE_CLASSES
from dlref.engine.exhibit import exhibit
from dlref.exhibits.deep_learning._recorded import OVER, outside, recorded, spread
from dlref.exhibits.deep_learning._vision import (
    HELD_OUT,
    THRESHOLDS,
    TRAINING,
    classified,
    detected,
    held_out,
    kept,
    localized,
    localizer_iou,
    segmented,
    task_measures,
    truth,
)
from dlref.plots import pictures, style

# Held-out scenes to look at, by the number on the slider: easy ones first, then ones on which a network fails.
SHOWN = {1: 23, 2: 27, 3: 12, 4: 36, 5: 51}
# One color for each class of SCENE_CLASSES.
COLORS = (style.GREEN, style.ORANGE, style.BLUE)


def tasks_alt(scene: int) -> str:
    """What the four pictures show, in words: the scene, which is known, and not the answers, which training decides."""
    labels = [SCENE_CLASSES[label] for label in held_out()[SHOWN[scene]].labels]
    things = ", ".join(f"{labels.count(name)} {name}" for name in SCENE_CLASSES if name in labels)
    return (
        f"A drawn meadow with {things}, four times. Classification: one name. Localization: one box, beside the dashed "
        "true box of the largest object. Detection: boxes with names. Segmentation: the pixels of objects in one color "
        "a class, on gray."
    )


@exhibit(alt=tasks_alt, explore={"scene": list(SHOWN)}, one_run=True)
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
    pictures.box(axes[1], localized()[1][index], SCENE_CLASSES[guess], color=COLORS[guess])
    for one, box, _ in kept(index, 0.5):
        pictures.box(axes[2], box, SCENE_CLASSES[one], color=COLORS[one])
    return figure


@exhibit()
def results() -> DataFrame:
    """Each network, as mean and range of the recorded trainings, against an answer that needs no picture: the commonest
    class, the mean box, all background. Scenes that neither has seen.
    """
    rows = [
        ("classification", "accuracy", "accuracy", "accuracy, blind"),
        ("localization", "mean IoU of the box", "box IoU", "box IoU, blind"),
        ("detection", "F1 of the boxes", "F1", "F1, blind"),
        ("segmentation", "pixel accuracy", "pixel accuracy", "pixel accuracy, blind"),
        ("segmentation", "mean IoU of the classes", "mean IoU", "mean empty IoU"),
    ]
    return DataFrame(
        [
            (task, measure, recorded(f"scenes: {name}").mean(), spread(f"scenes: {name}"),
             recorded(f"scenes: {blind}").mean())
            for task, measure, name, blind in rows
        ],
        columns=["task", "measure", "network", "range", "baseline"],
    )  # fmt: skip


# What is measured of each network, and of the answer that needs no picture.
BLIND = {
    "accuracy": "accuracy, blind",
    "box IoU": "box IoU, blind",
    "F1": "F1, blind",
    "pixel accuracy": "pixel accuracy, blind",
    "mean IoU": "mean empty IoU",
}


@exhibit(over=OVER)
def every_network_beats_its_baseline() -> bool:
    """In every training and every row of the table, the network's figure is above that of the answer that needs no
    picture, by five hundredths or more.
    """
    pairs = BLIND.items()
    return all((recorded(f"scenes: {one}") > recorded(f"scenes: {other}") + 0.05).all() for one, other in pairs)


@exhibit(over="one training while this site was built, beside the recorded ones")
def this_run_is_like_them() -> bool:
    """The four networks drawn on this page reach what the recorded ones do: accuracy, IoU of the box, F1 and mean IoU
    lie within their range, made wider on each side by twice its width and a tenth of the mean. Each figure is above
    that of the answer that needs no picture, by five hundredths or more.
    """
    found = task_measures(0)
    above = all(found[one] > found[other] + 0.05 for one, other in BLIND.items())
    return above and not outside({f"scenes: {name}": found[name] for name in ("accuracy", "box IoU", "F1", "mean IoU")})


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
    return (
        f"One scene with {len(held_out()[SHOWN[3]].labels)} objects, twice. Left: all boxes with a score of at least "
        f"{threshold:.2f}, several on an object, nearly over each other. Right: what suppression has left of them."
    )


@exhibit(alt=detection_alt, explore={"threshold": THRESHOLDS}, one_run=True)
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


def rates(threshold: float) -> tuple[float, float]:
    """Precision and recall of the detector over all held-out scenes: means of the recorded trainings."""
    return tuple(float(recorded(f"scenes: {name} at {threshold:g}").mean()) for name in ("precision", "recall"))


@exhibit(
    alt=lambda threshold: (
        "Precision against recall, one point for each score threshold, in the upper right corner; thin lines, one a "
        f"training, run beside. At {threshold:.2f}: precision {rates(threshold)[0]:.2f}, recall "
        f"{rates(threshold)[1]:.2f}."
    ),
    explore={"threshold": THRESHOLDS},
)
def precision_recall(threshold: float = 0.5) -> Figure:
    """A higher threshold gives fewer false boxes and more missed objects. Points: means of the recorded trainings; thin
    lines: each of them. The axes show the corner near 1 only.
    """
    by_run = [[recorded(f"scenes: {name} at {one:g}") for one in THRESHOLDS] for name in ("recall", "precision")]
    recalls, precisions = np.array(by_run)
    figure, axes = style.figure(4.4, 3.3)
    axes.plot(recalls, precisions, color=style.tint(style.BLUE, 0.35), linewidth=0.7)
    axes.plot(recalls.mean(axis=1), precisions.mean(axis=1), color=style.BLUE, marker="o")
    axes.plot(*rates(threshold)[::-1], marker="o", markersize=8, color=style.INK)
    axes.set(xlabel="recall: share of the objects found", ylabel="precision: share of the boxes right")
    axes.set(xlim=(0.8, 1.005), ylim=(0.85, 1.005))
    return figure


@exhibit(explore={"threshold": THRESHOLDS}, over=OVER)
def precision(threshold: float = 0.5) -> float:
    """Of all boxes on held-out scenes, the share that finds a new object of its class, with an IoU of at least 0.5:
    mean of the trainings.
    """
    return rates(threshold)[0]


@exhibit(explore={"threshold": THRESHOLDS}, over=OVER)
def recall(threshold: float = 0.5) -> float:
    """Of all objects on held-out scenes, the share that some box has found: mean of the trainings."""
    return rates(threshold)[1]


@exhibit(explore={"threshold": THRESHOLDS})
def chosen(threshold: float = 0.5) -> float:
    """The score threshold that the slider is at."""
    return threshold


@exhibit(over=OVER)
def recall_falls() -> bool:
    """In every training, recall falls from the lowest threshold shown to the highest, by two percentage points or
    more, and precision rises.
    """
    low, high = (f"at {threshold:g}" for threshold in (THRESHOLDS[0], THRESHOLDS[-1]))
    fall = recorded(f"scenes: recall {low}") - recorded(f"scenes: recall {high}")
    rise = recorded(f"scenes: precision {high}") - recorded(f"scenes: precision {low}")
    return bool((fall > 0.02).all() and (rise > 0).all())


@exhibit()
def segmentation_by_class() -> DataFrame:
    """Share of the held-out pixels that are of each class, its IoU, and the IoU of an empty mask: the rare classes fare
    worse than the background. Means of the recorded trainings, and the range of the network's.
    """
    names = ["background", *SCENE_CLASSES]
    columns = {
        title: [recorded(f"scenes: {name} of class {i}").mean() for i in range(len(names))]
        for title, name in (("share", "share"), ("IoU", "IoU"), ("empty mask", "empty IoU"))
    }
    ranges = [spread(f"scenes: IoU of class {i}") for i in range(len(names))]
    return DataFrame({"class": names, "share": columns["share"], "IoU": columns["IoU"], "range": ranges,
                      "empty mask": columns["empty mask"]})  # fmt: skip


@exhibit(
    alt="The four held-out scenes with the largest share of wrong pixels; wrong ones in violet, most of them along the "
    "edges of objects and where they are small or hidden.",
    one_run=True,
)
def worst_masks() -> Figure:
    """The four worst of the held-out masks of one training: most wrong pixels, violet, lie along edges and in what is
    small or partly hidden.
    """
    wrong = segmented() != truth()[2]
    worst = np.argsort(-wrong.mean(axis=(1, 2)), kind="stable")[:4]
    images = [pictures.mask(wrong[i].astype(int), [style.VIOLET], held_out()[i].image) for i in worst]
    return pictures.grid(images, 2, titles=[f"{wrong[i].mean():.1%} wrong" for i in worst])[0]


@exhibit(
    alt="Four held-out scenes in which the localizer's box misses the largest object, drawn dashed: it lies between "
    "objects of like size, or on another one.",
    one_run=True,
)
def worst_boxes() -> Figure:
    """The four worst boxes of the localizer in one training: where two objects are nearly alike in size, it answers
    with the other one, or with a mean of both. Dashed: the true box.
    """
    worst = np.argsort(localizer_iou(), kind="stable")[:4]
    titles = [f"IoU {localizer_iou()[i]:.2f}" for i in worst]
    figure, axes = pictures.grid([held_out()[i].image for i in worst], 2, titles=titles)
    for axis, i in zip(axes, worst, strict=True):
        pictures.box(axis, truth()[1][i], color=style.INK, dash=(0, (3, 2)))
        pictures.box(axis, localized()[1][i], color=COLORS[localized()[0][i].argmax()])
    return figure

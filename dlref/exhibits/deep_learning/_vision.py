"""The scenes that the page on vision looks at, and the four networks trained on them."""

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from dlref.boxes import box_iou, class_iou, match_boxes, non_maximum_suppression
from dlref.datasets import SCENE_CLASSES, Scene, scenes
from dlref.engine.trained import trained
from dlref.pytorch.training import fit
from dlref.pytorch.vision import (
    Classifier,
    Detector,
    Localizer,
    Segmenter,
    cell_centers,
    detection_loss,
    detection_targets,
    localization_loss,
)

SIZE = 48
TRAINING, HELD_OUT = 1000, 200
CLASSES = len(SCENE_CLASSES)
THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]


@trained
def training_scenes(seed: int) -> dict:
    """The scenes that the networks learn from, as tensors: pictures as bytes, and what is true of them."""
    drawn = scenes(TRAINING, generator=np.random.default_rng(2 * seed + 1), size=SIZE)
    return {
        "images": torch.tensor(np.array([scene.image for scene in drawn]) * 255).round().to(torch.uint8),
        "masks": torch.tensor(np.array([scene.mask for scene in drawn])).to(torch.uint8),
        "labels": [scene.labels.tolist() for scene in drawn],
        "boxes": [torch.tensor(scene.boxes / SIZE, dtype=torch.float32) for scene in drawn],
    }


@cache
def held_out(seed: int = 0) -> list[Scene]:
    """Scenes that no network has seen."""
    return scenes(HELD_OUT, generator=np.random.default_rng(2 * seed + 2), size=SIZE)


def as_input(images: np.ndarray | Tensor) -> Tensor:
    """Pictures of shape (n, size, size, 3) from 0 to 1 as a network takes them."""
    return torch.as_tensor(images, dtype=torch.float32).permute(0, 3, 1, 2).contiguous()


def train(model: nn.Module, targets: Tensor, loss_function: Callable, *, seed: int, epochs: int) -> dict:
    """Train on the training scenes; what is learned, as a `state_dict`."""
    data = TensorDataset(as_input(training_scenes(seed)["images"]) / 255, targets)
    optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
    for learning_rate, part in ((4e-3, epochs - epochs // 3), (1e-3, epochs // 3)):
        optimizer.param_groups[0]["lr"] = learning_rate
        fit(model, DataLoader(data, batch_size=32, shuffle=True), loss_function, optimizer, epochs=part)
    return model.state_dict()


def first_labels(seed: int) -> Tensor:
    """The class of the largest object of each training scene."""
    return torch.tensor([labels[0] for labels in training_scenes(seed)["labels"]])


@trained
def classifier_state(seed: int) -> dict:
    """A network that names the largest object."""
    torch.manual_seed(seed)
    return train(Classifier(CLASSES), first_labels(seed), functional.cross_entropy, seed=seed, epochs=9)


@trained
def localizer_state(seed: int) -> dict:
    """A network that names the largest object and draws a box around it."""
    torch.manual_seed(seed)
    boxes = torch.stack([boxes[0] for boxes in training_scenes(seed)["boxes"]])
    targets = torch.cat([functional.one_hot(first_labels(seed), CLASSES).float(), boxes], dim=1)
    return train(Localizer(CLASSES), targets, localization_loss, seed=seed, epochs=15)


@trained
def detector_state(seed: int) -> dict:
    """A network that finds every object."""
    torch.manual_seed(seed)
    data = training_scenes(seed)
    pairs = zip(data["boxes"], data["labels"], strict=True)
    targets = torch.stack([detection_targets(boxes, labels, classes=CLASSES) for boxes, labels in pairs])
    return train(Detector(CLASSES), targets, detection_loss, seed=seed, epochs=12)


@trained
def segmenter_state(seed: int) -> dict:
    """A network that gives every pixel a class."""
    torch.manual_seed(seed)
    masks = training_scenes(seed)["masks"].long()
    return train(Segmenter(CLASSES + 1), masks, functional.cross_entropy, seed=seed, epochs=6)


def outputs(model: nn.Module, state: dict, seed: int) -> Tensor:
    """What a trained network answers on the held-out scenes."""
    model.load_state_dict(state)
    model.eval()
    with torch.no_grad():
        return model(as_input(np.array([scene.image for scene in held_out(seed)])))


@cache
def classified(seed: int = 0) -> np.ndarray:
    """For each held-out scene, the probability of each class."""
    return outputs(Classifier(CLASSES), classifier_state(seed), seed).softmax(dim=1).numpy()


@cache
def localized(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """For each held-out scene, the probability of each class, and one box in pixels.

    The box has the smaller side first: a network does not know that left comes before right.
    """
    found = outputs(Localizer(CLASSES), localizer_state(seed), seed)
    boxes = found[:, CLASSES:].numpy().astype(float) * SIZE
    upright = np.c_[np.minimum(boxes[:, :2], boxes[:, 2:]), np.maximum(boxes[:, :2], boxes[:, 2:])]
    return found[:, :CLASSES].softmax(dim=1).numpy(), upright


@cache
def detected(seed: int = 0) -> list[list[tuple[np.ndarray, np.ndarray]]]:
    """For each held-out scene and class, all boxes in pixels with a score above 0.05, and their scores, best first."""
    found = outputs(Detector(CLASSES), detector_state(seed), seed).numpy().astype(float)
    x, y = cell_centers(found.shape[-1]).numpy()
    left, top, right, bottom = np.moveaxis(found[:, CLASSES:], 1, 0)
    boxes = np.stack([x - left, y - top, x + right, y + bottom], axis=-1) * SIZE
    scores = 1 / (1 + np.exp(-found[:, :CLASSES]))
    return [[_ranked(boxes[i], scores[i, c]) for c in range(CLASSES)] for i in range(len(found))]


def _ranked(boxes: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(-scores, axis=None, kind="stable")
    order = order[scores.ravel()[order] > 0.05]
    return boxes.reshape(-1, 4)[order], scores.ravel()[order]


def kept(scene: int, threshold: float, seed: int = 0) -> list[tuple[int, np.ndarray, float]]:
    """The detector's answer for a held-out scene: class, box and score of all that is left after suppression."""
    answer = []
    for label, (boxes, scores) in enumerate(detected(seed)[scene]):
        boxes, scores = boxes[scores >= threshold], scores[scores >= threshold]
        chosen = non_maximum_suppression(boxes, scores, iou_threshold=0.4)
        answer += [(label, boxes[i], float(scores[i])) for i in chosen]
    return answer


def detection_counts(threshold: float, seed: int) -> tuple[int, int, int]:
    """Over all held-out scenes: hits, false alarms and misses at a score threshold, a hit being an IoU of 0.5."""
    hits = alarms = objects = 0
    for i, scene in enumerate(held_out(seed)):
        answer = kept(i, threshold, seed)
        objects += len(scene.labels)
        for label in range(CLASSES):
            pred = np.array([box for one, box, _ in answer if one == label]).reshape(-1, 4)
            found = match_boxes(scene.boxes[scene.labels == label], pred) >= 0
            hits, alarms = hits + int(found.sum()), alarms + int((~found).sum())
    return hits, alarms, objects - hits


@cache
def segmented(seed: int = 0) -> np.ndarray:
    """For each held-out scene, each pixel's predicted class."""
    return outputs(Segmenter(CLASSES + 1), segmenter_state(seed), seed).argmax(dim=1).numpy()


@cache
def truth(seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the held-out scenes: class and box of the largest object, and the masks."""
    labels, boxes, masks = zip(*[(s.labels[0], s.boxes[0], s.mask) for s in held_out(seed)], strict=True)
    return np.array(labels), np.array(boxes), np.array(masks)


@cache
def localizer_iou(seed: int = 0) -> np.ndarray:
    """Of each held-out scene: IoU of the localizer's box with the true one."""
    return np.diag(box_iou(localized(seed)[1], truth(seed)[1]))


def f1(hits: int, alarms: int, misses: int) -> float:
    """Harmonic mean of precision and recall."""
    return 2 * hits / (2 * hits + alarms + misses)


def task_measures(seed: int) -> dict[str, float]:
    """What one training of the four networks reaches on the held-out scenes, and answers that look at no picture."""
    labels, boxes, masks = truth(seed)
    known = training_scenes(seed)
    commonest = np.bincount([one[0] for one in known["labels"]]).argmax()
    mean_box = np.mean([one[0].numpy() for one in known["boxes"]], axis=0) * SIZE
    blind = sum(match_boxes(s.boxes[s.labels == commonest], [mean_box])[0] >= 0 for s in held_out(seed))
    objects = sum(len(s.labels) for s in held_out(seed))
    found = {
        "accuracy": np.mean(classified(seed).argmax(1) == labels),
        "accuracy, blind": np.mean(labels == commonest),
        "box IoU": localizer_iou(seed).mean(),
        "box IoU, blind": box_iou([mean_box], boxes).mean(),
        "F1": f1(*detection_counts(0.5, seed)),
        "F1, blind": f1(blind, HELD_OUT - blind, objects - blind),
        "pixel accuracy": np.mean(segmented(seed) == masks),
        "pixel accuracy, blind": np.mean(masks == 0),
    }
    return found | _class_measures(masks, seed) | _rates(seed)


def _class_measures(masks: np.ndarray, seed: int) -> dict[str, float]:
    classes = CLASSES + 1
    answers = {"IoU": segmented(seed), "empty IoU": np.zeros_like(masks)}
    found = {name: class_iou(masks, answer, classes=classes) for name, answer in answers.items()}
    found["share"] = np.bincount(masks.ravel(), minlength=classes) / masks.size
    by_class = {f"{name} of class {i}": value for name, values in found.items() for i, value in enumerate(values)}
    return by_class | {f"mean {name}": found[name].mean() for name in answers}


def _rates(seed: int) -> dict[str, float]:
    found = {}
    for threshold in THRESHOLDS:
        hits, alarms, misses = detection_counts(threshold, seed)
        found[f"precision at {threshold:g}"] = hits / max(hits + alarms, 1)
        found[f"recall at {threshold:g}"] = hits / (hits + misses)
    return found

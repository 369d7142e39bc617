"""The scenes that the page on vision looks at, and the four networks trained on them."""

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from dlref.boxes import match_boxes, non_maximum_suppression
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


@trained
def training_scenes() -> dict:
    """The scenes that the networks learn from, as tensors: pictures as bytes, and what is true of them."""
    drawn = scenes(TRAINING, generator=np.random.default_rng(1), size=SIZE)
    return {
        "images": torch.tensor(np.array([scene.image for scene in drawn]) * 255).round().to(torch.uint8),
        "masks": torch.tensor(np.array([scene.mask for scene in drawn])).to(torch.uint8),
        "labels": [scene.labels.tolist() for scene in drawn],
        "boxes": [torch.tensor(scene.boxes / SIZE, dtype=torch.float32) for scene in drawn],
    }


@cache
def held_out() -> list[Scene]:
    """Scenes that no network has seen."""
    return scenes(HELD_OUT, generator=np.random.default_rng(2), size=SIZE)


def as_input(images: np.ndarray | Tensor) -> Tensor:
    """Pictures of shape (n, size, size, 3) from 0 to 1 as a network takes them."""
    return torch.as_tensor(images, dtype=torch.float32).permute(0, 3, 1, 2).contiguous()


def train(model: nn.Module, targets: Tensor, loss_function: Callable, *, epochs: int) -> dict:
    """Train on the training scenes; what is learned, as a `state_dict`."""
    data = TensorDataset(as_input(training_scenes()["images"]) / 255, targets)
    optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
    for learning_rate, part in ((4e-3, epochs - epochs // 3), (1e-3, epochs // 3)):
        optimizer.param_groups[0]["lr"] = learning_rate
        fit(model, DataLoader(data, batch_size=32, shuffle=True), loss_function, optimizer, epochs=part)
    return model.state_dict()


def first_labels() -> Tensor:
    """The class of the largest object of each training scene."""
    return torch.tensor([labels[0] for labels in training_scenes()["labels"]])


@trained
def classifier_state() -> dict:
    """A network that names the largest object."""
    torch.manual_seed(0)
    return train(Classifier(CLASSES), first_labels(), functional.cross_entropy, epochs=9)


@trained
def localizer_state() -> dict:
    """A network that names the largest object and draws a box around it."""
    torch.manual_seed(0)
    boxes = torch.stack([boxes[0] for boxes in training_scenes()["boxes"]])
    targets = torch.cat([functional.one_hot(first_labels(), CLASSES).float(), boxes], dim=1)
    return train(Localizer(CLASSES), targets, localization_loss, epochs=15)


@trained
def detector_state() -> dict:
    """A network that finds every object."""
    torch.manual_seed(0)
    data = training_scenes()
    pairs = zip(data["boxes"], data["labels"], strict=True)
    targets = torch.stack([detection_targets(boxes, labels, classes=CLASSES) for boxes, labels in pairs])
    return train(Detector(CLASSES), targets, detection_loss, epochs=12)


@trained
def segmenter_state() -> dict:
    """A network that gives every pixel a class."""
    torch.manual_seed(0)
    return train(Segmenter(CLASSES + 1), training_scenes()["masks"].long(), functional.cross_entropy, epochs=6)


def outputs(model: nn.Module, state: dict) -> Tensor:
    """What a trained network answers on the held-out scenes."""
    model.load_state_dict(state)
    model.eval()
    with torch.no_grad():
        return model(as_input(np.array([scene.image for scene in held_out()])))


@cache
def classified() -> np.ndarray:
    """For each held-out scene, the probability of each class."""
    return outputs(Classifier(CLASSES), classifier_state()).softmax(dim=1).numpy()


@cache
def localized() -> tuple[np.ndarray, np.ndarray]:
    """For each held-out scene, the probability of each class, and one box in pixels."""
    found = outputs(Localizer(CLASSES), localizer_state())
    return found[:, :CLASSES].softmax(dim=1).numpy(), found[:, CLASSES:].numpy().astype(float) * SIZE


@cache
def detected() -> list[list[tuple[np.ndarray, np.ndarray]]]:
    """For each held-out scene and class, all boxes in pixels with a score above 0.05, and their scores, best first."""
    found = outputs(Detector(CLASSES), detector_state()).numpy().astype(float)
    x, y = cell_centers(found.shape[-1]).numpy()
    left, top, right, bottom = np.moveaxis(found[:, CLASSES:], 1, 0)
    boxes = np.stack([x - left, y - top, x + right, y + bottom], axis=-1) * SIZE
    scores = 1 / (1 + np.exp(-found[:, :CLASSES]))
    return [[_ranked(boxes[i], scores[i, c]) for c in range(CLASSES)] for i in range(len(found))]


def _ranked(boxes: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(-scores, axis=None, kind="stable")
    order = order[scores.ravel()[order] > 0.05]
    return boxes.reshape(-1, 4)[order], scores.ravel()[order]


def kept(scene: int, threshold: float, iou_threshold: float = 0.4) -> list[tuple[int, np.ndarray, float]]:
    """The detector's answer for a held-out scene: class, box and score of all that is left after suppression."""
    answer = []
    for label, (boxes, scores) in enumerate(detected()[scene]):
        boxes, scores = boxes[scores >= threshold], scores[scores >= threshold]
        chosen = non_maximum_suppression(boxes, scores, iou_threshold=iou_threshold)
        answer += [(label, boxes[i], float(scores[i])) for i in chosen]
    return answer


def detection_counts(threshold: float) -> tuple[int, int, int]:
    """Over all held-out scenes: hits, false alarms and misses at a score threshold, a hit being an IoU of 0.5."""
    hits = alarms = objects = 0
    for i, scene in enumerate(held_out()):
        answer = kept(i, threshold)
        objects += len(scene.labels)
        for label in range(CLASSES):
            pred = np.array([box for one, box, _ in answer if one == label]).reshape(-1, 4)
            found = match_boxes(scene.boxes[scene.labels == label], pred) >= 0
            hits, alarms = hits + int(found.sum()), alarms + int((~found).sum())
    return hits, alarms, objects - hits


@cache
def segmented() -> np.ndarray:
    """For each held-out scene, each pixel's predicted class."""
    return outputs(Segmenter(CLASSES + 1), segmenter_state()).argmax(dim=1).numpy()

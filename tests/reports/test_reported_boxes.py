"""Boxes, rankings and encodings that came out wrong or too slowly elsewhere."""

import tracemalloc

import numpy as np
import pytest
from scipy import stats

from dlref.autograd import Node
from dlref.boxes import box_iou, class_iou, match_boxes, non_maximum_suppression
from dlref.encoding import bin_indices, from_one_hot, multi_hot, one_hot, ordinal
from dlref.graphs import collapse
from dlref.metrics import confusion_at, delong, roc_auc_score, roc_curve


def test_boxes_in_half_precision():
    """Their areas overflow at 65504, and suppression keeps all: pytorch/vision#3371."""
    boxes = np.float16([[0, 0, 1000, 1000], [10, 10, 1000, 1000], [1200, 0, 1300, 100]])
    np.testing.assert_array_equal(box_iou(boxes, boxes), box_iou(boxes.astype(float), boxes.astype(float)))
    assert non_maximum_suppression(boxes, [0.9, 0.8, 0.7]).tolist() == [0, 2]
    assert match_boxes(boxes[:1], boxes[:1]).tolist() == [0]


@pytest.mark.parametrize("size", [1e-320, 1e-200, 1e20, 1e200, 1e307])
def test_boxes_of_any_size(size):
    """An area that over- or underflows is no reason for nan."""
    box = np.array([[0, 0, 2, 2], [1, 1, 3, 3]]) * size
    np.testing.assert_allclose(box_iou(box, box), [[1, 1 / 7], [1 / 7, 1]])
    with pytest.raises(ValueError, match=r"^box_iou: boxes_a must have finite sides"):
        box_iou([[-1.7e308, 0, 1.7e308, 1]], box)


def test_boxes_without_an_area_and_at_the_threshold():
    """nan for two empty boxes, and an IoU equal to the threshold: pytorch/vision#1872, #7165."""
    assert non_maximum_suppression([[1, 1, 1, 1]] * 2, [0.5, 0.4]).tolist() == [0, 1]
    assert non_maximum_suppression([[0, 0, 3, 2], [2, 0, 6, 2]], [0.5, 0.4], iou_threshold=1 / 6).tolist() == [0, 1]
    # A true box without an area takes nothing from the others.
    assert match_boxes([[1, 1, 1, 1], [0, 0, 2, 2]], [[1, 1, 1, 1], [0, 0, 2, 2]]).tolist() == [-1, 1]


def test_a_score_that_is_no_number_is_refused():
    """A box with the score nan was sorted last, in silence."""
    with pytest.raises(ValueError, match=r"^non_maximum_suppression: y_score must be finite; got nan"):
        non_maximum_suppression([[0, 0, 1, 1], [0, 0, 1, 1]], [np.nan, 0.5])


def test_a_picture_without_objects():
    """An empty list was refused, by another function's name."""
    assert match_boxes([], [[0, 0, 1, 1]]).tolist() == [-1]
    assert match_boxes([[0, 0, 1, 1]], []).tolist() == []
    assert box_iou([], [[0, 0, 1, 1]]).shape == (0, 1)


def test_thresholds_of_a_curve():
    """A first threshold above 1, and a missing (0, 0): scikit-learn/scikit-learn#26193, #9790."""
    fpr, tpr, thresholds = roc_curve([0, 1, 1, 0], [0.2, 0.9, 0.9, 0.4])
    assert (fpr[0], tpr[0], thresholds[0]) == (0, 0, np.inf)
    assert thresholds.tolist() == [np.inf, 0.9, 0.4, 0.2] and tpr.tolist() == [0, 1, 1, 1]


def test_scores_are_ranked_as_they_are():
    """Logits near 98 passed through a hidden sigmoid: Lightning-AI/torchmetrics#2819, #2195."""
    scores = np.float32([98.1, 98.2, 98.3, 98.4])
    assert roc_auc_score([0, 0, 1, 1], scores) == 1
    assert roc_auc_score([0, 1, 0, 1], scores) == 0.75


def test_a_score_at_the_threshold_in_single_precision():
    """`np.float32([0.7]) >= 0.7` is true in NumPy 2, and so is it here."""
    assert confusion_at([1], np.float32([0.7]), 0.7).tolist() == [[0, 0], [0, 1]]


def test_integers_that_floats_cannot_tell_apart_are_refused():
    """Scores and edges beyond 2**53 became equal: numpy/numpy#11022."""
    with pytest.raises(ValueError, match=r"^roc_auc_score: y_score must hold numbers that a float holds exactly"):
        roc_auc_score([0, 1, 0, 1], 2**60 + np.array([0, 1, 2, 3]))
    with pytest.raises(ValueError, match=r"^bin_indices: edges must hold numbers that a float holds exactly"):
        bin_indices([2**53], edges=[2**53 + 1])
    assert roc_auc_score([0, 1], np.array([2**60, 2**61], np.uint64)) == 1


def test_area_above_one():
    """DeLong's area rounded to above 1: jacobgil/confidenceinterval#15."""
    areas, covariance = delong([0] * 25 + [1] * 25, [np.r_[np.linspace(0, 0.4, 25), np.linspace(0.6, 1, 25)]])
    assert areas.tolist() == [1] and covariance.tolist() == [[0]]


def test_delong_is_not_quadratic(growth):
    """All pairs of 60 000 cases need 13 GiB; Sun and Xu sort instead: xrobin/pROC#16."""
    rng = np.random.default_rng(0)
    y_true = rng.integers(0, 2, 100_000)
    scores = np.stack([y_true + rng.normal(0, 1, 100_000), (y_true + rng.normal(0, 2, 100_000)).round(1)])
    assert growth(lambda rows: delong(y_true[:rows], scores[:, :rows]), 25_000) < 9
    areas, _ = delong(y_true, scores)
    u = [stats.mannwhitneyu(row[y_true == 1], row[y_true == 0]).statistic for row in scores]
    np.testing.assert_allclose(areas, np.divide(u, (y_true == 1).sum() * (y_true == 0).sum()), rtol=1e-12)


def peak(function, *args, **kwargs) -> float:
    """MiB that a call needs at once."""
    tracemalloc.start()
    function(*args, **kwargs)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 2**20


def test_one_hot_of_a_vocabulary():
    """np.eye of all classes ran out of memory: tensorflow/tensorflow#50494, ViCCo-Group/SPoSE#1."""
    assert one_hot([3], classes=1_000_000)[0, 3] == 1
    assert peak(one_hot, [3], classes=30_522) < 1


def test_suppression_holds_one_row_of_overlaps_at_a_time():
    """4000 boxes needed 977 MiB."""
    corners = np.random.default_rng(0).uniform(0, 100, (3000, 2))
    boxes = np.hstack([corners, corners + 10])
    assert peak(non_maximum_suppression, boxes, np.arange(3000.0)) < 10


def test_collapse_of_a_long_sum():
    """A sum of 4000 named nodes needed 492 MiB."""
    total = Node(0.0)
    for i in range(4000):
        total = total + Node(1.0, name=f"x{i}")
    assert len(collapse(total).parents) == 4000
    assert peak(collapse, total) < 30


def test_class_iou_of_many_classes():
    """A mask a class and pixel is not needed to count them."""
    labels = np.arange(10_000) % 5000
    assert peak(class_iou, labels, labels, classes=5000) < 2


def test_rows_that_are_sets():
    """What MultiLabelBinarizer takes: scikit-learn/scikit-learn#6639."""
    expected = [[1, 1, 0], [0, 0, 1], [0, 0, 0]]
    for kind in (set, frozenset, tuple, list, np.array):
        label_sets = [kind(labels) for labels in ([0, 1], [2], [])]
        assert multi_hot(label_sets, classes=3).tolist() == expected


def test_names_in_a_set_have_no_order():
    """Which category is 0 would change from run to run."""
    with pytest.raises(TypeError, match=r"^ordinal: categories must be a list; got set "):
        ordinal(["a"], categories={"a", "b"})


def encode_all(rows):
    labels = np.arange(rows) % 3
    names = [f"name {i}" for i in range(rows // 5)]
    np.testing.assert_array_equal(from_one_hot(one_hot(labels, classes=3)), labels)
    multi_hot(labels[:, None].tolist(), classes=3)
    ordinal(names * 5, categories=names)


def test_many_rows_and_names_in_linear_time(growth):
    """Loops over rows and lists of categories took from 26 to 162 times as long as the libraries' ways."""
    assert growth(encode_all, 25_000) < 9

"""What the functions of `dlref.boxes` equal."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from oracles import Oracle
from sklearn.metrics import jaccard_score

sides = st.integers(0, 6)


def boxes(low=0, high=6, *, flat=True):
    """Boxes on a grid of whole numbers, some of them without area where `flat`."""
    corner = st.tuples(sides, sides, st.integers(not flat, 5), st.integers(not flat, 5))
    rows = st.lists(corner.map(lambda c: [c[0], c[1], c[0] + c[2], c[1] + c[3]]), min_size=low, max_size=high)
    return rows.map(lambda found: np.array(found, dtype=float).reshape(-1, 4))


def cells(box):
    """The unit squares inside a box."""
    left, top, right, bottom = map(int, box)
    return {(x, y) for x in range(left, right) for y in range(top, bottom)}


def iou_by_cells(a, b):
    def one(p, q):
        return len(cells(p) & cells(q)) / len(cells(p) | cells(q)) if cells(p) | cells(q) else np.nan

    return np.array([[one(p, q) for q in b] for p in a]).reshape(len(a), len(b))


def suppress_by_definition(boxes, scores, *, iou_threshold):
    """Take the best, drop what overlaps it, and begin again with what is left."""
    left, kept = list(range(len(boxes))), []
    while left:
        best = max(left, key=lambda i: (scores[i], -i))
        kept.append(best)
        overlap = iou_by_cells(boxes[[best]], boxes[left])[0]
        left = [i for i, o in zip(left, overlap, strict=True) if i != best and not o > iou_threshold]
    return np.array(kept, dtype=int)


def match_by_definition(true, pred, *, iou_threshold):
    free, found = dict(enumerate(true)), []
    for box in pred:
        by_overlap = [(iou_by_cells([box], [other])[0, 0], -i) for i, other in free.items()]
        overlap, index = max(by_overlap, default=(0, 0))
        found.append(-index if overlap >= iou_threshold else -1)
        free.pop(found[-1], None)
    return np.array(found, dtype=int)


def jaccard(y_true, y_pred, *, classes):
    scores = jaccard_score(y_true.ravel(), y_pred.ravel(), labels=range(classes), average=None, zero_division=0)
    present = np.isin(range(classes), np.union1d(y_true, y_pred))
    return np.where(present, scores, np.nan)


# The shares that boxes of whole numbers often have, so that ties are tried.
thresholds = st.sampled_from([0.1, 0.25, 1 / 3, 0.5, 0.6, 2 / 3, 1.0])
scored = boxes().flatmap(
    lambda found: st.tuples(
        st.just(found), npst.arrays(float, len(found), elements=st.sampled_from([-1.0, 0.0, 0.3, 0.9]))
    )
)
masks = st.tuples(st.integers(1, 4), npst.array_shapes(min_dims=1, max_dims=3, max_side=5)).flatmap(
    lambda drawn: st.fixed_dictionaries(
        {name: npst.arrays(int, drawn[1], elements=st.integers(0, drawn[0] - 1)) for name in ("y_true", "y_pred")}
        | {"classes": st.just(drawn[0])}
    )
)

ORACLES = {
    "box_iou": Oracle("unit squares, counted", iou_by_cells, st.tuples(boxes(), boxes())),
    "non_maximum_suppression": Oracle(
        "the definition, one box at a time",
        lambda boxes, scores, threshold: suppress_by_definition(boxes, scores, iou_threshold=threshold),
        st.builds(lambda pair, threshold: (*pair, threshold), scored, thresholds),
        call=lambda function, boxes, scores, threshold: function(boxes, scores, iou_threshold=threshold),
    ),
    "match_boxes": Oracle(
        "the definition, one prediction at a time",
        lambda true, pred, threshold: match_by_definition(true, pred, iou_threshold=threshold),
        st.tuples(boxes(flat=False), boxes(flat=False), thresholds),
        call=lambda function, true, pred, threshold: function(true, pred, iou_threshold=threshold),
    ),
    "class_iou": Oracle("sklearn.metrics.jaccard_score(average=None)", jaccard, masks),
}

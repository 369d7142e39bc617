"""Encodings come back as they went in, and refuse what they cannot hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlref import encoding


def test_the_workshops_multi_label_targets():
    tree, house, road = 0, 1, 2
    assert encoding.multi_hot([[tree, house], [tree, road]], classes=3).tolist() == [[1, 1, 0], [1, 0, 1]]


@settings(deadline=None, derandomize=True, database=None)
@given(st.lists(st.sets(st.integers(0, 4))))
def test_what_goes_in_comes_back(label_sets):
    encoded = encoding.multi_hot([sorted(labels) for labels in label_sets], classes=5)
    assert encoding.from_multi_hot(encoded) == [sorted(labels) for labels in label_sets]
    labels = [len(some) % 5 for some in label_sets]
    assert encoding.from_one_hot(encoding.one_hot(labels, classes=5)).tolist() == labels


def test_every_bin_holds_its_lower_edge_and_not_its_upper():
    edges = np.array([-1.0, 0.0, 2.5])
    assert encoding.bin_indices(edges, edges=edges).tolist() == [1, 2, 3]
    assert encoding.bin_indices(np.nextafter(edges, -np.inf), edges=edges).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("function", "argument", "keywords", "message"),
    [
        ("ordinal", ["a"], {"categories": ["a", "a"]}, "categories must differ from each other; got ['a', 'a']."),
        ("one_hot", [-1], {"classes": 2}, "labels must hold integers from 0 to 1; got -1."),
        ("one_hot", [0.5], {"classes": 2}, "labels must hold integers from 0 to 1; got 0.5."),
        ("one_hot", [[0]], {"classes": 2}, "labels must have 1 dimension; got shape (1, 1)."),
        ("one_hot", [0], {"classes": 0}, "classes must be an integer >= 1; got 0."),
        ("from_one_hot", [[0, 0]], {}, "encoded must have a single 1 in every row; got [0, 0]."),
        ("from_one_hot", [[0, 2]], {}, "encoded must hold integers from 0 to 1; got 2."),
        ("multi_hot", [[0], [3]], {"classes": 3}, "each of label_sets must hold integers from 0 to 2; got 3."),
        ("bin_indices", [1], {"edges": [2, 2]}, "edges must ascend; got [2.0, 2.0]."),
        ("bin_indices", [np.nan], {"edges": [2]}, "values must be finite; got nan among its values."),
        ("bin_indices", [1], {"edges": []}, "edges must not be empty; got shape (0,)."),
    ],
)
def test_bad_arguments_are_named(function, argument, keywords, message):
    with pytest.raises(ValueError, match="must") as caught:
        getattr(encoding, function)(argument, **keywords)
    assert str(caught.value) == f"{function}: {message}"

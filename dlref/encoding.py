"""Classes and categories as numbers that a model can take: one-hot, multi-hot, bins."""

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from jaxtyping import Int
from numpy.typing import ArrayLike

from dlref import _check

__all__ = ["bin_indices", "from_multi_hot", "from_one_hot", "multi_hot", "one_hot", "ordinal"]


def ordinal(values: Iterable[str], *, categories: Sequence[str]) -> Int[np.ndarray, "n"]:
    """Replace each name by its place in a list of categories.

    The numbers are names in disguise: 2 is not twice 1. `one_hot` turns them into columns that claim no order.

    Args:
        values: Names, n of them.
        categories: Every name that may occur, once.

    Returns:
        Places from 0 to the number of categories - 1, shape (n,).

    Raises:
        TypeError: If an argument is no list; a set has no order.
        ValueError: If a value is no category, a category stands twice, or there is none.

    Examples:
        >>> from dlref.encoding import ordinal
        >>> print(ordinal(["road", "tree", "road"], categories=["tree", "house", "road"]))
        [2 0 2]

        A name that was never foreseen:

        >>> from dlref.encoding import ordinal
        >>> try:
        ...     ordinal(["lake"], categories=["tree", "house", "road"])
        ... except ValueError as error:
        ...     print(error)
        ordinal: values must be one of 'tree', 'house', 'road'; got 'lake'.

        No names give no places, which are integers all the same:

        >>> from dlref.encoding import ordinal
        >>> print(ordinal([], categories=["low", "high"]).dtype)
        int64

    References:
        Equals `sklearn.preprocessing.OrdinalEncoder(categories=[categories])`, which returns floats.
        On the page: [Multi-class targets][clf-multiclass].
    """
    values, categories = _check.items("values", values), _check.items("categories", categories)
    try:
        place = {category: i for i, category in enumerate(categories)}
    except TypeError:
        raise _check.wrong_kind("categories", "hold names", categories) from None
    if not categories:
        raise _check.wrong_value("categories", "name at least one", "none")
    if len(place) < len(categories):
        raise _check.wrong_value("categories", "differ from each other", categories)

    return np.array([place[_check.one_of("values", value, place)] for value in values], dtype=np.int64)


def one_hot(labels: ArrayLike, *, classes: int) -> Int[np.ndarray, "n classes"]:
    """Give each class a column, and each label a row with a single 1.

    Args:
        labels: Classes from 0 to `classes` - 1, shape (n,).
        classes: Number of classes, 1 or more.

    Returns:
        0 and 1, shape (n, classes); every row adds up to 1.

    Raises:
        TypeError: If `labels` holds anything but numbers.
        ValueError: If a label is no class.

    Examples:
        >>> from dlref.encoding import one_hot
        >>> print(one_hot([2, 0, 1], classes=3))
        [[0 0 1]
         [1 0 0]
         [0 1 0]]

        Three classes are 0, 1 and 2:

        >>> from dlref.encoding import one_hot
        >>> try:
        ...     one_hot([3], classes=3)
        ... except ValueError as error:
        ...     print(error)
        one_hot: labels must hold integers from 0 to 2; got 3.

    References:
        Equals `torch.nn.functional.one_hot(labels, classes)` and
        `sklearn.preprocessing.OneHotEncoder(categories=[range(classes)])`, which returns floats.
        On the page: [Multi-class targets][clf-multiclass].
    """
    classes = _check.integer("classes", classes)
    labels = _check.integers("labels", labels, ndim=1, high=classes)

    encoded = np.zeros((len(labels), classes), dtype=np.int64)
    encoded[np.arange(len(labels)), labels] = 1
    return encoded


def from_one_hot(encoded: ArrayLike) -> Int[np.ndarray, "n"]:
    """Label of each one-hot row: the column of its 1.

    Args:
        encoded: Rows of 0 and one 1, shape (n, classes).

    Returns:
        Classes from 0 to classes - 1, shape (n,).

    Raises:
        TypeError: If `encoded` holds anything but numbers.
        ValueError: If a row holds more or less than one 1, or anything but 0 and 1.

    Examples:
        >>> from dlref.encoding import from_one_hot
        >>> print(from_one_hot([[0, 0, 1], [1, 0, 0]]))
        [2 0]

        A row with two classes is multi-hot, and has no single label.

        >>> from dlref.encoding import from_one_hot
        >>> try:
        ...     from_one_hot([[1, 0, 0], [1, 1, 0]])
        ... except ValueError as error:
        ...     print(error)
        from_one_hot: encoded must have a single 1 in every row; got [1, 1, 0].

    References:
        Equals `encoded.argmax(axis=1)`, which takes such a row without complaint.
        On the page: [Multi-class targets][clf-multiclass].
    """
    encoded = _check.integers("encoded", encoded, ndim=2, high=2)
    wrong = encoded.sum(axis=1) != 1
    if wrong.any():
        raise _check.wrong_value("encoded", "have a single 1 in every row", encoded[wrong][0].tolist())
    if not encoded.shape[1]:
        raise _check.wrong_value("encoded", "have a column for each class", "none")

    return encoded.argmax(axis=1)


def multi_hot(label_sets: Iterable[Iterable[int]], *, classes: int) -> Int[np.ndarray, "n classes"]:
    """Give each class a column, and each set of labels a row with a 1 for every class in it.

    Args:
        label_sets: For each of n cases its classes from 0 to `classes` - 1, in any order; none is allowed.
        classes: Number of classes, 1 or more.

    Returns:
        0 and 1, shape (n, classes).

    Raises:
        TypeError: If a set holds anything but numbers.
        ValueError: If a label is no class.

    Examples:
        With 0 = tree, 1 = house, 2 = road: tree and house, tree and road, nothing.

        >>> from dlref.encoding import multi_hot
        >>> print(multi_hot([[0, 1], [2, 0], []], classes=3))
        [[1 1 0]
         [1 0 1]
         [0 0 0]]

        Sets of labels serve as well.

        >>> from dlref.encoding import multi_hot
        >>> print(multi_hot([{1}, set()], classes=2))
        [[0 1]
         [0 0]]

    References:
        Equals `sklearn.preprocessing.MultiLabelBinarizer(classes=range(classes)).fit_transform(label_sets)`.
        On the page: [Multi-label targets][clf-multilabel].
    """
    classes = _check.integer("classes", classes)
    label_sets = _check.items("label_sets", label_sets)
    label_sets = [_check.items("each of label_sets", labels, ordered=False) for labels in label_sets]
    labels = _check.integers("each of label_sets", list(chain.from_iterable(label_sets)), ndim=1, high=classes)

    encoded = np.zeros((len(label_sets), classes), dtype=np.int64)
    encoded[np.repeat(np.arange(len(label_sets)), [len(labels) for labels in label_sets]), labels] = 1
    return encoded


def from_multi_hot(encoded: ArrayLike) -> list[list[int]]:
    """Classes of each multi-hot row, in ascending order.

    Args:
        encoded: 0 and 1, shape (n, classes).

    Returns:
        A list of classes for each row, which may be empty.

    Raises:
        TypeError: If `encoded` holds anything but numbers.
        ValueError: If it has another shape, or holds anything but 0 and 1.

    Examples:
        >>> from dlref.encoding import from_multi_hot
        >>> print(from_multi_hot([[1, 1, 0], [1, 0, 1], [0, 0, 0]]))
        [[0, 1], [0, 2], []]

        Probabilities need a threshold first:

        >>> from dlref.encoding import from_multi_hot
        >>> try:
        ...     from_multi_hot([[0.9, 0.7, 0.1]])
        ... except ValueError as error:
        ...     print(error)
        from_multi_hot: encoded must hold integers from 0 to 1; got 0.9.

    References:
        Equals `sklearn.preprocessing.MultiLabelBinarizer(classes=range(classes)).inverse_transform(encoded)`, which
        returns tuples. On the page: [Multi-label targets][clf-multilabel].
    """
    encoded = _check.integers("encoded", encoded, ndim=2, high=2)

    return [np.flatnonzero(row).tolist() for row in encoded]


def bin_indices(values: ArrayLike, *, edges: ArrayLike) -> Int[np.ndarray, "*shape"]:
    r"""Sort numbers into bins: bin k holds the values from edge k - 1 up to, but not including, edge k.

    $$k \quad\text{where}\quad e_{k-1} \le x < e_k$$

    The first bin, 0, is open downwards, and the last upwards, so that n edges make n + 1 bins.

    Args:
        values: Finite numbers of any shape.
        edges: Where one bin ends and the next begins, ascending, shape (n,), n at least 1.

    Returns:
        Bins from 0 to n in the shape of `values`.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If a value is not finite, or the edges do not ascend.

    Examples:
        Ages below 40, from 40 to 59, and from 60:

        >>> from dlref.encoding import bin_indices
        >>> print(bin_indices([28, 40, 59, 60, 77], edges=[40, 60]))
        [0 1 1 2 2]

        Edges may lie close together:

        >>> from dlref.encoding import bin_indices
        >>> print(bin_indices([0.2, 0.4, 0.9], edges=[0.3, 0.6]))
        [0 1 2]

    References:
        Equals `numpy.digitize(values, edges)` and `torch.bucketize(values, edges, right=True)`. On the page:
        [Input layer][dl-input].
    """
    values = _check.floats("values", values, finite=True)
    edges = _check.not_empty("edges", _check.floats("edges", edges, ndim=1, finite=True))
    if (np.diff(edges) <= 0).any():
        raise _check.wrong_value("edges", "ascend", edges.tolist())

    return np.asarray(np.searchsorted(edges, values, side="right"))

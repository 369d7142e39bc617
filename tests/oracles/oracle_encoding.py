"""What the functions of `dlref.encoding` equal."""

import numpy as np
import torch
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from oracles import Oracle, reals
from sklearn.preprocessing import MultiLabelBinarizer, OneHotEncoder, OrdinalEncoder

several = st.integers(1, 5)
names = st.lists(st.text("abc", max_size=3), min_size=1, max_size=5, unique=True)
edges = st.lists(st.integers(-3, 3).map(float), min_size=1, unique=True).map(sorted)


def labels(classes):
    return st.lists(st.integers(0, classes - 1), max_size=6)


def encoder(values, *, categories):
    return OrdinalEncoder(categories=[categories]).fit_transform(np.reshape(values, (-1, 1)))[:, 0]


def torch_and_sklearn_one_hot(labels, *, classes):
    ours = torch.nn.functional.one_hot(torch.tensor(labels, dtype=torch.int64), classes).numpy()
    if labels:
        sklearns = OneHotEncoder(categories=[range(classes)], sparse_output=False).fit_transform(np.c_[labels])
        np.testing.assert_array_equal(ours, sklearns)
    return ours


def back(encoded):
    binarizer = MultiLabelBinarizer(classes=range(encoded.shape[1])).fit([])
    return [list(labels) for labels in binarizer.inverse_transform(encoded)]


ORACLES = {
    "ordinal": Oracle(
        "sklearn.preprocessing.OrdinalEncoder",
        encoder,
        names.flatmap(
            lambda categories: st.fixed_dictionaries(
                {
                    "values": st.lists(st.sampled_from(categories), min_size=1, max_size=6),
                    "categories": st.just(categories),
                }
            )
        ),
    ),
    "one_hot": Oracle(
        "torch.nn.functional.one_hot and sklearn.preprocessing.OneHotEncoder",
        torch_and_sklearn_one_hot,
        several.flatmap(lambda k: st.fixed_dictionaries({"labels": labels(k), "classes": st.just(k)})),
    ),
    "from_one_hot": Oracle(
        "argmax of torch.nn.functional.one_hot",
        lambda encoded: torch.tensor(encoded).argmax(dim=1).numpy(),
        several.flatmap(lambda k: labels(k).map(lambda some: (np.eye(k)[np.array(some, dtype=int)],))),
    ),
    "multi_hot": Oracle(
        "sklearn.preprocessing.MultiLabelBinarizer.fit_transform",
        lambda label_sets, *, classes: MultiLabelBinarizer(classes=range(classes)).fit_transform(label_sets),
        several.flatmap(
            lambda k: st.fixed_dictionaries({"label_sets": st.lists(labels(k), min_size=1), "classes": st.just(k)})
        ),
    ),
    "from_multi_hot": Oracle(
        "sklearn.preprocessing.MultiLabelBinarizer.inverse_transform",
        back,
        st.tuples(npst.arrays("int64", npst.array_shapes(min_dims=2, max_dims=2), elements=st.integers(0, 1))),
    ),
    "bin_indices": Oracle(
        "torch.bucketize(..., right=True)",
        lambda values, *, edges: torch.bucketize(torch.tensor(values), torch.tensor(edges), right=True).numpy(),
        st.fixed_dictionaries({"values": reals(4) | st.sampled_from([-3.0, 0.0, 2.0]).map(np.array), "edges": edges}),
    ),
}

"""Exhibits of the page on input and output layers."""

from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.activations import sigmoid
from dlref.datasets import heart
from dlref.encoding import bin_indices, one_hot, ordinal
from dlref.engine.exhibit import exhibit
from dlref.exhibits._heart import heart_split
from dlref.plots import layer
from dlref.softmax import softmax

BINS = [2, 3, 4, 5, 6]
PAINS = ["ASY", "ATA", "NAP", "TA"]
COLUMNS = ["Age", "MaxHR", "ChestPainType"]
SCORES = np.array([2.0, -1.0, 0.5])


def edges(bins: int) -> np.ndarray:
    """Ages that cut the training patients into bins of about the same number, in whole years."""
    return np.quantile(heart_split()[0]["Age"], np.arange(1, bins) / bins).round()


def input_nodes(patients: DataFrame, bins: int) -> DataFrame:
    """What the network is given: a column a node. Bins and scale are those of the training patients."""
    training, _, _, _ = heart_split()
    cuts = edges(bins)
    names = [f"under {cuts[0]:g}", *(f"{a:g} to {b - 1:g}" for a, b in pairwise(cuts))]
    ages = one_hot(bin_indices(patients["Age"], edges=cuts), classes=bins)
    pains = one_hot(ordinal(patients["ChestPainType"], categories=PAINS), classes=len(PAINS))
    rate = (patients["MaxHR"] - training["MaxHR"].mean()) / training["MaxHR"].std(ddof=0)
    return pd.concat(
        [
            DataFrame(ages, columns=[*names, f"{cuts[-1]:g} and over"]),
            rate.rename("MaxHR, scaled").reset_index(drop=True),
            DataFrame(pains, columns=PAINS),
        ],
        axis=1,
    )


@exhibit()
def raw_rows() -> DataFrame:
    """Three patients as they stand in the heart data: two numbers and a category."""
    return heart().loc[[0, 1, 3], COLUMNS].rename_axis("patient")


@exhibit(
    alt=lambda bins: (
        f"Three raw columns on the left lead to {bins + 5} input nodes on the right: age to {bins} bins, of which one "
        "is 1; the heart rate to one scaled number; the kind of chest pain to four nodes, of which one is 1."
    ),
    explore={"bins": BINS},
)
def columns_to_nodes(bins: int = 4) -> Figure:
    """One patient on the way into a network. Age is cut into bins, the heart rate is scaled, the kind of pain gets a
    node for each category.
    """
    patient = heart().loc[[0], COLUMNS]
    nodes = input_nodes(patient, bins)
    groups = [("Age", bins), ("MaxHR", 1), ("ChestPainType", len(PAINS))]
    raw = [(name, str(patient[name].item()), size) for name, size in groups]
    return layer.inputs(raw, list(nodes.columns), nodes.iloc[0].to_numpy(dtype=float), rows=max(BINS) + 5)


@exhibit(explore={"bins": BINS})
def bins_chosen(bins: int = 4) -> int:
    """Number of bins for the age."""
    return bins


@exhibit(explore={"bins": BINS})
def node_count(bins: int = 4) -> int:
    """Number of input nodes that the three columns become."""
    return input_nodes(heart(), bins).shape[1]


@exhibit(explore={"bins": BINS})
def batch_shape(bins: int = 4) -> str:
    """Shape of a batch of 32 patients on their way into the network."""
    shape = input_nodes(heart().head(32), bins).shape
    return f"({shape[0]}, {shape[1]})"


@exhibit(follows="the definition of one-hot")
def groups_hold_a_single_one() -> bool:
    """For all patients and every number of bins, the nodes of the age hold one 1 and else 0, and so do those of the
    pain.
    """
    tables = [(bins, input_nodes(heart(), bins).to_numpy(dtype=float)) for bins in BINS]
    return all(
        bool((part.sum(axis=1) == 1).all() and np.isin(part, (0, 1)).all())
        for bins, table in tables
        for part in (table[:, :bins], table[:, -4:])
    )


@exhibit()
def output_layers() -> DataFrame:
    """The last layer, by what is to be predicted."""
    rows = [
        ("regression", "1", "linear", "any number"),
        ("multi-target regression", "N targets", "linear", "N numbers"),
        ("counts", "1", "exponential", "a number above 0: the mean count"),
        ("binary", "1", "[sigmoid][act-sigmoid]", "the probability of class 1"),
        ("multi-class", "C classes", "[softmax][act-softmax]", "C probabilities that sum to 1"),
        ("multi-label", "N labels", "[sigmoid][act-sigmoid]", "N probabilities, each for itself"),
    ]
    return DataFrame(rows, columns=["problem", "nodes", "activation", "what comes out"]).set_index("problem")


@exhibit(digits=3)
def same_scores() -> DataFrame:
    """The same three scores under each output activation. Only softmax makes them share one whole."""
    rows = {
        "linear": SCORES,
        "sigmoid on each": sigmoid(SCORES),
        "softmax": softmax(SCORES),
    }
    table = DataFrame(rows, index=["node 1", "node 2", "node 3"]).T
    return table.assign(sum=table.sum(axis=1)).rename_axis("activation")


@exhibit(follows="probabilities that sum to 1")
def softmax_cannot_name_two() -> bool:
    """For 10 000 random triples of scores, softmax never gives more than one node above one half; sigmoids give two or
    three in hundreds of cases and more.
    """
    z = np.random.default_rng(0).normal(0, 3, (10_000, 3))
    above_softmax, above_sigmoid = (softmax(z) > 0.5).sum(axis=1), (sigmoid(z) > 0.5).sum(axis=1)
    return bool(above_softmax.max() == 1 and (above_sigmoid >= 2).sum() > 300)

"""Whatever is given to a public function is taken, or refused in this package's own words: `function: argument must`.

Valid arguments come from the oracles, and from the table below for what has none. One of them at a time is replaced by
each of the things that people hand over by mistake; no error may be NumPy's, PyTorch's or Python's own.
"""

import datetime
import inspect
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from typing import Any

import jaxtyping
import numpy as np
import pandas as pd
import pytest
import torch
from scipy import sparse
from test_errors import GRAPHS, TABLE, function_of, valid_arguments
from torch import nn

from dlref import datasets, graphs, optimizers
from dlref._check import shown
from dlref.autograd import Node, gradients, topological_order
from dlref.pytorch import checkpoints, generation, networks, sequences, training, vision

NULLABLE = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": [1.0, 2.0]})


class Odd:
    """Has a length and no items, and no array."""

    def __len__(self):
        return 3

    def __getitem__(self, index):
        raise KeyError(index)

    def __array__(self, *args, **options):
        raise RuntimeError("no array")


ANYTHING = [
    *(None, "some text", b"ab", {"a": 1}, {1, 2}, object(), Odd(), int, len, ..., range(3), memoryview(b"ab")),
    *([], [[]], [[1], [1, 2]], ["a", "b"], [None, 1], [object()], np.zeros((0, 2)), np.ones((1,) * 6), np.array(None)),
    *(np.nan, np.inf, [np.nan, 1], 0, -1, 0.5, True, 1j, [1j], 10**30, 10**400, 10**5000, [10**400], [2**63]),
    *(Fraction(1, 2), Decimal("sNaN"), [Decimal("sNaN")], np.longdouble("1e4000"), np.full(2, np.longdouble("1e4000"))),
    *(datetime.datetime(2020, 1, 1), np.array(["2020"], "M8[Y]"), np.array([1], "m8[s]"), np.timedelta64(1, "s")),
    *(np.zeros(2, [("a", int)]), np.zeros(2, "V4"), sparse.csr_array([[1.0, 0]]), np.array([2**64 - 1], np.uint64)),
    *(
        pd.NA,
        pd.NaT,
        NULLABLE,
        NULLABLE["a"],
        pd.DataFrame(),
        pd.DataFrame({"a": ["x"]}),
        pd.Categorical(["a"]),
    ),
    *(torch.ones(2, device="meta"), torch.ones(2, dtype=torch.complex64), nn.Parameter(torch.ones(2)), nn.Linear(1, 1)),
    *(torch.tensor(1.0), torch.tensor([1, 2]), torch.ones(0)),
    *(np.random.default_rng(0), np.full(2, 1.7e308), 1e-320, "a\0b"),
]


def like(value: Any) -> Iterator[Any]:
    """The same numbers in the forms in which people have them, and neighbors of them in value and shape."""
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, RuntimeError):
        return
    if array.dtype.kind not in "biuf" or not array.size:
        return
    numbers = array.astype(float)
    for kind in (np.longdouble, np.float32, np.float16, ">f8", complex, bool, object, str):
        yield numbers.astype(kind)
    for number in (np.nan, np.inf, -np.inf, 1.7e308, -1, 5e-324, 2**62, 2**53 + 1):
        yield np.full(array.shape, number)
    for item in (None, pd.NA, "x", 10**400, 1j, [1, 2], Decimal("sNaN")):
        mixed = array.astype(object)
        mixed.flat[0] = item
        yield mixed
    yield from (np.ma.array(numbers, mask=True), numbers[None], numbers[..., None], numbers.tolist())
    tensor = torch.tensor(numbers)
    yield from (
        tensor,
        tensor.clone().requires_grad_(),
        tensor.bfloat16(),
        tensor.to("meta"),
        tensor.to(torch.complex64),
    )
    if array.ndim:
        yield from (numbers[:-1], numbers[:0], numbers[..., :0], numbers[::-1], set(numbers.ravel().tolist()))
        yield from (np.concatenate([numbers, numbers], axis=-1), np.concatenate([numbers, numbers]), tensor.to_sparse())
    if array.ndim == 2:
        frame = pd.DataFrame(numbers)
        yield from (frame, frame.convert_dtypes(), frame.astype(object), sparse.csr_matrix(numbers), frame.astype(str))
        yield frame.astype("Float64").mask(frame == frame.iloc[0, 0])


def calls_of_steps() -> dict[str, tuple[Callable, dict[str, Any]]]:
    """Both functions of each optimizer."""
    found = {}
    for name in sorted({*optimizers.__all__} - {"descend", "descend_batches", "mini_batches"}):
        init, step = getattr(optimizers, name)()
        x = np.ones(3)
        found[f"{name} init"] = (init, {"x": x})
        found[f"{name} step"] = (step, dict(zip(inspect.signature(step).parameters, (x, x, init(x)), strict=True)))
    return found


def table() -> dict[str, tuple[Callable, dict[str, Any]]]:
    """What has no oracle, with valid arguments."""
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    batches = [(torch.ones(3, 2), torch.ones(3, 1))]
    product = Node(2.0, name="a") * Node(3.0, name="b")
    boxes = torch.tensor([[0.1, 0.1, 0.5, 0.5]])
    targets = vision.detection_targets(boxes, [1], classes=3, cells=4)[None]
    translator = sequences.Translator(3, 4, hidden=2)
    node = {"value": 1.0, "parents": (product,), "local_gradients": (1.0,)}
    parts = {"model": model, "loader": batches, "loss_function": nn.MSELoss(), "optimizer": optimizer}
    saved = {"model": model, "optimizer": optimizer}
    random = {"generator": np.random.default_rng(0)}
    characters = {"model": sequences.CharacterModel(3, hidden=4), "start": [0, 1], "count": 2, "temperature": 1.0}
    return {
        "Node": (Node, node),
        "Node +": (lambda value: product + value, {"value": 1.0}),
        "Node /": (lambda value: product / value, {"value": 1.0}),
        "Node **": (lambda exponent: product**exponent, {"exponent": 1.0}),
        **{
            f.__name__: (f, {"output": product})
            for f in (gradients, topological_order, graphs.collapse, graphs.formula)
        },
        "TableDataset": (training.TableDataset, {"features": [[1.0, 2], [3, 4]], "targets": [1.0, 2]}),
        "fit": (training.fit, parts | {"epochs": 1, "validation_loader": batches}),
        "train_epoch": (training.train_epoch, parts),
        "evaluate": (training.evaluate, {name: parts[name] for name in ("model", "loader", "loss_function")}),
        "predict": (training.predict, {"model": nn.Identity(), "features": np.ones((3, 2))}),
        "save_checkpoint": (checkpoints.save_checkpoint, saved | {"path": "x.pt", "epoch": 1}),
        "load_checkpoint": (checkpoints.load_checkpoint, saved | {"path": "y.pt"}),
        "MLP": (networks.MLP, {"sizes": [2, 3, 1], "activation": nn.ReLU, "batch_norm": False, "dropout": 0.5}),
        "parameter_count": (networks.parameter_count, {"model": model}),
        "RandomFilters": (generation.RandomFilters, {"sizes": [3], "count": 2}),
        "generator_loss": (generation.generator_loss, {"fake_logits": torch.ones(2, 1)}),
        "gram_matrix": (generation.gram_matrix, {"features": torch.ones(1, 2, 3)}),
        "sample_characters": (sequences.sample_characters, characters | {"generator": torch.Generator()}),
        "translate": (translator.translate, {"source": torch.tensor([[0, 1]]), "longest": 2}),
        "Classifier": (vision.Classifier, {"classes": 3}),
        "cell_centers": (vision.cell_centers, {"cells": 3}),
        "detection_targets": (vision.detection_targets, {"boxes": boxes, "labels": [1], "classes": 3, "cells": 4}),
        "detection_loss": (vision.detection_loss, {"outputs": targets.clone(), "targets": targets}),
        "heart": (datasets.heart, {"path": "heart.csv"}),
        "english_words": (datasets.english_words, {"number": 5}),
        "pictures": (datasets.pictures, random | {"labels": [0, 1], "size": 32}),
        "scenes": (datasets.scenes, random | {"count": 1, "size": 48}),
        "students": (datasets.students, {"size": 10, "seed": 0}),
    } | calls_of_steps()


CASES = table()


@pytest.fixture(autouse=True)
def unchecked_annotations(monkeypatch):
    """More may be taken than an annotation names (a range for a list); what is said of the rest is looked at here."""
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)


# What these are given is called, or taken from, in its own words.
CALLED = ("activation", "choose", "gradient", "loss_gradient", "loss_function", "model", "loader", "validation_loader")


def in_other_words(function: Callable, arguments: dict[str, Any]) -> list[str]:
    """What is said of bad arguments in words that are not this package's."""
    found = []
    for name, value in arguments.items():
        for wrong in [*ANYTHING, *like(value)]:
            # Batches are handed on to the reader's own function.
            if name == "batches" or (name in CALLED and (callable(wrong) or isinstance(wrong, Odd))):
                continue
            given = deepcopy(arguments) | {name: wrong}
            try:
                function(**given)
            except (TypeError, ValueError, FileNotFoundError) as error:
                if not re.match(r"\w+: .* (must|is|needs|has) .*; got ", str(error), re.DOTALL):
                    found.append(f"{name} = {shown(wrong)}: {type(error).__name__}: {error}")
            except Exception as error:
                found.append(f"{name} = {shown(wrong)}: {type(error).__name__}: {error}")
    return found


@pytest.mark.parametrize("name", sorted(TABLE.keys() - GRAPHS))
@pytest.mark.filterwarnings("ignore")
def test_a_function_of_the_mathematics(name):
    assert in_other_words(function_of(name), dict(valid_arguments(name).arguments)) == []


@pytest.mark.parametrize("name", CASES)
@pytest.mark.filterwarnings("ignore")
def test_what_has_no_oracle(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert in_other_words(*CASES[name]) == []


def test_other_words_are_found():
    assert len(in_other_words(lambda x: np.sqrt(x), {"x": 1.0})) > 10

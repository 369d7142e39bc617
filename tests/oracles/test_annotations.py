"""What annotations say is checked wherever a test calls the mathematics (`annotated`); here on documented examples."""

import numpy as np
import pytest
from annotated import accepted
from documented import fault
from jaxtyping import Float, TypeCheckError, jaxtyped
from test_package import FILES, ROOT, room

from dlref import activations, optimizers
from dlref.engine import examples
from dlref.pytorch import networks

FILES_WITH_ARRAYS = [path for path in FILES if room(path) in ("", "datasets")]


@pytest.mark.parametrize("path", FILES_WITH_ARRAYS, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_agree_with_the_annotations(path):
    assert [told for example in examples.in_docstrings(path) if (told := fault(example))] == []


@jaxtyped(typechecker=accepted)
def repeated(x: list, *, times: int) -> Float[np.ndarray, "{times}"]:
    if times > 9:
        raise ValueError("repeated: times must be at most 9; got more.")
    return np.resize(np.array(x, float), max(times, 1))


def test_a_false_annotation_is_noticed():
    assert repeated([1], times=2).tolist() == [1, 1]
    with pytest.raises(TypeCheckError, match="return value"):
        repeated([1], times=0)
    # Taken, though no list.
    with pytest.raises(TypeCheckError):
        repeated((1,), times=2)


def test_a_wrong_argument_is_left_to_the_function():
    with pytest.raises(ValueError, match="at most 9"):
        repeated((1,), times=10)


@pytest.mark.parametrize("function", [activations.relu, optimizers.descend, networks.MLP.forward])
def test_the_package_is_checked(function):
    assert function.__code__.co_filename.endswith("jaxtyping/_decorator.py")

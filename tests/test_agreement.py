"""How pages show by how much results differ, and what stops the build."""

import numpy as np
import pytest

from dlref.exhibits._agreement import agreement


@pytest.mark.parametrize(
    ("difference", "shown"),
    [(0, "$0$"), (2e-16, "$10^{-15}$"), (4.9e-16, "$10^{-15}$"), (5.1e-16, "$10^{-14}$"), (1e-13, "$10^{-12}$")],
)
def test_twice_the_difference_is_rounded_up(difference, shown):
    assert agreement([([1.0, 0.0], [1.0, difference]), (0, 0)]) == shown


def test_equal_infinities_do_not_differ():
    assert agreement([([np.inf, -np.inf], [np.inf, -np.inf])]) == "$0$"


@pytest.mark.parametrize("theirs", [2e-12, np.nan, np.inf])
def test_what_differs_stops_the_build(theirs):
    with pytest.raises(ArithmeticError, match=r"agreement: results must differ by at most 1e-12; got"):
        agreement([(0, 0), (0.0, theirs), (0, 0)])


def test_a_pair_has_one_shape():
    with pytest.raises(ValueError, match=r"one shape; got \(2,\) and \(2, 1\)"):
        agreement([([1, 2], [[1], [2]])])


def test_nothing_to_compare_is_no_agreement():
    with pytest.raises(ValueError, match="zero-size"):
        agreement([])

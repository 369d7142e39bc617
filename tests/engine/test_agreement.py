"""How pages show within which bound results are equal, and what stops the build."""

import numpy as np
import pytest

from dlref.exhibits._agreement import agreement


@pytest.mark.parametrize("difference", [0, 2e-16, 9e-13])
def test_the_bound_is_shown_and_not_what_one_machine_finds(difference):
    assert agreement([([1.0, 0.0], [1.0, difference]), (0, 0)]) == "$10^{-12}$"


def test_another_bound_is_shown():
    assert agreement([(0.0, 1e-7)], at_most=1e-6) == "$10^{-6}$"


def test_a_bound_is_a_power_of_ten():
    with pytest.raises(ValueError, match="at_most must be a power of ten; got 2e-06"):
        agreement([(0, 0)], at_most=2e-6)


def test_equal_infinities_do_not_differ():
    assert agreement([([np.inf, -np.inf], [np.inf, -np.inf])]) == "$10^{-12}$"


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

"""The students are drawn as their docstring says."""

import numpy as np
import pytest
from scipy import stats

from dlref.datasets import school_class, students

SIZE = 20_000
# How far apart two distribution functions are by chance, in one of a hundred such samples; rounding adds to it.
CHANCE = 1.63 / SIZE**0.5


@pytest.fixture(scope="module")
def table():
    return students(SIZE, seed=3)


def columns(table):
    """What the formula multiplies: 1, Hours, Sleep - 7, method B, Math."""
    return np.column_stack(
        [
            np.ones(len(table)),
            table["Hours"],
            table["Sleep"] - 7,
            table["Learning method"] == "B",
            table["Class"] == "Math",
        ]
    ).astype(float)


def test_least_squares_finds_the_formula_again(table):
    x, y = columns(table), table["Percentage"]
    found, squares, *_ = np.linalg.lstsq(x, y, rcond=None)
    errors = 8 * np.sqrt(np.diag(np.linalg.inv(x.T @ x)))
    assert (np.abs(found - [20, 5, 3, 8, 5]) < 4 * errors).all()
    assert np.sqrt(squares[0] / SIZE) == pytest.approx(8, rel=0.02)


def test_the_noise_is_normal(table):
    noise = table["Percentage"] - columns(table) @ [20, 5, 3, 8, 5]
    inside = table["Percentage"].between(0.1, 99.9)
    assert stats.kstest(noise[inside] / 8, "norm").statistic < CHANCE + 0.05 / 8


def test_each_column_is_drawn_from_its_whole_range(table):
    assert (table["Student"] == np.arange(1, SIZE + 1)).all()
    assert np.allclose(table["Age"].value_counts(normalize=True).sort_index(), 0.25, atol=0.015)
    assert list(np.unique(table["Age"])) == [13, 14, 15, 16]
    for name, values in {"Learning method": ["A", "B"], "Class": ["Math", "Sport"]}.items():
        shares = table[name].value_counts(normalize=True)
        assert sorted(shares.index) == values
        assert np.allclose(shares, 0.5, atol=0.02)
    for name, low, high in (("Hours", 0, 10), ("Sleep", 5, 9)):
        assert (table[name].min(), table[name].max()) == (low, high)
        assert stats.kstest(table[name], "uniform", (low, high - low)).statistic < CHANCE + 0.05 / (high - low)


def test_marks_follow_from_the_percentage(table):
    marks = [6 - sum(p >= limit for limit in (30, 50, 60, 70, 85)) for p in table["Percentage"]]
    assert (table["Grade"] == marks).all()
    assert (table["Passed"] == (table["Percentage"] >= 50)).all()
    assert table["Percentage"].between(0, 100).all()
    assert set(marks) == {1, 2, 3, 4, 5, 6}


def test_a_seed_gives_one_class_and_another_seed_another():
    assert students(50, seed=1).equals(students(50, seed=1))
    assert not students(50, seed=1).equals(students(50, seed=2))


def test_it_has_the_columns_of_the_school_class():
    assert set(school_class().columns) - {"Name"} <= set(students(1).columns)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"size": 0}, ValueError, "students: size must be an integer >= 1; got 0."),
        ({"size": 2.5}, TypeError, "students: size must be an integer; got float 2.5."),
        ({"seed": -1}, ValueError, "students: seed must be an integer >= 0; got -1."),
    ],
)
def test_what_is_wrong_is_named(arguments, kind, message):
    with pytest.raises(kind) as caught:
        students(**arguments)
    assert str(caught.value) == message

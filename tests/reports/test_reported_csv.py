"""CSV files as programs and people leave them."""

from pathlib import Path

import pytest

from dlref import datasets
from dlref.datasets import heart

SHIPPED = Path(datasets.__file__).with_name("heart.csv")


def copy(tmp_path, old, new):
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "copy.csv"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "cell", ["1_5", " 1.5", "1.5 ", "١٫٥", "１.５", "1,5", "0x1p0", "inf", "1e999", "", ".", "1e", "--1"]
)
def test_what_is_no_number(tmp_path, cell):
    """`100_1` became a number: wireservice/csvkit#1246, weecology/retriever#1327."""
    cell = f'"{cell}"'
    with pytest.raises(ValueError, match=r"^heart: column Oldpeak must hold numbers; got .* in line 2\.$"):
        heart(copy(tmp_path, "N,0,Up,0", f"N,{cell},Up,0"))


@pytest.mark.parametrize(("cell", "value"), [("1.5", 1.5), ("-2", -2), ("+.5", 0.5), ("1e-1", 0.1), ("3.", 3)])
def test_what_is_a_number(tmp_path, cell, value):
    """As people and spreadsheets write them."""
    assert heart(copy(tmp_path, "N,0,Up,0", f"N,{cell},Up,0"))["Oldpeak"][0] == value


@pytest.mark.parametrize("cell", ["9" * 20, "9" * 5000, "9" * 19])
def test_an_age_that_no_integer_holds(tmp_path, cell):
    """Python's and pandas' own errors named neither line nor column."""
    message = r"^heart: column Age must hold whole numbers of at most 18 digits; got '9+.* in line 2\.$"
    with pytest.raises(ValueError, match=message) as caught:
        heart(copy(tmp_path, "40,M,ATA", f"{cell},M,ATA"))
    assert len(str(caught.value)) < 200


def test_a_cell_of_megabytes(tmp_path):
    """csv refuses fields of more than 128 KiB without their place."""
    with pytest.raises(ValueError, match=r"^heart: column Sex must hold one of F, M; got 'MMM.*\.\.\. in line 2\.$"):
        heart(copy(tmp_path, "40,M,ATA", "40," + "M" * 200_000 + ",ATA"))
    with pytest.raises(
        ValueError, match=r"^heart: path must name a file with one column Age; got columns AAA"
    ) as caught:
        heart(copy(tmp_path, "Age", "A" * 200_000))
    assert len(str(caught.value)) < 500
    with pytest.raises(TypeError, match=r"^heart: path must be a path; got int 3\.$"):
        heart(3)

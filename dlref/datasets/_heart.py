"""The heart failure data, checked cell by cell."""

import csv
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dlref import _check

if TYPE_CHECKING:
    import pandas as pd

# What each column may hold: a tuple of categories, `int` from 0 up, or `float`.
_COLUMNS = {
    "Age": int,
    "Sex": ("F", "M"),
    "ChestPainType": ("ASY", "ATA", "NAP", "TA"),
    "RestingBP": int,
    "Cholesterol": int,
    "FastingBS": ("0", "1"),
    "RestingECG": ("LVH", "Normal", "ST"),
    "MaxHR": int,
    "ExerciseAngina": ("N", "Y"),
    "Oldpeak": float,
    "ST_Slope": ("Down", "Flat", "Up"),
    "HeartDisease": ("0", "1"),
}

# In the order of the file, with the number of rows.
_HOSPITALS = {"Hungary": 293, "Switzerland": 123, "Long Beach": 199, "Cleveland": 303}


# A number as people and spreadsheets write it; float() would also take 1_5, blanks and the digits of every script.
_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"


def heart(path: str | Path | None = None) -> "pd.DataFrame":
    """918 patients, 11 clinical features, and whether each has heart disease.

    - `Age`: years
    - `Sex`: F, M
    - `ChestPainType`: TA typical angina, ATA atypical angina, NAP non-anginal pain, ASY no symptoms
    - `RestingBP`: blood pressure at rest, mm Hg; 0 stands for a missing value
    - `Cholesterol`: serum cholesterol, mg/dl; 0 stands for a missing value
    - `FastingBS`: 1 if the fasting blood sugar is over 120 mg/dl, else 0
    - `RestingECG`: Normal, ST (an abnormal ST-T wave), LVH (left ventricular hypertrophy)
    - `MaxHR`: highest heart rate reached, beats a minute
    - `ExerciseAngina`: Y if exercise brings on angina, else N
    - `Oldpeak`: ST depression under exercise, relative to rest
    - `ST_Slope`: slope of the ST segment at peak exercise: Up, Flat, Down
    - `HeartDisease`: the target: 1 disease, 0 none

    The zeros that stand for missing values are returned as they are: finding them is part of the analysis. The rows
    are those of four hospitals, one after the other: see `heart_hospitals`. In the files that they come from, more
    values are missing than are 0 here: they were filled in on the way, some of them with the help of the target.

    Args:
        path: A copy of your own, a comma-separated file in UTF-8; by default the one that ships with `dlref`.

    Returns:
        A new DataFrame, one row per patient: whole numbers as int64, `Oldpeak` as float64, categories as text.

    Raises:
        FileNotFoundError: If `path` names no file.
        ValueError: If the file is empty, is not UTF-8, lacks a column or has one too many, or if a cell holds what its
            column may not. The message names the column, the line and what stands there.

    Examples:
        >>> from dlref.datasets import heart
        >>> patients = heart()
        >>> print(patients.shape, patients["HeartDisease"].sum())
        (918, 12) 508

        Missing values in disguise:

        >>> from dlref.datasets import heart
        >>> patients = heart()
        >>> print((patients[["Cholesterol", "RestingBP"]] == 0).sum().to_dict())
        {'Cholesterol': 172, 'RestingBP': 1}

        A file that is not there:

        >>> from dlref.datasets import heart
        >>> try:
        ...     heart("hearts.csv")
        ... except FileNotFoundError as error:
        ...     print(error)
        heart: path must name a file; got 'hearts.csv'.

    References:
        fedesoriano, *Heart Failure Prediction Dataset*, Kaggle, September 2021, ODbL 1.0, compiled from five data sets
        of the UCI repository. On the pages: [Heart failure, from file to model][clf-heart], and
        [what its score means][clf-score].
    """
    import pandas as pd

    names, *rows = _lines(Path(__file__).with_name("heart.csv") if path is None else path)
    _check_names(names)

    table = pd.DataFrame([row for _, row in rows], columns=names[1])[list(_COLUMNS)]
    for name, allowed in _COLUMNS.items():
        for (line, _), cell in zip(rows, table[name], strict=True):
            _check_cell(name, allowed, cell, line)
    return table.astype({name: _dtype(allowed) for name, allowed in _COLUMNS.items()})


def heart_hospitals() -> "pd.Series":
    """The hospital of each patient of `heart`, which the file does not say: four blocks of rows.

    The limits follow from the order of the file and the sizes that UCI documents (Cleveland 303, Hungary 294,
    Switzerland 123, Long Beach 200 patients). The file holds no row twice, so Hungary and Long Beach have one patient
    less; Statlog's 270 patients, the fifth data set that the file was compiled from, repeat Cleveland's, and none is
    left. Each row of a block is a row of that hospital's file at UCI, wherever that file has a value.

    Returns:
        A new Series of text, named `Hospital`, with the index of `heart()`.

    Examples:
        >>> from dlref.datasets import heart, heart_hospitals
        >>> print(heart_hospitals().value_counts(sort=False).to_dict())
        {'Hungary': 293, 'Switzerland': 123, 'Long Beach': 199, 'Cleveland': 303}

        One hospital measured no cholesterol at all:

        >>> from dlref.datasets import heart, heart_hospitals
        >>> zeros = heart()["Cholesterol"].eq(0).groupby(heart_hospitals(), sort=False).sum()
        >>> print(zeros.to_dict())
        {'Hungary': 0, 'Switzerland': 123, 'Long Beach': 49, 'Cleveland': 0}

    References:
        A. Janosi, W. Steinbrunn, M. Pfisterer, R. Detrano, *Heart Disease*, UCI Machine Learning Repository, 1989:
        `heart-disease.names` lists the places and the numbers of patients.
        On the page: [What a score means][clf-score].
    """
    import pandas as pd

    blocks = [name for name, size in _HOSPITALS.items() for _ in range(size)]
    return pd.Series(blocks, name="Hospital", dtype="str")


def _lines(path: str | Path) -> list[tuple[int, list[str]]]:
    """Every line of the file that holds something, as its number and its cells; at least the names and one row."""
    path = _check.path("path", path)
    if not path.is_file():
        raise FileNotFoundError(f"heart: path must name a file; got {str(path)!r}.")
    # Cells of any length are read, so that what refuses a long one can name its column.
    limit = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        # A byte order mark, which spreadsheets write, is valid UTF-8 and no part of the first name.
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            lines = [(reader.line_num, cells) for cells in reader if cells]
    except UnicodeDecodeError as error:
        raise _check.wrong_value("path", "name a file in UTF-8", f"byte 0x{error.object[error.start]:02x}") from None
    except csv.Error as error:
        raise _check.wrong_value(f"line {reader.line_num}", "be comma-separated text", f"{error}") from None
    finally:
        csv.field_size_limit(limit)
    if len(lines) < 2:
        raise _check.wrong_value(
            "path", "name a file with a line of names and a line for each patient", f"{len(lines)} lines"
        )
    for line, cells in lines:
        if len(cells) != len(lines[0][1]):
            raise _check.wrong_value(
                f"line {line}", f"have {len(lines[0][1])} cells, as the first has", f"{len(cells)}"
            )
    return lines


def _check_names(header: tuple[int, list[str]]) -> None:
    """Refuse a missing, unknown or repeated column."""
    names = header[1]
    for name in _COLUMNS:
        if names.count(name) != 1:
            raise _check.wrong_value("path", f"name a file with one column {name}", "columns " + ", ".join(names)[:300])
    for name in names:
        if name not in _COLUMNS:
            raise _check.wrong_value(
                "path", f"name a file with the columns {', '.join(_COLUMNS)} alone", f"also {_check.shown(name)}"
            )


def _check_cell(name: str, allowed: type | tuple[str, ...], cell: str, line: int) -> None:
    """Refuse a cell that its column may not hold."""
    got = f"{_check.shown(cell)} in line {line}"
    if isinstance(allowed, tuple):
        if cell not in allowed:
            raise _check.wrong_value(f"column {name}", f"hold one of {', '.join(allowed)}", got)
    elif allowed is int:
        if not re.fullmatch(r"[0-9]+", cell):
            raise _check.wrong_value(f"column {name}", "hold whole numbers from 0", got)
        if len(cell) > 18:
            raise _check.wrong_value(f"column {name}", "hold whole numbers of at most 18 digits", got)
    elif not (re.fullmatch(_NUMBER, cell) and abs(float(cell)) < float("inf")):
        raise _check.wrong_value(f"column {name}", "hold numbers", got)


def _dtype(allowed: type | tuple[str, ...]) -> str:
    """The pandas type of a column."""
    if isinstance(allowed, tuple):
        return "int64" if allowed == ("0", "1") else "str"
    return "int64" if allowed is int else "float64"

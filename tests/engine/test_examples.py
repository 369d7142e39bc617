"""Documented examples: all are run, alone; tabs agree; and what is wrong with one is told."""

import re
from pathlib import Path

import pytest
from conftest import ROOT

from dlref.engine import examples

PAGES = sorted((ROOT / "docs").rglob("*.md"))


def test_every_example_is_on_a_page():
    """The build runs those on pages, and fails where one does not print what it says; so none goes without."""
    in_files = [e for page in PAGES for e in examples.in_markdown(page)]
    in_files += [e for module in sorted((ROOT / "dlref").rglob("*.py")) for e in examples.in_docstrings(module)]
    on_pages = {(e.file, e.line) for page in PAGES for e in examples.of_page(page)}
    assert [f"{e.file}:{e.line}" for e in in_files if (e.file, e.line) not in on_pages] == []


_TAB = re.compile(r'=== "(NumPy|dlref|PyTorch|scikit-learn|SciPy)"')
_NUMBER = re.compile(r"-?\d+\.?\d*(?:e[-+]?\d+)?")


def tab_sets(page: Path) -> list[list[list[examples.Example]]]:
    """The sets of tabs that show one computation several ways: for each tab, its examples.

    A tab of dlref beside one of NumPy is left out: it shows what else dlref has.
    """
    by_line = {example.line: example for example in examples.in_markdown(page)}
    sets, inside = [], False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if tab := _TAB.match(line):
            if not inside:
                sets.append([])
            sets[-1].append((tab[1], []))
            inside = True
        elif line.strip() and not line.startswith("    "):
            inside = False
        if inside and number in by_line:
            sets[-1][-1][1].append(by_line[number])
    return [[shown for name, shown in tabs if name != "dlref" or "NumPy" not in dict(tabs)] for tabs in sets]


def different_tabs(page: Path) -> list[str]:
    """Places where tabs that should show the same result print other numbers."""
    wrong = []
    for tabs in tab_sets(page):
        printed = [_NUMBER.findall(" ".join(example.output for example in tab)) for tab in tabs]
        values = [[float(number) for number in numbers] for numbers in printed]
        if any(value != values[0] for value in values):
            wrong.append(f"{page}:{tabs[0][0].line if tabs[0] else '?'}: {values}")
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_tabs_show_the_same_result(page):
    assert different_tabs(page) == []


PLANTED = """\
=== "NumPy"

    ```pycon
    >>> print(0.5)
    0.5
    ```

=== "PyTorch"

    ```pycon
    >>> print(0.25)
    0.25
    ```
"""


def test_tabs_that_differ_are_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PLANTED)
    assert len(different_tabs(page)) == 1
    page.write_text(PLANTED.replace("0.25", "0.50"))
    assert different_tabs(page) == []


def planted(tmp_path: Path, block: str) -> str:
    """What is wrong with a page that has this block at line 3."""
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n```pycon\n{block}\n```\n")
    try:
        # Only what loops is stopped soon, so that a slow machine changes no outcome.
        seconds = 2 if "while" in block else examples.SECONDS
        return examples.problem(next(examples.in_markdown(page)), seconds=seconds)
    except examples.BadExample as error:
        return str(error)


@pytest.mark.parametrize(
    ("block", "line", "reason"),
    [
        (">>> print(1)\n2", 4, "expected"),
        (">>> print(0.1234)\n0.1235", 4, "expected"),
        (">>> x = 1\n>>> print(y)\n1", 5, "NameError"),
        (">>> 1 + 1\n2", 4, "print the result"),
        (">>> print(1)  # doctest: +SKIP\n2", 4, "no doctest directives"),
        (">>> 1 / 0\nTraceback (most recent call last):\nZeroDivisionError: division by zero", 4, "catch the error"),
        (">>> while True:\n...     pass", 4, "took longer than 2 s"),
        (">>> import os\n>>> os._exit(0)", 4, "left the interpreter with exit status 0"),
        (">>> raise SystemExit", 4, "SystemExit"),
        (">>> x = bytearray(75 * 2**30)", 4, "memory"),
        (">>>print(1)\n1", 4, "lacks blank after >>>"),
    ],
)
def test_a_wrong_example_is_caught(tmp_path, block, line, reason):
    problem = planted(tmp_path, block)
    assert reason in problem
    assert f"page.md:{line}" in problem


def test_one_example_does_not_see_another(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```pycon\n>>> x = 1\n>>> print(x)\n1\n```\n\n```pycon\n>>> print(x)\n1\n```\n")
    first, second = examples.in_markdown(page)
    assert examples.problem(first) == ""
    assert "NameError" in examples.problem(second)


@pytest.mark.parametrize(
    ("expected", "got", "agree"),
    [
        ("0.93", "0.9312", True),
        ("0.93", "0.9361", False),
        ("[1.  0.5]", "[1.   0.50]", True),
        ("[0.25 0.  ]", "[0.25 0.49]", False),
        ("[0.25 0.5 ]", "[0.25 0.46]", False),
        ("[0.5]", "[0.49999999999999994]", True),
        ("[0.1429 0.    ]", "[0.14287 0.00004]", True),
        ("[1.e-05 2.5e-01]", "[1.04e-05 2.5e-01]", True),
        ("[1.e-05 2.5e-01]", "[1.06e-05 2.5e-01]", False),
        ("3 items", "4 items", False),
        ("1e-05", "1.2e-05", True),
        ("1.0e-05", "1.2e-05", False),
        ("nan", "0.0", False),
        ("0.5", "0.5 0.6", False),
        ("1\n2", "1 2", False),
        ("1 2", "1\n2", False),
        ("[0.5\n 0.6]", "[0.5 0.6]", False),
        ("a  b\nc", "a b\nc\n", True),
    ],
)
def test_lines_are_compared_exactly_and_floats_to_the_digits_written(expected, got, agree):
    assert examples.same(expected, got) is agree


def test_outputs_can_be_rewritten(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```pycon\n>>> print(1)\n2\n>>> print(3)\n```\n")
    assert examples.updated(next(examples.in_markdown(page))) == ">>> print(1)\n1\n>>> print(3)\n3"

"""Runs a copied text where it can leave files behind, and compares what it prints with what the page shows."""

import os
import re
from contextlib import suppress

from dlref.engine.examples import printed, same
from dlref.engine.text import plain

_WORDS = {"yes": "True", "no": "False", "–": "NaN", "∞": "inf", "−∞": "-inf"}


def printed_in(code: str, folder: str) -> str:
    """What the text prints when it is run in this folder; the tests call it in a process of its own."""
    os.chdir(folder)
    return printed(code, "copied")


def holds(kind: str, shown: str | list[list[str]], output: str) -> bool:
    """Whether a code that prints `output` gives what the page shows: a number, a text, a table's rows, an output."""
    if kind == "table":
        lines = output.splitlines()[-len(shown) :]
        return len(lines) == len(shown) and all(map(_row_holds, shown, lines))
    if kind == "text":
        return _bare(shown) == _bare(output)
    if kind == "number":
        shown = shown.replace("−", "-").replace(",", "")
    return not shown or same(shown, output)


def _row_holds(cells: list[str], line: str) -> bool:
    return all(_cell_holds(cell.strip(), line) for cell in cells)


def _cell_holds(cell: str, line: str) -> bool:
    value = cell.replace("−", "-").replace(",", "")
    if re.fullmatch(r"-?\d+(\.\d+)?", value) and any(_rounds(word, value) for word in line.split()):
        return True
    return _WORDS.get(cell, cell) in line.split() or _bare(cell) in _bare(line)


def _rounds(word: str, value: str) -> bool:
    """Whether a printed number is this one, but for the digits that a table leaves out."""
    half = 0.5 * 10.0 ** -len(value.partition(".")[2])
    with suppress(ValueError):
        return abs(float(word) - float(value)) <= half * (1 + 1e-6)
    return False


def _bare(text: str) -> str:
    """A text without what is markup in it, and without space."""
    return re.sub(r"[\s${}]", "", plain(text))

"""Notebooks: run like exhibits, in a process of their own and from the same cache.

A notebook is a Python file in percent format, so that a change can be reviewed and the file runs as a script.
"""

import ast
import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from dlref.engine import cache, isolate, source
from dlref.engine.made import SiteError

SECONDS = 300.0
HEAVY = ("numpy", "pandas", "matplotlib.pyplot", "sklearn.linear_model", "torch")
_MARKER = re.compile(r"# %%\s*(?P<kind>\[markdown\])?(?P<options>(?:\s*\w+=\"[^\"]*\")*)\s*")
_OPTION = re.compile(r"(\w+)=\"([^\"]*)\"")


@dataclass(frozen=True)
class Cell:
    """One cell of code and where it stands; what is seen in its figure, the caption of its figure or table, and the
    decimals of a table's numbers.
    """

    line: int
    code: str
    alt: str
    caption: str
    digits: int


def cells(text: str, shown: Path) -> Iterator[Cell]:
    """The code cells of a notebook in percent format, which errors call `shown`."""
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if line.startswith("# %%")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        marker = _MARKER.fullmatch(lines[start])
        if marker and not marker["kind"]:
            options = dict(_OPTION.findall(marker["options"]))
            code = "\n".join(lines[start + 1 : end]).strip("\n")
            digits = options.get("digits", "3")
            if not digits.isdecimal():
                raise SiteError(f'{shown}:{start + 1}: digits must be a whole number; got "{digits}"')
            yield Cell(start + 2, code, options.get("alt", ""), options.get("caption", ""), int(digits))


def outputs(file: Path, shown: Path) -> list[list[dict[str, Any]]]:
    """What each code cell shows, from the cache or by running the notebook.

    Raises:
        SiteError: If a cell fails, by file and line.
    """
    text = file.read_text(encoding="utf-8")
    listed = list(cells(text, shown))
    code = "\n".join(cell.code for cell in listed)
    name, key = f"notebook.{file.stem}", source.fingerprint(text, source.imported(code) | {__name__})
    found = cache.exhibits.load(name, key)
    if found is None:
        isolate.preload(*HEAVY)
        try:
            found = isolate.run(f"{__name__}:run", listed, str(shown), seconds=SECONDS)
        except isolate.Failure as failure:
            raise SiteError(f"{shown}:{failure.line_in(shown) or 1}: {failure}") from None
        cache.exhibits.save(name, key, found)
    return found


def texts(found: list[list[dict[str, Any]]]) -> list[str]:
    """What each cell shows in plain text, to the digits that the page shows; figures are left out."""
    return ["\n".join(map(_text, cell)).strip() for cell in found]


def without_tags(html: str) -> str:
    """The text of some HTML, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def _text(output: dict[str, Any]) -> str:
    if output["output_type"] == "stream":
        return output["text"]
    data = output["data"]
    return without_tags(data["text/html"]) if "text/html" in data else data.get("text/plain", "")


def run(listed: list[Cell], file: str) -> list[list[dict[str, Any]]]:
    """What each cell shows, as in Jupyter: what it prints, its figures, and the value of its last line."""
    names: dict[str, Any] = {"__name__": "__main__"}
    return [_run_one(cell, file, names) for cell in listed]


def _run_one(cell: Cell, file: str, names: dict[str, Any]) -> list[dict[str, Any]]:
    # Empty lines in front, so that an error names the line of the file.
    tree = ast.parse("\n" * (cell.line - 1) + cell.code, file)
    last = None
    if tree.body and isinstance(shown := tree.body[-1], ast.Expr):
        tree.body, last = tree.body[:-1], ast.Expression(shown.value)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, file, "exec"), names)
        value = eval(compile(last, file, "eval"), names) if last else None
    outputs = [{"output_type": "stream", "name": "stdout", "text": printed.getvalue()}] if printed.getvalue() else []
    outputs += [_figure(figure, cell, file) for figure in _figures()]
    return outputs + ([_shown(value, cell, file)] if value is not None else [])


def _figures() -> list[Any]:
    """The figures that a cell has drawn; they are closed, as Jupyter closes them."""
    import matplotlib.pyplot as plt

    found = [plt.figure(number) for number in plt.get_fignums()]
    plt.close("all")
    return found


def _figure(figure: Any, cell: Cell, file: str) -> dict[str, Any]:
    from dlref.engine.svg import svg

    _require(cell, file, "alt", "a figure")
    _require(cell, file, "caption", "a figure")
    return _output({"image/svg+xml": svg(figure)}, {"alt": cell.alt, "caption": cell.caption})


def _require(cell: Cell, file: str, option: str, shown: str) -> None:
    if not getattr(cell, option):
        message = f'a cell that shows {shown} must have its {option}: # %% {option}="..."'
        # Raised in the notebook's own line, as any error of the cell is.
        exec(compile("\n" * (cell.line - 2) + f"raise ValueError({message!r})", file, "exec"))


def _shown(value: Any, cell: Cell, file: str) -> dict[str, Any]:
    from pandas import DataFrame

    if not isinstance(value, DataFrame):
        return _output({"text/plain": repr(value)})
    from dlref.engine.table import table

    _require(cell, file, "caption", "a table")
    return _output({"text/html": table(value, cell.caption, cell.digits), "text/plain": value.to_string()})


def _output(data: dict[str, str], metadata: dict[str, str] | None = None) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": metadata or {}}

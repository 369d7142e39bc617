"""Notebooks: run like exhibits, in a process of their own and from the same cache; mkdocs-jupyter renders the result.

A notebook is a Python file in percent format, so that a change can be reviewed and the file runs as a script. The page
is rendered with templates of our own: JupyterLab's style sheet alone would weigh 575 KB.
"""

import ast
import contextlib
import io
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any

from dlref.engine import cache, isolate, source
from dlref.engine.highlight import python
from dlref.engine.made import SiteError
from dlref.engine.text import inline
from dlref.site import assets

EXECUTED = Path(".cache") / "notebooks"
TEMPLATES = Path(__file__).parent / "notebook_templates"
SECONDS = 300.0
HEAVY = ("numpy", "pandas", "matplotlib.pyplot", "sklearn.linear_model", "torch")
_MARKER = re.compile(r"# %%\s*(?P<kind>\[markdown\])?(?P<options>(?:\s*\w+=\"[^\"]*\")*)\s*")
_OPTION = re.compile(r"(\w+)=\"([^\"]*)\"")
_LINK = re.compile(r"\[([^\]]+)\](?:\[[\w.-]+\]|\((?!https?:)[^)]*\))")
_CELL = re.compile(r'<div data-cell="(\w+)">(.*?)</div>', re.DOTALL)


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


def executed(file: Path, root: Path) -> Path:
    """Where a notebook's executed copy stands."""
    return root / EXECUTED / file.parent.name / f"{file.stem}.ipynb"


def execute(file: Path, root: Path) -> tuple[Path, bytes]:
    """Run a notebook unless nothing that it depends on has changed; where its executed copy is, and a bare `.ipynb`.

    Raises:
        SiteError: If a cell fails, by file and line.
    """
    import jupytext
    import nbformat

    text, shown = file.read_text(encoding="utf-8"), file.relative_to(root)
    outputs = _outputs(text, file, shown)
    notebook = jupytext.reads(text, fmt="py:percent")
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for number, cell in enumerate(notebook.cells):
        # Random by default, which would make every build another.
        cell["id"] = f"cell-{number}"
        for option in ("alt", "caption", "digits"):
            cell.metadata.pop(option, None)
    bare = nbformat.writes(_without_links(notebook)).encode()
    code_cells = (cell for cell in notebook.cells if cell.cell_type == "code")
    for cell, found in zip(code_cells, outputs, strict=True):
        cell["outputs"] = [nbformat.from_dict(output) for output in found]
    path = executed(file, root)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    return path, bare


def _without_links(notebook: Any) -> Any:
    """A copy for readers who have left the site: links to its pages become plain text."""
    copied = deepcopy(notebook)
    for cell in copied.cells:
        if cell.cell_type == "markdown":
            cell["source"] = _LINK.sub(r"\1", cell["source"])
    return copied


def _outputs(text: str, file: Path, shown: Path) -> list[list[dict[str, Any]]]:
    """What each code cell shows, from the cache or by running the notebook."""
    listed = list(cells(text, shown))
    code = "\n".join(cell.code for cell in listed)
    name, key = f"notebook.{file.stem}", source.fingerprint(text, source.imported(code) | {__name__})
    found = cache.exhibits.load(name, key)
    if found is None:
        isolate.preload(*HEAVY)
        try:
            found = isolate.run("dlref.site.notebooks:run", listed, str(shown), seconds=SECONDS)
        except isolate.Failure as failure:
            raise SiteError(f"{shown}:{failure.line_in(shown) or 1}: {failure}") from None
        cache.exhibits.save(name, key, found)
    return found


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


def finish(html: str, to_html: Any, downloads: list[str]) -> str:
    """The page of a notebook, from what the template gives.

    Args:
        html: Cells, marked by `data-cell`.
        to_html: Converts the Markdown of a text cell.
        downloads: Addresses of the notebook's files.
    """
    # The exporter appends a style sheet of its own.
    html = html.rpartition("<style>")[0]
    turn = {"text": to_html, "code": python, "figure": _image}
    html = _CELL.sub(lambda match: turn[match[1]](unescape(match[2])), html)
    links = "".join(f'<a href="{address}" download>Download {Path(address).name}</a>' for address in downloads)
    return html.replace("</p>", f'</p>\n<div class="about">{links}</div>', 1)


def _image(text: str) -> str:
    """A figure as a file of its own, as for exhibits, from a line that says what it shows, its caption and its SVG."""
    alt, caption, drawing = text.split("\n", 2)
    width, height = (round(float(_size(drawing, side)) * 96 / 72) for side in ("width", "height"))
    file = assets.write("notebook", ".svg", drawing)
    image = f'<img src="{file}" alt="{escape(alt)}" width="{width}" height="{height}" loading="lazy">'
    top = f'<figure class="exhibit figure" style="--width:{width}"><div class="frame">{image}</div>'
    return f"{top}<figcaption>{inline(caption)}</figcaption></figure>"


def _size(drawing: str, side: str) -> str:
    """One side of a drawing, in points."""
    return re.findall(rf'<svg[^>]*?\b{side}="([\d.]+)pt"', drawing)[0]

"""Notebooks' pages: mkdocs-jupyter renders what the engine has run, with templates of our own, because JupyterLab's
style sheet alone would weigh 575 KB.
"""

import hashlib
import re
from copy import deepcopy
from html import unescape
from pathlib import Path
from typing import Any

from dlref.engine import notebooks
from dlref.engine.highlight import python
from dlref.engine.made import Frame
from dlref.engine.text import inline
from dlref.site import figures

EXECUTED = Path(".dlref") / "notebooks"
TEMPLATES = Path(__file__).parent / "notebook_templates"
_LINK = re.compile(r"\[([^\]]+)\](?:\[[\w.-]+\]|\((?!https?:)[^)]*\))")
_CELL = re.compile(r'<div data-cell="(\w+)">(.*?)</div>', re.DOTALL)


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

    outputs = notebooks.outputs(file, file.relative_to(root))
    notebook = jupytext.reads(file.read_text(encoding="utf-8"), fmt="py:percent")
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
    """A figure as exhibits are, from a line that says what it shows, its caption and its SVG."""
    alt, caption, drawing = text.split("\n", 2)
    size = (round(float(_size(drawing, "width")) * 96 / 72), round(float(_size(drawing, "height")) * 96 / 72))
    name = f"cell-{hashlib.sha256(text.encode()).hexdigest()[:6]}"
    image = figures.figure(Frame(drawing, alt=alt, size=size), name)
    top = f'<figure class="exhibit figure" style="--width:{size[0]}"><div class="frame">{image}</div>'
    return f"{top}<figcaption>{inline(caption)}</figcaption></figure>"


def _size(drawing: str, side: str) -> str:
    """One side of a drawing, in points."""
    return re.findall(rf'<svg[^>]*?\b{side}="([\d.]+)pt"', drawing)[0]

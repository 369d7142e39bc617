"""What the copy buttons of a page yield, and whether it runs alone and prints what the page shows beside it."""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from bs4 import BeautifulSoup, SoupStrainer, Tag

from dlref.engine import cache, isolate, source
from dlref.engine.examples import same
from dlref.engine.text import plain

# As much processor time as the build gives an exhibit.
SECONDS = 300.0
# Workers of pytest share the processors.
AT_ONCE = max(1, (os.cpu_count() or 1) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1)))
_passed = cache.Store("copied", ".json", lambda keys: json.dumps(keys).encode(), json.loads)
_KINDS = ("number", "text", "claim", "figure", "table")
_WORDS = {"yes": "True", "no": "False", "–": "NaN", "∞": "inf", "−∞": "-inf"}


@dataclass(frozen=True)
class Block:
    """One copied text: its code, what kind of exhibit stands beside it, and what that shows (a table: its rows)."""

    code: str
    kind: str = ""
    shown: str | list[list[str]] = ""


def blocks(html: str) -> list[Block]:
    """The blocks that have a copy button, in the page's order; commands for a shell are no Python to run."""
    page = BeautifulSoup(html, "html.parser", parse_only=SoupStrainer("article"))
    codes = page.select(".highlight:not(.language-bash) > pre > code")
    return [
        _block(page, code) for code in codes if not code.find_parent(class_=["doc-signature", "mkdocstrings-source"])
    ]


def of_page(page: str, html: str) -> list[Block]:
    """What is run: each block alone; the cells of a notebook in order, each with what those above it have made."""
    found = blocks(html)
    if found and page.startswith("notebooks/"):
        return [Block("\n".join(block.code for block in found))]
    return found


def _block(page: BeautifulSoup, code: Tag) -> Block:
    block = code.parent.parent
    popover = block.find_parent(attrs={"popover": True})
    exhibit = page.select_one(f'[popovertarget="{popover["id"]}"]') if popover else block.find_parent(class_="exhibit")
    classes = exhibit.get("class", []) if exhibit else []
    kind = next((kind for kind in _KINDS if kind in classes), "")
    if kind == "table":
        shown = [[_text(cell) for cell in row.find_all(["td", "th"])] for row in exhibit.select("tbody tr")]
    else:
        beside = exhibit or block.parent.select_one(":scope > .output")
        shown = {"claim": "True", "figure": ""}.get(kind, _text(beside) if beside else "")
    return Block(code.get_text(), kind, shown)


def _text(element: Tag) -> str:
    """The text of an element. A formula stands in it twice, for the eye and for a screen reader; its source once."""
    if element.select_one(".katex"):
        element = BeautifulSoup(str(element), "html.parser")
        for formula in element.select(".katex"):
            formula.replace_with(formula.select_one("annotation").get_text())
    return element.get_text()


def faults(name: str, found: Iterable[Block]) -> list[str]:
    """What is wrong with these blocks, each run once; what passed before and depends on nothing new is not run."""
    found = {_key(block): block for block in found}
    # The checks themselves are part of what an outcome depends on.
    checks = source.fingerprint(Path(__file__).read_text(encoding="utf-8"), frozenset({"dlref.engine.examples"}))
    passed = set(_passed.load(name, checks) or [])
    todo = {key: block for key, block in found.items() if key not in passed}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = dict(zip(todo, pool.map(fault, todo.values()), strict=True))
    _passed.save(name, checks, sorted(key for key in found if not wrong.get(key)))
    return [one for one in wrong.values() if one]


def _key(block: Block) -> str:
    """Changes with the block and with all that its code imports."""
    text = json.dumps(asdict(block))
    try:
        return source.fingerprint(text, source.imported(block.code))
    except SyntaxError:
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def fault(block: Block) -> str:
    """What is wrong with what a copied text does, if anything."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            output = isolate.run("alone:printed_in", block.code, folder, seconds=SECONDS)
        except isolate.Failure as failure:
            return f"{failure}\n{block.code}"
        if not holds(block.kind, block.shown, output):
            return f"prints {output!r}, not {block.shown!r}:\n{block.code}"
        if block.kind == "figure" and not list(Path(folder).glob("*.svg")):
            return f"draws nothing:\n{block.code}"
    return ""


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

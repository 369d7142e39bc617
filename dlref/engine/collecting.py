"""All exhibits of a build: taken from the cache, or made side by side, each in a process of its own."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed
from tqdm import tqdm

from dlref.engine import cache, isolate, source

# `name` is in the module of the page's own name; `module.name` in that of another page of its part, or in `site`; and
# `part.module.name` anywhere.
ADDRESS = r"(?:[a-z]\w*\.){0,2}[a-z]\w*"
MARK = re.compile(r"\{\{\s*(" + ADDRESS + r")\s*\}\}")
# Code is shown, not filled in: fenced blocks line by line, and spans within a line.
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_SPAN = re.compile(r"(`+)[^`].*?\1")

SECONDS = float(os.environ.get("DLREF_EXHIBIT_SECONDS", 300))
HEAVY = (
    "numpy",
    "pandas",
    "scipy.special",
    "matplotlib.figure",
    "matplotlib.backends.backend_svg",
    "sklearn.linear_model",
    "torch",
    # Every optimizer of torch imports it, which takes longer than most exhibits.
    "torch._dynamo",
    "jaxtyping",
    "pygments.formatters.html",
    "pygments.lexers.python",
)


# What stands on a line of its own; all else stands in a sentence.
BLOCKS = ("figure", "table")


class SiteError(Exception):
    """The site cannot be built; the message names the place and the reason."""


@dataclass(frozen=True)
class Mark:
    """An exhibit where it stands on a page: its full address, and what is written there."""

    address: str
    page: Path
    line: int
    written: str
    alone: bool = False

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {{{{ {self.written} }}}}"


def full(written: str, page: Path) -> str:
    """The full address of what is written on a page, as in `classification.roc_curve.area`."""
    module = [name.replace("-", "_") for name in page.with_suffix("").parts]
    if "docs" in module:
        module = module[len(module) - module[::-1].index("docs") :]
    names = written.split(".")
    if names[0] == "site":
        return written
    return ".".join([*module[: max(len(module) - len(names) + 1, 0)], *names])


def marks(page: Path, text: str, first_line: int = 1) -> Iterator[Mark]:
    """The addresses in a page's Markdown, code left out."""
    fence = ""
    for number, line in enumerate(text.splitlines(), first_line):
        opening = _FENCE.match(line)
        if opening and not fence:
            fence = opening[1]
        elif opening and opening[1].startswith(fence):
            fence = ""
        elif not fence:
            text = _SPAN.sub("", line)
            for match in MARK.finditer(text):
                yield Mark(full(match[1], page), page, number, match[1], alone=text.strip() == match[0])


_made: dict[str, dict[str, Any]] = {}


def get(address: str) -> dict[str, Any]:
    """The exhibit at an address, made now if it must be."""
    if address not in _made:
        collect([Mark(address, Path("?"), 0, address)])
    return _made[address]


def collect(found: Iterable[Mark]) -> None:
    """Make all exhibits that are marked, or raise `SiteError` with every one that fails, by page and line."""
    found = [mark for mark in found if not mark.address.startswith("site.")]
    places = {mark.address: mark for mark in reversed(found)}
    errors = [f"{mark}: {problem}" for mark in places.values() if (problem := _unknown(mark.address))]
    if errors:
        raise SiteError("\n".join(errors))
    made = made_of(places)
    errors = [f"{places[a]}: {_reason(a, result)}" for a, result in made.items() if isinstance(result, isolate.Failure)]
    if not errors:
        _made.clear()
        _made.update(made)
        errors = [f"{mark}: {problem}" for mark in found if (problem := _misplaced(mark, _made[mark.address]["kind"]))]
    if errors:
        raise SiteError("\n".join(errors))


def made_of(addresses: Iterable[str]) -> dict[str, dict[str, Any] | isolate.Failure]:
    """What each exhibit gave, from the cache or made now; or why it gave nothing."""
    keys = {address: source.key(address) for address in addresses}
    made = {address: cache.exhibits.load(address, key) for address, key in keys.items()}
    todo = [address for address, result in made.items() if result is None]
    return made | dict(zip(todo, _make_all([(address, keys[address]) for address in todo]), strict=True))


def _misplaced(mark: Mark, kind: str) -> str:
    """What is wrong with where a kind of exhibit stands, if anything."""
    if mark.line and mark.alone != (kind in BLOCKS):
        return f"is a {kind}; put it {'on a line of its own' if kind in BLOCKS else 'inside a sentence'}"
    return ""


def _make_all(todo: list[tuple[str, str]]) -> list[dict[str, Any] | isolate.Failure]:
    """Make the exhibits with these addresses and keys."""
    if not todo:
        return []
    imports = [source.module(source.file_of(address)).imported(address.rpartition(".")[2]) for address, _ in todo]
    needed = source.third_party(frozenset().union(*imports))
    # What `make` itself imports, and of the rest what an exhibit needs.
    needed |= {"jaxtyping", "matplotlib", "pandas", "pygments"}
    isolate.preload(*(name for name in HEAVY if name.partition(".")[0] in needed))
    # Threads that each wait for one child process; joblib can hand them to another backend.
    results = Parallel(n_jobs=os.cpu_count(), backend="threading", return_as="generator")(
        delayed(_make)(address, key) for address, key in todo
    )
    return list(tqdm(results, "exhibits", len(todo), unit="", leave=False, disable=None))


def _make(address: str, key: str) -> dict[str, Any] | isolate.Failure:
    try:
        made = isolate.run("dlref.engine.make:make", address, seconds=SECONDS)
    except isolate.Failure as failure:
        return failure
    # At once, so that a build which is stopped need not make it again; unless its source was edited meanwhile.
    if source.key(address) == key:
        cache.exhibits.save(address, key, made)
    return made


def _unknown(address: str) -> str:
    """What is wrong with an address, if anything."""
    path = source.file_of(address)
    if not path.is_file():
        return f"there is no {path.relative_to(source.PACKAGE.parent)}"
    try:
        known = source.module(path).exhibits
    except SyntaxError as error:
        return f"{path.relative_to(source.PACKAGE.parent)}:{error.lineno}: {error.msg}"
    name = address.rpartition(".")[2]
    return "" if name in known else f"no exhibit {name} in {path.name}; it has {', '.join(sorted(known)) or 'none'}"


def _reason(address: str, failure: isolate.Failure) -> str:
    path = source.file_of(address)
    line = failure.line_in(path)
    return f"{failure}" + (f" ({path.relative_to(source.PACKAGE.parent)}:{line})" if line else "")

"""All exhibits of a build: taken from the cache, or made side by side, each in a process of its own."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dlref.engine import cache, cluster, fences, isolate, libraries, source
from dlref.engine.made import BLOCKS, Made, SiteError

# `name` is in the module of the page's own name; `module.name` in that of another page of its part, or in `site`; and
# `part.module.name` anywhere.
ADDRESS = r"(?:[a-z]\w*\.){0,2}[a-z]\w*"
MARK = re.compile(r"\{\{\s*(" + ADDRESS + r")\s*\}\}")
# Code is shown, not filled in: fenced blocks, and spans within a line.
_SPAN = re.compile(r"(`+)[^`].*?\1")
# Of processor time, for one exhibit.
SECONDS = float(os.environ.get("DLREF_EXHIBIT_SECONDS", 300))


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
    parts = page.with_suffix("").parts
    below = parts[len(parts) - parts[::-1].index("docs") :] if "docs" in parts else parts[-1:]
    module, names = [name.replace("-", "_") for name in below], written.split(".")
    if names[0] == "site":
        return written
    return ".".join([*module[: max(len(module) - len(names) + 1, 0)], *names])


def marks(page: Path, text: str) -> Iterator[Mark]:
    """The addresses in a page's Markdown, code left out."""
    for number, line in fences.outside(text):
        text = _SPAN.sub("", line)
        for match in MARK.finditer(text):
            yield Mark(full(match[1], page), page, number, match[1], alone=text.strip() == match[0])


_made: dict[str, Made] = {}
_keys: dict[str, str] = {}


def get(address: str) -> Made:
    """The exhibit at an address, made now if it must be."""
    if address not in _made:
        collect([Mark(address, Path("?"), 0, address)])
    return _made[address]


def collect(found: Iterable[Mark], lenient: bool = False) -> list[str]:
    """Make all exhibits that are marked. Every one that fails or does not hold is told, by page and line.

    Returns:
        What is wrong, where that is `lenient`ly taken: the page then shows it in the exhibit's place.

    Raises:
        SiteError: Where an exhibit fails, a claim is false, or a mark stands where it must not.
    """
    found = [mark for mark in found if not mark.address.startswith("site.")]
    places = {mark.address: mark for mark in reversed(found)}
    unknown = {address: problem for address in places if (problem := _unknown(address))}
    results = made_of(address for address in places if address not in unknown)
    results |= {address: isolate.Failure(problem) for address, problem in unknown.items()}
    made, wrong = {}, []
    for address, mark in places.items():
        result = results[address]
        if isinstance(result, isolate.Failure):
            reason = unknown.get(address) or _reason(address, result)
            result = Made("failed", reason)
            wrong.append(f"{mark}: {reason}")
        elif result.false:
            wrong.append(f"{mark}: the claim does not hold: {result.caption}")
        made[address] = result
    wrong += [f"{mark}: {problem}" for mark in found if (problem := _misplaced(mark, made[mark.address]))]
    if wrong and not lenient:
        raise SiteError("\n".join(wrong))
    _made.update(made)
    return wrong


def stale() -> list[str]:
    """Those of the exhibits made so far whose code, or what it depends on, is another now."""
    return [address for address, key in _keys.items() if _unknown(address) or source.key(address) != key]


def made_of(addresses: Iterable[str]) -> dict[str, Made | isolate.Failure]:
    """What each exhibit gave, from the cache or made now; or why it gave nothing."""
    keys = {address: source.key(address) for address in addresses}
    _keys.update(keys)
    kept = {address: cache.exhibits.load(address, key) for address, key in keys.items()}
    todo = [(address, keys[address]) for address, data in kept.items() if data is None]
    made = _on_cluster(todo) if cluster.address and todo else isolate.each(_make, todo, "exhibits", _slow_imports(todo))
    results = {address: Made.from_json(data) for address, data in kept.items() if data is not None}
    return results | {address: result for (address, _), result in zip(todo, made, strict=True)}


def _slow_imports(todo: Iterable[tuple[str, str]]) -> list[str]:
    """What is worth importing once for all of these exhibits."""
    imports = [source.module(source.file_of(address)).imported(address.rpartition(".")[2]) for address, _ in todo]
    needed = source.third_party(frozenset().union(*imports))
    # What `make` itself imports, and of the rest what an exhibit needs.
    return libraries.slow_imports(needed | {"jaxtyping", "matplotlib", "pandas", "pygments"})


def _on_cluster(todo: list[tuple[str, str]]) -> list[Made | isolate.Failure]:
    results = {}
    for place, result in isolate.progress(cluster.each(_run, todo), "exhibits", len(todo)):
        results[place] = _keep(todo[place], result)
    return [results[place] for place in range(len(todo))]


def _misplaced(mark: Mark, made: Made) -> str:
    """What is wrong with where a kind of exhibit stands, if anything."""
    block = made.kind in BLOCKS
    if mark.line and made.kind != "failed" and mark.alone != block:
        return f"is a {made.kind}; put it {'on a line of its own' if block else 'inside a sentence'}"
    return ""


def _make(task: tuple[str, str]) -> Made | isolate.Failure:
    return _keep(task, _run(task))


def _run(task: tuple[str, str]) -> Made | isolate.Failure:
    try:
        return isolate.run("dlref.engine.make:make", task[0], seconds=SECONDS)
    except isolate.Failure as failure:
        return failure


def _keep(task: tuple[str, str], made: Made | isolate.Failure) -> Made | isolate.Failure:
    """Save it at once, so that a build which is stopped need not make it again."""
    address, key = task
    # Unless its source was edited meanwhile.
    if isinstance(made, Made) and source.key(address) == key:
        cache.exhibits.save(address, key, made.to_json())
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

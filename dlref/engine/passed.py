"""Which pages' examples have passed: run when they or what they run have changed, and remembered."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from dlref.engine import cache, examples, isolate, libraries, source
from dlref.engine.examples import Example
from dlref.engine.made import SiteError


@dataclass(frozen=True)
class Record:
    """What is remembered of a page: how many examples passed, and with which versions, by the name in a sentence."""

    examples: int
    versions: dict[str, str]


_records: dict[str, Record] = {}
_found: dict[str, frozenset[str]] = {}


def collect(pages: Iterable[Path], root: Path, lenient: bool = False) -> list[str]:
    """Run the examples of each page that has changed since they last passed.

    Returns:
        Every example that fails, by file and line, where that is `lenient`ly taken.

    Raises:
        SiteError: With the same, where it is not.
    """
    wrong: list[str] = []
    found: dict[str, list[Example]] = {}
    for path in pages:
        try:
            found[path.relative_to(root).as_posix()] = examples.of_page(path)
        except (examples.BadExample, OSError) as error:
            wrong.append(str(error))
    keys = {page: _key(page, listed) for page, listed in found.items() if listed}
    kept = {page: cache.exhibits.load(_name(page), key) for page, key in keys.items()}
    todo = [page for page, record in kept.items() if record is None]
    failures = _failures([example for page in todo for example in found[page]])
    wrong += failures.values()
    if wrong and not lenient:
        raise SiteError("\n".join(wrong).replace(f"{root}/", ""))
    _found.update({page: frozenset(example.code for example in listed) for page, listed in found.items()})
    _records.update({page: Record(**record) for page, record in kept.items() if record is not None})
    for page in todo:
        if not any(str(example) in failures for example in found[page]):
            _records[page] = Record(len(found[page]), _versions(found[page]))
            cache.exhibits.save(_name(page), keys[page], asdict(_records[page]))
    return [text.replace(f"{root}/", "") for text in wrong]


def of_page(page: str) -> Record | None:
    """What is known of a page, by its source such as `docs/classification/roc-curve.md`."""
    return _records.get(page)


def was_run(page: str, example: Example) -> bool:
    """Whether an example that is about to be shown on a page is one of those that were found and run."""
    return example.code in _found.get(page, ())


def _key(page: str, listed: list[Example]) -> str:
    """Changes with what the examples say and with all that they run."""
    texts = "\n".join(example.source for example in listed)
    return source.fingerprint(f"{page}\n{texts}", source.imported(_code(listed)) | {__name__})


def _code(listed: list[Example]) -> str:
    return "\n".join(example.code for example in listed)


def _name(page: str) -> str:
    return "examples." + re.sub(r"\W", ".", page)


def _failures(todo: list[Example]) -> dict[str, str]:
    """What is wrong, by the place of the example."""
    slow = libraries.slow_imports(source.third_party(source.imported(_code(todo))))
    outcomes = isolate.each(examples.outcome, todo, "examples", slow)
    return {str(outcome.example): str(outcome) for outcome in outcomes if not outcome.passed}


def _versions(listed: list[Example]) -> dict[str, str]:
    """The versions of Python and of the libraries that these examples use."""
    used, known = source.third_party(source.imported(_code(listed))), libraries.versions()
    named = {
        library.shown: known[library.package] for library in libraries.LIBRARIES if library.name in used & _RESULTS
    }
    return {"Python": known["python"]} | named


_RESULTS = {
    library.name for library in libraries.LIBRARIES if library.results and library.name not in ("PIL", "pygments")
}

"""The foot of a page: how many examples it has, and the versions with which this very build saw them pass."""

import os
import re
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed
from tqdm import tqdm

from dlref.engine import cache, examples, isolate, source
from dlref.engine.collecting import SiteError
from dlref.engine.examples import Example, Outcome

# How the libraries are called in code, in lists of packages, and in a sentence.
_NAMES = {
    "matplotlib": ("matplotlib", "Matplotlib"),
    "numpy": ("numpy", "NumPy"),
    "pandas": ("pandas", "pandas"),
    "scipy": ("scipy", "SciPy"),
    "sklearn": ("scikit-learn", "scikit-learn"),
    "skorch": ("skorch", "skorch"),
    "torch": ("torch", "PyTorch"),
}
_records: dict[str, dict[str, Any]] = {}


def collect(pages: Iterable[Path], root: Path) -> None:
    """Run the examples of each page that has changed since they last passed.

    Raises:
        SiteError: With every example that fails, by file and line.
    """
    found = {page.relative_to(root).as_posix(): _read(page, root) for page in pages}
    found = {page: listed for page, listed in found.items() if listed}
    keys = {page: _key(page, listed) for page, listed in found.items()}
    _records.clear()
    _records.update({page: cache.exhibits.load(_name(page), key) for page, key in keys.items()})
    todo = {page: found[page] for page, record in _records.items() if record is None}
    failures = [str(outcome) for outcome in _run([e for listed in todo.values() for e in listed]) if not outcome.passed]
    if failures:
        raise SiteError("\n".join(failures).replace(f"{root}/", ""))
    for page, listed in todo.items():
        _records[page] = {"examples": len(listed), "versions": _versions(listed)}
        cache.exhibits.save(_name(page), keys[page], _records[page])


def _read(page: Path, root: Path) -> list[Example]:
    try:
        return examples.of_page(page)
    except (examples.BadExample, OSError) as error:
        raise SiteError(str(error).replace(f"{root}/", "")) from None


def _key(page: str, listed: list[Example]) -> str:
    """Changes with what the examples say and with all that they run."""
    texts = "\n".join(example.source for example in listed)
    return source.fingerprint(f"{page}\n{texts}", source.imported(_code(listed)) | {__name__})


def _code(listed: list[Example]) -> str:
    return "\n".join(example.code for example in listed)


def _name(page: str) -> str:
    return "examples." + re.sub(r"\W", ".", page)


def _run(todo: list[Example]) -> list[Outcome]:
    if not todo:
        return []
    used = source.third_party(source.imported(_code(todo)))
    isolate.preload(*(name for name in examples.HEAVY if name.partition(".")[0] in used))
    outcomes = Parallel(n_jobs=os.cpu_count(), backend="threading", return_as="generator")(
        delayed(examples.outcome)(example) for example in todo
    )
    return list(tqdm(outcomes, "examples", len(todo), unit="", leave=False, disable=None))


def _versions(listed: list[Example]) -> dict[str, str]:
    """The versions of Python and of the libraries that these examples use, by the name in a sentence."""
    used, known = source.third_party(source.imported(_code(listed))), source.versions()
    libraries = {shown: known[package] for name, (package, shown) in _NAMES.items() if name in used}
    return {"Python": known["python"]} | libraries


def foot(page: str) -> str:
    """The foot of a page, by its source such as `docs/classification/roc-curve.md`; empty where it has no examples."""
    record = _records.get(page)
    if record is None:
        return ""
    count = record["examples"]
    told = f"{count} examples on this page, each run" if count > 1 else "1 example on this page, run"
    used = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
    command = f"python -m dlref verify --page {Path(*Path(page).parts[1:]).with_suffix('').as_posix()}"
    return (
        f'<p class="foot">{told} when the page was built and found to print what is shown, with {escape(used)}. '
        f"To try them with your own versions: <code>{escape(command)}</code></p>"
    )

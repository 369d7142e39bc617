"""Runs the documented examples, and computes again what the pages show, with the reader's own libraries and machine.

    python -m dlref verify                                  all of them
    python -m dlref verify --examples                       the examples of pages and docstrings only
    python -m dlref verify --exhibits                       the numbers, tables, texts and claims only
    python -m dlref verify --page classification/roc-curve  one page
    python -m dlref verify --fail-fast                      stop at the first that fails
    python -m dlref verify --json                           the outcome for a program to read

The exit status is 0 when all pass, 1 when any fails, 2 for a wrong option, and 3 when none fails but some could not
be run because torch or skorch, which are optional, is not installed.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from dlref.engine import collecting, examples, isolate, libraries, shown, source
from dlref.engine.examples import BadExample, Example, Outcome
from dlref.engine.shown import Shown

# A wheel carries the pages inside the package; a checkout has them beside it.
PAGES = next(p for p in (examples.PACKAGE / "pages", examples.PACKAGE.parent / "docs") if p.is_dir())
PASSED, FAILED, NOT_RUN = "passed", "failed", "not run"
STATUS = {PASSED: 0, FAILED: 1, NOT_RUN: 3}
OPTIONAL = [library.name for library in libraries.LIBRARIES if library.optional]
Task = Example | Outcome | Shown


@dataclass(frozen=True)
class Result:
    """What came of an example or exhibit, and the page (or else the module) that shows it."""

    page: str
    file: str
    line: int
    expected: str
    got: str
    error: str
    passed: bool
    told: str
    """All that is to be said where it failed."""

    @property
    def verdict(self) -> str:
        if self.passed:
            return PASSED
        return NOT_RUN if self.missing else FAILED

    @property
    def missing(self) -> str:
        """The optional library for want of which it could not be run, if any."""
        errors = {name: f"ModuleNotFoundError: No module named '{name}'" for name in OPTIONAL}
        return next((name for name, error in errors.items() if self.error == error), "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the options, run, report; returns the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    both = options.examples == options.exhibits
    found: dict[str, list[Task]] = documented() if both or options.examples else {}
    if both or options.exhibits:
        for entry in shown.read():
            found.setdefault(entry.page, []).append(entry)
    if options.exhibits and not found:
        parser.error(
            "nothing is known of what the site shows; build it first, or install the wheel that the site offers"
        )
    if options.page:
        page = options.page.removesuffix(".html").removesuffix(".md")
        if page not in found:
            near = [name for name in found if page in name] or get_close_matches(page, found)
            parser.error(f"no page {page} has what was asked for" + (f"; is it {' or '.join(near)}?" if near else ""))
        found = {page: found[page]}
    _announce(found)
    try:
        with tempfile.TemporaryDirectory() as folder, ExitStack() as after:
            if "DLREF_CACHE" not in os.environ:
                # Exhibits of one page may share a training. What calls this keeps its own environment.
                os.environ["DLREF_CACHE"] = folder
                after.callback(os.environ.pop, "DLREF_CACHE")
            total = sum(map(len, found.values()))
            results = list(isolate.progress(run(found, options.fail_fast), "examples and exhibits", total))
    except KeyboardInterrupt:
        return 130
    results.sort(key=lambda r: (r.page, r.file, r.line))
    print(_json(results) if options.json else _report(results))
    verdicts = {result.verdict for result in results}
    return next((STATUS[verdict] for verdict in (FAILED, NOT_RUN) if verdict in verdicts), STATUS[PASSED])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dlref", description=__doc__.partition("\n")[0])
    verify = parser.add_subparsers(dest="command", required=True).add_parser(
        "verify", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, help="run and compare"
    )
    verify.add_argument("--examples", action="store_true", help="only the documented examples")
    verify.add_argument("--exhibits", action="store_true", help="only the numbers, tables, texts and claims of pages")
    verify.add_argument("--page", metavar="PAGE", help="only this page, such as classification/roc-curve")
    verify.add_argument("--fail-fast", action="store_true", help="stop at the first that fails")
    verify.add_argument("--json", action="store_true", help="print the outcome as JSON")
    return parser


def _announce(found: dict[str, list[Task]]) -> None:
    """Say first what takes minutes."""
    trains = sum(isinstance(task, Shown) and task.trains for listed in found.values() for task in listed)
    if trains:
        print(f"For {trains} of the exhibits models are trained first; that takes minutes.", file=sys.stderr)


def documented() -> dict[str, list[Task]]:
    """Examples by the page that shows them; those of docstrings that no page lists, by module."""
    found: dict[str, list[Task]] = {}
    for page in sorted(PAGES.rglob("*.md")):
        found[page.relative_to(PAGES).with_suffix("").as_posix()] = _read(examples.of_page, page)
    seen = {example.file for listed in found.values() for example in listed if isinstance(example, Example)}
    for file in sorted(examples.PACKAGE.rglob("*.py")):
        if file not in seen:
            name = ".".join(file.relative_to(examples.PACKAGE.parent).with_suffix("").parts)
            found[name] = _read(examples.in_docstrings, file)
    return {name: listed for name, listed in found.items() if listed}


def _read(reader: Callable[[Path], Iterable[Example]], file: Path) -> list[Task]:
    """The file's examples; a file that cannot be read as examples is one failure."""
    try:
        return list(reader(file))
    except BadExample as error:
        return [Outcome(Example(error.file, error.line, "", "", ""), error.line, error=error.reason)]


def run(found: dict[str, list[Task]], fail_fast: bool = False) -> Iterator[Result]:
    """The results as they come in, several at a time, each in a process of its own."""
    tasks = [(page, task) for page, listed in found.items() for task in listed]
    isolate.preload(*libraries.slow_imports(set().union(*(needed(task) for _, task in tasks))))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        waiting = [pool.submit(_result, page, task) for page, task in tasks]
        try:
            for done in as_completed(waiting):
                result = done.result()
                yield result
                if fail_fast and result.verdict == FAILED:
                    return
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def needed(task: Task) -> set[str]:
    """The libraries that it needs, by import name."""
    if isinstance(task, Example):
        return source.third_party(source.imported(task.code))
    if isinstance(task, Shown):
        return source.third_party(source.module(source.file_of(task.address)).imports) | {"matplotlib", "pandas"}
    return set()


def _result(page: str, task: Task) -> Result:
    if isinstance(task, Shown):
        return _compared(page, task)
    found = task if isinstance(task, Outcome) else examples.outcome(task)
    example = found.example
    told = "" if found.passed else str(found).rstrip()
    return Result(page, str(example.file), found.line, example.output, found.got, found.error, found.passed, told)


def _compared(page: str, entry: Shown) -> Result:
    """An exhibit computed again, frame by frame, against what the page shows."""
    got, error = [], ""
    try:
        got = shown.texts(isolate.run("dlref.engine.make:remake", entry.address, seconds=collecting.SECONDS))
    except isolate.Failure as failure:
        error = str(failure)
    pairs = zip(entry.frames, got or [""], strict=False)
    expected, found = next(((e, g) for e, g in pairs if e != g), ("", ""))
    passed = not error and got == entry.frames
    told = f"{page}: {{{{ {entry.address} }}}}: " + (
        error or f"the page shows\n    {expected}\nhere it is\n    {found}"
    )
    return Result(page, entry.address, 0, expected, found, error, passed, told)


def versions() -> dict[str, str]:
    """What the examples ran with."""
    return libraries.versions() | {"system": f"{platform.system()} {platform.machine()}"}


def _counts(results: Iterable[Result]) -> dict[str, Counter]:
    counts: dict[str, Counter] = {}
    for result in results:
        counts.setdefault(result.page, Counter())[result.verdict] += 1
    return counts


def _report(results: list[Result]) -> str:
    counts = _counts(results)
    verdicts = [v for v in STATUS if v != NOT_RUN or any(c[NOT_RUN] for c in counts.values())]
    rows = [*counts.items(), ("all", sum(counts.values(), Counter()))]
    width = max(len(name) for name, _ in rows)
    table = [" " * width + "".join(f"{verdict:>9}" for verdict in verdicts)]
    table += [f"{name:{width}}" + "".join(f"{count[verdict] or '':>9}" for verdict in verdicts) for name, count in rows]
    problems = [r.told for r in results if r.verdict == FAILED]
    lacking = " ".join(sorted({r.missing for r in results} - {""}))
    missing = [f"Not run for want of what is optional: pip install {lacking}"] if lacking else []
    used = "Run with " + ", ".join(f"{name} {version}" for name, version in versions().items()) + "."
    return "\n\n".join([*problems, "\n".join(table), *missing, textwrap.fill(used, 100, break_on_hyphens=False)])


def _json(results: list[Result]) -> str:
    pages = {
        page: {verdict.replace(" ", "_"): count[verdict] for verdict in STATUS}
        for page, count in _counts(results).items()
    }
    problems = [
        {
            "page": r.page,
            "verdict": r.verdict,
            "file": r.file,
            "line": r.line,
            "expected": r.expected,
            "got": r.got,
            "error": r.error,
        }
        for r in results
        if r.verdict != PASSED
    ]
    return json.dumps({"versions": versions(), "pages": pages, "problems": problems}, indent=1, ensure_ascii=False)

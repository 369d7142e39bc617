"""Runs the documented examples, those of the pages and those of the docstrings, with the reader's own libraries.

    python -m dlref verify                                  all of them
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
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from dlref.engine import examples, isolate, source
from dlref.engine.examples import BadExample, Example, Outcome

# A wheel carries the pages inside the package; a checkout has them beside it.
PAGES = next(p for p in (examples.PACKAGE / "pages", examples.PACKAGE.parent / "docs") if p.is_dir())
PASSED, FAILED, NOT_RUN = "passed", "failed", "not run"
STATUS = {PASSED: 0, FAILED: 1, NOT_RUN: 3}
OPTIONAL = ("skorch", "torch")


@dataclass(frozen=True)
class Result:
    """The outcome of an example, and the page (or else the module) that shows it."""

    page: str
    outcome: Outcome

    @property
    def verdict(self) -> str:
        if self.outcome.passed:
            return PASSED
        return NOT_RUN if self.missing else FAILED

    @property
    def missing(self) -> str:
        """The optional library for want of which it could not be run, if any."""
        errors = {name: f"ModuleNotFoundError: No module named '{name}'" for name in OPTIONAL}
        return next((name for name, error in errors.items() if self.outcome.error == error), "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the options, run, report; returns the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    found = documented()
    if options.page:
        page = options.page.removesuffix(".html").removesuffix(".md")
        if page not in found:
            near = [name for name in found if page in name] or get_close_matches(page, found)
            parser.error(f"no page {page} has examples" + (f"; is it {' or '.join(near)}?" if near else ""))
        found = {page: found[page]}
    try:
        results = list(_progress(run(found, options.fail_fast), sum(map(len, found.values()))))
    except KeyboardInterrupt:
        return 130
    results.sort(key=lambda r: (r.page, str(r.outcome.example.file), r.outcome.line))
    print(_json(results) if options.json else _report(results))
    verdicts = {result.verdict for result in results}
    return next((STATUS[verdict] for verdict in (FAILED, NOT_RUN) if verdict in verdicts), STATUS[PASSED])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dlref", description=__doc__.partition("\n")[0])
    verify = parser.add_subparsers(dest="command", required=True).add_parser(
        "verify", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, help="run the examples"
    )
    verify.add_argument("--page", metavar="PAGE", help="only this page, such as classification/roc-curve")
    verify.add_argument("--fail-fast", action="store_true", help="stop at the first example that fails")
    verify.add_argument("--json", action="store_true", help="print the outcome as JSON")
    return parser


def documented() -> dict[str, list[Example | Outcome]]:
    """Examples by the page that shows them; those of docstrings that no page lists, by module."""
    found: dict[str, list[Example | Outcome]] = {}
    for page in sorted(PAGES.rglob("*.md")):
        found[page.relative_to(PAGES).with_suffix("").as_posix()] = _read(examples.of_page, page)
    shown = {example.file for listed in found.values() for example in listed if isinstance(example, Example)}
    for file in sorted(examples.PACKAGE.rglob("*.py")):
        if file not in shown:
            name = ".".join(file.relative_to(examples.PACKAGE.parent).with_suffix("").parts)
            found[name] = _read(examples.in_docstrings, file)
    return {name: listed for name, listed in found.items() if listed}


def _read(reader, file: Path) -> list[Example | Outcome]:
    """The file's examples; a file that cannot be read as examples is one failure."""
    try:
        return list(reader(file))
    except BadExample as error:
        return [Outcome(Example(error.file, error.line, "", "", ""), error.line, error=error.reason)]


def run(found: dict[str, list[Example | Outcome]], fail_fast: bool = False) -> Iterator[Result]:
    """The results as they come in, several examples at a time, each in a process of its own."""
    tasks = [(page, task) for page, listed in found.items() for task in listed]
    isolate.preload(*needed(task for _, task in tasks if isinstance(task, Example)))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        waiting = {pool.submit(_outcome, task): page for page, task in tasks}
        try:
            for done in as_completed(waiting):
                result = Result(waiting[done], done.result())
                yield result
                if fail_fast and result.verdict == FAILED:
                    return
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def needed(listed: Iterable[Example]) -> list[str]:
    """The slow imports among those that these examples need."""
    used = set().union(*(source.third_party(source.imported(example.code)) for example in listed))
    return [name for name in examples.HEAVY if name.partition(".")[0] in used]


def _outcome(task: Example | Outcome) -> Outcome:
    return task if isinstance(task, Outcome) else examples.outcome(task)


def _progress(results: Iterable[Result], total: int) -> Iterator[Result]:
    """Shows how far it is: by tqdm where it is installed, else by a count; nothing where no one watches."""
    if not sys.stderr.isatty():
        return iter(results)
    try:
        from tqdm import tqdm
    except ImportError:
        return _counted(results, total)
    return iter(tqdm(results, "examples", total, unit="", leave=False))


def _counted(results: Iterable[Result], total: int) -> Iterator[Result]:
    for count, result in enumerate(results, 1):
        print(f"\r{count} of {total} examples", end="\r" if count == total else "", file=sys.stderr, flush=True)
        yield result


def versions() -> dict[str, str]:
    """What the examples ran with."""
    return source.versions() | {"system": f"{platform.system()} {platform.machine()}"}


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
    problems = [str(r.outcome).rstrip() for r in results if r.verdict == FAILED]
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
            "file": str(r.outcome.example.file),
            "line": r.outcome.line,
            "expected": r.outcome.example.output,
            "got": r.outcome.got,
            "error": r.outcome.error,
        }
        for r in results
        if r.verdict != PASSED
    ]
    return json.dumps({"versions": versions(), "pages": pages, "problems": problems}, indent=1, ensure_ascii=False)

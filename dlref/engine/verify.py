"""Runs what the site shows, with the reader's own libraries and on the reader's own machine, and compares.

    python -m dlref verify                      all of it
    python -m dlref verify --list               what there is, by page
    python -m dlref verify --page roc-curve     one page: by name, by source or by its address in a browser
    python -m dlref verify --examples           the examples of pages and docstrings only
    python -m dlref verify --exhibits           the numbers, tables, texts and claims only
    python -m dlref verify --notebooks          the notebooks only
    python -m dlref verify --fail-fast          stop at the first that fails
    python -m dlref verify --json               the outcome for a program to read

What is compared: of an example all that it prints, words and whole numbers exactly, other numbers to the digits
written; of a number, table or text each frame as the page shows it, for each value that a reader can choose; of a
claim whether it holds; of a notebook what each cell prints and each table, to the digits shown. Figures are not
compared, those of a notebook are drawn. What is shown of a single run of something chaotic is left out.

The exit status is 0 when all pass, 1 when any fails, 2 for a wrong option, and 3 when none fails but some could not
be run because torch or skorch, which are optional, is not installed. Ctrl-C ends it with status 130, and what had
passed by then is told.
"""

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from dlref.engine import collecting, examples, isolate, libraries, notebooks, report, shown, source
from dlref.engine.examples import BadExample, Example, Outcome
from dlref.engine.report import FAILED, Result
from dlref.engine.shown import Shown

# A wheel carries the pages inside the package; a checkout has them beside it.
PAGES = next(p for p in (examples.PACKAGE / "pages", examples.PACKAGE.parent / "docs") if p.is_dir())
KINDS = ("examples", "exhibits", "notebooks")
Task = Example | Outcome | Shown


def add(commands: Any) -> None:
    """The command and its options; each command of `python -m dlref` has such a function."""
    parser = commands.add_parser(
        "verify", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, help="run and compare"
    )
    parser.add_argument("--examples", action="store_true", help="only the documented examples")
    parser.add_argument("--exhibits", action="store_true", help="only the numbers, tables, texts and claims of pages")
    parser.add_argument("--notebooks", action="store_true", help="only the notebooks")
    parser.add_argument("--page", metavar="PAGE", help="only this page, such as roc-curve or its address")
    parser.add_argument("--fail-fast", action="store_true", help="stop at the first that fails")
    told = parser.add_mutually_exclusive_group()
    told.add_argument("--list", action="store_true", help="run nothing; list the pages and what there is on each")
    told.add_argument("--json", action="store_true", help="print the outcome as JSON")
    parser.set_defaults(run=_verify, refuse=parser.error)


def _verify(options: argparse.Namespace) -> int:
    """Run what the options ask for, and report; returns the exit status."""
    asked = {kind for kind in KINDS if getattr(options, kind)} or set(KINDS)
    found = _found(asked)
    if not found:
        options.refuse(
            "nothing is known of what the site shows; build it first, or install the wheel that the site offers"
        )
    if options.page is not None:
        try:
            page = _page(options.page, found)
        except ValueError as error:
            options.refuse(str(error))
        found = {page: found[page]}
    if options.list:
        counts = {page: Counter(map(kind_of, tasks)) for page, tasks in found.items()}
        print(report.table(counts, KINDS))
        return 0
    _announce(found)
    results, whole = _results(found, options.fail_fast)
    total = sum(map(len, found.values()))
    print((report.in_json if options.json else report.in_words)(results, total))
    return report.status(results) if whole else 130


def _found(asked: Collection[str]) -> dict[str, list[Task]]:
    """All that is of the kinds asked for, by page."""
    found = documented() if "examples" in asked else {}
    for entry in shown.read():
        if kind_of(entry) in asked:
            found.setdefault(entry.page, []).append(entry)
    return dict(sorted(found.items()))


def kind_of(task: Task) -> str:
    """What it is, as `--list` counts it."""
    if isinstance(task, Shown):
        return "notebooks" if task.notebook else "exhibits"
    return "examples"


def _page(asked: str, known: Collection[str]) -> str:
    """The page that is meant by a bare name, a source or an address as a browser shows it.

    Raises:
        ValueError: If there is none, or more than one.
    """
    path = unquote(urlsplit(asked).path).replace("\\", "/")
    name = path.removesuffix(".html").removesuffix(".md").removesuffix(".py")
    # A folder's address stands for its index.
    name = (f"{name}index" if path.endswith("/") else name).strip("/")
    whole = [page for page in known if f"/{name}".endswith(f"/{page}")]
    if whole:
        return max(whole, key=len)
    ends = [page for page in known if f"/{page}".endswith((f"/{name}", f"/{name}/index"))] if name else []
    if len(ends) == 1:
        return ends[0]
    if ends:
        raise ValueError(f"more than one page is called {name}: {', '.join(ends)}")
    near = [page for page in known if name and name in page] or get_close_matches(name, known)
    hint = f"; is it {' or '.join(near)}?" if near else "; --list tells the pages"
    raise ValueError(f"no page {asked!r} has what was asked for{hint}")


def _announce(found: dict[str, list[Task]]) -> None:
    """Say first what takes minutes."""
    trains = sum(isinstance(task, Shown) and task.trains for listed in found.values() for task in listed)
    if trains:
        print(f"For {trains} of them models are trained first; that takes minutes.", file=sys.stderr)


def _results(found: dict[str, list[Task]], fail_fast: bool) -> tuple[list[Result], bool]:
    """What came of them, in the order of the pages, and whether nobody pressed Ctrl-C meanwhile."""
    results: list[Result] = []
    whole = True
    with tempfile.TemporaryDirectory() as folder, ExitStack() as after:
        if "DLREF_CACHE" not in os.environ:
            # Exhibits of one page may share a training. What calls this keeps its own environment.
            os.environ["DLREF_CACHE"] = folder
            after.callback(os.environ.pop, "DLREF_CACHE")
        try:
            for result in isolate.progress(run(found, fail_fast), "", sum(map(len, found.values()))):
                results.append(result)
        except KeyboardInterrupt:
            whole = False
    return sorted(results, key=lambda r: (r.page, r.file, r.line)), whole


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
        except BaseException:
            # Nobody waits any longer for those that are running.
            isolate.stop()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def needed(task: Task) -> set[str]:
    """The libraries that it needs, by import name."""
    if isinstance(task, Example):
        return source.third_party(source.imported(task.code))
    if not isinstance(task, Shown):
        return set()
    if task.notebook:
        return source.third_party(source.imported((PAGES / task.address).read_text(encoding="utf-8")))
    return source.third_party(source.module(source.file_of(task.address)).imports) | {"matplotlib", "pandas"}


def _result(page: str, task: Task) -> Result:
    if isinstance(task, Shown):
        return _compared(page, task)
    found = task if isinstance(task, Outcome) else examples.outcome(task)
    example = found.example
    told = "" if found.passed else str(found).rstrip()
    return Result(page, str(example.file), found.line, example.output, found.got, found.error, found.passed, told)


def _compared(page: str, entry: Shown) -> Result:
    """An exhibit or notebook computed again, frame by frame or cell by cell, against what the page shows."""
    same = examples.same if entry.notebook else str.__eq__
    line, got, error = 0, [], ""
    try:
        got = _cells(entry) if entry.notebook else _frames(entry)
    except isolate.Failure as failure:
        error, line = str(failure), failure.line_in(PAGES / entry.address) or 0
    differ = ((e, g) for e, g in zip(entry.frames, got or [""], strict=False) if not same(e, g))
    expected, found = next(differ, ("", ""))
    passed = not error and not expected and not found and len(got) == len(entry.frames)
    place = f"{PAGES / entry.address}:{line}" if entry.notebook else f"{page}: {{{{ {entry.address} }}}}"
    told = f"{place}: " + (error or f"the page shows\n    {expected}\nhere it is\n    {found}")
    return Result(page, entry.address, line, expected, found, error, passed, told)


def _frames(entry: Shown) -> list[str]:
    return shown.texts(isolate.run("dlref.engine.make:remake", entry.address, seconds=collecting.SECONDS))


def _cells(entry: Shown) -> list[str]:
    file = PAGES / entry.address
    cells = list(notebooks.cells(file.read_text(encoding="utf-8"), file))
    return notebooks.texts(isolate.run("dlref.engine.notebooks:run", cells, str(file), seconds=notebooks.SECONDS))

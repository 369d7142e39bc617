"""What is told of examples, exhibits and notebooks that were run on a reader's machine: a table by page, or JSON."""

import json
import platform
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

import dlref
from dlref.engine import libraries, source

PASSED, FAILED, NOT_RUN = "passed", "failed", "not run"
# Exit statuses; where results have several verdicts, the last of them.
STATUS = {PASSED: 0, NOT_RUN: 3, FAILED: 1}
OPTIONAL = [library.name for library in libraries.LIBRARIES if library.optional]


@dataclass(frozen=True)
class Result:
    """What came of one of them, and the page (or else the module) that shows it."""

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


def status(results: Iterable[Result]) -> int:
    """The exit status that these results mean."""
    verdicts = {result.verdict for result in results}
    return [code for verdict, code in STATUS.items() if verdict in verdicts or verdict == PASSED][-1]


def version() -> str:
    """This package's own version: a wheel has another for each build, a checkout only the public one."""
    try:
        installed = metadata.distribution("dlref")
    except metadata.PackageNotFoundError:
        return dlref.__version__
    here = Path(str(installed.locate_file("dlref"))).resolve() == source.PACKAGE.resolve()
    return installed.version if here else dlref.__version__


def versions() -> dict[str, str]:
    """With what they were run."""
    system = {"system": f"{platform.system()} {platform.machine()}"}
    return {"dlref": version()} | libraries.versions() | system


def table(counts: Mapping[str, Counter], columns: Iterable[str]) -> str:
    """Counts by page, and of all pages; columns without any are left out."""
    rows = {**counts, "all": sum(counts.values(), Counter())}
    kept = [column for column in columns if rows["all"][column]]
    width, wide = max(map(len, rows)), [max(9, len(column) + 2) for column in kept]
    lines = [" " * width + "".join(f"{column:>{size}}" for column, size in zip(kept, wide, strict=True))]
    for name, count in rows.items():
        cells = (f"{count[column] or '':>{size}}" for column, size in zip(kept, wide, strict=True))
        lines.append(f"{name:{width}}{''.join(cells)}".rstrip())
    return "\n".join(lines)


def in_words(results: list[Result], total: int) -> str:
    """The report of so many of them that were to be run."""
    problems = [r.told for r in results if r.verdict == FAILED]
    lacking = " ".join(sorted({r.missing for r in results} - {""}))
    missing = [f"Not run for want of what is optional: pip install {lacking}"] if lacking else []
    short = [f"Stopped: {len(results)} of {total} had come to their end."] if len(results) < total else []
    used = "Run with " + ", ".join(f"{name} {version}" for name, version in versions().items()) + "."
    told = [table(_counts(results), (PASSED, FAILED, NOT_RUN)), *missing, *short]
    return "\n\n".join([*problems, *told, textwrap.fill(used, 100, break_on_hyphens=False)])


def in_json(results: list[Result], total: int) -> str:
    """The same for a program."""
    pages = {
        page: {verdict.replace(" ", "_"): count[verdict] for verdict in (PASSED, FAILED, NOT_RUN)}
        for page, count in _counts(results).items()
    }
    told = ("page", "verdict", "file", "line", "expected", "got", "error")
    problems = [
        {name: value for name, value in (asdict(r) | {"verdict": r.verdict}).items() if name in told}
        for r in results
        if r.verdict != PASSED
    ]
    whole = {"versions": versions(), "total": total, "pages": pages, "problems": problems}
    return json.dumps(whole, indent=1, ensure_ascii=False)


def _counts(results: Iterable[Result]) -> dict[str, Counter]:
    counts: dict[str, Counter] = {}
    for result in results:
        counts.setdefault(result.page, Counter())[result.verdict] += 1
    return counts

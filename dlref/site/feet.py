"""The foot of a page: what this very build has run, and under what its results have held."""

from html import escape
from pathlib import Path

from dlref.engine import held, passed


def foot(page: str) -> str:
    """The foot of a page, by its source such as `docs/classification/roc-curve.md`; empty where nothing is known."""
    told = [text for text in (_examples(page), _exhibits(page)) if text]
    if not told:
        return ""
    command = f"python -m dlref verify --page {Path(*Path(page).parts[1:]).with_suffix('').as_posix()}"
    return f'<p class="foot">{" ".join(told)} To try it on your machine: <code>{escape(command)}</code></p>'


def _examples(page: str) -> str:
    record = passed.of_page(page)
    if record is None:
        return ""
    count = record.examples
    told = f"{count} examples on this page, each run" if count > 1 else "1 example on this page, run"
    used = ", ".join(f"{name} {version}" for name, version in record.versions.items())
    return escape(f"{told} when the page was built and found to print what is shown, with {used}.")


def _exhibits(page: str) -> str:
    record = held.of_page(page)
    if record is None:
        return ""
    return (
        f"Its figures, tables and numbers came out the same under {record.arithmetics} arithmetics (other processors, "
        f"threads, random rounding), and its claims held with {record.shifts} other sets of random seeds."
    )

"""The index of concepts: where each stands, and what it shows."""

import re
from collections.abc import Iterable
from pathlib import Path

from dlref.engine import collecting, examples
from dlref.engine.made import SiteError

_HEADING = re.compile(r"#+ (?P<title>.+?) *\{ *#(?P<id>[\w-]+) *\} *")


def index(docs: Path, expected: Iterable[str]) -> dict[str, dict]:
    """For each concept its title, address, exhibits and number of examples.

    A concept's section runs from its heading to the heading of the next concept.

    Raises:
        SiteError: If a concept has no heading of its own, or more than one.
    """
    expected = list(expected)
    found: dict[str, list[dict]] = {identifier: [] for identifier in expected}
    for page in sorted(docs.rglob("*.md")):
        for entry in _sections(page, docs, set(expected)):
            found[entry.pop("id")].append(entry)
    wrong = [
        f"concept {i}: {'no heading has' if not e else 'more than one heading has'} this anchor"
        for i, e in found.items()
        if len(e) != 1
    ]
    if wrong:
        raise SiteError("\n".join(wrong))
    return {identifier: entries[0] for identifier, entries in found.items()}


def _sections(page: Path, docs: Path, expected: set[str]) -> list[dict]:
    text = page.read_text(encoding="utf-8")
    starts = []
    for number, line in enumerate(text.splitlines(), 1):
        heading = _HEADING.fullmatch(line)
        if heading and heading["id"] in expected:
            starts.append((number, heading))
    marks = list(collecting.marks(page, text))
    blocks = list(examples.in_markdown(page))
    address = page.relative_to(docs).with_suffix(".html").as_posix()
    sections = []
    for i, (start, heading) in enumerate(starts):
        end = starts[i + 1][0] if i + 1 < len(starts) else float("inf")
        sections.append(
            {
                "id": heading["id"],
                "title": heading["title"],
                "address": f"{address}#{heading['id']}",
                "exhibits": sorted({m.address for m in marks if start <= m.line < end}),
                "examples": sum(start <= e.line < end for e in blocks),
            }
        )
    return sections

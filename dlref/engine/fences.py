"""Fenced blocks of code in a page's Markdown: the one place that knows where code begins and ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Set in, as within a tab; quoted, as within a block quote.
_OPENING = re.compile(r"(?P<before>[ \t>]*)(?P<fence>`{3,}|~{3,})[ \t]*\{?\s*\.?(?P<language>[\w+-]*).*")


@dataclass(frozen=True)
class Block:
    """One block: its first line of code in the page, counted from 1, and the code without what it is set in by."""

    line: int
    language: str
    before: str
    code: str


def blocks(text: str) -> Iterator[Block]:
    """All fenced blocks."""
    lines = text.splitlines()
    for start, end, opening in _spans(lines):
        before = opening["before"]
        code = [line.removeprefix(before) if line.strip() else "" for line in lines[start + 1 : end]]
        yield Block(start + 2, opening["language"], before, "".join(f"{line}\n" for line in code))


def outside(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not in a fenced block, each with its number from 1."""
    lines = text.splitlines()
    inside = {number for start, end, _ in _spans(lines) for number in range(start, end + 1)}
    yield from ((number + 1, line) for number, line in enumerate(lines) if number not in inside)


def _spans(lines: list[str]) -> Iterator[tuple[int, int, re.Match]]:
    """First and last line of each block, counted from 0, and what opens it; an open end is the page's."""
    number = 0
    while number < len(lines):
        opening = _OPENING.fullmatch(lines[number])
        start, number = number, number + 1
        if not opening:
            continue
        fence = opening["fence"]
        closing = re.compile(rf"[ \t>]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*")
        while number < len(lines) and not closing.fullmatch(lines[number]):
            number += 1
        yield start, number, opening
        number += 1

"""Looks an error message up in the pages on errors: why it comes, the mend, and what the wrong mend costs. Offline.

    python -m dlref explain "mat1 and mat2 shapes cannot be multiplied (64x784 and 512x10)"
    python train.py 2>&1 | python -m dlref explain        a whole traceback

Shapes, names and numbers in the message may be others, and older wordings are known too. The exit status is 0 when
an entry is found, 1 when none fits (the nearest ones are named then), and 2 when there is no message.
"""

import argparse
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any

from dlref.engine import collecting, examples, fences, shown
from dlref.engine.examples import Example
from dlref.engine.verify import PAGES

WIDTH = 88
# The share of an entry's wording that a message must have for it to be meant.
ENOUGH = 0.76
_HEADING = re.compile(r"## (?P<title>.+?) *\{ *#(?P<id>[\w-]+) *\} *")
_WORD = re.compile(r"[^\W\d_]+")
_RAISED = re.compile(r"\b[\w.]*(?:Error|Warning|Exception): *")
_CODE = re.compile(r"`([^`]+)`")
# A link outside of code: to a heading, or to a page.
_LINK = re.compile(r"(`[^`]*`)|\[([^\]]+)\](?:\[[^\]]*\]|\([^)]*\))")


@dataclass
class Entry:
    """One error: its section of a page, with what the first example prints and other wordings as its messages."""

    page: str
    identifier: str
    title: str
    parts: list[str | Example] = field(default_factory=list)

    @property
    def wordings(self) -> list[str]:
        """The messages: as the installed versions word them, and as others do."""
        raised = next((part.output.splitlines() for part in self.parts if isinstance(part, Example)), [])
        small = " ".join(part for part in self.parts if isinstance(part, str) and part.startswith("<small>"))
        return [*raised, *_CODE.findall(small)]


def add(commands: Any) -> None:
    """The command and its options."""
    parser = commands.add_parser(
        "explain", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, help="explain an error"
    )
    parser.add_argument("message", nargs="*", help="the message; without one it is read from a pipe")
    parser.set_defaults(run=_explain, refuse=parser.error)


def _explain(options: argparse.Namespace) -> int:
    """Print the entry that the message belongs to, or name the nearest; returns the exit status."""
    message = " ".join(options.message) or ("" if sys.stdin.isatty() else sys.stdin.read())
    if not message.strip():
        options.refuse("give the message as an argument, or pipe it in")
    ranked = rank(message)
    score, best = ranked[0]
    if score >= ENOUGH:
        print(told(best))
        return 0
    near = [f"    {entry.title}\n        {_address(entry)}" for found, entry in ranked[:3] if found > 0]
    print("No entry has this message." + ("\nThe nearest are\n\n" + "\n".join(near) if near else ""))
    return 1


def entries() -> list[Entry]:
    """All entries, in the order of pages."""
    return [entry for page in sorted((PAGES / "errors").glob("*.md")) for entry in _of_page(page)]


def _of_page(page: Path) -> Iterator[Entry]:
    text = page.read_text(encoding="utf-8")
    blocks = {example.line: example for example in examples.in_markdown(page)}
    prose = dict(fences.outside(text))
    entry = None
    paragraph: list[str] = []
    for number in range(1, len(text.splitlines()) + 2):
        line = prose.get(number, "")
        heading = _HEADING.fullmatch(line)
        if entry and paragraph and (heading or not line.strip()):
            entry.parts.append(" ".join(paragraph))
        paragraph = [*paragraph, line.strip()] if line.strip() and not heading else []
        if heading:
            if entry:
                yield entry
            entry = Entry(page.relative_to(PAGES).with_suffix("").as_posix(), heading["id"], heading["title"])
        elif entry and number in blocks:
            entry.parts.append(blocks[number])
    if entry:
        yield entry


def rank(message: str) -> list[tuple[float, Entry]]:
    """Every entry with how much of one of its wordings the message has, from 0 to 1, the best first.

    Of a traceback what follows the name of an error counts, and of several errors the one that fits best.
    """
    known, weight = entries(), _weights()
    pieces = _RAISED.split(message)[1:] or [message]

    def score(entry: Entry) -> float:
        return max(_fit(wording, piece, weight) for wording in entry.wordings for piece in pieces)

    return sorted(((score(entry), entry) for entry in known), key=lambda pair: pair[0], reverse=True)


def _fit(wording: str, message: str, weight: Counter) -> float:
    """How much of the wording the message has or, where the message is only a part of it, the reverse."""
    ours, theirs = _features(wording), _features(message)
    # A word or pair that no wording has weighs as much as the rarest.
    total = {side: sum(weight.get(f, max(weight.values())) for f in side) for side in (ours, theirs, ours & theirs)}
    # Two words are no message.
    whole = total[ours] if len(theirs) < 5 else min(total[ours], total[theirs])
    return total[ours & theirs] / whole if whole else 0.0


@cache
def _weights() -> Counter:
    """A word or pair of words counts for more the fewer entries have it."""
    listed = entries()
    count = Counter(f for entry in listed for f in frozenset().union(*map(_features, entry.wordings)))
    return Counter({f: log(1 + len(listed) / times) for f, times in count.items()})


@cache
def _features(text: str) -> frozenset:
    """The words of a text and the pairs that follow each other; numbers are none."""
    words = [word.lower() for word in _WORD.findall(text)]
    return frozenset(words) | frozenset(pairwise(words))


def told(entry: Entry) -> str:
    """The entry as plain text: its examples as code that can be copied, its numbers as the site shows them."""
    values = {made.address: made.frames[0] for made in shown.read()}
    body = [_code(part) if isinstance(part, Example) else _text(part, entry, values) for part in entry.parts]
    title = textwrap.fill(entry.title.replace("`", ""), WIDTH)
    return "\n\n".join([title, *body, f"From the page {_address(entry)}"])


def _code(example: Example) -> str:
    """Code, with what it prints as comments beneath."""
    printed = "".join(f"# {line}".rstrip() + "\n" for line in example.output.splitlines())
    return textwrap.indent(f"{example.code.rstrip()}\n{printed}".rstrip(), "    ")


def _text(paragraph: str, entry: Entry, values: dict[str, str]) -> str:
    """A paragraph without its markup, wrapped."""
    page = Path("docs", f"{entry.page}.md")
    # A claim's mark opens something on the page, here it says nothing.
    filled = collecting.MARK.sub(
        lambda mark: values.get(collecting.full(mark[1], page), "(on the site)").strip("✓∴"), paragraph
    )
    plain = _LINK.sub(lambda link: link[1] or link[2], filled)
    return textwrap.fill(re.sub(r"\*\*|</?small>", "", plain), WIDTH, break_on_hyphens=False, break_long_words=False)


def _address(entry: Entry) -> str:
    return f"{entry.page}.html#{entry.identifier}"

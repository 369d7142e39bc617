"""Where a new concept must be entered besides its page: what is missing, with what to write."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dlref.engine import fences

_HEADING = re.compile(r"#+ .*\{ *#([\w-]+) *\}")


def missing(root: Path, settings: dict[str, Any]) -> list[str]:
    """What is entered nowhere, each with the line to write and where."""
    return [*_pages(root / "docs", settings), *_concepts(root / "docs", settings), *_modules(root, settings)]


def _pages(docs: Path, settings: dict[str, Any]) -> Iterator[str]:
    listed = set(_leaves(settings.get("nav", [])))
    for page in sorted(docs.rglob("*.md")) if listed else ():
        name = page.relative_to(docs).as_posix()
        if name not in listed:
            yield f"docs/{name}: no reader finds it; write `- {name}` under its part in nav of mkdocs.yml"


def _leaves(nav: Any) -> Iterator[str]:
    """The pages that a navigation lists, at any depth."""
    if isinstance(nav, str):
        yield nav
    for entry in nav if isinstance(nav, list) else nav.values() if isinstance(nav, dict) else ():
        yield from _leaves(entry)


def _concepts(docs: Path, settings: dict[str, Any]) -> Iterator[str]:
    """Headings whose anchor looks like a concept's, by the word before its first dash."""
    known = settings["extra"]["concepts"]
    kinds = {name.partition("-")[0] for name in known if "-" in name}
    for page in sorted(docs.rglob("*.md")):
        for number, line in fences.outside(page.read_text(encoding="utf-8", errors="replace")):
            match = _HEADING.fullmatch(line.strip())
            if match and "-" in match[1] and match[1].partition("-")[0] in kinds and match[1] not in known:
                place = f"docs/{page.relative_to(docs).as_posix()}:{number}"
                yield f"{place}: the index lacks this concept; write `- {match[1]}` in extra.concepts of mkdocs.yml"


def _modules(root: Path, settings: dict[str, Any]) -> Iterator[str]:
    """Modules and families of the mathematics that the reference or the package's own map lacks."""
    package = root / "dlref"
    overview = (package / "__init__.py").read_text(encoding="utf-8")
    listed = set(_leaves(settings.get("nav", [])))
    rooms = {"datasets", "plots", "engine", "exhibits", "site", "pytorch"}
    families = [p for p in package.iterdir() if (p / "__init__.py").is_file() and p.name not in rooms]
    for path in sorted([*package.glob("[!_]*.py"), *families]):
        if listed and f"reference/{path.stem}.md" not in listed:
            yield f"dlref/{path.name}: the reference lacks it; write docs/reference/{path.stem}.md as its neighbors are"
        if f"`dlref.{path.stem}`" not in overview:
            yield f"dlref/{path.name}: the package's map lacks it; write `dlref.{path.stem}` in dlref/__init__.py"

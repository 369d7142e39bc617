"""Style rules that no page of the site can need, left out: the theme styles far more than is used here."""

import re
from collections.abc import Iterator
from pathlib import Path

_CLASSES = re.compile(r'class=\\?"([^"\\]*)')
_VARIABLE = re.compile(r"var\((--[\w-]+)")
_WORDS = re.compile(r"[\w-]+")
# Its value may be a picture in quotes or brackets, with semicolons and braces of its own.
_VARIABLES = re.compile(r"""(?<=[{;])(--[\w-]+):(?:"[^"]*"|'[^']*'|url\((?!["'])[^)]*\)|[^;{}"'])*(?:;|(?=\}))""")
_GROUPS = re.compile(r"@(?:media|supports|container|layer)\b")


def used(site: Path) -> set[str]:
    """The classes and variables that pages and frames have, and every word of the scripts, which may set one."""
    words: set[str] = set()
    for file in [*site.rglob("*.html"), *(site / "assets/exhibits").glob("*.js")]:
        text = file.read_text(encoding="utf-8")
        words.update(_VARIABLE.findall(text), *(found.split() for found in _CLASSES.findall(text)))
    for script in [*(site / "assets").glob("*.js"), *(site / "assets/javascripts").glob("bundle.*.js")]:
        words.update(_WORDS.findall(script.read_text(encoding="utf-8")))
    return words


def trim(css: str, words: set[str]) -> str:
    """A style sheet without the selectors that name another class, and without the variables that nothing reads."""
    kept = "".join(_kept(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL), words))
    read = set(_VARIABLE.findall(kept)) | {word for word in words if word.startswith("--")}
    return _VARIABLES.sub(lambda found: found[0] if found[1] in read else "", kept)


def _kept(css: str, words: set[str]) -> Iterator[str]:
    for head, body in _rules(css):
        if _GROUPS.match(head):
            inner = "".join(_kept(body, words))
            yield f"{head}{{{inner}}}" if inner else ""
        elif head.startswith("@"):
            yield f"{head}{{{body}}}" if body else head
        else:
            selectors = [one for one in _listed(head) if _needed(one, words)]
            yield f"{','.join(selectors)}{{{body}}}" if selectors else ""


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Each rule's head and body; a statement such as `@charset` has no body."""
    at = 0
    while match := re.compile(r"\s*([^{};]+)([{;])").match(css, at):
        at, start, depth = match.end(), match.end(), match[2] == "{"
        while depth:
            depth += {"{": 1, "}": -1}.get(css[at], 0)
            at += 1
        yield (match[1].strip(), css[start : at - 1]) if match[2] == "{" else (match[1] + ";", "")


def _listed(head: str) -> list[str]:
    """The selectors between the commas, those within brackets apart."""
    return re.split(r",(?![^(]*\))", head)


def _needed(selector: str, words: set[str]) -> bool:
    # What stands in brackets are alternatives, or what must not be.
    bare = selector
    while "(" in bare and (inner := re.sub(r"\([^()]*\)", "", bare)) != bare:
        bare = inner
    # All pages read from left to right.
    return "[dir=rtl]" not in bare and all(name in words for name in re.findall(r"\.(-?[_a-zA-Z][\w-]*)", bare))

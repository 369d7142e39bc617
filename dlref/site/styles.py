"""Style rules that no page of the site can need, left out: the theme styles far more than is used here."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, groupby, pairwise
from pathlib import Path

import tinycss2
from tinycss2.ast import LiteralToken, Node

_CLASSES = re.compile(r'class=\\?"([^"\\]*)')
_VARIABLE = re.compile(r"var\((--[\w-]+)")
_WORDS = re.compile(r"[\w-]+")
_QUOTED = re.compile(r"""(?<=url\()"([^"\\']*(?:\\"[^"\\']*)+)"(?=\))""")
_GROUPS = ("media", "supports", "container", "layer")


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
    rules = _kept(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), words)
    read = set(_VARIABLE.findall(tinycss2.serialize(rules))) | words
    _drop_variables(rules, read)
    # A picture's address has quotes within; not every reader of links knows them escaped.
    return _QUOTED.sub(lambda found: f"'{found[1]}'".replace('\\"', '"'), tinycss2.serialize(rules))


def _kept(rules: Iterable[Node], words: set[str]) -> list[Node]:
    """The rules with the selectors that are needed; those that are left with none are gone."""
    kept = []
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword in _GROUPS and rule.content is not None:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            rule.content = _kept(inner, words)
            kept += [rule] if rule.content else []
        elif rule.type == "qualified-rule":
            selectors = [one for one in _selectors(rule.prelude) if _needed(one, words)]
            rule.prelude = list(chain.from_iterable(selectors))[:-1]
            kept += [rule] if selectors else []
        else:
            kept.append(rule)
    return kept


def _selectors(prelude: list[Node]) -> Iterator[list[Node]]:
    """The tokens of each selector, each with a comma at its end."""
    comma = LiteralToken(0, 0, ",")
    for is_comma, tokens in groupby(prelude, lambda token: token == ","):
        if not is_comma:
            yield [*tokens, comma]


def _needed(selector: list[Node], words: set[str]) -> bool:
    # What stands in a function's brackets are alternatives, or what must not be. All pages read from left to right.
    names = [after.value for token, after in pairwise(selector) if token == "." and after.type == "ident"]
    return all(name in words for name in names) and "[dir=rtl]" not in map(tinycss2.serialize, ([t] for t in selector))


def _drop_variables(rules: Iterable[Node], read: set[str]) -> None:
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword in _GROUPS and rule.content is not None:
            _drop_variables(rule.content, read)
        elif rule.type == "qualified-rule":
            found = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            rule.content = [
                one
                for one in found
                if not (one.type == "declaration" and one.name[:2] == "--" and one.name not in read)
            ]

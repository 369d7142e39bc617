"""The search's index, made from the built pages: every section as text, and by what other words people ask for it.

It is a script, so that it also loads from a disk. `docs/assets/search-rank.js` says what its parts mean.
"""

import json
import re
import tomllib
from dataclasses import replace
from html import unescape
from pathlib import Path

from dlref.engine import cache, source
from dlref.engine.made import SiteError
from dlref.site import sections
from dlref.site.sections import Section

TERMS = Path(__file__).with_name("terms.toml")
INDEX = "assets/search-index.js"
_STORE = replace(cache.exhibits, folder="sections")
_READER = Path(sections.__file__).read_text(encoding="utf-8")
# What stands in these folders comes after what explains it. Each with what its results are labelled by, and its weight.
_BEHIND = {"reference": ("Reference: ", 0.3), "notebooks": ("Notebook: ", 0.4), "slides.html": ("", 0.4)}


def write(site: Path, terms: Path = TERMS, whole: bool = True) -> None:
    """Write the index of a built site. Unless it is `whole`, terms of sections that it lacks are left out.

    Raises:
        SiteError: If terms are given for a section that does not exist, or the same term for two sections.
    """
    found = {_name(page, site): _sections(page, site) for page in site.rglob("*.html")}
    read = {page: found[page] for page in sorted(found) if found[page]}
    words = _terms(read, tomllib.loads(terms.read_text(encoding="utf-8")), whole)
    pages = [[page, *_page(page, parts[0])] for page, parts in read.items()]
    rows = [
        [
            number,
            part.anchor,
            part.title,
            part.text,
            part.code,
            part.leads,
            words.get(f"{page}#{part.anchor}", []),
        ]
        for number, (page, parts) in enumerate(read.items())
        for part in parts
    ]
    data = json.dumps({"pages": pages, "sections": rows}, ensure_ascii=False, separators=(",", ":"))
    (site / INDEX).parent.mkdir(exist_ok=True)
    (site / INDEX).write_text(f"dlrefSearchIndex({data})\n", encoding="utf-8")


def _sections(page: Path, site: Path) -> list[Section]:
    """The sections of a page, from the cache where they were read before."""
    html = page.read_text(encoding="utf-8")
    name, key = _name(page, site).replace("/", "."), source.digest(html + _READER)
    kept = _STORE.load(name, key)
    if kept is None:
        kept = [vars(section) for section in sections.of_page(html)]
        _STORE.save(name, key, kept)
    return [Section(**section) for section in kept]


def _name(page: Path, site: Path) -> str:
    return page.relative_to(site).as_posix()


def _page(page: str, first: Section) -> tuple[str, float]:
    label, weight = _BEHIND.get(page.partition("/")[0], ("", 1))
    return label + unescape(first.title), weight


def _terms(read: dict[str, list[Section]], given: dict[str, dict[str, list[str]]], whole: bool) -> dict[str, list[str]]:
    """The terms of each section, by its address such as `pytorch/module.html#pt-module`."""
    places: dict[str, list[str]] = {}
    for page, parts in read.items():
        for part in parts:
            address = f"{page}#{part.anchor}"
            for name in (part.anchor, f"{page.removesuffix('.html')}#{part.anchor}"):
                places.setdefault(name, []).append(address)
    if not whole:
        given = {name: terms for name, terms in given.items() if name in places}
    wrong = [f"{len(places.get(name, []))} sections are {name}" for name in given if len(places.get(name, [])) != 1]
    owners: dict[str, list[str]] = {}
    for name, languages in given.items():
        for term in {re.sub(r"\W+", " ", t).casefold() for terms in languages.values() for t in terms}:
            owners.setdefault(term, []).append(name)
    wrong += [
        f"the term {term!r} is given to {' and '.join(names)}" for term, names in owners.items() if len(names) > 1
    ]
    if wrong:
        raise SiteError("\n".join(f"{TERMS.name}: {one}" for one in wrong))
    return {places[name][0]: [t for terms in languages.values() for t in terms] for name, languages in given.items()}

"""The site with other generators: ProperDocs writes the same bytes, Zensical the same text, anchors and links."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import ROOT

from dlref.engine import cache

LOCK = ROOT / "requirements-generators.lock"
# What Zensical cannot do yet; the README lists it with its reason.
NO_NOTEBOOKS = re.compile(r"notebooks/[\w-]+\.(html|py)$")


@pytest.fixture(scope="session")
def generators():
    """Where both are installed, beside the environment: ProperDocs complains of MkDocs in its own."""
    folder = cache.ROOT / "generators"
    stamp = folder / LOCK.name
    if not stamp.is_file() or stamp.read_bytes() != LOCK.read_bytes():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--no-deps", "--require-hashes"]
        subprocess.run([*pip, "--target", str(folder), "-r", str(LOCK)], check=True)
        stamp.write_bytes(LOCK.read_bytes())
    return folder


def built(generators: Path, name: str) -> Path:
    """The site, built with this generator."""
    site = cache.ROOT / "sites" / name
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(generators), str(ROOT)])}
    command = [sys.executable, "-m", "dlref.site", "build", "--generator", name, "--site", str(site)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return site


def files(site: Path) -> dict[str, bytes]:
    """All files but the archive, which holds the others; pages without the name of their generator."""
    named = re.compile(rb'<meta name="generator" content="[^"]*">')
    paths = (path for path in site.rglob("*") if path.is_file() and path.name != "dlref-site.zip")
    return {path.relative_to(site).as_posix(): named.sub(b"", path.read_bytes()) for path in paths}


class Article(HTMLParser):
    """The words, anchors, links and pictures between <article> and </article>."""

    def __init__(self, page: Path):
        super().__init__()
        self.inside = False
        self.words: list[str] = []
        self.found: dict[str, set[str]] = {"id": set(), "href": set(), "src": set()}
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.inside |= tag == "article"
        for name, value in attrs if self.inside else ():
            if name in self.found and not NO_NOTEBOOKS.search(value):
                self.found[name].add(value)

    def handle_endtag(self, tag):
        self.inside &= tag != "article"

    def handle_data(self, data):
        if self.inside:
            self.words += data.split()


def different(one: Path, other: Path) -> list[str]:
    """What differs between two renderings of a page; an anchor for the way past the navigation is Zensical's own."""
    here, there = Article(one), Article(other)
    there.found["id"].discard("__skip")
    pairs = {"words": (here.words, there.words)} | {n: (here.found[n], there.found[n]) for n in here.found}
    return [f"{one.name}: {name}" for name, (a, b) in pairs.items() if a != b]


def test_properdocs_writes_the_same_bytes(site, generators):
    here, there = files(site), files(built(generators, "properdocs"))
    assert [n for n in sorted(here.keys() | there.keys()) if here.get(n) != there.get(n)] == []


def test_zensical_writes_the_same_text_anchors_and_links(site, generators):
    other = built(generators, "zensical")
    pages = [page for page in sorted(p.relative_to(site) for p in site.rglob("*.html")) if page.parts[0] != "notebooks"]
    missing = [str(page) for page in pages if not (other / page).is_file()]
    assert missing == []
    assert [line for page in pages for line in different(site / page, other / page)] == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("<p>Other words.</p>", "words"),
        ('<p id="lost">Words.</p>', "id"),
        ('<p><a href="x.html">Words.</a></p>', "href"),
        ('<p>Words.<img src="x.svg"></p>', "src"),
    ],
)
def test_a_difference_is_found(tmp_path, wrong, told):
    one, other = tmp_path / "one.html", tmp_path / "other.html"
    one.write_text("<article><p>Words.</p></article>")
    other.write_text(f"<article>{wrong}</article>")
    assert different(one, other) == [f"one.html: {told}"]

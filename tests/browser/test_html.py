"""The built site is valid HTML, all its links lead somewhere, and no reference is left in its text."""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import ROOT

# The validator of validator.w3.org, as npm has it.
VNU = "vnu-jar@26.9.27"
LYCHEE = Path(sys.executable).with_name("lychee")


@pytest.fixture(scope="session")
def vnu(tmp_path_factory) -> Path:
    """The validator's jar, installed once into .dlref."""
    for command, package in (("java", "default-jre-headless"), ("npm", "npm")):
        assert shutil.which(command), f"{command} is needed to validate HTML; on Debian: apt install {package}"
    folder = ROOT / ".dlref" / VNU
    if not folder.exists():
        aside = tmp_path_factory.mktemp("npm")
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", aside, VNU], check=True)
        # Copied aside and moved, so that no other worker sees half of it.
        half = folder.with_name(f"{VNU}.{os.getpid()}")
        shutil.copytree(aside, half)
        with suppress(OSError):
            half.rename(folder)
        shutil.rmtree(half, ignore_errors=True)
    return folder / "node_modules/vnu-jar/build/dist/vnu.jar"


def invalid(vnu: Path, folder: Path) -> list[str]:
    """What the validator finds wrong below a folder."""
    command = ["java", "-jar", vnu, "--skip-non-html", "--format", "json", "--exit-zero-always", folder]
    done = subprocess.run(command, capture_output=True, text=True)
    messages = json.loads(done.stderr)["messages"]
    # Left out: the theme closes void elements with a slash, which is harmless; and KaTeX draws the stroke of ≠ with a
    # character of its own font, hidden from screen readers, which have its MathML.
    wrong = [m for m in messages if m["type"] != "info" or "Trailing slash" not in m["message"]]
    wrong = [m for m in wrong if "Private Use Area" not in m["message"]]
    return [f"{m.get('url', '').partition(str(folder))[2]}:{m.get('lastLine')}: {m['message']}" for m in wrong]


def test_html_is_valid(vnu, site):
    assert invalid(vnu, site) == []


INVALID = {
    "<p id=a>one<p id=a>two": "Duplicate ID",
    "<img src=x.png>": "alt",
    "<table><tr><td colspan=2>x</td></tr><tr><td>y</table>": "column",
    "<p><div>x</div></p>": "p",
    "<a href='x y'>x</a>": "href",
}


def test_invalid_html_is_found(vnu, tmp_path):
    # All in one run, since Java takes seconds to start.
    for number, body in enumerate(INVALID):
        text = f"<!doctype html><html lang=en><title>x</title><body>{body}</body></html>"
        (tmp_path / f"{number}.html").write_text(text)
    messages = invalid(vnu, tmp_path)
    for number, said in enumerate(INVALID.values()):
        assert any(message.startswith(f"/{number}.html:") and said in message for message in messages), messages


def broken(folder: Path) -> list[str]:
    """Links within a folder that lead nowhere: to no file, or to no anchor in it."""
    command = [LYCHEE, "--offline", "--include-fragments", "--no-progress", "--format", "json"]
    # The page of errors may be shown at any address, so it names its files from the site's root.
    done = subprocess.run([*command, "--root-dir", folder, folder], capture_output=True, text=True)
    assert done.returncode in (0, 2), done.stderr
    report = json.loads(done.stdout)
    assert report["total"] > 0, "no links were looked at"
    return [f"{page}: {entry['url']}" for page, entries in report["error_map"].items() for entry in entries]


def test_links_lead_somewhere(site):
    assert broken(site) == []


@pytest.mark.parametrize("link", ["none.html", "other.html#none", "#none", "none.png", "/none.html"])
def test_a_broken_link_is_found(tmp_path, link):
    (tmp_path / "other.html").write_text("<!doctype html><title>x</title><h1 id=there>x</h1><a href=page.html>x</a>")
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><title>x</title><a href='{link}'>x</a>")
    assert len(broken(tmp_path)) == 1
    page.write_text("<!doctype html><title>x</title><a href='other.html#there'>x</a>")
    assert broken(tmp_path) == []


class _Text(HTMLParser):
    """The text of a page that a reader sees, without code."""

    SKIPPED = frozenset({"code", "pre", "script", "style", "annotation", "samp"})

    def __init__(self):
        super().__init__()
        self.inside, self.parts, self.formula = [], [], 0

    def handle_starttag(self, tag, attributes):
        # Brackets in a formula are no links.
        if tag == "span" and (self.formula or ("class", "katex") in attributes):
            self.formula += 1
        if tag in self.SKIPPED:
            self.inside.append(tag)
        self.parts += [value for name, value in attributes if name in ("alt", "aria-label", "title") and value]

    def handle_endtag(self, tag):
        self.formula -= tag == "span" and self.formula > 0
        if self.inside and tag == self.inside[-1]:
            self.inside.pop()
        if not self.inside:
            self.parts.append("\n" if tag in ("p", "li", "td", "th", "div", "figcaption") else "")

    def handle_data(self, data):
        if not self.inside and not self.formula:
            self.parts.append(data)


# Markdown and marks that should have become something else.
LEFT = {
    "a reference": re.compile(r"\]\[[\w.-]*\]|\]\([^)\s]+\)"),
    "an exhibit": re.compile(r"\{\{.*?\}\}"),
    "a formula": re.compile(r"\$\$|\\(?:frac|operatorname|text|sum|cdot)\b|\\[(\[]"),
    "a footnote": re.compile(r"\[\^\w+\]"),
    "attributes": re.compile(r"\{ ?[#.:][\w-]+ ?\}"),
    "emphasis": re.compile(r"(?<!\w)\*\*\S|`"),
    "a fence or an admonition": re.compile(r"^\s*(?:!!!|\?\?\?|===|:::) ", re.MULTILINE),
    "a template": re.compile(r"\{%|%\}"),
}


def left_over(html: str) -> list[str]:
    """What is left in a page's text that should not be, with the words around it."""
    parser = _Text()
    parser.feed(html)
    text = "".join(parser.parts)
    return [
        f"{kind}: {text[max(0, match.start() - 30) : match.end() + 30]!r}"
        for kind, pattern in LEFT.items()
        for match in pattern.finditer(text)
    ]


def test_no_markup_is_left_in_the_text(site):
    found = {str(page.relative_to(site)): left_over(page.read_text(encoding="utf-8")) for page in site.rglob("*.html")}
    assert {page: left for page, left in found.items() if left} == {}


@pytest.mark.parametrize(
    "text",
    ["[area][clf-auc]", "[text](page.md)", "{{ roc.area }}", "$$x$$", r"\frac{1}{2}", "[^fawcett]", "{ #clf-roc }",
     "**bold**", "`code`", "!!! note", "{% if %}"],
)  # fmt: skip
def test_markup_that_is_left_is_found(text):
    assert left_over(f"<p>See {text}.</p>" if text[0] not in "!" else f"<p>\n{text} </p>")
    assert left_over(f"<p><code>{text}</code></p>") == []

"""The Python-Markdown extension: exhibits, examples and formulas.

`{{ module.name }}` alone on a line shows a figure or table; inside a sentence it shows a number or a claim's mark.
Lines that follow each other make one row, with the sliders of what they explore beneath it.
"""

import base64
import json
import re
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as etree

from markdown import Extension, Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from pymdownx.superfences import SuperFencesException

from dlref.engine import collecting, examples, maths, passed
from dlref.engine.highlight import python
from dlref.engine.made import BLOCKS, Made, Parameter, SiteError
from dlref.engine.text import inline, plain
from dlref.site import assets, figures, frames, where


class Dlref(Extension):
    """Registers the parts below with Python-Markdown."""

    def extendMarkdown(self, md: Markdown) -> None:
        page = self.page = _Page(md)
        md.registerExtension(self)
        # Before all that looks at the text.
        md.preprocessors.register(_Where(md), "dlref-where", 200)
        md.parser.blockprocessors.register(_Rows(md.parser, page), "dlref-rows", 75)
        md.inlinePatterns.register(_Numbers(page), "dlref-numbers", 175)
        # After the table of contents, which looks at headings one by one.
        md.treeprocessors.register(_Sources(page), "dlref-sources", -10)
        md.treeprocessors.register(_Tabs(md), "dlref-tabs", -10)
        # After raw HTML is back in its place.
        md.postprocessors.register(_Formulas(md), "dlref-formulas", -10)

    def reset(self) -> None:
        self.page.reset()


def makeExtension(**options: Any) -> Dlref:
    """The extension, by the name under which Python-Markdown asks for it."""
    return Dlref(**options)


class _Where(Preprocessor):
    """Learns from the generator which page is converted. A docstring on a page belongs to that page."""

    def run(self, lines: list[str]) -> list[str]:
        if found := where.page(self.md):
            assets.at(f"docs/{found[0]}", found[1])
        return lines


class _Page:
    """What has been shown on the page that is being converted."""

    def __init__(self, md: Markdown):
        self.md = md
        self.reset()

    def reset(self) -> None:
        self.sources: dict[str, str] = {}
        self.shown: set[str] = set()
        self.explored: dict[str, Any] = {}
        self.groups = self.drawn = 0

    def stash(self, html: str) -> str:
        return self.md.htmlStash.store(html)


class _Rows(BlockProcessor):
    """Addresses alone on their lines: figures and tables side by side, then the sliders that move them."""

    def __init__(self, parser: Any, page: _Page):
        super().__init__(parser)
        self.page = page
        self.line = re.compile(collecting.MARK.pattern + r"\s*")

    def test(self, parent: etree.Element, block: str) -> bool:
        # A number alone in an item of a list is a number still.
        return all(
            (match := self.line.fullmatch(line.strip()))
            and not match[1].startswith("site.")
            and collecting.get(_full(match[1])).kind in (*BLOCKS, "failed")
            for line in block.splitlines()
        )

    def run(self, parent: etree.Element, blocks: list[str]) -> None:
        addresses = [_full(written) for written in collecting.MARK.findall(blocks.pop(0))]
        made = [collecting.get(address) for address in addresses]
        parts = [_block(self.page, a, m) for a, m in zip(addresses, made, strict=True)]
        controls = [_control(self.page, parameter) for parameter in _distinct(made)]
        html = f'<div class="exhibits"><div class="row">{"".join(parts)}</div>{"".join(controls)}</div>'
        etree.SubElement(parent, "p").text = self.page.stash(html)


class _Numbers(InlineProcessor):
    """Addresses within a sentence. A number or mark stays on one line with what touches it before and after."""

    def __init__(self, page: _Page):
        super().__init__(rf"([\w'’-]*)({collecting.MARK.pattern})([.,;:)]*)", page.md)
        self.page = page

    def handleMatch(self, match: re.Match, data: str) -> tuple[str, int, int]:
        before, _, written, after = match.groups()
        if written.startswith("site."):
            return self.page.stash(assets.about_site(written)), match.start(2), match.end(2)
        address = _full(written)
        made = collecting.get(address)
        html = _number(self.page, address, made)
        # A long text must be free to break.
        if not (before or after) or (len(html) > 30 and len(re.sub("<[^>]*>", "", html)) > 30):
            return self.page.stash(html), match.start(2), match.end(2)
        return self.page.stash(f'<span class="bound">{escape(before)}{html}{after}</span>'), match.start(), match.end()


class _Sources(Treeprocessor):
    """What the numbers were made by, at the end of the page."""

    def __init__(self, page: _Page):
        super().__init__(page.md)
        self.page = page

    def run(self, root: etree.Element) -> None:
        for html in self.page.sources.values():
            etree.SubElement(root, "p").text = self.page.stash(html)


class _Tabs(Treeprocessor):
    """What a tab holds says which it is: on paper all stand beneath each other."""

    def run(self, root: etree.Element) -> None:
        for tabs in root.iterfind(".//div[@class='tabbed-set tabbed-alternate']"):
            labels, contents = (tabs.findall(f"div[@class='tabbed-{part}']/*") for part in ("labels", "content"))
            for label, content in zip(labels, contents, strict=True):
                content.set("data-tab", "".join(label.itertext()))


class _Formulas(Postprocessor):
    """Formulas become HTML."""

    def run(self, text: str) -> str:
        try:
            return maths.formulas(text)
        except ValueError as error:
            raise SiteError(f"{assets.page()}: {error}") from None


def _full(written: str) -> str:
    return collecting.full(written, Path(assets.page()))


def _distinct(made: list[Made]) -> list[Parameter]:
    """The parameters that these exhibits explore, each once."""
    found: dict[str, Parameter] = {}
    for parameter in (p for m in made for p in m.parameters):
        found.setdefault(parameter.name, parameter)
    return list(found.values())


def _identifier(page: _Page, address: str) -> str:
    """The element's id, the first time that an exhibit stands on a page."""
    first = address not in page.shown
    page.shown.add(address)
    return f' id="{"-".join(address.split(".")[-2:])}"' if first else ""


def _explored(page: _Page, address: str, made: Made) -> str:
    """The attributes by which the script finds an exhibit's frames."""
    for parameter in made.parameters:
        if page.explored.setdefault(parameter.name, parameter) != parameter:
            raise SiteError(f"{{{{ {address} }}}} explores {parameter.name} at other values than the rest of its page")
    if not made.parameters:
        return ""
    names = escape(json.dumps([p.name for p in made.parameters]))
    return f' data-exhibit="{address}" data-explores="{names}" data-frames="{frames.write(address, made)}"'


def _block(page: _Page, address: str, made: Made) -> str:
    if made.kind == "failed":
        return f'<figure class="exhibit failed"><p>✗ Not so on this machine: {escape(made.caption)}</p></figure>'
    identifier, explored = _identifier(page, address), _explored(page, address, made)
    opening = f'<figure class="exhibit {made.kind}"{identifier}{explored}'
    code = f'<details class="source" data-search-exclude><summary>Code</summary>{made.code}</details>'
    one_run = '<p class="one-run">This is one run; another looks different.</p>' if made.one_run else ""
    if made.kind == "table":
        links = f'<div class="about">{_downloads(address, {"CSV": made.shown.csv.encode()})}{code}</div>'
        return f'{opening}><div class="frame scrolls" tabindex="0">{made.shown.html}</div>{one_run}{links}</figure>'
    image = figures.figure(made.shown, _name(page, address))
    # A caption comes last in a figure, and what belongs to it stands in it.
    caption = f"<figcaption>{inline(made.caption)}{one_run.replace('<p', ' <span').replace('p>', 'span>')}</figcaption>"
    files = {"SVG": made.shown.html.encode(), "PNG": base64.b64decode(made.shown.png)}
    links = f'<div class="about">{_downloads(address, files)}{code}</div>'
    width = made.shown.size[0]
    return f'{opening} style="--width:{width}"><div class="frame">{image}</div>{links}{caption}</figure>'


def _name(page: _Page, address: str) -> str:
    """What keeps apart the ids within a figure that stands on a page twice."""
    page.drawn += 1
    return f"{address.rpartition('.')[2]}-{page.drawn}"


def _downloads(address: str, files: dict[str, bytes]) -> str:
    """Links to files, by what they are."""
    written = {kind: assets.root() + assets.add(address, f".{kind.lower()}", data) for kind, data in files.items()}
    return "".join(f'<a href="{file}" download>{kind}</a>' for kind, file in written.items())


def _control(page: _Page, parameter: Parameter) -> str:
    """A slider for numbers, buttons for names. Hidden until the script is there to answer it."""
    name, values, default = escape(parameter.name), parameter.values, parameter.default
    label = name.replace("_", " ")
    listed = escape(json.dumps(values, ensure_ascii=False))
    attributes = f'class="explore" data-parameter="{name}" data-values="{listed}" hidden'
    if parameter.numeric:
        now = escape(values[default])
        limits = f'min="0" max="{len(values) - 1}" value="{default}" aria-valuetext="{now}"'
        slider = f'<label><span>{label}</span><input type="range" {limits}></label>'
        return f"<div {attributes}>{slider}<output>{now}</output></div>"
    # Each group of buttons on the page has a name of its own, or choosing in one would clear the other.
    page.groups += 1
    buttons = "".join(
        f'<label><input type="radio" name="{name}-{page.groups}" value="{i}"'
        f"{' checked' if i == default else ''}><span>{escape(value)}</span></label>"
        for i, value in enumerate(values)
    )
    return f"<fieldset {attributes}><legend>{label}</legend>{buttons}</fieldset>"


def _number(page: _Page, address: str, made: Made) -> str:
    """A number that opens what it was made by; a claim's mark does the same."""
    target = f"made-{address.replace('.', '-')}"
    if made.kind == "failed":
        page.sources[address] = f'<div class="made" popover id="{target}"><p>{escape(made.caption)}</p></div>'
        return f'<button type="button" class="claim false" popovertarget="{target}" aria-label="Failed here">✗</button>'
    explored = _explored(page, address, made)
    caption, text, basis = inline(made.caption), made.shown.html, _basis(made)
    told = f'<p class="basis">{inline(basis)}</p>' if basis else ""
    page.sources[address] = f'<div class="made" popover id="{target}"><p>{caption}</p>{told}{made.code}</div>'
    label = f"{plain(basis) or 'Checked.'} {plain(made.caption)}" if made.kind == "claim" else frames.said(text)
    label = f' aria-label="{escape(label)}"' if label else ""
    kind = f"claim{' follows' * bool(made.follows)}{' false' * made.false}" if made.kind == "claim" else made.kind
    attributes = f'class="{kind}" popovertarget="{target}"{label}{explored}'
    return f'<button type="button" {attributes}>{inline(text)}</button>'


def _basis(made: Made) -> str:
    """What a claim or number rests on, in a sentence: a measurement, and over what, or a definition."""
    if made.false:
        return f"Not so on this machine{f', measured over {made.over}' * bool(made.over)}: the check gives False."
    if made.follows:
        return f"Not measured: it follows from {made.follows}. The build has checked that the code agrees."
    measured = f"Measured over {made.over}." if made.over else ""
    return measured + " This is one run; another differs." * made.one_run


def example(text: str, language: str, css_class: str, options: dict, md: Markdown, **_: Any) -> str:
    """A `pycon` block, for superfences: the code alone, so that a copy runs, and beneath it what it prints."""
    try:
        block = examples.parse(text + "\n", Path(assets.page()))
    except examples.BadExample as error:
        # Superfences passes on errors of this kind only, and hides all others.
        raise SuperFencesException(str(error)) from error
    if not passed.was_run(assets.page(), block):
        first = block.code.partition("\n")[0]
        raise SuperFencesException(f"{assets.page()}: an example is shown that was not run: {first}")
    output = (
        f'<pre class="output" tabindex="0"><samp>{escape(block.output.rstrip())}</samp></pre>' if block.output else ""
    )
    return f'<div class="example">{python(block.code)}{output}</div>'

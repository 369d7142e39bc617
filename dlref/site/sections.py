"""The sections of built pages as a search reads them: what a reader sees, as text, whatever generator made the page."""

import re
import unicodedata
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from xml.etree import ElementTree as etree

_MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
_ACCENTS = {"^": "\u0302", "ˉ": "\u0304", "~": "\u0303", "˙": "\u0307"}
_SPACED = re.compile(r"\s*([=≈≠≤≥<>→⋯])\s*")


def math(markup: str) -> str:
    """A formula's MathML on one line, such as `TPR = TP/(TP+FN)`."""
    text = _linear(etree.fromstring(re.sub(r' xmlns="[^"]*"', "", markup)))
    return unicodedata.normalize("NFC", _SPACED.sub(r" \1 ", text)).strip()


def _linear(node: etree.Element) -> str:
    parts = [_linear(child) for child in node if child.tag != "annotation"]
    whole = (node.text or "") + "".join(parts)
    match node.tag:
        case "mfrac":
            return "/".join(map(_grouped, parts))
        case "msup" | "mover" if parts[1] in _ACCENTS:
            return parts[0] + _ACCENTS[parts[1]]
        case "msup" | "msub" | "munder" | "mover" | "msubsup" | "munderover":
            marks = {"msup": "^", "mover": "^"}.get(node.tag, "_") + "^"
            return parts[0] + "".join(m + _grouped(p) for m, p in zip(marks, parts[1:], strict=False) if p.strip())
        case "msqrt":
            return f"√{_grouped(''.join(parts))}"
        case "mtr":
            return ", ".join(parts) + "; "
    return whole.replace("\u2061", " ").replace("\xa0", " ")


def _grouped(text: str) -> str:
    return text if len(text) < 2 or text.isalnum() else f"({text})"


@dataclass
class Section:
    """What stands under one heading."""

    anchor: str
    level: int
    title: str = ""
    text: str = ""
    code: str = ""
    # The first words of paragraphs where they are set in bold, which name what the paragraph is about.
    leads: list[str] = field(default_factory=list)


def of_page(html: str) -> list[Section]:
    """The sections of a page, from its first heading on. A page without an article or a heading has none."""
    start = html.find("<article")
    if start < 0:
        return []
    reader = _Reader()
    article = html[start : html.find("</article>", start)]
    reader.feed(_MATH.sub(_replaced, article))
    reader.close()
    for section in reader.sections:
        section.title, section.text = _line(section.title), _line(section.text).lstrip("· ")
        section.code = section.code.strip()
        section.leads = [_line(lead).rstrip(".:") for lead in section.leads]
    return reader.sections


def _replaced(formula: re.Match) -> str:
    # XML does not know the entities of HTML.
    markup = re.sub(r"&(?!amp;|lt;|gt;|quot;|apos;|#)\w+;", lambda entity: unescape(entity[0]), formula[0])
    text = escape(math(markup))
    return f" {text} " if 'display="block"' in markup else text


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_BLOCKS = {"p", "div", "li", "dt", "dd", "ul", "ol", "tr", "table", "figcaption", "caption", "blockquote", "pre"}
_BLOCKS |= {"label", "summary"}
# What is not there to read: what opens on a click, marks, buttons, and lines that stand on every page.
_HIDDEN = {"about", "claim", "explore", "foot", "footnote-backref", "footnote-ref", "headerlink", "mkdocstrings-source"}


class _Reader(HTMLParser):
    """Gathers the sections of an article."""

    def __init__(self) -> None:
        super().__init__()
        self.sections: list[Section] = []
        # The elements that are open within one that is not read, within a heading, a block of code, or bold words.
        self.hidden, self.heading, self.code, self.bold = 0, "", 0, ""
        self.fresh = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if self.hidden or _unread(tag, given):
            self.hidden += tag not in _VOID
        elif re.fullmatch("h[1-6]", tag) and (anchor := given.get("id")):
            self.sections.append(Section(anchor, int(tag[1])))
            self.heading = tag
        elif self.sections:
            self._inside(tag)

    def _inside(self, tag: str) -> None:
        self.code += tag == "pre"
        if tag in ("td", "th"):
            self._add(" · ")
        elif tag in _BLOCKS or tag == "br":
            self._add("\n")
        if tag == "strong" and self.fresh:
            self.bold = tag
            self.sections[-1].leads.append("")
        self.fresh = tag in ("p", "li")

    def handle_endtag(self, tag: str) -> None:
        if self.hidden:
            self.hidden -= 1
            return
        self.code -= tag == "pre"
        self.heading = "" if tag == self.heading else self.heading
        self.bold = "" if tag == self.bold else self.bold
        if tag in _BLOCKS and self.sections and not self.heading:
            self._add("\n")

    def handle_data(self, data: str) -> None:
        if self.hidden or not self.sections:
            return
        self._add(data)
        if self.bold:
            self.sections[-1].leads[-1] += data
        self.fresh = self.fresh and not data.strip()

    def _add(self, text: str) -> None:
        section = self.sections[-1]
        if self.heading:
            section.title += text
        elif self.code:
            section.code += text
        else:
            section.text += text


def _unread(tag: str, given: dict[str, str | None]) -> bool:
    closed = any(name in given for name in ("hidden", "popover", "data-search-exclude"))
    hidden = closed or given.get("aria-hidden") == "true" or tag in ("script", "style", "nav")
    return hidden or not _HIDDEN.isdisjoint((given.get("class") or "").split())

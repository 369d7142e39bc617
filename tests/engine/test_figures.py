"""Drawings are right in programs that are no browser, and in a page they have its colors and nothing inline."""

import base64
import io
import os
import re
import shutil
import subprocess
from xml.etree import ElementTree

import numpy as np
import pytest
from conftest import pages
from PIL import Image

from dlref.engine.made import Frame
from dlref.engine.svg import png, svg
from dlref.plots import style
from dlref.site import assets, figures, policy


def drawing():
    """A figure with a line, filled and hollow marks, a hatched box, a text, and a picture of four pixels."""
    figure, axes = style.figure(2, 2)
    axes.plot([0, 1], [0, 1], color=style.BLUE)
    axes.scatter([0.2, 0.8], [0.8, 0.2], facecolors=["none", style.ORANGE], edgecolors=style.ORANGE)
    axes.bar([0.5], [0.3], 0.2, hatch="///", color=style.tint(style.VIOLET, 0.2))
    axes.imshow(np.zeros((2, 2)), extent=(0, 0.1, 0.9, 1), cmap="gray", aspect="auto", interpolation="none")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="some text")
    return figure


def test_a_drawing_is_plain():
    text = svg(drawing())
    assert "var(" not in text and "style" not in text and "<?xml" not in text
    assert f'stroke="{style.BLUE}"' in text and f'fill="{style.ORANGE}"' in text
    assert 'image-rendering="pixelated"' in text
    assert ElementTree.fromstring(text).tag.endswith("svg")
    assert text == svg(drawing())


def test_another_program_draws_the_same():
    if not shutil.which("rsvg-convert"):
        assert not os.environ.get("CI"), "rsvg-convert could not be installed"
        pytest.skip("rsvg-convert is not here; on Debian: apt install librsvg2-bin")
    command = ["rsvg-convert", "--zoom=2", f"--background-color={style.GROUND}"]
    done = subprocess.run(command, input=svg(drawing()).encode(), capture_output=True, check=True)
    drawn, known = (Image.open(io.BytesIO(data)) for data in (done.stdout, base64.b64decode(png(drawing()))))
    pixels = [np.asarray(one.convert("RGB").resize((96, 96)), float) for one in (drawn, known)]
    # Two programs smooth edges each in its way; a mark that is lost, or a box that is black, is another matter.
    assert np.abs(pixels[0] - pixels[1]).mean() < 4
    assert np.abs(pixels[0] - 255).mean() > 8


def test_a_drawing_in_a_page_has_the_pages_colors_and_ids_of_its_own():
    assets.at("docs/a/b.md", "a/b.html")
    frame = Frame(svg(drawing()), alt='A "line".', size=(192, 192))
    one, other = figures.figure(frame, "one"), figures.figure(frame, "other")
    assert f'stroke="var(--c{style.BLUE[1:]})"' in one and "data:" not in one and "xlink" not in one
    assert not re.search(r"#[0-9a-f]{6}\b", one)
    assert re.match(r'<svg class="drawing" role="img" aria-label="A &quot;line&quot;." width="192"', one)
    ids = [set(re.findall(r' id="([^"]*)"', text)) for text in (one, other)]
    assert ids[0] and not ids[0] & ids[1]
    assert set(re.findall(r'(?:href="|url\()#([^")]*)', one)) <= ids[0]
    (picture,) = re.findall(r'href="\.\./(assets/[^"]*\.png)"', one)
    assert Image.open(io.BytesIO(assets.files[picture])).format == "PNG"
    assert f"--c{style.BLUE[1:]}:{style.DARK[style.BLUE]};" in figures.style()


def test_letters_stand_once_in_a_page():
    letter, mark = (
        '\n<path id="{}Inter-Regular-1" d="M 0 1" transform="scale(0.015625)"/>',
        '<path id="a-m1" d="M 2 3"/>',
    )
    two = "".join(
        f'<svg><defs>{letter.format(name)}{mark}</defs><use href="#{name}Inter-Regular-1"/></svg>'
        for name in ("a-", "b-1-")
    )
    page = figures.letters_once(f"<article>{two}</article>")
    assert page.count(letter.format("").strip()) == 1 and page.count("Inter") == 3
    assert page.count(mark) == 2 and page.count('<use href="#Inter-Regular-1"/>') == 2
    assert figures.letters_once("<article></article>") == "<article></article>"


def test_letters_of_every_drawing_are_in_its_page(site):
    found = {page: (site / page).read_text(encoding="utf-8") for page in pages()}
    used = {
        page: {*re.findall(r'<use href="#([^"]*)"', html)} - {*re.findall(r' id="([^"]*)"', html)}
        for page, html in found.items()
    }
    assert {page: missing for page, missing in used.items() if missing} == {}
    assert sum("Inter-Regular" in html for html in found.values()) > 50


def test_nothing_is_inline_in_any_page(site):
    found = {page: (site / page).read_text(encoding="utf-8") for page in pages()}
    inline = re.compile(r'<[a-z][^<>]* (?:style|on\w+)="|<style|<script>|<code>|<pre>|<samp>|(?:src|href)="data:')
    assert {page: match[0][:80] for page, html in found.items() if (match := inline.search(html))} == {}


def test_a_style_becomes_a_class_and_a_script_a_file():
    assets.at("docs/a/b.md", "a/b.html")
    html = policy.strict('<p class="x" style="top:1em;left:2em;">a</p><br style="top:1em"/><script>go()</script><code>')
    name, other, file = re.fullmatch(
        r'<p class="(\S+) x">a</p><br class="(\S+)"/><script src="\.\./(\S+)"></script><code translate="no">', html
    ).groups()
    assert f".{name}{{top:1em!important;left:2em!important;}}" in policy.style()
    assert f".{other}{{top:1em!important;}}" in policy.style()
    assert assets.files[file] == b"go()\n"

"""What the search indexes of a page, and the terms by which its sections are found."""

import json

import pytest

from dlref.engine.made import SiteError
from dlref.site import fonts, search, sections, styles

PAGE = """<nav>Menu</nav><article><h1 id="top">The title<a class="headerlink" href="#top">¶</a></h1>
<p>First <button class="number">0.5</button><button class="claim">✓</button>.</p>
<details class="source" data-search-exclude><summary>Code</summary><pre>hidden</pre></details>
<h2 id="next">Next</h2><p><strong>A lead.</strong> Text with <strong>weight</strong>.</p>
<pre><code>import torch</code></pre><table><tr><th>a</th><td>1</td></tr><tr><td>2</td></tr></table>
<span class="katex"><math><semantics><mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>
<annotation encoding="application/x-tex">\\frac{a}{b+1}</annotation></semantics></math>
<span class="katex-html" aria-hidden="true">ab+1</span></span>
<div popover><p>opened</p></div></article><footer>Foot</footer>"""


def test_a_page_is_read_as_its_reader_sees_it():
    top, following = sections.of_page(PAGE)
    assert (top.anchor, top.title, top.text) == ("top", "The title", "First 0.5.")
    assert following.text == "A lead. Text with weight. · a · 1 · 2 a/(b+1)"
    assert (following.code, following.leads) == ("import torch", ["A lead"])


def site_with(tmp_path, terms: str):
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "b.html").write_text("<article><h1 id='next'>B</h1></article>")
    given = tmp_path / "terms.toml"
    given.write_text(terms)
    search.write(tmp_path, given)
    text = (tmp_path / search.INDEX).read_text()
    return json.loads(text[text.index("(") + 1 : text.rindex(")")])


def test_terms_reach_their_section_whatever_its_page(tmp_path):
    data = site_with(tmp_path, '[top]\nen = ["first"]\n["a#next"]\nde = ["dann"]\n')
    assert [row[-1] for row in data["sections"]] == [["first"], ["dann"], []]


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ('[missing]\nen = ["x"]', "0 sections are missing"),
        ('[next]\nen = ["x"]', "2 sections are next"),
        ('[top]\nen = ["One hot"]\n["b#next"]\nen = ["one-hot"]', "'one hot' is given to top and b#next"),
    ],
)
def test_terms_that_lead_nowhere_or_to_two_places_are_told(tmp_path, terms, told):
    with pytest.raises(SiteError, match=told):
        site_with(tmp_path, terms)


def test_styles_that_nothing_needs_are_left_out():
    css = "/* x */@charset 'a';.a,.b .c{color:red}.a:not(.z){--y:1;--n:2;top:var(--y)}"
    css += ":root{--p:url(\"data:x;y,{'z'}\");--q:url(data:x;y);--y:3}"
    css += "@media print{.b{x:y}}@font-face{z:1}"
    kept = '@charset "a";.a{color:red;}.a:not(.z){--y:1;top:var(--y);}:root{--y:3;}@font-face{z:1}'
    assert styles.trim(css, {"a", "c"}) == kept


def test_fonts_hold_every_character_that_they_had_and_the_site_shows(site):
    from fontTools.ttLib import TTFont

    shown = fonts.characters(site)
    for name in ("fonts/source-serif-4-latin-wght-normal.woff2", "katex/fonts/KaTeX_Main-Regular.woff2"):
        whole, trimmed = (TTFont(folder / "assets" / name).getBestCmap() for folder in (site.parent / "docs", site))
        wanted = shown["formulas" if "katex" in name else "all"]
        assert {chr(code) for code in wanted & set(whole) - set(trimmed)} == set()
        assert len(trimmed) < len(whole)

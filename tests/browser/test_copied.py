"""What the copy buttons of the built site yield runs alone, and prints what the page shows.

A browser is not needed for that: test_site.py sees to it that each button yields the text that the page holds.
"""

import copied
import pytest
from conftest import ROOT, pages
from copied import Block

from dlref.engine import cache, libraries

SITE = ROOT / "site"
PAGES = pages()


@pytest.mark.parametrize("page", PAGES)
def test_what_is_copied_runs_and_prints_what_the_page_shows(page):
    found = copied.of_page(page, (SITE / page).read_text(encoding="utf-8"))
    name = page.removesuffix(".html").replace("/", ".")
    assert copied.faults(name, found) == []


@pytest.mark.parametrize(
    "block",
    [
        Block("print(x)", "", "1"),
        Block("print(1)", "", "2"),
        Block("print(0.12)", "number", "0.13"),
        Block("print(False)", "claim", "True"),
        Block("print('`a` and b')", "text", "a or b"),
        Block("print('  x\\n0 a 1.25\\n1 b 2.50')", "table", [["a", "1.2"], ["b", "2.6"]]),
        Block("print('  x\\n0 a 1.25')", "table", [["a", "1.2"], ["b", "2.5"]]),
        Block("pass", "figure", ""),
        Block("print(1", "", ""),
    ],
)
def test_a_copy_that_does_not_hold_is_noticed(block, tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "ROOT", tmp_path)
    assert copied.faults("planted", [block])
    assert copied.faults("planted", [block])


def test_only_what_has_changed_is_run_again(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "ROOT", tmp_path)
    ran, real = [], copied.fault
    monkeypatch.setattr(copied, "fault", lambda block: ran.append(block) or real(block))
    one, other = Block("print(1)", "", "1"), Block("print(2)", "", "2")
    assert copied.faults("planted", [one, other, one]) == []
    assert copied.faults("planted", [one, other]) == []
    assert ran == [one, other]
    assert copied.faults("planted", [one, Block("print(2)", "", "3")])
    assert copied.faults("planted", [one, other]) == []
    assert ran[2:] == [Block("print(2)", "", "3"), other]
    # What a text imports is part of what its outcome depends on.
    monkeypatch.setattr(libraries, "versions", lambda: {"python": "3.99"})
    assert copied.faults("planted", [one]) == []
    assert ran[4:] == [one]


PAGE = """<article><div class="highlight language-bash"><pre><code>ls</code></pre></div>
<div class="doc-signature highlight"><pre><code>f(x)</code></pre></div>
<div class=example><div class=highlight><pre><code>print(1)</code></pre></div><samp class=output>1</samp></div>
<p>It is <button class=number popovertarget=made>2</button>.</p>
<div id=made popover><div class=highlight><pre><code>print(2)</code></pre></div></div>
<figure class="exhibit table"><table><tbody><tr><th>a</th><td><span class=katex>10<annotation>10^2</annotation></span>
</td></tr></tbody></table><div class=highlight><pre><code>print(3)</code></pre></div></figure></article>"""


def test_blocks_are_found_with_what_stands_beside_them():
    found = [
        Block("print(1)", "", "1"),
        Block("print(2)", "number", "2"),
        Block("print(3)", "table", [["a", "10^2\n"]]),
    ]
    assert copied.blocks(PAGE) == copied.of_page("a/b.html", PAGE) == found
    assert copied.of_page("notebooks/b.html", PAGE) == [Block("print(1)\nprint(2)\nprint(3)")]

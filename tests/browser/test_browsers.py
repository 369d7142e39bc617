"""A sample of pages in Firefox and in WebKit, whose engine is Safari's: what they show and do as Chromium does."""

import os

import drivers
import pytest

from dlref.plots.style import DARK, INK

PAGE = "classification/roc-curve.html"
BROWSERS = {"firefox": drivers.firefox, "webkit": drivers.webkit}


@pytest.fixture(scope="module", params=BROWSERS)
def tab(request):
    """A tab of a browser whose user wants dark colors."""
    lacking = drivers.missing(request.param)
    if lacking and not os.environ.get("CI"):
        pytest.skip(f"{request.param} is not here; on Debian: apt install {lacking}")
    assert not lacking, f"{request.param} could not be installed: {lacking}"
    with BROWSERS[request.param](dark=True) as opened:
        yield opened


def rgb(color: str) -> str:
    """A color such as #0067a5 as a browser computes it."""
    return f"rgb({', '.join(str(int(color[i : i + 2], 16)) for i in (1, 3, 5))})"


INKED = f"""getComputedStyle(document.querySelector('.drawing [fill="var(--c{INK[1:]})"]')).fill"""
TOGGLE = "document.querySelector('.md-header__option label:not([hidden])').click()"


def test_figures_follow_the_scheme_and_the_toggle(tab, server):
    tab.goto(f"{server}/{PAGE}")
    tab.wait("document.readyState === 'complete'")
    tab.evaluate("localStorage.clear()")
    tab.goto(f"{server}/{PAGE}")
    assert tab.evaluate(INKED) == rgb(DARK[INK])
    tab.evaluate(TOGGLE)
    tab.wait(f"{INKED} === '{rgb(INK)}'")
    tab.evaluate(TOGGLE)
    tab.wait(f"{INKED} === '{rgb(DARK[INK])}'")


def test_numbers_that_open_are_underlined(tab, server):
    tab.goto(f"{server}/{PAGE}")
    style = "getComputedStyle(document.querySelector('button.number'))"
    assert tab.evaluate(f"{style}.textDecorationLine") == "underline"
    assert tab.evaluate(f"{style}.textDecorationStyle") == "dotted"


def test_formulas_and_the_menu_stand_under_a_strict_policy(tab, server):
    tab.goto(f"{server}/{PAGE}")
    assert tab.evaluate("document.querySelector('.katex .frac-line').getBoundingClientRect().width > 20")
    # A numerator stands above its denominator only if the heights that KaTeX gave have come through.
    parts = "[...document.querySelector('.katex .mfrac').querySelectorAll('.pstrut + .mord')]"
    below, above = tab.evaluate(f"{parts}.map(part => part.getBoundingClientRect().top)")
    assert below - above > 10
    tab.wait("document.querySelector('.md-header__option label:not([hidden])')")


def test_a_slider_moves_figures_numbers_and_their_code(tab, server):
    tab.goto(f"{server}/{PAGE}")
    moved = """(() => {
      const slider = document.querySelector('.explore [type=range]')
      slider.value = 0
      slider.dispatchEvent(new Event('input', { bubbles: true }))
    })()"""
    tab.evaluate(moved)
    tab.wait("[...document.querySelectorAll('.call')].filter(e => e.textContent.includes('threshold=0.05')).length > 3")
    assert tab.evaluate("document.querySelector('.explore output').value") == "0.05"
    links = "[...document.querySelectorAll('#roc_curve-threshold_strip .about > a')]"
    assert tab.evaluate(f"{links}.find(a => a.textContent === 'SVG').href").startswith("blob:")


def test_a_page_that_fails_is_noticed(tab, tmp_path):
    (tmp_path / "page.html").write_text("<!doctype html><p style='text-decoration: none'>x</p>")
    tab.goto((tmp_path / "page.html").as_uri())
    assert tab.evaluate("getComputedStyle(document.querySelector('p')).textDecorationLine") == "none"

"""Pages as they are printed, in a reader's own colors, with large text, copied, and when a reader comes back."""

import pytest
from test_site import open_page

PRINTED = ["classification/roc-curve.html", "classification/confusion-matrix.html", "reference/metrics.html"]
PRINTED += ["deep-learning/optimizers.html", "notebooks/cars.html"]
SHEET = {"width": 718, "height": 1040}  # A4 at 96 pixels an inch, less margins of a centimeter

# What a sheet cuts: whatever is wider than its place, or than the sheet.
CUT = """() => [...document.querySelectorAll('article *')].filter(e => {
  const style = getComputedStyle(e), box = e.getBoundingClientRect()
  if (!e.checkVisibility() || e.closest('.katex-mathml') || !box.width || style.display === 'inline') return false
  const clips = style.overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1
  return !e.closest('svg, .katex') && (clips || box.right > innerWidth + 1)
}).map(e => e.outerHTML.slice(0, 120))"""
LUMINANCE = """color => {
  const [r, g, b] = color.match(/[\\d.]+/g).map(Number)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}"""


@pytest.mark.parametrize("page", PRINTED)
def test_dark_pages_print_in_light_colors_whole_and_with_the_names_of_tabs(browser, server, page):
    tab = open_page(browser, f"{server}/{page}", color_scheme="dark", viewport=SHEET)
    tab.emulate_media(media="print")
    seen = "[...document.querySelectorAll('body, article *')].filter(e => e.checkVisibility())"
    inks = f"{seen}.filter(e => e.matches('p, h2, td, code, .katex, summary, .tabbed-block'))"
    pale = f"{inks}.map(e => ({LUMINANCE})(getComputedStyle(e).color)).filter(light => light > 128).length"
    assert tab.evaluate(pale) == 0
    grounds = f"{seen}.map(e => getComputedStyle(e).backgroundColor).filter(color => !color.endsWith(', 0)'))"
    assert tab.evaluate(f"{grounds}.map({LUMINANCE}).filter(light => light < 128).length") == 0
    drawn = "[...document.querySelectorAll('.drawing [fill=\"var(--c22262b)\"]')].map(e => getComputedStyle(e).fill)"
    assert set(tab.evaluate(drawn)) <= {"rgb(34, 38, 43)"}
    assert tab.evaluate(CUT) == []
    names = "[...document.querySelectorAll('.tabbed-block')].map(e => getComputedStyle(e, '::before').content)"
    labels = "[...document.querySelectorAll('.tabbed-labels > label')].map(e => JSON.stringify(e.textContent.trim()))"
    assert tab.evaluate(names) == tab.evaluate(labels)
    tab.context.close()


def test_forced_colors_show_which_tab_and_which_choice_is_on(browser, server):
    tab = open_page(browser, f"{server}/deep-learning/optimizers.html", forced_colors="active")
    look = "(s => [s.backgroundColor, s.color, s.borderTopColor].join())(getComputedStyle(e.nextElementSibling))"
    looks = f"[...document.querySelectorAll('fieldset.explore input')].map(e => [e.checked, {look}])"
    found = tab.evaluate(looks)
    on, off = ({look for checked, look in found if checked is state} for state in (True, False))
    assert on and off and not on & off
    tab.goto(f"{server}/classification/roc-curve.html")
    lines = """[...document.querySelectorAll('.tabbed-set')].map(set => {
      const checked = [...set.querySelectorAll(':scope > input')].findIndex(e => e.checked)
      const ground = getComputedStyle(document.body).backgroundColor
      return [...set.querySelectorAll('.tabbed-labels > label')]
        .map((e, i) => (getComputedStyle(e).borderBottomColor !== ground) === (i === checked))
    })"""
    assert all(all(one) for one in tab.evaluate(lines)) and tab.evaluate(lines)
    tab.context.close()


# On a phone with text of twice the size only these may be wider than the window, each in a box of its own.
MAY_SCROLL = "pre > code, .output, .scrolls, .md-typeset__scrollwrap, div.arithmatex, .tabbed-labels, span.arithmatex"


@pytest.mark.parametrize("page", ["index.html", "classification/roc-curve.html", "deep-learning/optimizers.html"])
def test_large_text_on_a_phone_scrolls_only_what_must(browser, server, page):
    tab = open_page(browser, f"{server}/{page}", viewport={"width": 390, "height": 844})
    tab.evaluate("document.documentElement.style.fontSize = '250%'")
    assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    beyond = f"""[...document.querySelectorAll('article *')].filter(e => {{
      const box = e.getBoundingClientRect()
      return e.checkVisibility() && box.width && box.right > innerWidth + 1 && !e.closest('{MAY_SCROLL}')
        && !e.closest('.katex-mathml, [popover], .headerlink')
    }}).map(e => e.outerHTML.slice(0, 120))"""
    assert tab.evaluate(beyond) == []
    tab.context.close()


COPIED = """selector => {
  const elements = [...document.querySelectorAll(selector)]
  getSelection().removeAllRanges()
  const range = document.createRange()
  range.setStartBefore(elements[0])
  range.setEndAfter(elements.at(-1))
  getSelection().addRange(range)
}"""


def copied(tab, selector: str) -> str:
    """What the key for copying yields of what is selected."""
    tab.evaluate(COPIED, selector)
    tab.keyboard.press("Control+c")
    return tab.evaluate("navigator.clipboard.readText()")


def test_what_is_copied_by_hand_is_the_formula_once_and_the_code_alone(browser, server):
    tab = open_page(browser, f"{server}/classification/roc-curve.html")
    formula = copied(tab, "article div.arithmatex")
    assert formula.startswith(r"$$\operatorname{TPR}") and formula.count("operatorname{TPR}") == 1
    assert "\n" not in formula.partition("$$ $$")[0]
    # From the middle of one it is the same.
    tab.evaluate("getSelection().selectAllChildren(document.querySelector('article .katex-html .mord'))")
    tab.keyboard.press("Control+c")
    assert tab.evaluate("navigator.clipboard.readText()").startswith(r"$$\operatorname{TPR}")
    code = copied(tab, "article .example")
    assert "print(" in code and "Copy" not in code
    assert tab.complaints == []
    tab.context.close()


def test_state_that_a_browser_restores_agrees_with_what_is_shown(browser, server):
    tab = open_page(browser, f"{server}/deep-learning/optimizers.html", viewport={"width": 390, "height": 844})
    chosen = "document.querySelector('fieldset.explore input:checked').nextElementSibling.textContent"
    shown = "document.querySelector('#optimizers-bowl .call').textContent"
    tab.locator("fieldset.explore input").last.check(force=True)
    tab.wait_for_function(f"() => {shown}.includes(JSON.stringify({chosen}))")
    tab.get_by_role("button", name="Menu").click()
    tab.wait_for_function("() => document.getElementById('__drawer').checked")
    tab.evaluate("location.href = '../index.html'")
    tab.wait_for_url("**/index.html")
    tab.go_back()
    tab.wait_for_url("**/optimizers.html")
    tab.wait_for_function("() => !document.getElementById('__drawer').checked")
    tab.wait_for_function(f"() => {shown}.includes(JSON.stringify({chosen}))")
    # Where the browser restores after the page's scripts, which it tells by this event.
    tab.evaluate("""() => {
      document.querySelectorAll('fieldset.explore')
        .forEach(one => { one.querySelectorAll('input')[1].checked = true })
      document.getElementById('__drawer').checked = true
      dispatchEvent(new PageTransitionEvent('pageshow'))
    }""")
    tab.wait_for_function(f"() => {shown}.includes(JSON.stringify({chosen}))")
    assert not tab.locator("#__drawer").is_checked()
    tab.context.close()

"""The built site, as a browser shows it."""

import json
import string
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT
from copied import holds

from dlref.engine import isolate

SITE = ROOT / "site"
PAGES = sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html"))
every_page = pytest.mark.parametrize("page", PAGES)


def open_page(browser, url: str, **options):
    """A new page, with what the browser complained of and what it asked other hosts for."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], **options)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    own = ("data:", "blob:", "file:" if url.startswith("file:") else "/".join(url.split("/")[:3]) + "/")
    page.on("request", lambda r: page.complaints.append(r.url) if not r.url.startswith(own) else None)
    page.goto(url, wait_until="load")
    return page


@every_page
def test_asks_no_other_host_and_logs_no_error(browser, server, page):
    # Any address may lead to the page of errors, so its own links are from the root, which a disk does not have.
    for url in (f"{server}/{page}", *([] if page == "404.html" else [(SITE / page).as_uri()])):
        tab = open_page(browser, url)
        # Touch what loads later: the search, and the frames of every slider.
        for control in tab.locator(".explore input[type=range]").all():
            control.focus()
            control.press("ArrowRight")
        tab.wait_for_load_state("networkidle")
        assert tab.complaints == []
        tab.context.close()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<script src="https://example.org/x.js"></script>', "https://example.org/x.js"),
        ("<script>console.error('planted')</script>", "planted"),
        ("<script>missing()</script>", "missing is not defined"),
    ],
)
def test_a_request_or_an_error_is_noticed(browser, tmp_path, body, said):
    (tmp_path / "page.html").write_text(f"<!doctype html>{body}")
    tab = open_page(browser, (tmp_path / "page.html").as_uri())
    assert said in tab.complaints
    tab.context.close()


@pytest.mark.parametrize("address", ["http", "file"])
def test_search_finds_pages(browser, server, address):
    tab = open_page(browser, f"{server}/index.html" if address == "http" else (SITE / "index.html").as_uri())
    if address == "http":
        tab.keyboard.press("/")
    else:
        tab.locator("[data-md-component=search-query]").focus()
    tab.locator("[data-md-component=search-query]").type("sigmoid", delay=20)
    tab.wait_for_selector(".md-search-result__link", timeout=20_000)
    assert "sigmoid" in tab.locator(".md-search-result").inner_text().lower()
    # Each query walks other states of the index. One that the theme's search has confused ends in an error.
    for query in [*string.ascii_lowercase, *string.digits, "from_numpy", "dlref.metrics.roc_curve"]:
        tab.locator("[data-md-component=search-query]").fill("")
        tab.wait_for_function("!document.querySelector('.md-search-result__link')")
        tab.locator("[data-md-component=search-query]").press_sequentially(query)
        tab.wait_for_selector(".md-search-result__link", timeout=20_000)
    assert tab.complaints == []
    tab.context.close()


def violations(tab) -> list[str]:
    """What axe finds wrong, a line a rule with the first element."""
    found = Axe().run(tab).response["violations"]
    return [f"{v['id']} ({len(v['nodes'])}): {v['nodes'][0]['html'][:200]}" for v in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@every_page
def test_is_accessible(browser, server, page, scheme):
    tab = open_page(browser, f"{server}/{page}", color_scheme=scheme, reduced_motion="reduce")
    for width in (390, 1280):
        tab.set_viewport_size({"width": width, "height": 900})
        assert violations(tab) == [], f"{width} px"
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"wider than {width} px"
    tab.context.close()


def test_an_inaccessible_page_is_noticed(browser, tmp_path):
    (tmp_path / "page.html").write_text(
        "<!doctype html><html lang=en><title>x</title><main><h1>x</h1><img src=x.png></main>"
    )
    tab = open_page(browser, (tmp_path / "page.html").as_uri())
    assert any(line.startswith("image-alt") for line in violations(tab))
    tab.context.close()


# Marks each thing that can be operated and is there to see; the buttons of one choice count as one.
OPERABLE = """() => {
  const labels = 'label[for=__drawer].md-header__button, label[for=__search].md-header__button'
  const all = [...document.querySelectorAll(`a[href], button, input, summary, [tabindex="0"], ${labels}`)]
  const groups = new Set()
  for (const e of all) {
    const again = e.type === 'radio' && groups.has(e.name)
    if (e.type === 'radio') groups.add(e.name)
    const { left, right } = e.getBoundingClientRect()
    const seen = e.checkVisibility({visibilityProperty: true}) && !e.closest('[hidden]')
    const wanted = seen && right > 0 && left < innerWidth && !again && !e.disabled
    if (wanted && (e.tabIndex >= 0 || e.matches(labels))) e.dataset.operable = e.type === 'radio' ? e.name : ''
  }
  return document.querySelectorAll('[data-operable]').length
}"""
# Says what is wrong with what has the focus, and marks it as reached. Labels show what a hidden radio button does.
FOCUSED = """() => {
  const e = document.activeElement
  if (!e || e === document.body) return null
  const group = e.type === 'radio' ? document.querySelector(`[data-operable="${CSS.escape(e.name)}"]`) : e
  const first = group && !group.dataset.reached
  if (group) group.dataset.reached = '1'
  const shown = e.type === 'radio' ? [...e.labels, e.nextElementSibling].filter(one => one?.checkVisibility()) : [e]
  const ringed = shown.some(one => {
    const style = getComputedStyle(one)
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
  })
  const inside = shown.some(one => {
    const box = one.getBoundingClientRect()
    return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
  })
  const name = e.outerHTML.slice(0, 150).replace(/\\s+/g, ' ')
  return {first, wrong: ringed && inside ? '' : `${ringed ? '' : 'no ring '}${inside ? '' : 'out of sight '}${name}`}
}"""


def unreached(tab) -> list[str]:
    """What can be operated by pointer and not by keyboard alone, or does not show that it has the focus."""
    wrong, since_new = [], 0
    for _ in range(tab.evaluate(OPERABLE) + 50):
        tab.keyboard.press("Tab")
        focused = tab.evaluate(FOCUSED)
        wrong += [focused["wrong"]] if focused and focused["wrong"] else []
        since_new = 0 if focused and focused["first"] else since_new + 1
        if since_new > 20:
            break
    missed = "[...document.querySelectorAll('[data-operable]:not([data-reached])')].map(e => e.outerHTML.slice(0, 150))"
    return wrong + [f"not reached {html}" for html in tab.evaluate(missed)]


@every_page
def test_all_is_reached_by_keyboard_and_shows_it(browser, server, page):
    for width in (390, 1280):
        viewport = {"width": width, "height": 900}
        tab = open_page(browser, f"{server}/{page}", viewport=viewport, reduced_motion="reduce")
        assert unreached(tab) == [], f"{width} px"
        tab.context.close()


def test_the_menu_of_a_narrow_window_opens_and_closes_by_keyboard(browser, server):
    tab = open_page(browser, f"{server}/classification/roc-curve.html", viewport={"width": 390, "height": 900})
    focus = "document.activeElement.textContent.trim()"
    tab.get_by_role("button", name="Menu").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_function(f"{focus} && document.activeElement.closest('.md-sidebar--primary')")
    tab.keyboard.press("Escape")
    assert tab.evaluate("document.activeElement.ariaLabel") == "Menu"
    assert not tab.locator("#__drawer").is_checked()
    tab.get_by_role("button", name="Search").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_function("document.activeElement.dataset.mdComponent === 'search-query'")
    tab.context.close()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<a href=x tabindex=1>a</a><p style='display:none' tabindex=0>b</p><div onclick=1 tabindex=0>c</div>", ""),
        ("<button style='outline:none'>b</button>", "no ring"),
        ("<a href=x style='position:fixed;left:-99px;width:9px'>a</a>", "out of sight"),
        ("<button onkeydown='event.preventDefault()'>a</button><button>b</button>", "not reached"),
    ],
)
def test_what_the_keyboard_misses_is_noticed(browser, tmp_path, body, said):
    (tmp_path / "page.html").write_text(f"<!doctype html><title>x</title>{body}")
    tab = open_page(browser, (tmp_path / "page.html").as_uri())
    found = unreached(tab)
    assert (not found) if not said else any(line.startswith(said) for line in found)
    tab.context.close()


# Pictures without words, figures and tables without a caption, and sliders that nothing moves.
LACKS = """() => [
  ...document.querySelectorAll('article img:not([alt]), article img[alt=""]'),
  ...[...document.querySelectorAll('figure.exhibit, figure:has(table), table:not(figure table)')]
    .filter(e => !e.querySelector('figcaption, caption')),
  ...[...document.querySelectorAll('.explore')].filter(e => e.checkVisibility()),
].map(e => e.outerHTML.slice(0, 200))"""


@every_page
def test_reads_whole_without_javascript(browser, server, page):
    tab = open_page(browser, f"{server}/{page}", java_script_enabled=False)
    assert tab.evaluate(LACKS) == []
    tab.context.close()


@pytest.mark.parametrize(
    "body",
    [
        "<article><img src=x.png alt=''>",
        "<figure class=exhibit>x</figure>",
        "<table></table>",
        "<p class=explore>x</p>",
    ],
)
def test_what_is_missing_without_javascript_is_noticed(browser, tmp_path, body):
    (tmp_path / "page.html").write_text(f"<!doctype html>{body}")
    tab = open_page(browser, (tmp_path / "page.html").as_uri(), java_script_enabled=False)
    assert len(tab.evaluate(LACKS)) == 1
    tab.context.close()


@every_page
def test_sliders_move_everything_that_explores_the_same(browser, server, page):
    tab = open_page(browser, f"{server}/{page}")
    names = set(tab.eval_on_selector_all(".explore", "all => all.map(e => e.dataset.parameter)"))
    for name in names:
        control = tab.locator(f'.explore[data-parameter="{name}"]').first
        exhibits = f"[data-explores*='\"{name}\"']"
        shown = "e => (e.querySelector('.frame') ?? e).innerHTML"
        state = f"() => [...document.querySelectorAll(`{exhibits}`)].map({shown})"
        before = tab.evaluate(state)
        inputs = control.locator("input")
        if inputs.count() > 1:
            inputs.last.check(force=True) if not inputs.last.is_checked() else inputs.first.check(force=True)
        else:
            inputs.first.focus()
            tab.keyboard.press("Home" if inputs.first.input_value() != "0" else "End")
            assert inputs.first.get_attribute("aria-valuetext") == control.locator("output").inner_text()
        tab.wait_for_function(
            f"before => JSON.stringify(({state})()) !== before",
            arg=json.dumps(before, ensure_ascii=False, separators=(",", ":")),
        )
        tab.wait_for_load_state("networkidle")
    assert tab.complaints == []
    tab.context.close()


# For one block of code: bring it into view as a reader would, and say what the page shows beside it.
REVEAL = """block => {
  const popover = block.closest('[popover]')
  popover?.showPopover()
  const tab = block.closest('.tabbed-block')
  if (tab) {
    const inputs = tab.closest('.tabbed-set').querySelectorAll(':scope > input')
    inputs[[...tab.parentElement.children].indexOf(tab)].click()
  }
  // A formula's text stands in it twice, for the eye and for a screen reader; its source once.
  const text = element => {
    const copy = element.cloneNode(true)
    for (const e of copy.querySelectorAll('.katex')) e.replaceWith(e.querySelector('annotation').textContent)
    return copy.textContent
  }
  const exhibit = popover ? document.querySelector(`[popovertarget="${popover.id}"]`) : block.closest('figure.exhibit')
  const kind = ['number', 'text', 'claim', 'figure', 'table'].find(kind => exhibit?.classList.contains(kind)) ?? ''
  const rows = () => [...exhibit.querySelectorAll('tbody tr')].map(row => [...row.cells].map(text))
  const beside = block.parentElement.querySelector(':scope > .output') ?? document.createElement('p')
  const shown = { table: rows, claim: () => 'True', figure: () => '' }[kind] ?? (() => text(exhibit ?? beside))
  return { kind, shown: shown() }
}"""


def copied(tab) -> list[dict[str, Any]]:
    """What each copy button of a page yields, with what the page shows that it gives."""
    tab.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    blocks = []
    # Commands for a shell are copied too, but are no Python to run.
    for block in tab.locator("article .highlight:not(.language-bash):has(> button.copy)").all():
        shown = block.evaluate(REVEAL)
        # The button says "Copied" for two seconds only, which a slow machine may miss.
        tab.evaluate("navigator.clipboard.writeText('')")
        block.locator("button.copy").click()
        tab.wait_for_function("navigator.clipboard.readText().then(text => text !== '')")
        blocks.append(shown | {"code": tab.evaluate("navigator.clipboard.readText()")})
        block.evaluate("block => block.closest('[popover]')?.hidePopover()")
    return blocks


def fault(block: dict[str, Any], folder: Path) -> str:
    """What is wrong with what a copied text does, if anything."""
    try:
        printed = isolate.run("copied:printed_in", block["code"], str(folder), seconds=120)
    except isolate.Failure as failure:
        return f"{failure}\n{block['code']}"
    if not holds(block["kind"], block["shown"], printed):
        return f"prints {printed!r}, not {block['shown']!r}:\n{block['code']}"
    if block["kind"] == "figure" and not list(folder.glob("*.svg")):
        return f"draws nothing:\n{block['code']}"
    return ""


@every_page
def test_what_is_copied_runs_and_prints_what_the_page_shows(browser, server, page, tmp_path):
    tab = open_page(browser, f"{server}/{page}")
    blocks = copied(tab)
    if page.startswith("notebooks/"):
        # The cells of a notebook are run in order, each with what those above it have made.
        blocks = [{"code": "\n".join(b["code"] for b in blocks), "kind": "", "shown": ""}]
    assert [problem for block in blocks if (problem := fault(block, tmp_path))] == []
    tab.context.close()


@pytest.mark.parametrize(
    "block",
    [
        {"code": "print(x)", "kind": "", "shown": "1"},
        {"code": "print(1)", "kind": "", "shown": "2"},
        {"code": "print(0.12)", "kind": "number", "shown": "0.13"},
        {"code": "print(False)", "kind": "claim", "shown": "True"},
        {"code": "print('`a` and b')", "kind": "text", "shown": "a or b"},
        {"code": "print('  x\\n0 a 1.25\\n1 b 2.50')", "kind": "table", "shown": [["a", "1.2"], ["b", "2.6"]]},
        {"code": "print('  x\\n0 a 1.25')", "kind": "table", "shown": [["a", "1.2"], ["b", "2.5"]]},
        {"code": "pass", "kind": "figure", "shown": ""},
    ],
)
def test_a_copy_that_does_not_hold_is_noticed(block, tmp_path):
    assert fault(block, tmp_path)

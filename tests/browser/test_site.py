"""The built site, as a browser shows it."""

import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, pages
from copied import blocks
from followed import KEEP, unfollowed
from playwright.sync_api import TimeoutError as NothingHappened

SITE = ROOT / "site"
PAGES = pages()
every_page = pytest.mark.parametrize("page", PAGES)


def open_page(browser, url: str, **options):
    """A new page, with what the browser complained of and what it asked other hosts for."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], **options)
    # Only what hangs is given up: a slow machine changes no outcome.
    context.set_default_timeout(120_000)
    context.add_init_script(KEEP)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    own = ("data:", "blob:", "file:" if url.startswith("file:") else "/".join(url.split("/")[:3]) + "/")
    page.on("request", lambda r: page.complaints.append(r.url) if not r.url.startswith(own) else None)
    page.goto(url, wait_until="load")
    return page


def touched(tab) -> list[str]:
    """What the browser complained of, once what loads later was asked for: the frames of every slider."""
    for control in tab.locator(".explore input[type=range]").element_handles():
        control.focus()
        control.press("ArrowRight")
    tab.wait_for_load_state("networkidle")
    return tab.complaints


@every_page
def test_copies_its_code_moves_its_sliders_with_all_that_follows_and_asks_no_other_host(browser, server, page):
    tab = open_page(browser, f"{server}/{page}")
    assert miscopied(tab, (SITE / page).read_text(encoding="utf-8")) == []
    assert unmoved(tab) == []
    assert unfollowed(tab) == []
    assert touched(tab) == []
    tab.context.close()


# Any address may lead to the page of errors, so its own links are from the root, which a disk does not have.
@pytest.mark.parametrize("page", [page for page in PAGES if page != "404.html"])
def test_works_from_a_disk(browser, page):
    tab = open_page(browser, (SITE / page).as_uri())
    assert touched(tab) == []
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


def violations(tab) -> list[str]:
    """What axe finds wrong, a line per rule with the first element."""
    found = Axe().run(tab).response["violations"]
    return [f"{v['id']} ({len(v['nodes'])}): {v['nodes'][0]['html'][:200]}" for v in found]


# What only a narrow window shows, and what only the dark scheme colors, is the theme's, and so the same on all pages.
SCHEMES, WIDTHS = ("light", "dark"), (390, 1280)
EXAMPLES = ["index.html", "classification/roc-curve.html", "reference/metrics.html", "notebooks/cars.html", "404.html"]
SEEN = [("light", 390), ("dark", 1280)]
CROSSED = [seen for seen in itertools.product(SCHEMES, WIDTHS) if seen not in SEEN]


def faults(tab, width: int) -> list[str]:
    """What is wrong with a page for those who cannot see it well, use no pointer, or have a narrow window."""
    too_wide = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*violations(tab), *unreached(tab), *tab.complaints, *([f"wider than {width} px"] if too_wide > 0 else [])]


@pytest.mark.parametrize(
    ("page", "scheme", "width"),
    [(page, *seen) for page in PAGES for seen in SEEN] + [(page, *seen) for page in EXAMPLES for seen in CROSSED],
)
def test_is_accessible_by_eye_ear_and_keyboard(browser, server, page, scheme, width):
    viewport = {"width": width, "height": 900}
    options = {"color_scheme": scheme, "viewport": viewport, "reduced_motion": "reduce"}
    tab = open_page(browser, f"{server}/{page}", **options)
    assert faults(tab, width) == []
    tab.context.close()


def test_an_inaccessible_page_is_noticed(browser, tmp_path):
    (tmp_path / "page.html").write_text(
        "<!doctype html><html lang=en><title>x</title><main><h1>x</h1><img src=x.png></main>"
    )
    tab = open_page(browser, (tmp_path / "page.html").as_uri())
    assert any(line.startswith("image-alt") for line in violations(tab))
    tab.context.close()


# Pale in the dark scheme of a narrow window, which is why some pages are looked at in every scheme and width.
PALE = """<!doctype html><html lang=en><title>x</title><style>
@media (prefers-color-scheme: dark) and (max-width: 600px) { body { background: #222 } p { color: #444 } }
</style><main><h1 style="color: #767676; background: #fff">x</h1><p>Pale.</p></main></html>"""


@pytest.mark.parametrize(("scheme", "width"), itertools.product(SCHEMES, WIDTHS))
def test_a_fault_of_one_scheme_and_width_is_noticed_there_alone(browser, tmp_path, scheme, width):
    (tmp_path / "page.html").write_text(PALE)
    viewport = {"width": width, "height": 900}
    tab = open_page(browser, (tmp_path / "page.html").as_uri(), color_scheme=scheme, viewport=viewport)
    pale = any(line.startswith("color-contrast") and "Pale." in line for line in violations(tab))
    assert pale == ((scheme, width) == ("dark", 390))
    tab.context.close()


# Marks each thing that can be operated and is there to see; the buttons of one choice count as one.
OPERABLE = """() => {
  const labels = 'label[for=__drawer].md-header__button'
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


def test_the_menu_of_a_narrow_window_opens_and_closes_by_keyboard(browser, server):
    tab = open_page(browser, f"{server}/classification/roc-curve.html", viewport={"width": 390, "height": 900})
    focus = "document.activeElement.textContent.trim()"
    tab.get_by_role("button", name="Menu").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_function(f"() => {focus} && document.activeElement.closest('.md-sidebar--primary')")
    tab.keyboard.press("Escape")
    assert tab.evaluate("document.activeElement.ariaLabel") == "Menu"
    assert not tab.locator("#__drawer").is_checked()
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
  ...document.querySelectorAll('article :is(img:not([alt]), img[alt=""], .drawing:not([aria-label]))'),
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
        "<article><svg class=drawing></svg>",
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


# What all the exhibits that explore a parameter show.
STATE = """name => JSON.stringify([...document.querySelectorAll(`[data-explores*='"${name}"']`)]
  .map(e => (e.querySelector('.frame') ?? e).innerHTML))"""


def unmoved(tab, patience: float = 120_000) -> list[str]:
    """The parameters whose slider or buttons change nothing (in so many ms), or do not say at what they stand."""
    names = sorted(set(tab.eval_on_selector_all(".explore", "all => all.map(e => e.dataset.parameter)")))
    return [name for name in names if not _moves(tab, name, patience)]


def _moves(tab, name: str, patience: float) -> bool:
    control = tab.locator(f'.explore[data-parameter="{name}"]').first
    inputs, before, said = control.locator("input"), tab.evaluate(STATE, name), True
    if inputs.count() > 1:
        inputs.last.check(force=True) if not inputs.last.is_checked() else inputs.first.check(force=True)
    else:
        inputs.first.focus()
        tab.keyboard.press("Home" if inputs.first.input_value() != "0" else "End")
        said = inputs.first.get_attribute("aria-valuetext") == control.locator("output").inner_text()
    try:
        tab.wait_for_function(f"([name, before]) => ({STATE})(name) !== before", arg=[name, before], timeout=patience)
    except NothingHappened:
        return False
    return said


# Brings one block of code into view as a reader would, and empties the clipboard.
REVEAL = """async block => {
  document.querySelector(':popover-open')?.hidePopover()
  block.closest('[popover]')?.showPopover()
  const tab = block.closest('.tabbed-block')
  if (tab) {
    const inputs = tab.closest('.tabbed-set').querySelectorAll(':scope > input')
    inputs[[...tab.parentElement.children].indexOf(tab)].click()
  }
  await navigator.clipboard.writeText('')
}"""
# The button says "Copied" for two seconds only, which a slow machine may miss.
YIELDED = """async () => {
  for (let i = 0; i < 3000; i++) {
    const text = await navigator.clipboard.readText()
    if (text) return text
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  return ''
}"""


def copies(tab) -> list[str]:
    """What each copy button of a page yields, commands for a shell left out."""
    tab.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    texts = []
    for block in tab.locator("article .highlight:not(.language-bash):has(> button.copy)").element_handles():
        block.evaluate(REVEAL)
        block.query_selector("button.copy").click()
        texts.append(tab.evaluate(YIELDED))
    tab.evaluate("document.querySelector(':popover-open')?.hidePopover()")
    return texts


def miscopied(tab, html: str) -> list[str]:
    """Where the browser shows or copies something else than the page holds, which test_copied.py runs."""
    held, shown = blocks(html), blocks(tab.content())
    differ = [f"shows {one} for {other}" for one, other in itertools.zip_longest(shown, held) if one != other]
    texts = itertools.zip_longest(copies(tab), [block.code for block in held])
    return differ + [f"copies {text!r} for {code!r}" for text, code in texts if text != code]


# A block with a copy button that copies `...`, and an example of what is said of it.
BLOCK = """<article><div class=highlight><pre><code>print(1)</code></pre><button class=copy>Copy</button></div>
</article><script>document.querySelector('button').onclick = () => %s</script>"""
COPIES = "navigator.clipboard.writeText('print(1)')"


@pytest.mark.parametrize(
    ("does", "said"),
    [
        (COPIES, ""),
        (COPIES.replace(")')", ") ')"), "copies 'print(1) ' for 'print(1)'"),
        ("0; document.querySelector('button').remove()", "copies None for 'print(1)'"),
        (f"{COPIES}; document.querySelector('code').textContent = 'print(2)'", "shows Block(code='print(2)'"),
    ],
)
def test_a_copy_that_differs_is_noticed(browser, server, does, said):
    tab = open_page(browser, f"{server}/404.html", bypass_csp=True)
    html = BLOCK % does
    tab.set_content(html)
    found = miscopied(tab, html)
    assert (not found) if not said else found[0].startswith(said)
    tab.context.close()


# A slider of two values, and a number that explores the same; what the slider does is planted.
SLIDER = """<div class=explore data-parameter=x><input type=range max=1 value=0 aria-valuetext=a>
<output>a</output></div><button data-explores='["x"]'>a</button><script>{
const [input, output, number] = ['input', 'output', 'button'].map(name => document.querySelector(name))
input.oninput = () => { %s } }</script>"""
MOVES, SAYS = "number.textContent = 'b'", "output.value = 'b'; input.setAttribute('aria-valuetext', 'b')"


@pytest.mark.parametrize(
    ("does", "found"), [(f"{MOVES}; {SAYS}", []), (SAYS, ["x"]), (f"{MOVES}; output.value = 'b'", ["x"])]
)
def test_a_slider_that_does_nothing_is_noticed(browser, server, does, found):
    tab = open_page(browser, f"{server}/404.html", bypass_csp=True)
    tab.set_content(SLIDER % does)
    assert unmoved(tab, patience=1000) == found
    tab.context.close()


# A figure whose slider stands at b, and what belongs to it; one of them is still of a.
FOLLOWS = """<div class=explore data-parameter=x data-values='["a", "b"]'><input type=range max=1 value=1></div>
<figure data-exhibit=f data-explores='["x"]'><svg class=drawing><path d="M 1 1"/></svg>
<table><tbody><tr><td>1</td></tr></tbody></table>
<div class=about><a href="data:image/svg+xml,%s" download=f.svg>SVG</a><a href="data:text/csv,%s" download=f.csv>CSV</a>
<code><span class=call>%s</span></code></div></figure>"""
OF_B = ("<path d=%22M 1 1%22/>", "n%0A1", "f(x='b')")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", []),
        ("'b'", "'a'", ["f at {'x': 'b'}: its code is f(x='a')"]),
        ("M 1", "M 2", ["f at {'x': 'b'}: its SVG is another"]),
        ("n%0A1", "n%0A2", ["f at {'x': 'b'}: its CSV is another"]),
    ],
)
def test_what_does_not_follow_is_noticed(browser, server, old, new, said):
    tab = open_page(browser, f"{server}/404.html", bypass_csp=True)
    tab.set_content(FOLLOWS % tuple(part.replace(old, new) if old else part for part in OF_B))
    assert unfollowed(tab, patience=1) == said
    tab.context.close()

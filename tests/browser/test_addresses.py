"""Addresses that readers guess or mistype lead somewhere, below whatever path the site is put."""

import pytest
from conftest import pages
from serving import served
from test_site import open_page


@pytest.fixture(scope="module")
def below(site):
    """The site below a path that nobody has told it."""
    with served(site, "/some/path/") as address:
        yield address


@pytest.mark.parametrize("guessed", ["nothing", "nothing.html", "classification/none/of/these.html", "pytorch/x/"])
def test_the_page_of_errors_works_below_any_path(browser, below, guessed):
    tab = open_page(browser, f"{below}/{guessed}")
    # The search box, and links of the menu: all from the site's own root.
    assert tab.evaluate("getComputedStyle(document.body).fontFamily").startswith("Inter")
    links = tab.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    assert len(links) > 20 and all(link.startswith(below) for link in links)
    tab.locator(".md-search__input").focus()
    tab.keyboard.type("sigmoid")
    tab.wait_for_selector(".md-search-result__link")
    assert tab.locator(".md-search-result__link").first.get_attribute("href").startswith(below)
    tab.keyboard.press("Escape")
    tab.locator(".md-tabs__link").filter(has_text="Classification").evaluate("link => link.click()")
    tab.wait_for_url(f"{below}/classification/**")
    assert tab.locator("h1").first.inner_text().startswith("Logistic regression")
    tab.context.close()


def test_addresses_of_folders_and_without_html_lead_to_pages(browser, below):
    tab = open_page(browser, f"{below}/index.html")
    for address in ("classification/", "machine-learning", "use", "pytorch"):
        tab.goto(f"{below}/{address}")
        tab.wait_for_selector("article h1")
    tab.goto(f"{below}/classification/roc-curve#clf-roc-table")
    tab.wait_for_url(f"{below}/classification/roc-curve.html#clf-roc-table")
    tab.context.close()


def test_every_page_has_an_address_without_html(site):
    named = [page for page in pages() if not page.endswith(("index.html", "404.html"))]
    assert len(named) > 80
    assert [page for page in named if not (site / page.removesuffix(".html") / "index.html").is_file()] == []
    folders = {path.parent for path in site.rglob("*.html")}
    assert [folder for folder in folders if not (folder / "index.html").is_file()] == []

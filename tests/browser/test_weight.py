"""What a first visit to a page weighs as sent, all its files and what loads when it is scrolled to its end."""

import gzip
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import ROOT
from test_site import PAGES, open_page

SITE = ROOT / "site"
MOST = 250_000


def sent(file: Path) -> int:
    """The bytes of a file as a server sends it: compressed, unless it is so already."""
    data = file.read_bytes()
    return len(data) if file.suffix in (".woff2", ".png") else len(gzip.compress(data, 6))


def weight(tab, folder: Path) -> dict[str, int]:
    """What the page has asked for, file by file."""
    tab.evaluate("document.querySelectorAll('img').forEach(img => img.loading = 'eager')")
    tab.wait_for_load_state("networkidle")
    names = {"".join(tab.url.split("/", 3)[3:])} | set(
        tab.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    )
    paths = {folder / unquote(urlsplit(name).path.lstrip("/")) for name in names if not name.startswith("data:")}
    return {path.relative_to(folder).as_posix(): sent(path) for path in sorted(paths) if path.is_file()}


@pytest.mark.parametrize("page", PAGES)
def test_a_first_visit_weighs_little(browser, server, page):
    tab = open_page(browser, f"{server}/{page}", viewport={"width": 390, "height": 844})
    weights = weight(tab, SITE)
    tab.context.close()
    assert len(weights) >= 5
    assert sum(weights.values()) <= MOST, weights


def test_a_heavy_picture_is_noticed(browser, tmp_path):
    (tmp_path / "page.html").write_text("<!doctype html><img src=a.png alt=x loading=lazy>")
    (tmp_path / "a.png").write_bytes(bytes(MOST + 1))
    from look import serve

    running = serve(tmp_path)
    tab = open_page(browser, f"http://127.0.0.1:{running.server_port}/page.html")
    assert sum(weight(tab, tmp_path).values()) > MOST
    tab.context.close()
    running.shutdown()
    running.server_close()

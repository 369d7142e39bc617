"""Addresses that lead somewhere on any host: of folders, without `.html`, and whatever the page of errors stands at."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dlref.site import assets

# From as many folders below the site's root as this the page of errors finds it.
_DEPTH = 6
_HERE = "assets/here.js"
# The first of these scripts that is there stands in the site's `assets`, which tells where its root is.
_FIND = """if (!document.querySelector("base")) {
  const root = new URL("..", document.currentScript.src).href
  document.head.prepend(Object.assign(document.createElement("base"), { href: root }))
}
"""
_TELL = """<script>
{
  const config = document.getElementById("__config")
  config.textContent = JSON.stringify({ ...JSON.parse(config.textContent), base: document.baseURI })
  for (const link of document.querySelectorAll("a[href^='#']")) link.href = location.pathname + link.hash
}
</script>"""
_ELSEWHERE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="robots" content="noindex">
<link rel="canonical" href="{there}">
<meta http-equiv="refresh" content="1; url={there}">
</head>
<body><p><a href="{there}">{title}</a></p><script src="{root}assets/elsewhere.js"></script></body>
</html>
"""
# The place within the page is kept, which a refresh forgets.
_REPLACE = 'location.replace(document.querySelector("a").href + location.search + location.hash)\n'


def anywhere(html: str) -> str:
    """The page of errors, whose addresses are from a root that nobody has told: it finds the site's own by trying.

    Where somebody has told the site's address, the page needs no script for that.
    """
    if '"base": "/"' not in html:
        return html
    assets.files[_HERE] = _FIND.encode()
    html = re.sub(r'(href|src)="/(?!/)', r'\1="', html).replace('"base": "/"', '"base": "."')
    html = html.replace('"search": "/', '"search": "').replace('new URL("/",location)', "new URL(document.baseURI)")
    # With a class, since scripts without one are put off until the page is read.
    tries = "".join(f'<script class="here" src="{"../" * up}{_HERE}"></script>' for up in range(_DEPTH))
    html = re.sub(r"(?<=<head>)", tries, html, count=1)
    return re.sub(r'(<script id="__config".*?</script>)', rf"\1{_TELL}", html, count=1, flags=re.DOTALL)


def lead(site: Path, menu: list[Any]) -> None:
    """Write a page at each address that readers guess: of a page without `.html`, of a folder without a page.

    Args:
        site: The built site.
        menu: The pages' sources in their order, as `mkdocs.yml` has them; a folder leads to its first page.
    """
    (site / "assets" / "elsewhere.js").write_text(_REPLACE, encoding="utf-8")
    addresses = (posixpath.splitext(source)[0] + ".html" for source in _sources(menu))
    # Not every generator renders notebooks.
    for address in filter(lambda one: (site / one).is_file(), addresses):
        title = (site / address).read_text(encoding="utf-8").partition("<title>")[2].partition("</title>")[0]
        for guessed in (address.removesuffix(".html"), posixpath.dirname(address)):
            page = site / guessed / "index.html"
            if not page.exists() and not address.endswith("index.html"):
                page.parent.mkdir(exist_ok=True)
                there, root = posixpath.relpath(address, guessed), "../" * (guessed.count("/") + 1)
                page.write_text(_ELSEWHERE.format(title=title, there=there, root=root), encoding="utf-8")


def _sources(menu: Any) -> Iterator[str]:
    if isinstance(menu, str):
        yield menu
    else:
        for entry in menu.values() if isinstance(menu, dict) else menu:
            yield from _sources(entry)

"""What the theme's own files lack or cost, mended in the built site. A theme that has changed stops the build."""

import hashlib
import posixpath
import re
import shutil
from pathlib import Path

from dlref.site import figures, policy, styles

# In every page: what a screen reader names, a validator accepts and a phone shows early.
_HTML = (
    ('id="__drawer" autocomplete="off"', 'id="__drawer"'),
    ('id="__search" autocomplete="off"', 'id="__search"'),
    (' tabindex=""', ""),
    # Scripts wait until the page is read, so that it shows without them.
    ("<script src=", "<script defer src="),
)
# In its files, each place exactly once.
_FILES = (
    # Each block of code would be measured after the one before was changed; `dlref.js` measures all at once.
    ("javascripts/bundle.*.js", 'M("pre:not(.mermaid) > code",e)', "[]"),
    # These style every element of a page anew, twice each, while it loads; `dlref.css` says which scheme it is.
    ("javascripts/bundle.*.js", 'x("meta",{name:"color-scheme"});document.head.appendChild(o);', 'x("meta");'),
    (
        "stylesheets/palette.*.css",
        "[data-md-color-switching] *,[data-md-color-switching] :after,[data-md-color-switching] :before"
        "{transition-duration:0s!important}",
        "",
    ),
)
_LINK = re.compile(r'<link rel="stylesheet" href="([^"]*?)(assets/(?!site\.)[^"]*)">')
_ADDRESS = re.compile(r"""url\((["']?)(?!data:|#|["'])""")


def mend_page(html: str) -> str:
    """A page's HTML, mended."""
    for wrong, right in _HTML:
        html = html.replace(wrong, right)
    return policy.strict(html)


def mend_files(site: Path) -> None:
    """Mend the theme's scripts and styles, or raise `ValueError` where a place is not found once."""
    for pattern, wrong, right in _FILES:
        texts = {file: file.read_text(encoding="utf-8") for file in (site / "assets").glob(pattern)}
        if sum(text.count(wrong) for text in texts.values()) != 1:
            raise ValueError(f"assets/{pattern}: has not the one place that dlref/site/theme.py mends: {wrong[:60]}")
        for file, text in texts.items():
            file.write_text(text.replace(wrong, right), encoding="utf-8")


def join_styles(site: Path) -> None:
    """Make one style sheet of all: each file costs a phone another journey before it can show anything."""
    names = [name for _, name in _LINK.findall((site / "index.html").read_text(encoding="utf-8"))]
    css = "\n".join(_moved((site / name).read_text(encoding="utf-8"), posixpath.dirname(name)) for name in names)
    css = styles.trim("\n".join([css, _of_pages()]), styles.used(site))
    (site / f"assets/site.{hashlib.sha256(css.encode()).hexdigest()[:10]}.css").write_text(css, encoding="utf-8")
    for page in site.rglob("*.html"):
        join_styles_of(page, site)
    for name in names:
        (site / name).unlink()


def drop_unused(site: Path) -> None:
    """Leave out the theme's own search, in whose place is the site's, and maps to sources that are not here."""
    for folder in ("javascripts/lunr", "javascripts/workers"):
        shutil.rmtree(site / "assets" / folder, ignore_errors=True)
    for kind in ("javascripts", "stylesheets"):
        for file in (site / "assets" / kind).glob("*.map"):
            file.unlink()


def add_styles(site: Path) -> None:
    """Add to the one style sheet what a page that was rendered alone has brought."""
    (joined,) = (site / "assets").glob("site.*.css")
    css = joined.read_text(encoding="utf-8")
    if _of_pages() not in css:
        joined.write_text(f"{css}\n{_of_pages()}", encoding="utf-8")


def _of_pages() -> str:
    return f"{figures.style()}\n{policy.style()}"


def join_styles_of(page: Path, site: Path) -> None:
    """Let a page take the one style sheet of its site."""
    (joined,) = (site / "assets").glob("site.*.css")
    html = page.read_text(encoding="utf-8")
    html = _LINK.sub(rf'<link rel="stylesheet" href="\1assets/{joined.name}">', html, count=1)
    page.write_text(_LINK.sub("", html), encoding="utf-8")


def _moved(css: str, folder: str) -> str:
    """A style sheet of this folder, with addresses as they are from `assets`."""
    way = posixpath.relpath(folder, "assets")
    without_map = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    return without_map if way == "." else _ADDRESS.sub(rf"url(\1{way}/", without_map)

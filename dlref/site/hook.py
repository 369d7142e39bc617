"""What only MkDocs can do: say which page is converted, and place generated files in the site."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from dlref import __version__
from dlref.site import assets, concepts, feet, gallery
from dlref.site.build import ARCHIVE

WHEEL = f"dlref-{__version__}-py3-none-any.whl"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Make every exhibit that a page shows, before any page is converted, and the wheel that the site offers."""
    pages = [Path(f.abs_src_path) for f in files.documentation_pages() if f.abs_src_path and f.src_uri.endswith(".md")]
    root = Path(config.config_file_path).parent
    try:
        found = [m for p in pages for m in gallery.marks(p.relative_to(root), _text(p, root))]
        gallery.collect(found)
        feet.collect(pages, root)
    except gallery.SiteError as error:
        raise BuildError(str(error)) from None
    wheel = _wheel(root)
    digest = hashlib.sha256(wheel).hexdigest()
    assets.files.clear()
    assets.facts.update(
        version=__version__,
        archive=f'<a href="ROOT/downloads/{ARCHIVE}.zip" download><code>{ARCHIVE}.zip</code></a>',
        wheel=f'<a href="ROOT/downloads/{WHEEL}" download><code>{WHEEL}</code></a>',
        wheel_sha256=f"<code>{digest}</code>",
        wheel_name=f"<code>{WHEEL}</code>",
        exhibits=str(len({mark.address for mark in found})),
    )
    files.append(File.generated(config, f"downloads/{WHEEL}", content=wheel))
    return files


def _text(page: Path, root: Path) -> str:
    try:
        return page.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise gallery.SiteError(f"{page.relative_to(root)}: is not UTF-8 at byte {error.start}") from None


def _wheel(root: Path) -> bytes:
    """The wheel of this very package."""
    from hatchling.builders.wheel import WheelBuilder

    folder = root / ".cache" / "wheel"
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1577836800")
    return Path(next(WheelBuilder(str(root)).build(directory=str(folder), versions=["standard"]))).read_bytes()


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Tell the Markdown extension where it is."""
    assets.at(f"{Path(config.docs_dir).name}/{page.file.src_uri}", page.file.url)
    return markdown


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Say at the foot with which versions the page's examples passed."""
    return html + feet.foot(f"{Path(config.docs_dir).name}/{page.file.src_uri}")


# What the theme's own HTML lacks, so that a screen reader names it, a validator accepts it and a phone shows it early.
_MENDS = (
    ('role="dialog"', 'role="dialog" aria-label="Search"'),
    ('id="__drawer" autocomplete="off"', 'id="__drawer"'),
    ('id="__search" autocomplete="off"', 'id="__search"'),
    (' tabindex=""', ""),
    # Scripts wait until the page is read, so that it shows without them.
    ("<script src=", "<script defer src="),
)


def on_post_page(output: str, **_: Any) -> str:
    """Mend the theme's HTML."""
    for wrong, right in _MENDS:
        output = output.replace(wrong, right)
    return output


# Pages without Markdown, such as 404.html.
on_post_template = on_post_page


def on_post_build(config: MkDocsConfig) -> None:
    """Write what the extension added, and `concepts.json`."""
    site = Path(config.site_dir)
    _mend_search(site)
    for name, data in assets.files.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    try:
        index = concepts.index(Path(config.docs_dir), config.extra["concepts"])
    except gallery.SiteError as error:
        raise BuildError(str(error)) from None
    (site / "concepts.json").write_text(json.dumps(index, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


# The theme's search joins letters and numbers of states into one key, so that "1" and 23 is the same as "12" and 3: two
# different states become one, and a query that meets it ends in an error. With a comma after each number it cannot.
_SEARCH_MEND = ("e=e+s+o.id}", 'e=e+s+o.id+","}')


def _mend_search(site: Path) -> None:
    for worker in site.glob("assets/javascripts/workers/search.*.js"):
        code = worker.read_text(encoding="utf-8")
        if code.count(_SEARCH_MEND[0]) != 1:
            raise BuildError(f"{worker.name}: has not the one place that dlref/site/hook.py mends")
        worker.write_text(code.replace(*_SEARCH_MEND), encoding="utf-8")

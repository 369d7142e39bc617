"""What only MkDocs can do: say which page is converted, and place generated files in the site."""

import hashlib
import json
import os
import sys
import tomllib
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from dlref import __version__
from dlref.engine import cache, collecting, passed, shown
from dlref.engine.made import SiteError
from dlref.site import assets, concepts, feet, fonts, search, theme
from dlref.site.build import ARCHIVE

# A site that is only served comes up whatever fails; pages say so where it does.
_serving = False
WHEEL = f"dlref-{__version__}-py3-none-any.whl"


def on_startup(command: str, dirty: bool) -> None:
    """Remember whether the site is only served."""
    global _serving
    _serving = command == "serve"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Make every exhibit that a page shows, before any page is converted, and the wheel that the site offers."""
    pages = [Path(f.abs_src_path) for f in files.documentation_pages() if f.abs_src_path and f.src_uri.endswith(".md")]
    root = Path(config.config_file_path).parent
    try:
        found = [m for p in pages for m in collecting.marks(p.relative_to(root), _text(p, root))]
    except SiteError as error:
        raise BuildError(str(error)) from None
    wrong = collecting.collect(found, lenient=True) + passed.collect(pages, root, lenient=True)
    if wrong and not _serving:
        raise BuildError("\n".join(wrong))
    if wrong:
        print("Not so on this machine:", *wrong, sep="\n", file=sys.stderr, flush=True)
    wheel = _wheel(root, shown.write(shown.listed(found)))
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
        raise SiteError(f"{page.relative_to(root)}: is not UTF-8 at byte {error.start}") from None


def _wheel(root: Path, shown_on_pages: Path) -> bytes:
    """The wheel of this very package, with what the site shows, so that a reader can compute it again."""
    from hatchling.builders.wheel import WheelBuilder

    config = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    settings = config["tool"]["hatch"]["build"]["targets"]["wheel"]
    settings["force-include"] = {str(shown_on_pages): "dlref/pages/shown.json"}
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1577836800")
    builder = WheelBuilder(str(root), config=config)
    return Path(next(builder.build(directory=str(cache.ROOT / "wheel"), versions=["standard"]))).read_bytes()


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Tell the Markdown extension where it is."""
    assets.at(f"{Path(config.docs_dir).name}/{page.file.src_uri}", page.file.url)
    return markdown


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Say at the foot with which versions the page's examples passed."""
    return html + feet.foot(f"{Path(config.docs_dir).name}/{page.file.src_uri}")


def on_post_page(output: str, **_: Any) -> str:
    """Mend the theme's HTML."""
    return theme.mend_page(output)


# Pages without Markdown, such as 404.html.
on_post_template = on_post_page


def on_post_build(config: MkDocsConfig) -> None:
    """Write what the extension added, `concepts.json`, and the index of the search."""
    site = Path(config.site_dir)
    for name, data in assets.files.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    try:
        theme.mend_files(site)
    except ValueError as error:
        raise BuildError(str(error)) from None
    theme.join_styles(site)
    theme.drop_unused(site)
    fonts.trim(site)
    try:
        index = concepts.index(Path(config.docs_dir), config.extra["concepts"])
        search.write(site)
    except SiteError as error:
        raise BuildError(str(error)) from None
    (site / "concepts.json").write_text(json.dumps(index, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

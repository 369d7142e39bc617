"""The steps of a build before a generator renders the pages: exhibits, examples, notebooks and the wheel."""

import hashlib
import os
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

from dlref import __version__
from dlref.engine import cache, collecting, passed, shown
from dlref.engine.made import SiteError
from dlref.site import assets, notebooks

ARCHIVE = "dlref-site"
WHEEL = f"dlref-{__version__}-py3-none-any.whl"


def prepare(root: Path, lenient: bool = False) -> None:
    """Make all that pages show, run all examples and notebooks, and build the wheel that the site offers.

    Args:
        root: The repository.
        lenient: Show on the page what fails, and list it, in place of an error: for a site that is only served.

    Raises:
        SiteError: With all that failed, each by its place.
    """
    pages = sorted((root / "docs").rglob("*.md"))
    assets.files.clear()
    marks = check(root, pages, lenient)
    for source in sorted((root / "docs" / "notebooks").glob("*.py")):
        _, bare = notebooks.execute(source, root)
        assets.files[f"downloads/{source.name}"] = source.read_bytes()
        assets.files[f"downloads/{source.stem}.ipynb"] = bare
    wheel = build_wheel(root, shown.write(shown.listed(marks)))
    assets.files[f"downloads/{WHEEL}"] = wheel
    assets.facts.update(
        version=__version__,
        archive=f'<a href="ROOT/downloads/{ARCHIVE}.zip" download><code>{ARCHIVE}.zip</code></a>',
        wheel=f'<a href="ROOT/downloads/{WHEEL}" download><code>{WHEEL}</code></a>',
        wheel_sha256=f"<code>{hashlib.sha256(wheel).hexdigest()}</code>",
        wheel_name=f"<code>{WHEEL}</code>",
        exhibits=str(len({mark.address for mark in marks})),
    )


def check(root: Path, pages: Iterable[Path], lenient: bool) -> list[collecting.Mark]:
    """Make the exhibits of these pages and run their examples; where the exhibits stand."""
    pages = list(pages)
    marks = [mark for page in pages for mark in collecting.marks(page.relative_to(root), _text(page, root))]
    wrong = collecting.collect(marks, lenient=True) + passed.collect(pages, root, lenient=True)
    if wrong and not lenient:
        raise SiteError("\n".join(wrong))
    if wrong:
        print("Not so on this machine:", *wrong, sep="\n", file=sys.stderr, flush=True)
    return marks


def _text(page: Path, root: Path) -> str:
    try:
        return page.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SiteError(f"{page.relative_to(root)}: is not UTF-8 at byte {error.start}") from None


def build_wheel(root: Path, shown_on_pages: Path) -> bytes:
    """The wheel of this very package, with what the site shows, so that a reader can compute it again."""
    from hatchling.builders.wheel import WheelBuilder

    config = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    settings = config["tool"]["hatch"]["build"]["targets"]["wheel"]
    settings["force-include"] = {str(shown_on_pages): "dlref/pages/shown.json"}
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1577836800")
    builder = WheelBuilder(str(root), config=config)
    return Path(next(builder.build(directory=str(cache.ROOT / "wheel"), versions=["standard"]))).read_bytes()

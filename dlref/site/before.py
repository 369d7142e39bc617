"""The steps of a build before a generator renders the pages: exhibits, examples, notebooks and the wheel."""

import hashlib
import json
import os
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from dlref import __version__
from dlref.engine import collecting, passed, shown
from dlref.engine.examples import BadExample
from dlref.engine.made import SiteError
from dlref.site import assets, concepts, notebooks, places, settings, version

ARCHIVE = "dlref-site"


def prepare(root: Path) -> list[str]:
    """Make all that pages show, run all examples and notebooks, and build the wheel that the site offers.

    Args:
        root: The repository.

    Returns:
        All that failed, each by its place. Pages show it in the place of the result.

    Raises:
        SiteError: If a page or notebook cannot be read or run.
    """
    pages = sorted((root / "docs").rglob("*.md"))
    assets.files.clear()
    marks, wrong = check(root, pages)
    known = settings.read(root)
    wrong += places.missing(root, known)
    try:
        index = concepts.index(root / "docs", known["extra"]["concepts"])
        assets.files["concepts.json"] = (json.dumps(index, indent=1, ensure_ascii=False) + "\n").encode()
    except SiteError as error:
        wrong.append(str(error))
    except BadExample:
        # Told already, with the examples.
        pass
    told = shown.listed(marks)
    for source in sorted((root / "docs" / "notebooks").glob("*.py")):
        told.append(shown.of_notebook(source, source.relative_to(root)))
        _, bare = notebooks.execute(source, root)
        assets.files[f"downloads/{source.name}"] = source.read_bytes()
        assets.files[f"downloads/{source.stem}.ipynb"] = bare
    name, wheel = build_wheel(root, shown.write(told))
    assets.files[f"downloads/{name}"] = wheel
    assets.facts.update(
        version=__version__,
        archive=f'<a href="ROOT/downloads/{ARCHIVE}.zip" download><code>{ARCHIVE}.zip</code></a>',
        wheel=f'<a href="ROOT/downloads/{quote(name)}" download><code>{name}</code></a>',
        wheel_sha256=f"<code>{hashlib.sha256(wheel).hexdigest()}</code>",
        wheel_name=f"<code>{name}</code>",
        exhibits=str(len({mark.address for mark in marks})),
    )
    return wrong


def check(root: Path, pages: Iterable[Path]) -> tuple[list[collecting.Mark], list[str]]:
    """Make the exhibits of these pages and run their examples; where exhibits stand, and what is wrong."""
    pages = list(pages)
    marks = [mark for page in pages for mark in collecting.marks(page.relative_to(root), _text(page, root))]
    return marks, collecting.collect(marks, lenient=True) + passed.collect(pages, root, lenient=True)


def _text(page: Path, root: Path) -> str:
    try:
        return page.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SiteError(f"{page.relative_to(root)}: is not UTF-8 at byte {error.start}") from None


def build_wheel(root: Path, shown_on_pages: Path) -> tuple[str, bytes]:
    """The wheel of this very package, with what the site shows, so that a reader can compute it again, and its name."""
    from hatchling.builders.wheel import WheelBuilder

    config = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    settings = config["tool"]["hatch"]["build"]["targets"]["wheel"]
    settings["force-include"] = {str(shown_on_pages): "dlref/pages/shown.json"}
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1577836800")
    with tempfile.TemporaryDirectory() as folder:

        def build(version: str) -> Path:
            config["project"]["version"] = version
            return Path(next(WheelBuilder(str(root), config=config).build(directory=folder, versions=["standard"])))

        wheel = version.settled(__version__, build)
        return wheel.name, wheel.read_bytes()

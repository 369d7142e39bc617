"""What the site shows of its exhibits, in a form that travels with the package: a reader can compute it again."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from dlref.engine import cache, collecting, notebooks, source
from dlref.engine.made import Made

# A wheel carries it inside the package; a checkout keeps that of the last build.
FILES = (source.PACKAGE / "pages" / "shown.json", cache.ROOT / "shown.json")


@dataclass(frozen=True)
class Shown:
    """A number, table, text or claim as a page shows it, or a notebook."""

    page: str
    """The first page that shows it, such as `classification/roc-curve`."""
    address: str
    """The exhibit's address; of a notebook its file, such as `notebooks/cars.py`."""
    frames: list[str]
    """Each frame, or what each cell of the notebook prints, in plain text and to the digits shown."""
    trains: bool
    """Whether a network is trained for it, which takes long."""

    @property
    def notebook(self) -> bool:
        """Whether it is a notebook."""
        return self.address.endswith(".py")


def listed(found: Iterable[collecting.Mark]) -> list[Shown]:
    """What can be compared on another machine: all but figures, and what is told to be a single run."""
    places: dict[str, collecting.Mark] = {}
    # On the page of its own module, where it stands there.
    for mark in sorted(found, key=lambda mark: "." in mark.written):
        if not mark.address.startswith("site."):
            places.setdefault(mark.address, mark)
    kept = {address: collecting.get(address) for address in places}
    return [
        Shown(_page(mark.page), address, texts(kept[address]), _trains(address))
        for address, mark in places.items()
        if kept[address].kind not in ("figure", "failed") and not kept[address].one_run
    ]


def texts(made: Made) -> list[str]:
    """Each frame in plain text."""
    return [notebooks.without_tags(frame.html) for frame in made.frames]


def of_notebook(file: Path, shown: Path) -> Shown:
    """What a notebook shows, its figures left out; errors call it `shown`, such as `docs/notebooks/cars.py`."""
    cells = notebooks.texts(notebooks.outputs(file, shown))
    return Shown(_page(shown), f"{_page(shown)}{shown.suffix}", cells, trains=True)


def _page(page: Path) -> str:
    return Path(*page.with_suffix("").parts[1:]).as_posix()


def _trains(address: str) -> bool:
    """Whether it uses a training that is kept."""
    imports = source.module(source.file_of(address)).imported(address.rpartition(".")[2])
    files = source.closure(imports)
    return any(file.name == "trained.py" for file in files)


def write(shown: list[Shown]) -> Path:
    """Write it to the cache, from where the wheel takes it; where that is."""
    FILES[1].parent.mkdir(parents=True, exist_ok=True)
    FILES[1].write_text(json.dumps([asdict(s) for s in shown], ensure_ascii=False, indent=0), encoding="utf-8")
    return FILES[1]


def read() -> list[Shown]:
    """What the site shows that this package came with, or that was built last."""
    file = next((file for file in FILES if file.is_file()), None)
    return [Shown(**entry) for entry in json.loads(file.read_text(encoding="utf-8"))] if file else []

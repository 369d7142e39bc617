"""Under what each page's exhibits have held: what `scripts/hold` found, as long as the page shows the same."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from dlref.engine import collecting, source
from dlref.engine.made import Made
from dlref.engine.shown import texts

FILE = source.PACKAGE.parent / "scripts" / "held.json"


@dataclass(frozen=True)
class Record:
    """What held for a page, and what the page showed when it did."""

    shows: str
    """Changes with what any of the page's exhibits shows, and with their code; no machine or version is in it."""
    arithmetics: int
    """Under how many arithmetics numbers, tables, texts and figures were the same."""
    shifts: int
    """With how many other sets of seeds each claim held."""


def of_page(page: str) -> Record | None:
    """What held for a page, by its source such as `docs/classification/roc-curve.md`, or None."""
    record = _records().get(page)
    if record is None:
        return None
    made = {address: collecting.get(address) for address in exhibits(source.PACKAGE.parent / page)}
    return record if record.shows == digest(made) else None


def exhibits(page: Path) -> list[str]:
    """The addresses of the exhibits on a page."""
    marks = collecting.marks(page, page.read_text(encoding="utf-8"))
    return sorted({mark.address for mark in marks if not mark.address.startswith("site.")})


def digest(made: Mapping[str, Made]) -> str:
    """Changes with what these exhibits show and with their code; not with what a single run shows."""
    shown = [f"{a} {m.kind} {[] if m.kind == 'figure' or m.one_run else texts(m)} {_code(a)}" for a, m in made.items()]
    return source.digest("\n".join(shown))


def _code(address: str) -> list[str]:
    """Of an exhibit and of all that it uses of other exhibits' modules."""
    file, name = source.module(source.file_of(address)), address.rpartition(".")[2]
    used = [p for p in source.closure(file.imported(name)) if p.suffix == ".py" and "exhibits" in p.parts]
    return [file.code(name, decorated=True), *(source.module(path).fingerprint for path in used)]


def note(records: dict[str, Record]) -> None:
    """Write down what held for these pages."""
    kept = {page: record for page, record in _records().items() if (source.PACKAGE.parent / page).is_file()}
    rows = [f'"{page}": {json.dumps(asdict(record))}' for page, record in sorted((kept | records).items())]
    FILE.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def _records() -> dict[str, Record]:
    data = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    return {page: Record(**record) for page, record in data.items()}

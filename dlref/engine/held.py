"""Under what each page's exhibits have held: what `scripts/hold` found, as long as nothing has changed since."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from dlref.engine import collecting, source

FILE = source.PACKAGE.parent / "scripts" / "held.json"


@dataclass(frozen=True)
class Record:
    """What held for a page, and the code for which it did."""

    code: str
    """Changes with the code of any of the page's exhibits; no machine or version is in it."""
    arithmetics: int
    """Under how many arithmetics numbers, tables, texts and figures were the same."""
    shifts: int
    """With how many other sets of seeds each claim held."""


def of_page(page: str) -> Record | None:
    """What held for a page, by its source such as `docs/classification/roc-curve.md`; None if that was other code."""
    record = _records().get(page)
    return record if record and record.code == code_of(source.PACKAGE.parent / page) else None


def code_of(page: Path) -> str:
    """Changes with the code of any exhibit of the page."""
    marks = collecting.marks(page, page.read_text(encoding="utf-8"))
    addresses = sorted({mark.address for mark in marks if not mark.address.startswith("site.")})
    return source.digest("\n".join(map(source.code_key, addresses)))


def note(records: dict[str, Record]) -> None:
    """Write down what held for these pages."""
    kept = {page: record for page, record in _records().items() if (source.PACKAGE.parent / page).is_file()}
    rows = [f'"{page}": {json.dumps(asdict(record))}' for page, record in sorted((kept | records).items())]
    FILE.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def _records() -> dict[str, Record]:
    data = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    return {page: Record(**record) for page, record in data.items()}

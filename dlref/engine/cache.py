"""Results on disk, each with a hash of itself, so that a damaged one is noticed and made again."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(".cache") / "exhibits"


def load(name: str, key: str) -> Any | None:
    """What was saved under this name and key, or None where that is missing or damaged."""
    try:
        digest, _, body = _path(name, key).read_bytes().partition(b"\n")
    except OSError:
        return None
    return json.loads(body) if hashlib.sha256(body).hexdigest().encode() == digest else None


def save(name: str, key: str, result: Any) -> None:
    """Save under this name, in place of what an older key left."""
    path = _path(name, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = json.dumps(result, ensure_ascii=False).encode()
    # Written aside and moved, so that a reader never sees half a file.
    aside = path.with_suffix(f".{os.getpid()}")
    aside.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    for old in path.parent.glob(f"{name}-????????????????.json"):
        old.unlink(missing_ok=True)
    aside.replace(path)


def _path(name: str, key: str) -> Path:
    return FOLDER / f"{name}-{key}.json"

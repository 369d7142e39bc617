"""Results on disk, each with a hash of itself, so that a damaged one is noticed and made again."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Whatever is kept lies below this folder of the repository, or where the environment says. Zensical empties `.cache`.
ROOT = Path(os.environ.get("DLREF_CACHE", Path(__file__).parents[2] / ".dlref"))


@dataclass(frozen=True)
class Store:
    """A folder of results of one kind, and how they become bytes and results again."""

    folder: str
    suffix: str
    encode: Callable[[Any], bytes]
    decode: Callable[[bytes], Any]

    def load(self, name: str, key: str) -> Any | None:
        """What was saved under this name and key, or None where that is missing or damaged."""
        try:
            digest, _, body = self.path(name, key).read_bytes().partition(b"\n")
        except OSError:
            return None
        return self.decode(body) if hashlib.sha256(body).hexdigest().encode() == digest else None

    def save(self, name: str, key: str, result: Any) -> None:
        """Save under this name, in place of what an older key left."""
        path, body = self.path(name, key), self.encode(result)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and moved, so that a reader never sees half a file.
        aside = path.with_suffix(f".{os.getpid()}")
        aside.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        for old in path.parent.glob(f"{name}-{'?' * 16}{self.suffix}"):
            old.unlink(missing_ok=True)
        aside.replace(path)

    def path(self, name: str, key: str) -> Path:
        """Where a result stands, or would."""
        return ROOT / self.folder / f"{name}-{key}{self.suffix}"


exhibits = Store("exhibits", ".json", lambda result: json.dumps(result, ensure_ascii=False).encode(), json.loads)

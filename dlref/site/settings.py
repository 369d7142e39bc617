"""What `mkdocs.yml` says, for the steps of a build in which no generator takes part."""

from pathlib import Path
from typing import Any

import yaml

FILE = "mkdocs.yml"


class _Loader(yaml.SafeLoader):
    """Takes what only a generator understands, such as `!ENV`, for nothing."""


_Loader.add_multi_constructor("!", lambda loader, tag, node: None)
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, tag, node: None)


def read(root: Path) -> dict[str, Any]:
    """The settings of the repository at `root`."""
    return yaml.load((root / FILE).read_text(encoding="utf-8"), _Loader)

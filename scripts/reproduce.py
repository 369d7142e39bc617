"""Build the whole site twice from nothing, in different folders, time zones and hash seeds, and compare every byte.

scripts/reproduce        takes about ten minutes; scripts/test does the same with a site of one page
"""

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import copy

SURROUNDINGS = (
    {"TZ": "UTC", "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"},
    {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "LC_ALL": "C"},
)


def built(folder: Path, surroundings: dict[str, str]) -> Path:
    """The site, built in a copy of the repository that has no cache."""
    shutil.rmtree(folder / ".dlref", ignore_errors=True)
    command = [sys.executable, "-m", "dlref.site", "build"]
    subprocess.run(command, cwd=folder, env=os.environ | surroundings, check=True, stdout=subprocess.DEVNULL)
    return folder / "site"


def names(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}


def differences(one: Path, other: Path) -> list[str]:
    """The files that only one of two sites has, or that hold other bytes."""
    common = names(one) & names(other)
    _, unequal, unread = filecmp.cmpfiles(one, other, sorted(common), shallow=False)
    return sorted(names(one) ^ names(other)) + unequal + unread


def main() -> int:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # Both before the first is built: what is edited meanwhile is in neither.
        places = copy(Path(folder, "one")), copy(Path(folder, "elsewhere", "other"))
        one, other = (built(place, around) for place, around in zip(places, SURROUNDINGS, strict=True))
        found = differences(one, other)
        print(f"{len(names(one))} files, {len(found)} of them different")
        for name in found:
            print(f"    {name}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())

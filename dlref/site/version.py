"""A version of its own for each wheel that the site offers, so that pip puts a newer one in the place of an older."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile


def settled(public: str, build: Callable[[str], Path]) -> Path:
    """The wheel, built once more with a version that tells its content: `public` and a label such as +b1f0c9a2e7.

    The same content has the same version wherever and whenever it is built, without Git. The order of two labels says
    nothing; pip installs a file whose version differs from the one that is installed, whichever is greater.

    Args:
        public: The version without a label.
        build: Builds the wheel with a version, and gives where it is.
    """
    content = hashlib.sha256()
    with ZipFile(build(public)) as wheel:
        for name in sorted(wheel.namelist()):
            content.update(name.encode() + hashlib.sha256(wheel.read(name)).digest())
    # Digits alone would be read as a number, which loses the zeros in front.
    return build(f"{public}+b{content.hexdigest()[:10]}")

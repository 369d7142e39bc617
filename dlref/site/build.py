"""Builds the site beside the last one and puts it in its place only when it is whole."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

CACHE = Path(".cache")
ARCHIVE = "dlref-site"


def build(site: Path, draft: bool = False) -> None:
    """Write the site. Until it is finished and sound, `site` stays as it was. A draft may have warnings."""
    with _alone(), _workspace(site) as folder:
        new = folder / "new"
        _mkdocs(new, strict=not draft)
        _archive(new)
        old = folder / "old"
        if site.exists():
            site.rename(old)
        new.rename(site)


@contextmanager
def _alone() -> Iterator[None]:
    """One build at a time; a second one says that it waits."""
    CACHE.mkdir(exist_ok=True)
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with (CACHE / "build.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another build is running; waiting for it to finish.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _workspace(site: Path) -> Iterator[Path]:
    """A folder beside the site, on the same disk so that a finished site is moved, not copied."""
    site.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{site.name}-"
    for left in site.parent.glob(prefix + "*"):
        # A build that was killed between the two moves left the last good site here.
        if not site.exists() and (left / "old").exists():
            (left / "old").rename(site)
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=site.parent))
    try:
        yield folder
    finally:
        if not site.exists() and (folder / "old").exists():
            (folder / "old").rename(site)
        with suppress(OSError):
            shutil.rmtree(folder)


def _archive(site: Path) -> None:
    """The whole site in one file, for readers who take it along: the same bytes for the same site."""
    files = sorted(path for path in site.rglob("*") if path.is_file())
    with ZipFile(site / "downloads" / f"{ARCHIVE}.zip", "w") as archive:
        for path in files:
            # Of no date, and of the lowest level: the highest takes a second more and saves a seventh.
            entry = ZipInfo(f"{ARCHIVE}/{path.relative_to(site).as_posix()}")
            archive.writestr(entry, path.read_bytes(), ZIP_DEFLATED, 1)


def _mkdocs(folder: Path, strict: bool) -> None:
    from mkdocs.commands.build import build as write
    from mkdocs.config import load_config

    # Material dates pages by this; a build of the same commit is then the same to the byte.
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1577836800")
    config = load_config(site_dir=str(folder.resolve()), strict=strict)
    config.plugins.on_startup(command="build", dirty=False)
    try:
        write(config)
    finally:
        config.plugins.on_shutdown()

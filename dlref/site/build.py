"""Builds the site beside the last one and puts it in its place only when it is whole."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dlref.engine import cache
from dlref.engine.made import SiteError
from dlref.site import after, before
from dlref.site.generators import GENERATORS


def build(site: Path, draft: bool = False, generator: str = "mkdocs") -> None:
    """Write the site. Until it is finished and sound, `site` stays as it was. A draft may have warnings."""
    with _alone(), _workspace(site) as folder:
        new, root = folder / "new", Path.cwd()
        # Faults of exhibits, places, examples and links come together, not one build each.
        wrong = before.prepare(root)
        try:
            GENERATORS[generator](new, strict=not draft)
        except SiteError as error:
            wrong.append(str(error))
        except Exception:
            # What follows from a fault that is told already is no news.
            if not wrong:
                raise
        if wrong:
            raise SiteError("\n".join(wrong))
        after.finish(new, root, material=generator != "zensical")
        after.archive(new)
        old = folder / "old"
        if site.exists():
            site.rename(old)
        new.rename(site)


@contextmanager
def _alone() -> Iterator[None]:
    """One build at a time; a second one says that it waits."""
    cache.ROOT.mkdir(parents=True, exist_ok=True)
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with (cache.ROOT / "build.lock").open("w") as lock:
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

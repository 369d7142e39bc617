"""Serves the site while it is written: what has changed is rendered anew, not the site."""

import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from dlref.engine import collecting
from dlref.engine.made import SiteError
from dlref.site import after, before, generators, settings

# Seconds between two looks at the files. A change is noticed after half of it on average.
LOOK = 0.2
# A page is rendered with these as they were when the server was started, or in a whole build.
WHOLE = ("mkdocs.yml", "docs/_theme", "docs/assets", "docs/notebooks", "dlref/plots")
PROCESS = ("dlref/engine", "dlref/site")


def serve(port: int, root: Path) -> None:
    """Serve the site on this port of this machine until it is interrupted.

    Raises:
        SiteError: If the first build fails for another reason than a result that does not hold here.
    """
    from mkdocs.livereload import LiveReloadServer

    with tempfile.TemporaryDirectory(prefix="dlref-") as folder:
        site = Site(root, Path(folder), f"http://127.0.0.1:{port}/")
        site.write()
        server = LiveReloadServer(site.update, "127.0.0.1", port, folder, polling_interval=LOOK)
        server.error_handler = lambda code: (Path(folder) / "404.html").read_bytes() if code == 404 else None
        for watched in ("docs", "dlref", settings.FILE):
            server.watch(str(root / watched))
        try:
            server.serve()
        finally:
            server.shutdown()


class Site:
    """The served site, and what its sources were when it was written."""

    def __init__(self, root: Path, folder: Path, url: str):
        self.root, self.folder, self.url = root, folder, url
        self.sources = self._look()

    def write(self) -> None:
        """The whole site."""
        self.sources = self._look()
        _tell(before.prepare(self.root))
        generators.mkdocs(self.folder, strict=False, site_url=self.url)
        after.finish(self.folder, self.root)

    def update(self) -> None:
        """What has changed since the last look: pages, and pages that show an exhibit that has changed."""
        started, now = time.perf_counter(), self._look()
        changed = {path for path in now.keys() | self.sources.keys() if now.get(path) != self.sources.get(path)}
        new, self.sources = now.keys() != self.sources.keys(), now
        if not changed:
            return
        try:
            if new or any(path.startswith(WHOLE) for path in changed):
                self.write()
                print(f"The whole site was rendered in {time.perf_counter() - started:.1f} s.", flush=True)
            else:
                self._update(changed, started)
        except SiteError as error:
            print(f"Not rendered; the site is as it was.\n{error}", file=sys.stderr, flush=True)
        if any(path.startswith(PROCESS) for path in changed):
            print("The engine has changed: start the server again to see what it makes.", flush=True)

    def _update(self, changed: set[str], started: float) -> None:
        pages = {path for path in changed if path.endswith(".md")}
        code = {path for path in changed if path.endswith(".py")}
        if code:
            pages |= self._showing(collecting.stale())
        headings = [page for page in sorted(pages) if self._render(page)]
        rendered = ", ".join(sorted(pages)) or "No page"
        print(f"{rendered}: rendered in {time.perf_counter() - started:.1f} s.", flush=True)
        more = [f"links to the headings of {page}, and the navigation" for page in headings]
        more += [f"what examples and the reference show of {p}" for p in sorted(code) if "dlref/exhibits/" not in p]
        if more:
            print("A whole build, which a change of mkdocs.yml starts, says more:", *more, sep="\n    ", flush=True)

    def _showing(self, addresses: Iterable[str]) -> set[str]:
        """The pages on which these exhibits stand."""
        wanted, found = set(addresses), set()
        for path in self.sources:
            if path.endswith(".md"):
                marks = collecting.marks(Path(path), (self.root / path).read_text(encoding="utf-8"))
                found |= {path for mark in marks if mark.address in wanted}
        return found

    def _render(self, page: str) -> bool:
        """Render one page; whether its headings have changed."""
        _tell(before.check(self.root, [self.root / page])[1])
        changed, written = generators.mkdocs_page(page.removeprefix("docs/"))
        after.finish_one(written, self.folder)
        return changed

    def _look(self) -> dict[str, int]:
        """When each source was changed."""
        files = [p for folder in ("docs", "dlref") for p in (self.root / folder).rglob("*") if p.is_file()]
        kept = [p for p in (*files, self.root / settings.FILE) if "__pycache__" not in p.parts]
        return {path.relative_to(self.root).as_posix(): path.stat().st_mtime_ns for path in kept}


def _tell(wrong: list[str]) -> None:
    if wrong:
        print("Not so on this machine:", *wrong, sep="\n", file=sys.stderr, flush=True)

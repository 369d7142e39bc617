"""What the engine costs: builds against a floor, live reload, and the weight of pages.

The floor is plain MkDocs with the same theme and plugins on the same pages with their outputs already in place: every
exhibit and example is HTML in the Markdown, and formulas are left unrendered. Runs alternate; medians are compared.

    scripts/bench            all of it, in copies of the repository; the working tree is not touched
    scripts/bench --cold     only how long each part's exhibits take when none is in the cache
"""

import argparse
import gzip
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
RUNS = 5
AT_WORK = ("deep-learning", "map", "vision", "sequences", "gan", "style-transfer", "data-size")
AT_WORK = [f"deep-learning/{name}.md" for name in AT_WORK]
FUNDAMENTALS = [str(p.relative_to(ROOT / "docs")) for p in sorted((ROOT / "docs/deep-learning").glob("*.md"))]
PARTS = {
    "machine learning": ["machine-learning"],
    "classification": ["classification"],
    "deep learning, the fundamentals": [page for page in FUNDAMENTALS if page not in AT_WORK],
    "deep learning at work": AT_WORK,
    "PyTorch": ["pytorch"],
}
# Makes the exhibits of pages, or of folders of pages.
COLLECT = """
import sys
from pathlib import Path
from dlref.engine import collecting
given = [Path("docs", name) for name in sys.argv[1:]]
pages = [page for path in given for page in (sorted(path.rglob("*.md")) if path.is_dir() else [path])]
collecting.collect([mark for page in pages for mark in collecting.marks(page, page.read_text("utf-8"))])
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cold", action="store_true", help="only time each part's exhibits, with an empty cache")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.cold:
            return cold(copy(Path(folder)))
        work, floor = copy(Path(folder) / "work"), copy(Path(folder) / "floor")
        build(work)
        lay_floor(floor, work)
        times = [(seconds(lambda: build(work)), seconds(lambda: mkdocs(floor))) for _ in range(RUNS)]
        ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
        print(f"warm build        {ours / theirs:6.2f} of the floor   ({ours:.2f} s and {theirs:.2f} s)")
        with serving(work) as address:
            page = work / "docs/classification/roc-curve.md"
            prose = reload(page, "has not yet decided", address)
            exhibit = reload(
                work / "dlref/exhibits/classification/roc_curve.py", "Each threshold is one point", address
            )
        print(f"reload, prose     {prose / theirs:6.2f} of the floor   ({prose:.2f} s)")
        print(f"reload, exhibit   {exhibit / theirs:6.2f} of the floor   ({exhibit:.2f} s)")
        weights(work / "site")


def cold(work: Path) -> None:
    """Print how long the exhibits of each part take when nothing is in the cache."""
    for part, pages in PARTS.items():
        shutil.rmtree(work / ".dlref", ignore_errors=True)
        command = [sys.executable, "-c", COLLECT, *pages]
        took = seconds(lambda command=command: subprocess.run(command, cwd=work, check=True))
        print(f"{part:36} {took:6.0f} s", flush=True)


def copy(folder: Path) -> Path:
    """The repository's files, with the cache that this checkout has."""
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    for name in filter(None, names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    if (ROOT / ".dlref").exists():
        shutil.copytree(ROOT / ".dlref", folder / ".dlref", ignore=shutil.ignore_patterns("look", "*.lock"))
    return folder


def run(folder: Path, *command: str) -> None:
    subprocess.run([sys.executable, "-m", *command], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def build(folder: Path) -> None:
    run(folder, "dlref.site", "build")


def mkdocs(folder: Path) -> None:
    run(folder, "mkdocs", "build", "--quiet")


def seconds(action) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def lay_floor(floor: Path, work: Path) -> None:
    """Turn a copy into the floor: outputs in the pages, and no part of the engine in the settings."""
    os.chdir(work)
    from dlref.engine import collecting
    from dlref.site import assets, extension

    shown = extension._Page(_Stash())
    collecting.collect(
        [m for p in sorted((work / "docs").rglob("*.md")) for m in collecting.marks(p, p.read_text("utf-8"))]
    )
    for page in sorted((floor / "docs").rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        shown.reset()
        lines = [_with_outputs(line, page, shown, collecting, extension) for line in text.split("\n")]
        blocks = re.sub(r"(?ms)^( *)```pycon\n(.*?)^\1```$", _example, "\n".join(lines))
        page.write_text(blocks, encoding="utf-8")
    for name, data in assets.files.items():
        (floor / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (floor / "docs" / name).write_bytes(data)
    settings = (floor / "mkdocs.yml").read_text(encoding="utf-8")
    for pattern, without in _ENGINE:
        settings, count = re.subn(pattern, without, settings, flags=re.MULTILINE)
        if count != 1:
            sys.exit(f"scripts/bench: mkdocs.yml has {count} places like {pattern}; the floor would be none")
    (floor / "mkdocs.yml").write_text(settings, encoding="utf-8")


# What the engine adds to the settings, each found once, and what the floor has in its place.
_ENGINE = (
    (r"^hooks: .*\n", ""),
    (r"^  - dlref\.site\.extension\n", ""),
    (r"^strict: true", "strict: false"),
    (r"^  - pymdownx\.superfences:\n(?:      .*\n)+", "  - pymdownx.superfences\n"),
    (r"^    custom_templates: .*\n", ""),
)


class _Stash:
    """Stands in for a Markdown converter: what it would put aside stays where it is."""

    def __init__(self):
        self.htmlStash = self

    def store(self, html: str) -> str:
        return html


def _with_outputs(line: str, page: Path, shown, collecting, extension) -> str:
    found = [collecting.full(written, page) for written in collecting.MARK.findall(line)]
    if not found or "`" in line or any(address.startswith("site.") for address in found):
        return line
    made = {address: collecting.get(address) for address in found}
    if made[found[0]].kind in collecting.BLOCKS:
        return extension._block(shown, found[0], made[found[0]])
    number = lambda address: extension._number(shown, address, made[address])  # noqa: E731
    return collecting.MARK.sub(lambda match: number(collecting.full(match[1], page)), line)


def _example(match: re.Match) -> str:
    from dlref.engine import examples, highlight

    code = "\n".join(line.removeprefix(match[1]) for line in match[2].split("\n"))
    block = examples.parse(code)
    return match[1] + highlight.python(block.code).replace("\n", "&#10;") + f"<pre>{block.output}</pre>"


@contextmanager
def serving(folder: Path):
    """The copy, served with live reload."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "dlref.site", "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/classification/roc-curve.html"
    try:
        wait_for(address, "ROC")
        yield address
    finally:
        server.terminate()
        server.wait()


def reload(file: Path, words: str, address: str) -> float:
    """Seconds from saving a changed file until its page shows the change; the median of three edits."""
    times = []
    for count in range(3):
        old, new = (words if count == 0 else f"{words} {'x' * count}"), f"{words} {'x' * (count + 1)}"
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        times.append(seconds(lambda new=new: wait_for(address, new)))
        # The watcher looks for further edits before it is ready for the next.
        time.sleep(1)
    return statistics.median(times)


def wait_for(address: str, text: str) -> None:
    for _ in range(3000):
        try:
            with urllib.request.urlopen(address) as answer:
                if text in answer.read().decode():
                    return
        except OSError:
            pass
        time.sleep(0.02)
    raise TimeoutError(f"{address} never showed {text!r}")


def weights(site: Path) -> None:
    """Requests and bytes of each page, gzipped as a host would send them; the three heaviest and the home page."""
    from look import LAUNCH, serve
    from playwright.sync_api import sync_playwright

    server, rows = serve(site), []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        for page in sorted(site.rglob("*.html")):
            asked: set[str] = set()
            tab = browser.new_page(viewport={"width": 1280, "height": 900})
            tab.on("request", lambda request, asked=asked: asked.add(request.url))
            tab.goto(f"http://127.0.0.1:{server.server_port}/{page.relative_to(site)}", wait_until="networkidle")
            tab.close()
            files = [site / urlsplit(url).path.lstrip("/") for url in asked if url.startswith("http")]
            size = sum(_sent(file) for file in files if file.is_file())
            rows.append((size, len(files), _sent(page), str(page.relative_to(site))))
        browser.close()
    rows.sort(reverse=True)
    print("\nas sent (gzip)   requests   HTML alone   page")
    for size, requests, html, name in rows[:3] + [row for row in rows if row[3] == "index.html"]:
        print(f"{size / 1000:11.0f} KB {requests:10} {html / 1000:9.1f} KB   {name}")


def _sent(file: Path) -> int:
    data = file.read_bytes()
    return len(data) if file.suffix in (".woff2", ".png", ".webp") else len(gzip.compress(data, 6))


if __name__ == "__main__":
    main()

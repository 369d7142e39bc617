"""What several tests share: the built site, a server for it, a browser, and the fork server's imports."""

import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import jaxtyping
import pytest

from dlref.engine import isolate, libraries

ROOT = Path(__file__).parents[1]
sys.path += [str(ROOT / folder) for folder in ("scripts", "tests", "tests/oracles", "tests/engine", "tests/browser")]

import annotated  # noqa: E402

annotated.install()


def pytest_configure():
    # Ignored where a shell has started the tests in the background, and then by all that they start too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # The last is found from the repository's root, where the fork server starts.
    slow = libraries.slow_imports(library.name for library in libraries.LIBRARIES)
    isolate.preload(*slow, "dlref.engine.examples")


def pages() -> list[str]:
    """The addresses of all pages, the largest first, so that no worker is left alone with one at the end.

    What only leads on to a page is none.
    """
    found = {path: path.read_bytes() for path in (ROOT / "site").rglob("*.html")}
    kept = [path for path, html in found.items() if b'http-equiv="refresh"' not in html]
    return [str(path.relative_to(ROOT / "site")) for path in sorted(kept, key=lambda p: (-len(found[p]), p))]


@pytest.fixture(autouse=True)
def same_environment():
    """What a test leaves in the environment would change those that run after it in the same process."""
    before = dict(os.environ)
    yield
    left = {name: value for name, value in os.environ.items() if before.get(name) != value}
    # Those that pytest and torch.compile set by themselves.
    left = {name: value for name, value in left.items() if not name.startswith(("PYTEST_", "TORCHINDUCTOR_"))}
    assert not left, f"left in the environment: {left}"


@pytest.fixture
def growth(monkeypatch) -> Callable[[Callable[[int], object], int], float]:
    """How many times as long a call takes with four times as many (linear: 4, quadratic: 16), at its best of five."""
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)

    def seconds(call: Callable[[int], object], number: int) -> float:
        starts = [(time.process_time(), call(number), time.process_time()) for _ in range(5)]
        return min(end - start for start, _, end in starts)

    gc.disable()
    yield lambda call, number: seconds(call, 4 * number) / seconds(call, number)
    gc.enable()


@pytest.fixture(scope="session")
def site() -> Path:
    """The built site; scripts/test has just built it."""
    path = ROOT / "site"
    assert (path / "index.html").is_file(), "no site/: run scripts/build first"
    return path


@pytest.fixture(scope="session")
def server(site):
    """The address of a server for the site, which allows its pages nothing but the site's own files."""
    from serving import served

    with served(site) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    from look import LAUNCH
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(**LAUNCH)
        yield launched
        launched.close()

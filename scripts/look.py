"""Screenshots of built pages, to look at: both color schemes, a phone's width and a desk's.

    .venv/bin/python scripts/look.py classification/roc-curve.html [more pages] [--out DIR] [--site DIR] [--width 390]

Writes NAME-light-390-1.png and so on, the whole page in parts of at most 1500 pixels, and prints what the browser
complained of.
"""

import argparse
import functools
import http.server
import io
import os
import threading
from pathlib import Path
from shutil import which

from PIL import Image
from playwright.sync_api import sync_playwright

# Chromium as Debian installs it, asking no other host for anything.
_FLAGS = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-sync"]
_FLAGS += ["disable-background-networking", "disable-component-update"]
_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
LAUNCH = {
    "executable_path": os.environ.get("CHROMIUM") or which("chromium-headless-shell") or which("chromium"),
    "args": [*(f"--{flag}" for flag in _FLAGS), _ALONE],
}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(site: Path) -> http.server.ThreadingHTTPServer:
    """The site on a free port of this machine, in a thread."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+")
    parser.add_argument("--out", type=Path, default=Path(".dlref/look"))
    parser.add_argument("--site", type=Path, default=Path("site"))
    parser.add_argument("--width", type=int, action="append")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    server = serve(options.site)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        for page in options.pages:
            for scheme in ("light", "dark"):
                for width in options.width or (390, 1280):
                    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
                    tab.on("console", lambda message, page=page: print(page, message.type, message.text))
                    tab.on("requestfailed", lambda request, page=page: print(page, "failed", request.url))
                    tab.goto(f"http://127.0.0.1:{server.server_port}/{page}", wait_until="networkidle")
                    # Pictures below the fold load when they come near it.
                    tab.evaluate("document.querySelectorAll('img').forEach(img => img.loading = 'eager')")
                    tab.wait_for_load_state("networkidle")
                    whole = Image.open(io.BytesIO(tab.screenshot(full_page=True)))
                    overflow = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
                    for part, top in enumerate(range(0, whole.height, 1500), 1):
                        path = options.out / f"{Path(page).stem}-{scheme}-{width}-{part}.png"
                        whole.crop((0, top, width, min(top + 1500, whole.height))).save(path)
                    print(path, f"· {overflow} px too wide" if overflow > 0 else "")
                    tab.close()
        browser.close()


if __name__ == "__main__":
    main()

"""Lighthouse's scores of built pages, served with gzip: the median of several runs, desktop and mobile.

    scripts/lighthouse                                          three pages, three runs of each
    scripts/lighthouse classification/roc-curve.html --runs 1   these pages, once

Fails where a score is below its limit: performance 98 on a desktop and 95 on a phone, all else 100. Lighthouse 12 is
installed once by npm into .dlref (13 needs Node 22); the browser is Chromium, or what CHROMIUM names.
"""

import argparse
import functools
import gzip
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from statistics import median

from look import LAUNCH

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "lighthouse@12.8.2"
PAGES = ["index.html", "classification/roc-curve.html", "reference/activations.html"]
LIMITS = {
    "desktop": {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100},
    "mobile": {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100},
}
COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".csv", ".xml", ".txt"}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves as a web server in front of the site would: gzip for text, connections kept, files that browsers keep."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            return self.send_error(404)
        body = _body(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)) + "; charset=utf-8" * (path.suffix in COMPRESSED))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=31536000" if path.suffix != ".html" else "no-cache")
        if path.suffix in COMPRESSED:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)


@functools.cache
def _body(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0) if path.suffix in COMPRESSED else path.read_bytes()


def installed() -> Path:
    """Lighthouse's command."""
    folder = ROOT / ".dlref" / PACKAGE
    if not folder.exists():
        aside = folder.with_name("lighthouse-new")
        shutil.rmtree(aside, ignore_errors=True)
        subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", aside, PACKAGE], check=True
        )
        aside.rename(folder)
    return folder / "node_modules" / ".bin" / "lighthouse"


def rated(command: Path, url: str, form: str) -> dict:
    """One run's report."""
    flags = " ".join(["--headless=new", *(a for a in LAUNCH["args"] if "host-resolver" not in a)])
    options = ["--quiet", "--output=json", "--output-path=stdout", f"--chrome-flags={flags}"]
    options += ["--only-categories=" + ",".join(LIMITS[form])] + ["--preset=desktop"] * (form == "desktop")
    environment = os.environ | {"CHROME_PATH": LAUNCH["executable_path"]}
    done = subprocess.run([command, url, *options], capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(f"scripts/lighthouse: {url}: {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout)


def weak_points(report: dict) -> list[str]:
    """What cost points in a report, the heaviest first."""
    references = [ref for category in report["categories"].values() for ref in category["auditRefs"] if ref["weight"]]
    audits = [(ref["weight"], report["audits"][ref["id"]]) for ref in references]
    lost = [(weight * (1 - audit["score"]), audit) for weight, audit in audits if (audit["score"] or 0) < 0.995]
    return [
        f"{audit['id']} {audit.get('displayValue', '')}: {audit['title']}"
        for _, audit in sorted(lost, key=lambda pair: -pair[0])
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", default=PAGES, help="pages of the built site (default: three)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each page; their median counts (default: 3)")
    parser.add_argument("--site", type=Path, default=ROOT / "site", help="the built site (default: site)")
    options = parser.parse_args()
    command = installed()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=options.site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    failed = False
    for page in options.pages:
        for form, limits in LIMITS.items():
            url = f"http://127.0.0.1:{server.server_port}/{page}"
            reports = [rated(command, url, form) for _ in range(options.runs)]
            scores = {name: median(100 * r["categories"][name]["score"] for r in reports) for name in limits}
            low = {name for name, score in scores.items() if round(score) < limits[name]}
            shown = "  ".join(f"{name} {score:.0f}{'*' * (name in low)}" for name, score in scores.items())
            print(f"{page:32} {form:8} {shown}", flush=True)
            for point in weak_points(reports[-1]) if low else ():
                print(f"    {point}")
            failed |= bool(low)
    server.shutdown()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

"""The site as a host would serve it: with a strict policy, with the page of errors, and below any path."""

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POLICY = "default-src 'self'"


class _Host(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *args, prefix: str, **options):
        self.prefix = prefix
        super().__init__(*args, **options)

    def log_message(self, *_):
        pass

    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def translate_path(self, path: str) -> str:
        below = path.removeprefix(self.prefix) if path.startswith(self.prefix) else "/outside"
        return super().translate_path(f"/{below.lstrip('/')}")

    def send_error(self, code: int, *_):
        page = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


@contextmanager
def served(site: Path, prefix: str = "/") -> Iterator[str]:
    """The address of a server for the site, on a free port of this machine."""
    handler = functools.partial(_Host, directory=site, prefix=prefix)
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}{prefix.rstrip('/')}"
    running.shutdown()
    running.server_close()

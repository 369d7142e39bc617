"""Firefox and WebKitGTK without a screen, told what to do in their own protocols: no driver of others' is needed."""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

# A slow machine changes no outcome; only what hangs is given up.
PATIENCE = 60.0
MINI_BROWSER = next(iter(sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))), None)
_MARIONETTE = {"url": "WebDriver:Navigate", "execute/sync": "WebDriver:ExecuteScript"}


class Tab:
    """A tab of another browser than Chromium; `ask` sends one command of WebDriver and returns its answer."""

    def __init__(self, ask: Callable[..., Any]):
        self.ask = ask

    def goto(self, url: str) -> None:
        """Open an address and wait until it is loaded."""
        self.ask("url", url=url)

    def evaluate(self, script: str) -> Any:
        """What an expression gives in the page."""
        return self.ask("execute/sync", script=f"return {script}", args=[])

    def wait(self, script: str) -> None:
        """Wait until an expression holds."""
        end = time.monotonic() + PATIENCE
        while not self.evaluate(script):
            assert time.monotonic() < end, f"never came: {script}"
            time.sleep(0.05)


def missing(name: str) -> str:
    """What must be installed for a browser, or nothing."""
    needed = {"firefox": {"firefox-esr": shutil.which("firefox-esr") or shutil.which("firefox")}}
    needed["webkit"] = {
        "webkit2gtk-driver": shutil.which("WebKitWebDriver") and MINI_BROWSER,
        "xvfb": shutil.which("Xvfb"),
    }
    return " ".join(package for package, found in needed[name].items() if not found)


@contextmanager
def firefox(dark: bool = False) -> Iterator[Tab]:
    """Firefox, by Marionette: messages in JSON, each behind its length."""
    port = _free_port()
    with TemporaryDirectory() as profile:
        settings = {"marionette.port": port, "layout.css.prefers-color-scheme.content-override": 0 if dark else 1}
        lines = [f'user_pref("{name}", {json.dumps(value)});\n' for name, value in settings.items()]
        (Path(profile) / "user.js").write_text("".join(lines))
        program = shutil.which("firefox-esr") or shutil.which("firefox")
        command = [program, "--headless", "--no-remote", "--marionette", "--profile", profile]
        with _running(command), _connected(port) as stream:
            _read(stream)

            def ask(name: str, **options: Any) -> Any:
                message = json.dumps([0, 1, _MARIONETTE.get(name, name), options]).encode()
                stream.write(b"%d:%s" % (len(message), message))
                stream.flush()
                _, _, error, result = _read(stream)
                assert error is None, error
                return result.get("value") if isinstance(result, dict) else result

            ask("WebDriver:NewSession", capabilities={})
            yield Tab(ask)


@contextmanager
def webkit(dark: bool = False) -> Iterator[Tab]:
    """WebKitGTK's own small browser, by WebDriver; it has no mode without a screen, so a screen is made for it."""
    port, theme = _free_port(), "Adwaita:dark" if dark else "Adwaita"
    with _screen() as display:
        plain = {"GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1", "WEBKIT_DISABLE_DMABUF_RENDERER": "1"}
        environment = os.environ | plain | {"DISPLAY": display, "GTK_THEME": theme}
        options = {"binary": str(MINI_BROWSER), "args": ["--automation"]}
        with _running(["WebKitWebDriver", f"--port={port}"], env=environment):
            _connected(port).close()
            wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
            session = (
                f"http://127.0.0.1:{port}/session/{_post(f'http://127.0.0.1:{port}/session', wanted)['sessionId']}"
            )
            yield Tab(lambda name, **body: _post(f"{session}/{name}", body))
            with suppress(OSError):
                urllib.request.urlopen(urllib.request.Request(session, method="DELETE"), timeout=PATIENCE).close()


def _post(url: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.loads(answer.read())["value"]


def _read(stream: Any) -> Any:
    length = b""
    while (one := stream.read(1)) != b":":
        assert one, "Firefox has closed the connection"
        length += one
    return json.loads(stream.read(int(length)))


@contextmanager
def _running(command: list[Any], **options: Any) -> Iterator[subprocess.Popen]:
    quiet = {"stderr": subprocess.DEVNULL, "stdout": subprocess.DEVNULL} | options
    with subprocess.Popen(command, **quiet) as process:
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


@contextmanager
def _screen() -> Iterator[str]:
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x1000x24", "-nolisten", "tcp"]
    with _running(command, stdout=subprocess.PIPE) as process:
        yield f":{process.stdout.readline().decode().strip()}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _connected(port: int) -> Any:
    end = time.monotonic() + PATIENCE
    while True:
        with suppress(OSError):
            connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
            stream = connection.makefile("rwb")
            connection.close()
            return stream
        assert time.monotonic() < end, f"nothing answers at port {port}"
        time.sleep(0.05)

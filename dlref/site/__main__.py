"""`python -m dlref.site build` and `python -m dlref.site serve`, run at the root of the repository."""

import argparse
import logging
import os
import socket
import sys
from pathlib import Path

from dlref.engine import cluster, isolate
from dlref.engine.made import SiteError
from dlref.site.generators import GENERATORS


def main() -> int:
    """Do what the command line says and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m dlref.site", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="write the finished site; a failure leaves the last one in place")
    build.add_argument("--site", type=Path, default=Path("site"), help="where to (default: site)")
    build.add_argument(
        "--draft", action="store_true", help="warn, not fail, where a link leads to what is not written yet"
    )
    build.add_argument("--generator", choices=list(GENERATORS), default="mkdocs", help="what renders the pages")
    build.add_argument("--dask", metavar="ADDRESS", default="", help="make exhibits on this Dask cluster")
    serve = commands.add_parser("serve", help="serve the site with live reload")
    serve.add_argument("--port", type=int, default=8000, help="port on this machine (default: 8000)")
    options = parser.parse_args()
    if options.command == "serve":
        return _serve(options.port)
    cluster.address = options.dask
    return _build(options.site, options.draft, options.generator)


def _build(site: Path, draft: bool, generator: str) -> int:
    from dlref.site.build import build

    _log()
    try:
        build(site, draft, generator)
    except (SiteError, OSError) as error:
        return _failed(error)
    print(f"Wrote {site}/")
    return 0


def _serve(port: int) -> int:
    from dlref.site.serve import serve

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            print(f"scripts/serve: port {port} cannot be used: {error}. Try --port {port + 1}.", file=sys.stderr)
            return 1
    _log()
    try:
        serve(port, Path.cwd())
    # The port may have been taken while the site was built.
    except (SiteError, OSError) as error:
        return _failed(error)
    return 0


def _failed(error: Exception) -> int:
    print(f"The site was not built; the last one is untouched.\n{error}", file=sys.stderr)
    return 1


def _log() -> None:
    """MkDocs' own messages, on one stream, without its default chatter."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    log = logging.getLogger("mkdocs")
    log.addHandler(handler)
    log.setLevel(logging.INFO if sys.stderr.isatty() else logging.WARNING)


if __name__ == "__main__":
    try:
        status = main()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        status = 130
    isolate.stop()
    sys.stdout.flush()
    sys.stderr.flush()
    # V8 was seen to hang now and then when the interpreter ends.
    os._exit(status)

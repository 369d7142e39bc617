"""`python -m dlref COMMAND`: what the package does on a reader's own machine."""

import argparse
import os
import sys
from collections.abc import Sequence

from dlref.engine import explain, report, verify

COMMANDS = (verify, explain)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m dlref", description="Each command has a --help of its own.")
    parser.add_argument("--version", action="version", version=f"dlref {report.version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add(commands)
    options = parser.parse_args(arguments)
    return options.run(options)


if __name__ == "__main__":
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads, such as `head`, has enough; what is left to say goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status)

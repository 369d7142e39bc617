"""Rewrite the outputs of all documented examples with what they print now. `scripts/test --update` runs this."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from dlref.engine import examples, isolate, libraries


def main() -> None:
    isolate.preload(*libraries.slow_imports(library.name for library in libraries.LIBRARIES))
    pages = [(path, examples.in_markdown) for path in sorted(Path("docs").rglob("*.md"))]
    modules = [(path, examples.in_docstrings) for path in sorted(Path("dlref").rglob("*.py"))]
    for path, find in pages + modules:
        lines = path.read_text(encoding="utf-8").split("\n")
        # From the end, so that earlier line numbers stay true.
        for example in reversed(list(find(path))):
            if problem := examples.problem(example):
                print(problem)
                length = len(example.source.splitlines())
                lines[example.line - 1 : example.line - 1 + length] = examples.updated(example).split("\n")
        path.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()

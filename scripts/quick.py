"""Checks what a few files touch, in under a minute where their exhibits are fast: `scripts/test --quick` runs this.

    scripts/test --quick docs/classification/roc-curve.md   a page: its exhibits, their code alone, its examples
    scripts/test --quick dlref/metrics                      a module: its examples, oracle and tests
    scripts/test --quick                                    what differs from the last commit

An exhibit's module stands for its page. Style is checked, too, and every test that has the file's name in its own.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

import copied
from bs4 import BeautifulSoup

from dlref.engine import collecting, examples, isolate, libraries, passed, source

ROOT = Path(__file__).resolve().parents[1]
# Where tests need no built site.
TESTS = ["tests/engine", "tests/maths", "tests/oracles", "tests/reports"]


def touched() -> list[Path]:
    """The files that differ from the last commit, new ones included."""
    commands = ("diff --name-only --relative HEAD", "ls-files --others --exclude-standard")
    runs = [subprocess.run(["git", *c.split()], cwd=ROOT, capture_output=True, text=True, check=True) for c in commands]
    names = "".join(run.stdout for run in runs).splitlines()
    return [path for name in names if (path := ROOT / name).is_file()]


def named(arguments: Iterable[str]) -> list[Path]:
    """The files that are named, a folder standing for what is in it."""
    found = []
    for name in arguments:
        # `dlref/activations` may be written without its ending; an address from the root stays as it is.
        path = next((p for p in (ROOT / name, ROOT / f"{name}.py", ROOT / f"{name}.md") if p.exists()), None)
        if path is None or not path.is_relative_to(ROOT):
            sys.exit(f"scripts/test --quick: there is no {name} in the repository")
        found += [p for p in sorted(path.rglob("*")) if p.suffix in (".md", ".py")] if path.is_dir() else [path]
    return found


def together(path: Path) -> list[Path]:
    """The file, and with a page the module of its exhibits, with such a module its page."""
    first, *rest = path.relative_to(ROOT).with_suffix("").parts
    if first == "docs":
        other = ROOT.joinpath("dlref", "exhibits", *(part.replace("-", "_") for part in rest)).with_suffix(".py")
    elif first == "dlref" and rest[0] == "exhibits":
        other = ROOT.joinpath("docs", *(part.replace("_", "-") for part in rest[1:])).with_suffix(".md")
    else:
        other = path
    return [path, other] if other != path and other.exists() else [path]


def word(path: Path) -> str:
    """What tests of a file have in their names: a page's path, or the name of a module or of its package."""
    parts = path.relative_to(ROOT).parts
    if path.suffix != ".py" or parts[:2] == ("dlref", "exhibits") or parts[0] != "dlref":
        return "/".join(parts) if path.suffix == ".md" else path.name
    package = len(parts) > 2 and parts[1] not in ("engine", "site", "plots", "pytorch")
    return parts[1] if package else path.stem


def styled(paths: list[Path]) -> list[str]:
    """What ruff finds, and mypy in the rooms that it checks."""
    files = [path for path in paths if path.suffix == ".py"]
    ruff = Path(sys.executable).with_name("ruff")
    commands = [[ruff, "check", "--quiet", *files], [ruff, "format", "--check", *files]] if files else []
    if any(path.is_relative_to(ROOT / "dlref" / room) for path in files for room in ("engine", "site")):
        commands.append([ruff.with_name("mypy")])
    runs = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True) for command in commands]
    return [run.stdout + run.stderr for run in runs if run.returncode]


def shown(pages: list[Path]) -> list[str]:
    """What is wrong with the exhibits and the examples of these pages."""
    marks = [m for p in pages for m in collecting.marks(p.relative_to(ROOT), p.read_text(encoding="utf-8"))]
    wrong = collecting.collect(marks, lenient=True) + passed.collect(pages, ROOT, lenient=True)
    return wrong or alone(sorted({m.address for m in marks if not m.address.startswith("site.")}))


def alone(addresses: list[str]) -> list[str]:
    """What is wrong with the code of these exhibits, run by itself as a reader does who copies it."""
    made = [collecting.get(address) for address in addresses]
    codes = [BeautifulSoup(one.code, "html.parser").get_text() for one in made]
    isolate.preload(*slow_imports(codes))
    return copied.faults("quick", map(copied.Block, codes, ["figure" * (one.kind == "figure") for one in made]))


def documented(paths: list[Path]) -> list[str]:
    """What is wrong with the examples in the docstrings of these files."""
    files = [p for p in paths if p.suffix == ".py" and p.is_relative_to(ROOT / "dlref")]
    found = [example for file in files for example in examples.in_docstrings(file)]
    slow = slow_imports(example.code for example in found)
    return [problem for problem in isolate.each(examples.problem, found, "examples", slow) if problem]


def slow_imports(codes: Iterable[str]) -> list[str]:
    """What these codes import that takes long."""
    return libraries.slow_imports(source.third_party(source.imported("\n".join(codes))))


def tested(paths: list[Path]) -> subprocess.CompletedProcess:
    """The tests with one of these files in their names."""
    words = " or ".join(sorted(set(map(word, paths))))
    command = [sys.executable, "-m", "pytest", *TESTS, "-k", words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def problems(paths: list[Path]) -> list[str]:
    """What is wrong with these files; tests run beside exhibits and examples."""
    pages = [path for path in paths if path.suffix == ".md" and path.is_relative_to(ROOT / "docs")]
    with ThreadPoolExecutor(1) as pool:
        tests = pool.submit(tested, paths)
        found = [*styled(paths), *documented(paths), *(shown(pages) if pages else [])]
        # 5 says that no test has such a name.
        return [*found, *([tests.result().stdout] if tests.result().returncode not in (0, 5) else [])]


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/test --quick", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("paths", nargs="*", metavar="PATH", help="pages, modules or folders")
    options = parser.parse_args()
    begun = time.monotonic()
    paths = sorted({one for path in named(options.paths) or touched() for one in together(path)})
    found = problems(paths) if paths else []
    print("\n".join(found) or "All is well.")
    print(f"Checked in {time.monotonic() - begun:.0f} s. Links, other pages and the browser are for scripts/test.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())

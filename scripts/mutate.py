"""Mutation score: of all small changes to the mathematics, how many make a documented example print something else.

    scripts/mutate                      every module; fails where one scores below 90 %
    scripts/mutate activations metrics  these modules
    scripts/mutate --changed main       only functions that differ from a commit, as CI does

The examples in docstrings are the only tests. What they leave alive is then tried against the oracle tests, and what
those leave alive too must be listed in tests/mutation/survivors.toml, with the reason why it changes nothing.
"""

import argparse
import ast
import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / ".cache" / "mutation"
LEAST = 0.9
# mutmut's exit codes of a mutant that lives: its tests passed, or it has none.
ALIVE = (0, 5, 33)
# Error messages name the public function that was called; in the copy it has a mangled name, and a wrapper calls it.
_PLAIN = """
import re as _re


def _plain(name):
    if name in ("trampoline", "mutmut_mutated"):
        return "_" + name
    return _re.sub(r"^x(?:ǁ\\w+ǁ|_)(\\w+?)__mutmut_\\w+$", r"\\1", name)
"""


@dataclass(frozen=True)
class Mutant:
    """One small change: mutmut's name for it, and whether a test noticed."""

    name: str
    alive: bool

    @property
    def function(self) -> str:
        """Such as `activations.sigmoid` or `autograd.Value.backward`."""
        module, _, rest = self.name.removeprefix("dlref.").rpartition(".")
        mangled = rest.partition("__mutmut_")[0]
        return f"{module}." + (mangled[1:].strip("ǁ").replace("ǁ", ".") if mangled[1] == "ǁ" else mangled[2:])

    @property
    def module(self) -> str:
        return self.name.split(".")[1]


def modules() -> list[str]:
    """The modules of mathematics: those that have an oracle table."""
    return sorted(path.stem.removeprefix("oracle_") for path in (ROOT / "tests").glob("oracle_*.py"))


def files_of(module: str) -> list[Path]:
    """The module's files, from the repository's root."""
    base = ROOT / "dlref" / module
    found = sorted(base.glob("*.py")) if base.is_dir() else [base.with_suffix(".py")]
    return [path.relative_to(ROOT) for path in found]


def prepare(names: list[str], selection: list[str]) -> None:
    """A fresh copy of the package and the tests, in which mutmut may do what it likes."""
    shutil.rmtree(WORK, ignore_errors=True)
    shutil.copytree(ROOT / "dlref", WORK / "dlref", ignore=shutil.ignore_patterns("__pycache__", "exhibits"))
    shutil.copytree(ROOT / "tests", WORK / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    check = WORK / "dlref" / "_check.py"
    text, count = re.subn(r"frame\.f_code\.co_name", "_plain(frame.f_code.co_name)", check.read_text())
    if not count:
        sys.exit("scripts/mutate: dlref/_check.py no longer reads the caller's name from its frame; mend _PLAIN here")
    check.write_text(text + _PLAIN)
    lines = ["[mutmut]", "source_paths=dlref", "use_git_change_detection=false", "only_mutate="]
    lines += [f"    {path}" for name in names for path in files_of(name)]
    lines += ["pytest_add_cli_args_test_selection=", *(f"    {test}" for test in selection)]
    (WORK / "setup.cfg").write_text("\n".join([*lines, "", "[tool:pytest]", "pythonpath=. tests", ""]))


def mutate(names: list[str], selection: list[str], patterns: Iterable[str]) -> list[Mutant]:
    """Run mutmut with these tests on the mutants that match the patterns, all when there are none."""
    prepare(names, selection)
    sources = ":".join(str(ROOT / path) for name in names for path in files_of(name))
    environment = os.environ | {"DLREF_MUTATED": sources, "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    command = [Path(sys.executable).with_name("mutmut"), "run", *patterns]
    done = subprocess.run(command, cwd=WORK, env=environment, capture_output=True, text=True)
    if done.returncode:
        said = done.stdout[-4000:] + done.stderr[-4000:]
        sys.exit(f"scripts/mutate: mutmut ended with status {done.returncode}\n{said}")
    codes: dict[str, int | None] = {}
    for meta in (WORK / "mutants").rglob("*.py.meta"):
        codes |= json.loads(meta.read_text())["exit_code_by_key"]
    return [Mutant(name, code in ALIVE) for name, code in sorted(codes.items()) if code is not None]


def changes(mutants: list[Mutant]) -> dict[Mutant, str]:
    """For each mutant the lines that differ, as `before → after`."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    with contextlib.chdir(WORK), contextlib.redirect_stdout(io.StringIO()):
        diffs = {mutant: get_diff_for_mutant(mutant.name) for mutant in mutants}
    return {mutant: _change(diff) for mutant, diff in diffs.items()}


def _change(diff: str) -> str:
    lines = diff.splitlines()[2:]
    before, after = ([line[1:].strip() for line in lines if line.startswith(sign)] for sign in "-+")
    return " ".join(before) + " → " + " ".join(after)


def changed_since(commit: str, names: list[str]) -> list[str]:
    """Patterns for the functions of these modules that differ from a commit, docstrings included."""
    patterns = []
    for name in names:
        for path in files_of(name):
            show = subprocess.run(["git", "show", f"{commit}:{path}"], cwd=ROOT, capture_output=True, text=True)
            before = _functions(show.stdout) if show.returncode == 0 else {}
            now = _functions((ROOT / path).read_text())
            module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
            patterns += [f"{module}.{key}__mutmut_*" for key, dump in now.items() if before.get(key) != dump]
    return patterns


def _functions(text: str) -> dict[str, str]:
    """Each function's syntax tree as text, by mutmut's name for the function."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            found[f"x_{node.name}"] = ast.dump(node)
        elif isinstance(node, ast.ClassDef):
            methods = (child for child in node.body if isinstance(child, ast.FunctionDef))
            found |= {f"xǁ{node.name}ǁ{method.name}": ast.dump(method) for method in methods}
    return found


def listed() -> dict[tuple[str, str], str]:
    """The reasons why known survivors change nothing, by function and change."""
    path = ROOT / "tests" / "mutation" / "survivors.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("survivor", []) if path.exists() else []
    return {(entry["function"], entry["change"]): entry["reason"] for entry in entries}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", metavar="module", help=f"of {', '.join(modules())}")
    parser.add_argument("--changed", metavar="COMMIT", help="only functions that differ from this commit")
    parser.add_argument("--examples-only", action="store_true", help="do not try survivors against the oracle tests")
    options = parser.parse_args()
    names = options.modules or modules()
    if unknown := set(names) - set(modules()):
        parser.error(f"no module {', '.join(sorted(unknown))}; there are {', '.join(modules())}")
    patterns = changed_since(options.changed, names) if options.changed else []
    if options.changed and not patterns:
        print(f"No function of the mathematics differs from {options.changed}.")
        return 0
    mutants = mutate(names, ["tests/mutation/test_documented.py"], patterns)
    weak = report(mutants)
    alive = [mutant for mutant in mutants if mutant.alive]
    told = changes(alive)
    if not options.examples_only and alive:
        tests = [
            "tests/test_oracles.py",
            *(f"tests/test_{n}.py" for n in names if (ROOT / f"tests/test_{n}.py").exists()),
        ]
        alive = [mutant for mutant in mutate(names, tests, [mutant.name for mutant in alive]) if mutant.alive]
    reasons = listed()
    unlisted = [m for m in alive if (m.function, told[m]) not in reasons]
    for mutant in unlisted:
        print(f"{mutant.function}: {told[mutant]}")
    kind = "examples" if options.examples_only else "examples and oracle tests"
    print(f"{len(alive)} survive {kind}, {len(alive) - len(unlisted)} of them listed with a reason.")
    return int(bool(unlisted or weak))


def report(mutants: list[Mutant]) -> list[str]:
    """Print the score of each module; returns those that score too low."""
    weak = []
    for module in sorted({mutant.module for mutant in mutants}):
        own = [mutant for mutant in mutants if mutant.module == module]
        killed = sum(not mutant.alive for mutant in own)
        weak += [module] * (killed < LEAST * len(own))
        print(f"{module:16} {killed:5} of {len(own):5} killed by examples  {killed / len(own):7.1%}")
    return weak


if __name__ == "__main__":
    sys.exit(main())

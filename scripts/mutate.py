"""Mutation score: of all small changes to the mathematics, how many are noticed, and how many by documented examples.

    scripts/mutate                      every module; fails where one scores below 90 %
    scripts/mutate activations metrics  these modules
    scripts/mutate --changed HEAD~1     only functions that differ from a commit, as scripts/test does

The examples in a module's docstrings are tried first, what it refuses (tests/refusals) next, the oracle tests last.
What lives through all must be listed in tests/lists/survivors.toml, with the reason why it changes nothing that a
caller could see. Nothing is left out: argument checks are mutated like the mathematics. A docstring shows what a
function does and where it surprises; it owes this score nothing.
"""

import argparse
import ast
import contextlib
import difflib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / ".dlref" / "mutation"
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
    """One small change: mutmut's name for it, whether no test noticed, and whether a documented example did."""

    name: str
    alive: bool
    shown: bool = False

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
    tables = (ROOT / "tests" / "oracles").glob("oracle_*.py")
    return sorted({path.stem.removeprefix("oracle_").partition("__")[0] for path in tables})


def files_of(module: str) -> list[Path]:
    """The module's files, from the repository's root."""
    base = ROOT / "dlref" / module
    found = sorted(base.glob("*.py")) if base.is_dir() else [base.with_suffix(".py")]
    return [path.relative_to(ROOT) for path in found]


def born(names: list[str]) -> list[str]:
    """mutmut's names for all mutants of these modules, which a fresh copy of the package then holds."""
    from mutmut.mutation.file_mutation import mutate_file_contents

    copy()
    mutants = []
    with contextlib.chdir(WORK):
        for path in (path for name in names for path in files_of(name)):
            mutated = mutate_file_contents(str(path), path.read_text(encoding="utf-8"))
            path.write_text(mutated.code, encoding="utf-8")
            mutants += [f"{dotted(path)}.{mutant}" for mutant in mutated.mutant_names]
    return mutants


def copy(*settings: str) -> None:
    """A fresh copy of the package and the tests, in which mutmut may do what it likes."""
    shutil.rmtree(WORK, ignore_errors=True)
    shutil.copytree(ROOT / "dlref", WORK / "dlref", ignore=shutil.ignore_patterns("__pycache__", "exhibits"))
    shutil.copytree(ROOT / "tests", WORK / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    check = WORK / "dlref" / "_check.py"
    text, count = re.subn(r"frame\.f_code\.co_name", "_plain(frame.f_code.co_name)", check.read_text())
    if not count:
        sys.exit("scripts/mutate: dlref/_check.py no longer reads the caller's name from its frame; mend _PLAIN here")
    # mutmut's own frames stand between a wrapper and what it calls.
    check.write_text(f'{text}{_PLAIN}\n\nWRAPPERS = ("mutmut",)\n')
    lines = ["[mutmut]", "source_paths=dlref", "use_git_change_detection=false", *settings]
    lines += ["", "[tool:pytest]", "pythonpath=. tests tests/oracles tests/engine", ""]
    (WORK / "setup.cfg").write_text("\n".join(lines))


def tried(mutants: list[str]) -> list[Mutant]:
    """Try mutants, of those last born, with their modules' examples and refusals, on every processor."""
    names = sorted({mutant.split(".")[1] for mutant in mutants})
    sources = {name: [str(ROOT / path) for path in files_of(name)] for name in names}
    command = [sys.executable, "tests/engine/documented.py"]
    environment = os.environ | {"PYTHONPATH": ".", "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    count = os.cpu_count() or 1

    def share(i: int) -> dict[str, list[str]]:
        asked = json.dumps({"sources": sources, "mutants": mutants[i::count]})
        done = subprocess.run(command, cwd=WORK, env=environment, input=asked, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            sys.exit("scripts/mutate: the examples could not be tried")
        return json.loads(done.stdout)

    with ThreadPoolExecutor(count) as pool:
        shares = list(pool.map(share, range(count)))
    shown, alive = ({name for outlived in shares for name in outlived[kind]} for kind in ("examples", "refusals"))
    return [Mutant(name, name in alive, name not in shown) for name in sorted(mutants)]


def outlive_oracles(mutants: list[str]) -> set[str]:
    """Those that the oracle tests and the other tests of their modules, which mutmut runs, do not notice."""
    names = sorted({mutant.split(".")[1] for mutant in mutants})
    tests = [f"tests/maths/test_{name}.py" for name in names if (ROOT / f"tests/maths/test_{name}.py").exists()]
    settings = {
        "only_mutate": [str(path) for name in names for path in files_of(name)],
        "pytest_add_cli_args": ["-k", " or ".join(names)],
        "pytest_add_cli_args_test_selection": ["tests/oracles/test_oracles.py", "tests/oracles/test_errors.py", *tests],
    }
    copy(*("\n    ".join([f"{key}=", *values]) for key, values in settings.items()))
    environment = os.environ | {"OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    # pytest starts anew for each mutant; plugins would take most of its time.
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    # Each mutant would have annotations of its own to check.
    environment["JAXTYPING_DISABLE"] = "1"
    command = [Path(sys.executable).with_name("mutmut"), "run", *mutants]
    done = subprocess.run(command, cwd=WORK, env=environment, capture_output=True, text=True)
    if done.returncode:
        said = done.stdout[-4000:] + done.stderr[-4000:]
        sys.exit(f"scripts/mutate: mutmut ended with status {done.returncode}\n{said}")
    codes: dict[str, int | None] = {}
    for meta in (WORK / "mutants").rglob("*.py.meta"):
        codes |= json.loads(meta.read_text())["exit_code_by_key"]
    return {name for name in mutants if codes[name] in ALIVE}


def changes(mutants: list[str]) -> dict[str, str]:
    """For each mutant of those last born the lines that differ, as `before → after`."""
    bodies = {}
    for path in {Path(*mutant.split(".")[:-1]).with_suffix(".py") for mutant in mutants}:
        text = (WORK / path).read_text(encoding="utf-8")
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                body = "\n".join(lines[node.lineno - 1 : node.end_lineno])
                bodies[f"{dotted(path)}.{node.name}"] = body.replace(node.name, "f").splitlines()
    original = {mutant: mutant.rpartition("__mutmut_")[0] + "__mutmut_orig" for mutant in mutants}
    return {mutant: _change(bodies[original[mutant]], bodies[mutant]) for mutant in mutants}


def _change(before: list[str], after: list[str]) -> str:
    lines = list(difflib.ndiff(before, after))
    sides = ([line[2:].strip() for line in lines if line.startswith(sign)] for sign in ("- ", "+ "))
    return " → ".join(map(" ".join, sides))


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def changed_since(commit: str, names: list[str]) -> list[str]:
    """mutmut's names for the functions of these modules that differ from a commit, docstrings included."""
    verify = ["git", "rev-parse", "--quiet", "--verify", f"{commit}^{{commit}}"]
    if subprocess.run(verify, cwd=ROOT, capture_output=True).returncode:
        sys.exit(f"scripts/mutate: git knows no commit {commit}")
    changed = []
    for name in names:
        for path in files_of(name):
            show = subprocess.run(["git", "show", f"{commit}:{path}"], cwd=ROOT, capture_output=True, text=True)
            before = functions(show.stdout) if show.returncode == 0 else {}
            now = functions((ROOT / path).read_text())
            changed += [f"{dotted(path)}.{key}" for key, text in now.items() if before.get(key) != text]
    return changed


def functions(text: str) -> dict[str, str]:
    """Each function's syntax tree as text, after the docstrings of its class and module, by mutmut's name for it."""
    tree, found = ast.parse(text), {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found[f"x_{node.name}"] = f"{ast.get_docstring(tree)}{ast.dump(node)}"
        elif isinstance(node, ast.ClassDef):
            context = f"{ast.get_docstring(tree)}{ast.get_docstring(node)}"
            methods = (child for child in node.body if isinstance(child, ast.FunctionDef))
            found |= {f"xǁ{node.name}ǁ{method.name}": context + ast.dump(method) for method in methods}
    return found


def drawn(commit: str, names: list[str], most: int) -> list[str]:
    """The mutants of functions that differ from a commit: all, or so many of them, the same in every run."""
    changed = changed_since(commit, names)
    touched = [name for name in names if any(key.startswith(f"dlref.{name}.") for key in changed)]
    mutants = [mutant for mutant in born(touched) if mutant.partition("__mutmut_")[0] in changed]
    share = f", of which {most} are drawn" if most < len(mutants) else ""
    print(
        f"Functions of the mathematics that differ from {commit}: {len(changed)}, with {len(mutants)} mutants{share}."
    )
    return random.Random(0).sample(mutants, most) if most < len(mutants) else mutants


def listed() -> dict[tuple[str, str], str]:
    """The reasons why known survivors change nothing, by function and change."""
    path = ROOT / "tests" / "lists" / "survivors.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("survivor", []) if path.exists() else []
    return {(entry["function"], change): entry["reason"] for entry in entries for change in entry["changes"]}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", metavar="module", help=f"of {', '.join(modules())}")
    parser.add_argument("--changed", metavar="COMMIT", help="only functions that differ from this commit")
    parser.add_argument("--most", type=int, default=10**6, metavar="N", help="of those, draw N mutants (the same ones)")
    parser.add_argument(
        "--examples-only",
        action="store_true",
        help="do not try survivors of examples and refusals against the oracle tests",
    )
    options = parser.parse_args(arguments)
    names = options.modules or modules()
    if unknown := set(names) - set(modules()):
        parser.error(f"no module {', '.join(sorted(unknown))}; there are {', '.join(modules())}")
    mutants = drawn(options.changed, names, options.most) if options.changed else born(names)
    if not mutants:
        return 0
    found = tried(mutants)
    alive, change_of, reasons = [m for m in found if m.alive], changes([m.name for m in found if m.alive]), listed()
    rest = [mutant.name for mutant in alive if (mutant.function, change_of[mutant.name]) not in reasons]
    print(f"{len(alive)} survive examples and refusals; {len(alive) - len(rest)} of them are listed with a reason.")
    if rest and not options.examples_only:
        unlisted, rest = set(rest), sorted(outlive_oracles(rest))
        found = [replace(m, alive=m.alive and m.name not in unlisted - set(rest)) for m in found]
        print(f"{len(unlisted) - len(rest)} of the other {len(unlisted)} are noticed by the oracle tests.")
    for name in rest:
        print(f"{Mutant(name, alive=True).function}: {change_of[name]}")
    # A few functions, or a draw of mutants, say little about a module: the least score holds for whole modules.
    weak = report(found) and not options.changed
    return int(bool(rest or weak))


def report(mutants: list[Mutant]) -> list[str]:
    """Print the score of each module, and that of documented examples alone; returns those that score too low."""
    weak = []
    for module in sorted({mutant.module for mutant in mutants}):
        own = [mutant for mutant in mutants if mutant.module == module]
        killed, shown = sum(not mutant.alive for mutant in own), sum(mutant.shown for mutant in own)
        weak += [module] * (killed < LEAST * len(own))
        line = f"{module:16} {killed:5} of {len(own):5} noticed  {killed / len(own):7.1%}"
        print(f"{line}; by documented examples alone  {shown / len(own):7.1%}")
    return weak


if __name__ == "__main__":
    sys.exit(main())

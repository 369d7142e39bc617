"""How the package is laid out: what may import what, what is light, what is documented."""

import ast
import subprocess
import sys
from importlib import metadata

import pytest
from conftest import ROOT

from dlref.site import source

PACKAGE = ROOT / "dlref"
FILES = sorted(PACKAGE.rglob("*.py"))
# Rooms from the ground up; a module imports from its own room and those below.
ROOMS = ["_check", "datasets", "maths", "training", "plots", "exhibits", "site"]
TORCH = {"training", "exhibits"}
OUTSIDE = {"maths": {"numpy", "jaxtyping"}}
# Modules that import torch at their top: models and how they are trained.
TRAINING = {"checkpoints", "generation", "networks", "sequences", "training", "vision"}
# What serves the documentation as a whole and stands beside the rooms.
SERVICES = {"__init__", "__main__", "examples", "exhibit", "isolate", "trained", "verify"}


def room(path) -> str:
    """The room that a file of the package belongs to."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if first in SERVICES:
        return ""
    if first in ROOMS:
        return first
    return "training" if first in TRAINING else "maths"


def allowed(top: str, here: str) -> bool:
    """Whether a room may import a library; most may import any."""
    return here not in OUTSIDE or top in OUTSIDE[here] | {"dlref"} | sys.stdlib_module_names


def wrong_imports(path, text: str) -> list[str]:
    """Imports that go upwards, or that a room may not have."""
    here, wrong = room(path), []
    for dotted in source.imported(text) if here else ():
        top, _, rest = dotted.partition(".")
        if top == "dlref" and rest:
            there = room(PACKAGE / f"{rest.partition('.')[0]}.py")
            if there and ROOMS.index(there) > ROOMS.index(here):
                wrong.append(dotted)
        elif (top == "torch" and here not in TORCH) or not allowed(top, here):
            wrong.append(dotted)
    return wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_downwards(path):
    assert wrong_imports(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("metrics/_roc.py", "from dlref.plots import style"),
        ("activations.py", "import pandas as pd"),
        ("plots/style.py", "def f():\n    import torch"),
        ("exhibits/roc.py", "from dlref.site import text"),
    ],
)
def test_a_wrong_import_is_found(file, text):
    assert wrong_imports(PACKAGE / file, text)


def test_pyplot_is_imported_nowhere():
    # Readers of the notebooks draw with it, so the site runs them with it; nothing else does.
    files = [p for p in FILES if p.name != "notebooks.py"]
    assert [p for p in files if "matplotlib.pyplot" in source.imported(p.read_text(encoding="utf-8"))] == []


def test_the_package_is_light_to_import():
    code = "import sys, dlref; print(sorted({'torch', 'sklearn', 'matplotlib', 'pandas', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT).stdout == "[]\n"


def undocumented(text: str) -> list[str]:
    """Public functions without a docstring that has an example."""
    functions = [n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
    return [f.name for f in functions if ">>> " not in (ast.get_docstring(f) or "")]


@pytest.mark.parametrize(
    "path", [p for p in FILES if room(p) in ("maths", "datasets")], ids=lambda path: str(path.relative_to(ROOT))
)
def test_every_public_function_has_an_example(path):
    assert undocumented(path.read_text(encoding="utf-8")) == []


def test_a_function_without_an_example_is_found():
    assert undocumented('def f():\n    """Nothing to see."""') == ["f"]


def test_keys_of_the_cache_know_the_libraries_of_exhibits():
    files = (source.PACKAGE / "exhibits").glob("*.py")
    names = set().union(*(source.third_party(source.module(file).imports) for file in files))
    # Annotations, and locks on files, change no result.
    names -= sys.stdlib_module_names | {"filelock", "jaxtyping"}
    packages = metadata.packages_distributions()
    assert {packages[name][0] for name in names} == set(source.LIBRARIES)

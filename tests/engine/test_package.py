"""How the package is laid out: what may import what, what is light, what is documented."""

import ast
import subprocess
import sys
from importlib import metadata

import pytest
from conftest import ROOT

from dlref.engine import libraries, source

PACKAGE = ROOT / "dlref"
EXHIBITS = sorted((PACKAGE / "exhibits").rglob("[!_]*.py"))
FILES = sorted(PACKAGE.rglob("*.py"))
# Rooms from the ground up, by folder; a file imports from its own room and those below. "" is the top of the package:
# mathematics in NumPy, flat or in a family's folder.
ROOMS = ["_check", "datasets", "", "pytorch", "plots", "engine", "exhibits", "site"]
# The command line stands above all rooms, the package's own docstring in none.
OUTSIDE_ROOMS = ("__init__.py", "__main__.py")
# What a room may import from outside; the others may import anything.
OUTSIDE = {"_check": {"numpy"}, "": {"numpy", "jaxtyping"}}
TORCH = ("pytorch", "engine", "exhibits")


def room(path) -> str | None:
    """The room that a file of the package belongs to."""
    first = path.relative_to(PACKAGE).parts[0]
    if first in OUTSIDE_ROOMS:
        return None
    return first.removesuffix(".py") if first.removesuffix(".py") in ROOMS else ""


def file_of(dotted: str):
    """The file of the package that an import brings, if any."""
    base = PACKAGE.joinpath(*dotted.split(".")[1:])
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)


def wrong_imports(path, text: str) -> list[str]:
    """Imports that go upwards, or that a room may not have."""
    here, wrong = room(path), []
    for dotted in source.imported(text) if here is not None else ():
        top = dotted.partition(".")[0]
        if top == "dlref":
            there = room(file) if (file := file_of(dotted)) else None
            if there is not None and ROOMS.index(there) > ROOMS.index(here):
                wrong.append(dotted)
        elif (top == "torch" and here not in TORCH) or (
            here in OUTSIDE and top not in OUTSIDE[here] | sys.stdlib_module_names
        ):
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
        ("exhibits/classification/roc_curve.py", "from dlref.site import text"),
        ("engine/make.py", "from dlref.exhibits import slides"),
        ("losses/_hinge.py", "from dlref import pytorch"),
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
    "path", [p for p in FILES if room(p) in ("", "datasets")], ids=lambda path: str(path.relative_to(ROOT))
)
def test_every_public_function_has_an_example(path):
    assert undocumented(path.read_text(encoding="utf-8")) == []


def test_a_function_without_an_example_is_found():
    assert undocumented('def f():\n    """Nothing to see."""') == ["f"]


def test_keys_of_the_cache_know_the_libraries_of_exhibits():
    files = (source.PACKAGE / "exhibits").rglob("*.py")
    names = set().union(*(source.third_party(source.module(file).imports) for file in files))
    # Annotations, and locks on files, change no result.
    names -= sys.stdlib_module_names | {"filelock", "jaxtyping"}
    packages = metadata.packages_distributions()
    known = {library.package for library in libraries.LIBRARIES if library.results}
    # The one colors code, the other is used by examples alone.
    assert {packages[name][0] for name in names} == known - {"pygments", "skorch"}


def test_every_module_of_exhibits_has_a_page_of_its_name():
    """`heart` and `heart_data` belong to the page heart.md; a page may have several modules, a module one page."""
    pages = [p.relative_to(ROOT / "docs").with_suffix("") for p in (ROOT / "docs").rglob("*.md")]
    names = {p.as_posix().replace("-", "_") for p in pages}
    modules = [p.relative_to(PACKAGE / "exhibits").with_suffix("").as_posix() for p in EXHIBITS]
    homeless = [m for m in modules if not any(m == name or m.startswith(f"{name}_") for name in names)]
    assert homeless == [], (
        "a module of exhibits is named like its page: dlref/exhibits/part/my_page.py, docs/part/my-page.md"
    )

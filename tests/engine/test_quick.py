"""`scripts/test --quick` finds what belongs to a file, and tells each kind of fault."""

import subprocess
import sys
from pathlib import Path

import pytest
import quick
from conftest import ROOT

from dlref.engine import cache
from dlref.engine.made import Made


@pytest.fixture
def planted(tmp_path, monkeypatch):
    """Writes a file of an empty repository."""
    monkeypatch.setattr(quick, "ROOT", tmp_path)
    monkeypatch.setattr(cache, "ROOT", tmp_path / ".dlref")

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


WORDS = {
    "docs/classification/roc-curve.md": "docs/classification/roc-curve.md",
    "dlref/exhibits/classification/roc_curve.py": "roc_curve.py",
    "dlref/activations.py": "activations",
    "dlref/metrics/_roc.py": "metrics",
    "dlref/pytorch/training.py": "training",
    "dlref/engine/verify.py": "verify",
    "tests/engine/test_verify.py": "test_verify.py",
}


def test_every_kind_of_file_has_tests():
    assert [quick.word(ROOT / file) for file in WORDS] == list(WORDS.values())
    command = [sys.executable, "-m", "pytest", "--collect-only", "--override-ini=addopts=", "-q", *quick.TESTS]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    assert [word for word in WORDS.values() if word not in names] == []


def test_a_page_and_the_module_of_its_exhibits_belong_together():
    page, module = ROOT / "docs/classification/roc-curve.md", ROOT / "dlref/exhibits/classification/roc_curve.py"
    assert set(quick.together(page)) == set(quick.together(module)) == {page, module}
    assert quick.together(ROOT / "dlref/activations.py") == [ROOT / "dlref/activations.py"]


def test_what_differs_from_the_last_commit_is_found(planted):
    same, changed = planted("dlref/same.py", ""), planted("dlref/changed.py", "")
    for command in (["init"], ["add", "."], ["-c", "user.name=n", "-c", "user.email=e", "commit", "-m", "m"]):
        subprocess.run(["git", *command], cwd=quick.ROOT, check=True, capture_output=True)
    changed.write_text("x = 1\n")
    new = planted("docs/new.md", "# New\n")
    assert quick.touched() == [changed, new]
    assert quick.named(["dlref", "docs/new.md"]) == [changed, same, new]
    with pytest.raises(SystemExit, match=r"there is no docs/old\.md"):
        quick.named(["docs/old.md"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("```pycon\n>>> print(1)\n2\n```\n", "docs/page.md:2: expected"),
        ("So it is {{ page.unknown }}.\n", "docs/page.md:1: {{ page.unknown }}: there is no dlref/exhibits/page.py"),
        ("Nothing wrong.\n", ""),
    ],
)
def test_a_fault_of_a_page_is_told(planted, text, said):
    found = quick.shown([planted("docs/page.md", text)])
    assert (not found) if not said else said in found[0]


def test_a_fault_of_a_module_is_told(planted):
    module = planted("dlref/planted.py", 'import os\n\n\ndef f():\n    """F.\n\n    >>> print(1)\n    2\n    """\n')
    assert "F401" in quick.styled([module])[0]
    assert "expected" in quick.documented([module])[0]
    module = planted("dlref/planted.py", 'def f():\n    """F.\n\n    >>> print(1)\n    1\n    """\n')
    assert [*quick.styled([module]), *quick.documented([module])] == []


def test_code_of_an_exhibit_that_does_not_run_alone_is_told(planted, monkeypatch):
    made = Made("number", "A number.", "<code>print(<span>missing</span>)</code>")
    monkeypatch.setattr(quick.collecting, "get", lambda address: made)
    assert "name 'missing' is not defined" in quick.alone(["page.exhibit"])[0]

"""`python -m dlref verify` and the feet of pages: each kind of fault is planted once and must be told."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from conftest import ROOT

from dlref.engine import cache, collecting, examples, passed, shown, verify
from dlref.engine.made import SiteError
from dlref.site import before, feet

SOUND = ">>> import math\n>>> print(math.sqrt(16))\n4.0\n"
# What is planted, the line that is to be named (the block begins on line 4), and what is to be said of it.
FAULTS = {
    "wrong number": (">>> print(2 + 2)\n5\n", 4, "expected\n    5\ngot\n    4\n"),
    "last digit": (">>> print(0.126)\n0.124\n", 4, "got\n    0.126"),
    "missing line": (">>> print(1)\n1\n>>> print(2)\n", 4, "got\n    1\n    2"),
    "error": (">>> x = 0\n>>> print(1 / x)\n1\n", 5, "ZeroDivisionError"),
    "error inside the package": (
        ">>> from dlref.activations import sigmoid\n>>> x = 'two'\n>>> print(sigmoid(x))\n1\n",
        6,
        "sigmoid: x must hold real numbers",
    ),
    "needs what the block above defines": (">>> print(math.pi)\n3.14\n", 4, "NameError"),
    "leaves the interpreter": (">>> import os\n>>> os._exit(0)\n", 4, "left the interpreter with exit status 0"),
    "loops": (">>> while True: pass\n", 4, "took longer than 2 s"),
    "cannot be copied": (">>> 2 + 2\n4\n", 4, "print the result"),
    "is not Python": (">>> print(2 +)\n", 4, "invalid syntax"),
}


@pytest.fixture
def pages(tmp_path, monkeypatch):
    """Writes a page of one block and makes its folder the pages that are verified."""
    monkeypatch.setattr(verify, "PAGES", tmp_path)
    monkeypatch.setattr(cache, "ROOT", tmp_path / ".cache")

    def write(name: str, *blocks: str) -> Path:
        page = tmp_path / "docs" / f"{name}.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text("# A page\n\n" + "\n".join(f"```pycon\n{block}```\n" for block in blocks))
        return page

    return write


def in_seconds(monkeypatch, seconds: float) -> None:
    monkeypatch.setattr(examples.outcome, "__defaults__", (seconds,))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told(fault, pages, capsys, monkeypatch):
    block, line, said = FAULTS[fault]
    if fault == "loops":
        in_seconds(monkeypatch, 2.0)
    page = pages("planted", block)
    assert verify.main(["verify", "--page", "docs/planted"]) == 1
    report = capsys.readouterr().out
    assert f"{page}:{line}: " in report
    assert said in report
    with pytest.raises(SiteError) as error:
        passed.collect([page], page.parents[1])
    assert f"docs/planted.md:{line}: " in str(error.value)
    assert said in str(error.value)


def test_a_sound_page_passes(pages, capsys):
    pages("sound", SOUND, SOUND)
    assert verify.main(["verify", "--page", "docs/sound.html"]) == 0
    report = capsys.readouterr().out
    assert "docs/sound        2" in report.replace("\n", " ")
    assert "numpy" in report


def test_one_fault_among_sound_examples_fails_the_whole(pages, capsys):
    pages("mixed", SOUND, FAULTS["wrong number"][0], SOUND)
    assert verify.main(["verify", "--page", "docs/mixed", "--json"]) == 1
    outcome = json.loads(capsys.readouterr().out)
    assert outcome["pages"] == {"docs/mixed": {"passed": 2, "failed": 1, "not_run": 0}}
    (problem,) = outcome["problems"]
    assert (problem["line"], problem["expected"], problem["got"]) == (10, "5\n", "4\n")
    assert outcome["versions"]["numpy"]


def test_fail_fast_stops_at_the_first(pages, capsys):
    pages("mixed", *[FAULTS["wrong number"][0]] * 20)
    assert verify.main(["verify", "--page", "docs/mixed", "--fail-fast"]) == 1
    assert capsys.readouterr().out.count("expected") == 1


@pytest.mark.parametrize("library", ["skorch", "torch"])
def test_what_needs_an_optional_library_is_told_apart(library, pages, capsys):
    missing = f""">>> raise ModuleNotFoundError("No module named '{library}'")\n"""
    pages("optional", SOUND, missing)
    assert verify.main(["verify", "--page", "docs/optional"]) == 3
    assert f"pip install {library}\n" in capsys.readouterr().out
    pages("optional", FAULTS["wrong number"][0], missing)
    assert verify.main(["verify", "--page", "docs/optional"]) == 1


def test_a_library_that_is_not_optional_must_be_there(pages):
    pages("planted", """>>> raise ModuleNotFoundError("No module named 'numpy'")\n""")
    assert verify.main(["verify", "--page", "docs/planted"]) == 1


def test_an_unknown_page_is_refused_with_its_like(pages, capsys):
    pages("sound", SOUND)
    with pytest.raises(SystemExit) as end:
        verify.main(["verify", "--page", "soun"])
    assert end.value.code == 2
    assert "is it docs/sound?" in capsys.readouterr().err


def test_every_docstring_with_an_example_is_documented():
    listed = {
        str(e.file.relative_to(examples.PACKAGE))
        for group in verify.documented().values()
        for e in group
        if e.file.suffix == ".py"
    }
    prompts = {
        str(f.relative_to(examples.PACKAGE)) for f in examples.PACKAGE.rglob("*.py") if "        >>> " in f.read_text()
    }
    assert listed == prompts != set()


def test_the_foot_says_what_was_run(pages):
    page = pages("sound", ">>> import numpy as np\n>>> print(np.arange(3))\n[0 1 2]\n", SOUND)
    passed.collect([page], page.parents[1])
    import numpy

    text = feet.foot("docs/sound.md")
    assert text.startswith('<p class="foot">2 examples on this page')
    assert f"with Python {sys.version.split()[0]}, NumPy {numpy.__version__}." in text
    assert "--page sound<" in text
    assert feet.foot("docs/other.md") == ""


def test_a_foot_is_only_taken_from_the_cache_where_nothing_changed(pages, monkeypatch):
    ran = []
    real = examples.outcome
    monkeypatch.setattr(examples, "outcome", lambda example: ran.append(example.code) or real(example))
    page = pages("sound", SOUND)
    root = page.parents[1]
    passed.collect([page], root)
    first = feet.foot("docs/sound.md")
    passed.collect([page], root)
    assert (len(ran), feet.foot("docs/sound.md")) == (1, first)

    # Damaged on disk: run again.
    (entry,) = (cache.ROOT / "exhibits").iterdir()
    entry.write_bytes(entry.read_bytes().replace(b'"examples": 1', b'"examples": 9'))
    passed.collect([page], root)
    assert (len(ran), feet.foot("docs/sound.md")) == (2, first)

    # Other versions of the libraries: run again.
    monkeypatch.setattr(passed.libraries, "versions", lambda: {"python": "3.99"})
    passed.collect([page], root)
    assert len(ran) == 3
    assert "Python 3.99" in feet.foot("docs/sound.md")

    # The text says something else now, which no longer holds.
    pages("sound", SOUND.replace("4.0", "5.0"))
    with pytest.raises(SiteError, match=r"docs/sound\.md:4: expected"):
        passed.collect([page], root)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The wheel as the site offers it, installed by pip into a folder of its own; libraries come from here."""
    folder = tmp_path_factory.mktemp("wheel")
    area = collecting.Mark("classification.roc_curve.area", Path("docs/classification/roc-curve.md"), 0, "area")
    collecting.collect([area])
    listed = folder / "shown.json"
    listed.write_text(json.dumps([asdict(entry) for entry in shown.listed([area])]))
    wheel = folder / before.WHEEL
    wheel.write_bytes(before.build_wheel(ROOT, listed))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", folder / "lib"]
    subprocess.run([*pip, wheel], check=True)
    return folder / "lib"


def verify_installed(lib: Path, *options: str) -> subprocess.CompletedProcess:
    """Run the command away from the repository."""
    environment = os.environ | {"PYTHONPATH": str(lib)}
    command = [sys.executable, "-m", "dlref", "verify", *options]
    return subprocess.run(command, cwd=lib.parent, env=environment, capture_output=True, text=True)


def test_the_wheel_verifies_itself_without_the_repository(installed):
    done = verify_installed(installed, "--json", "--page", "reference/activations")
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["pages"]["reference/activations"]["passed"] > 0

    page = installed / "dlref" / "pages" / "classification" / "roc-curve.md"
    page.write_text(page.read_text().replace("0.889 0.667", "0.889 0.668"))
    done = verify_installed(installed, "--json", "--page", "classification/roc-curve")
    assert done.returncode == 1, done.stderr
    (problem,) = json.loads(done.stdout)["problems"]
    assert problem["file"] == str(page)
    assert (problem["expected"], problem["got"]) == ("0.889 0.668\n", "0.889 0.667\n")


def test_the_wheel_computes_again_what_the_site_shows(installed):
    done = verify_installed(installed, "--json", "--exhibits", "--page", "classification/roc-curve")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["pages"] == {"classification/roc-curve": {"passed": 1, "failed": 0, "not_run": 0}}

    file = installed / "dlref" / "pages" / "shown.json"
    (entry,) = json.loads(file.read_text())
    file.write_text(json.dumps([entry | {"frames": ["0.123"]}]))
    done = verify_installed(installed, "--json", "--exhibits", "--page", "classification/roc-curve")
    (problem,) = json.loads(done.stdout)["problems"]
    assert (done.returncode, problem["expected"], problem["got"]) == (1, "0.123", *entry["frames"])

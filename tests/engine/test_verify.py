"""`python -m dlref verify` and the feet of pages: each kind of fault is planted once and must be told."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest
from conftest import ROOT

import dlref
from dlref.__main__ import main
from dlref.engine import cache, collecting, examples, isolate, passed, shown, verify
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
    monkeypatch.setattr(shown, "FILES", (tmp_path / "shown.json",))
    monkeypatch.setattr(cache, "ROOT", tmp_path / ".dlref")

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
    assert main(["verify", "--page", "docs/planted"]) == 1
    report = capsys.readouterr().out
    assert f"{page}:{line}: " in report
    assert said in report
    with pytest.raises(SiteError) as error:
        passed.collect([page], page.parents[1])
    assert f"docs/planted.md:{line}: " in str(error.value)
    assert said in str(error.value)


def test_a_sound_page_passes(pages, capsys):
    pages("sound", SOUND, SOUND)
    assert main(["verify", "--page", "docs/sound.html"]) == 0
    report = capsys.readouterr().out
    assert "docs/sound        2" in report.replace("\n", " ")
    assert "numpy" in report


def test_one_fault_among_sound_examples_fails_the_whole(pages, capsys):
    pages("mixed", SOUND, FAULTS["wrong number"][0], SOUND)
    assert main(["verify", "--page", "docs/mixed", "--json"]) == 1
    outcome = json.loads(capsys.readouterr().out)
    assert outcome["pages"] == {"docs/mixed": {"passed": 2, "failed": 1, "not_run": 0}}
    (problem,) = outcome["problems"]
    assert (problem["line"], problem["expected"], problem["got"]) == (10, "5\n", "4\n")
    assert outcome["versions"]["numpy"]


def test_fail_fast_stops_at_the_first(pages, capsys):
    pages("mixed", *[FAULTS["wrong number"][0]] * 20)
    assert main(["verify", "--page", "docs/mixed", "--fail-fast"]) == 1
    assert capsys.readouterr().out.count("expected") == 1


@pytest.mark.parametrize("library", ["skorch", "torch"])
def test_what_needs_an_optional_library_is_told_apart(library, pages, capsys):
    missing = f""">>> raise ModuleNotFoundError("No module named '{library}'")\n"""
    pages("optional", SOUND, missing)
    assert main(["verify", "--page", "docs/optional"]) == 3
    assert f"pip install {library}\n" in capsys.readouterr().out
    pages("optional", FAULTS["wrong number"][0], missing)
    assert main(["verify", "--page", "docs/optional"]) == 1


def test_a_library_that_is_not_optional_must_be_there(pages):
    pages("planted", """>>> raise ModuleNotFoundError("No module named 'numpy'")\n""")
    assert main(["verify", "--page", "docs/planted"]) == 1


def test_an_unknown_page_is_refused_with_its_like(pages, capsys):
    pages("sound", SOUND)
    with pytest.raises(SystemExit) as end:
        main(["verify", "--page", "soun"])
    assert end.value.code == 2
    assert "is it docs/sound?" in capsys.readouterr().err


KNOWN = ["index", "classification/roc-curve", "pytorch/index", "pytorch/activations", "reference/activations"]


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("roc-curve", "classification/roc-curve"),
        ("roc-curve.html", "classification/roc-curve"),
        ("classification/roc-curve.md", "classification/roc-curve"),
        ("docs/classification/roc-curve.md", "classification/roc-curve"),
        ("docs\\classification\\roc-curve.md", "classification/roc-curve"),
        ("http://127.0.0.1:8000/classification/roc-curve.html#area", "classification/roc-curve"),
        ("https://example.org/dlref/classification/roc-curve?h=area", "classification/roc-curve"),
        ("file:///home/me/dlref-site/classification/roc-curve.html", "classification/roc-curve"),
        ("http://127.0.0.1:8000/pytorch/activations.html", "pytorch/activations"),
        ("http://127.0.0.1:8000/pytorch/", "pytorch/index"),
        ("http://127.0.0.1:8000/", "index"),
        ("https://example.org/dlref/index.html", "index"),
        ("pytorch", "pytorch/index"),
        ("index", "index"),
    ],
)
def test_a_page_is_named_as_one_likes(asked, page):
    assert verify._page(asked, KNOWN) == page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("activations", "more than one page is called activations: pytorch/activations, reference/activations"),
        ("roc", "no page 'roc' has what was asked for; is it classification/roc-curve?"),
        ("clasification/roc-curv", "is it classification/roc-curve?"),
        ("", "no page '' has what was asked for; --list tells the pages"),
        ("http://127.0.0.1:8000/classification/nothing.html", "has what was asked for"),
    ],
)
def test_a_page_that_is_not_clear_is_refused(asked, told):
    with pytest.raises(ValueError) as error:
        verify._page(asked, KNOWN)
    assert told in str(error.value)


def test_the_list_counts_what_there_is(pages, capsys):
    pages("sound", SOUND, SOUND)
    show(verify.PAGES, shown.Shown("docs/sound", "classification.roc_curve.area", ["0.95"], False))
    assert main(["verify", "--list", "--page", "sound"]) == 0
    assert capsys.readouterr().out.split() == ["examples", "exhibits", "docs/sound", "2", "1", "all", "2", "1"]


def show(pages: Path, *entries: shown.Shown) -> None:
    """Make these what the site shows."""
    (pages / "shown.json").write_text(json.dumps([asdict(entry) for entry in entries]))


NOTEBOOK = """# %% [markdown]
# # Text
# %%
x = 0.5004
print("half", x)
# %% caption="A table."
import pandas as pd
pd.DataFrame({"a": [1.5]})
# %%
x / 2
"""


@pytest.mark.parametrize(
    ("old", "new", "status", "told"),
    [
        ("", "", 0, ""),
        ("0.5004", "0.5014", 1, "the page shows\n    half 0.5004\nhere it is\n    half 0.5014"),
        ("[1.5]", "[1.25]", 1, "here it is\n    A table. a 1.250"),
        ("x / 2", "x / 0", 1, "notebooks/some.py:10: ZeroDivisionError"),
        ("x / 2", "import skorch_is_not_there", 1, "ModuleNotFoundError"),
        ("x / 2", "", 1, "here it is\n    \n"),
        ("x / 2", "raise ModuleNotFoundError(\"No module named 'torch'\")", 3, "pip install torch"),
    ],
)
def test_a_notebook_is_run_and_compared(old, new, status, told, pages, capsys):
    file = verify.PAGES / "docs" / "notebooks" / "some.py"
    file.parent.mkdir(parents=True)
    file.write_text(NOTEBOOK)
    entry = shown.of_notebook(file, Path("docs/notebooks/some.py"))
    assert entry.frames == ["half 0.5004", "A table. a 1.500", "0.2502"]
    show(verify.PAGES, entry)
    (verify.PAGES / "notebooks").mkdir()
    (verify.PAGES / "notebooks" / "some.py").write_text(NOTEBOOK.replace(old, new))
    assert main(["verify", "--notebooks", "--page", "some"]) == status
    assert told in capsys.readouterr().out


def test_a_child_does_not_hear_ctrl_c():
    """A terminal sends it to the fork server and to all children, each of which would tell it at length."""
    code = "import signal\nprint(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    assert isolate.run("dlref.engine.examples:printed", code, "example") == "True\n"
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_ctrl_c_ends_it_at_once_and_tells_what_had_passed(tmp_path):
    (tmp_path / "page.md").write_text(
        f"""```pycon
>>> from pathlib import Path
>>> print(Path({str(tmp_path / "first")!r}).write_text("."))
1
```

```pycon
>>> import os, time
>>> from pathlib import Path
>>> print(Path({str(tmp_path / "second")!r}).write_text(str(os.getpid())))
>>> time.sleep(200)
```
"""
    )
    code = (
        "import sys; from pathlib import Path; from dlref.__main__ import main; from dlref.engine import verify;"
        f"verify.PAGES = Path({str(tmp_path)!r}); sys.exit(main(['verify', '--page', 'page']))"
    )
    options = {"cwd": ROOT, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    running = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, **options)
    until(lambda: (tmp_path / "first").exists() and (tmp_path / "second").exists())
    time.sleep(0.5)  # until the first has told its outcome
    # As a terminal does: to the whole group.
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "page        1" in out and "Stopped: 1 of 2 had come to their end." in out
    assert "Traceback" not in err
    until(lambda: not Path(f"/proc/{(tmp_path / 'second').read_text()}").exists())


def until(true, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.05)


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
    name, content = before.build_wheel(ROOT, listed)
    wheel = folder / name
    wheel.write_bytes(content)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", folder / "lib"]
    subprocess.run([*pip, wheel], check=True)
    return folder / "lib"


def test_each_build_has_a_version_of_its_own(tmp_path, monkeypatch):
    """Which is the same where there is no Git; with one version for all, pip leaves an older one in place."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1577836800")
    listed, other = tmp_path / "shown.json", tmp_path / "other.json"
    listed.write_text("[]")
    other.write_text("[ ]")
    folder = tmp_path / "archive"
    kept = ("__pycache__", "*.pyc")
    for name in ("dlref", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*kept))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, folder / name)
    name, content = before.build_wheel(ROOT, listed)
    assert (name, content) == before.build_wheel(folder, listed)
    assert name != before.build_wheel(ROOT, other)[0]
    public, label = name.removesuffix("-py3-none-any.whl").split("+")
    assert public == f"dlref-{dlref.__version__}" and re.fullmatch("b[0-9a-f]{10}", label)


def test_pip_puts_a_newer_build_in_the_place_of_an_older(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1577836800")
    (tmp_path / "shown.json").write_text("[]")
    older = before.build_wheel(ROOT, tmp_path / "shown.json")
    (tmp_path / "shown.json").write_text("[ ]")
    newer = before.build_wheel(ROOT, tmp_path / "shown.json")
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    for name, content in (older, newer, older):
        (tmp_path / name).write_bytes(content)
        pip = [venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
        subprocess.run([*pip, tmp_path / name], check=True)
        (installed,) = venv.glob("lib/python*/site-packages/dlref-*.dist-info")
        assert name.startswith(installed.name.removesuffix(".dist-info"))
        assert (installed.parent / "dlref" / "pages" / "shown.json").stat().st_size == 2 + (name == newer[0])


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
    (told,) = installed.glob("dlref-*.dist-info")
    assert told.name == f"dlref-{outcome['versions']['dlref']}.dist-info" != f"dlref-{dlref.__version__}.dist-info"

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

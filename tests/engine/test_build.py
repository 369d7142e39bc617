"""Faults while the site is built: each is told by place and reason, and leaves the last good site as it was."""

import hashlib
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import ROOT

HEAD = """
import os
import time
from matplotlib.figure import Figure
from pandas import DataFrame
from dlref.engine.exhibit import exhibit
from dlref.plots import style
"""
GOOD = '''
@exhibit(alt="A line.", explore={"slope": [1, 2]})
def line(slope: int = 1) -> Figure:
    """A line."""
    figure, axes = style.figure()
    axes.plot([0, 1], [0, slope])
    return figure

@exhibit()
def answer() -> int:
    """An answer."""
    return 42

@exhibit()
def rows() -> DataFrame:
    """A row."""
    return DataFrame({"name": ["<b>bold</b>"], "value": [0.5]})
'''
# Only what hangs is given up; nothing here depends on how fast the machine is.
PATIENCE = 600
PAGE = "# Home { #here }\n\nSo it is: {{ planted.answer }}.\n\n{{ planted.line }}\n{{ planted.rows }}\n"


class Project:
    """A small site with the real engine, in a folder of its own."""

    def __init__(self, folder: Path):
        self.folder = folder
        package = shutil.ignore_patterns("exhibits", "__pycache__", "vendor")
        shutil.copytree(ROOT / "dlref", folder / "dlref", ignore=package)
        shutil.copytree(ROOT / "dlref/engine/vendor", folder / "dlref/engine/vendor")
        shutil.copytree(
            ROOT / "docs", folder / "docs", ignore=lambda d, names: [n for n in names if n.endswith((".md", ".py"))]
        )
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, folder)
        settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[0]
        settings = re.sub(r"(  concepts:\n)(?:    - .*\n)+", r"\1    - here\n", settings)
        self.write("mkdocs.yml", settings)
        # The terms of the search are for sections of the real site.
        self.write("dlref/site/terms.toml", "")
        self.exhibits(GOOD)
        self.write("docs/index.md", PAGE)

    def write(self, name: str, text: str | bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def exhibits(self, code: str) -> None:
        self.write("dlref/exhibits/__init__.py", "")
        self.write("dlref/exhibits/planted.py", HEAD + code)

    def start(self, **options) -> subprocess.Popen:
        environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"} | options.pop("env", {})
        command = [sys.executable, *options.pop("python", ["-m", "dlref.site", "build"])]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True} | options
        return subprocess.Popen(command, cwd=self.folder, env=environment, start_new_session=True, **pipes)

    def build(self, **options) -> tuple[int, str]:
        process = self.start(**options)
        output, _ = process.communicate(timeout=PATIENCE)
        return process.returncode, output

    def site(self) -> dict[str, str]:
        """Every file of the site with the hash of what it holds."""
        files = sorted(p for p in (self.folder / "site").rglob("*") if p.is_file())
        return {str(p.relative_to(self.folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    def leftovers(self) -> list[str]:
        return [p.name for p in self.folder.iterdir() if p.name.startswith(".site-")]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A project that has been built once; tests plant a fault in a copy."""
    project = Project(tmp_path_factory.mktemp("good") / "project")
    status, output = project.build()
    assert status == 0, output
    return project


@pytest.fixture
def project(built, tmp_path):
    copy = object.__new__(Project)
    copy.folder = tmp_path / "project"
    shutil.copytree(built.folder, copy.folder, symlinks=True)
    return copy


def fails(project: Project, *expected: str, **options) -> str:
    """The build fails, says all that is expected, and leaves the last site and nothing else."""
    before = project.site()
    status, output = project.build(**options)
    assert status == 1, output
    for text in expected:
        assert text in output
    assert "Traceback" not in output
    assert project.site() == before
    assert project.leftovers() == []
    return output


def test_what_is_built(built):
    page = (built.folder / "site/index.html").read_text()
    assert ">42</button>" in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<b>bold" not in page
    concepts = (built.folder / "site/concepts.json").read_text()
    assert '"address": "index.html#here"' in concepts
    with zipfile.ZipFile(built.folder / "site/downloads/dlref-site.zip") as archive:
        packed = {
            name.removeprefix("dlref-"): hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()
        }
    assert packed == {n: digest for n, digest in built.site().items() if not n.endswith("dlref-site.zip")}


def test_a_table_is_offered_without_markup(project):
    project.exhibits(GOOD.replace("<b>bold</b>", "[one][here] `two` $10^{-3}$"))
    assert project.build()[0] == 0
    (file,) = (project.folder / "site/assets/exhibits").glob("planted.rows.*.csv")
    assert file.read_text() == "name,value\none two 10^-3,0.5\n"


def test_every_fault_of_an_exhibit_is_told_with_its_page_and_line(project):
    faults = {
        "raises": ("    raise KeyError('lost')", "KeyError: 'lost' (dlref/exhibits/planted.py:"),
        "nothing": ("    return None", "must return a Figure, a DataFrame, a number, a text or a claim; returned None"),
        "undefined": ("    return float('nan')", "is nan"),
        "columnless": ("    return 0.5", "is a number, and has no columns that digits could be given for"),
        "silent": ("    return style.figure()[0]", "is a figure without alt text"),
        "untrue": ("    return False", "the claim does not hold: About untrue."),
        "baseless": ("    return True", "is a claim that says neither over what it was measured"),
        "foreign": (
            "    f, a = style.figure()\n    a.plot([1], color='#123456')\n    return f",
            "has no pair in the dark scheme",
        ),
        "greedy": ("    return len(bytearray(75 * 2**30))", "memory"),
        "leaves": ("    os._exit(0)", "left the interpreter with exit status 0"),
        "empty": ("    return DataFrame()", "is an empty table"),
    }  # fmt: skip
    alt = {"foreign": 'alt="x"', "columnless": 'digits={"value": 1}', "untrue": 'over="one draw"'}
    functions = [f'@exhibit({alt.get(n, "")})\ndef {n}():\n    """About {n}."""\n{c}\n' for n, (c, _) in faults.items()]
    project.exhibits(GOOD + "\n".join(functions))
    lines = [f"{{{{ planted.{name} }}}}\n" for name in faults]
    project.write("docs/index.md", PAGE + "\n" + "\n".join(lines))
    expected = [f"docs/index.md:{8 + 2 * i}: {{{{ planted.{n} }}}}" for i, n in enumerate(faults)]
    output = fails(project, *expected, *(reason for _, reason in faults.values()))
    assert len(output.splitlines()) < 40


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("{{ planted.anser }}", "docs/index.md:8: {{ planted.anser }}: no exhibit anser in planted.py; it has answer"),
        ("{{ plantd.answer }}", "docs/index.md:8: {{ plantd.answer }}: there is no dlref/exhibits/plantd.py"),
        ("{{ planted.answer }}", "docs/index.md:8: {{ planted.answer }}: is a number; put it inside a sentence"),
        ("See {{ planted.line }}.", "docs/index.md:8: {{ planted.line }}: is a figure; put it on a line of its own"),
        ("$\\frac{1$", "docs/index.md: the formula \\frac{1 cannot be read"),
        ("```pycon\n>>> print(1)\n2\n```", "docs/index.md:9"),
        ("```pycon\n>>> 1 + 1\n2\n```", "docs/index.md:9: print the result"),
        # However its fence is written, an example is found and run.
        ("~~~pycon\n>>> print(1)\n2\n~~~", "docs/index.md:9: expected"),
        ("``` { .pycon }\n>>> print(1)\n2\n```", "docs/index.md:9: expected"),
        ("> ```pycon\n> >>> print(1)\n> 2\n> ```", "docs/index.md:9: expected"),
        # One that another extension makes of something else is not.
        ('<div markdown="1">\n```pycon linenums="1"\n>>> print(1)\n2\n```\n</div>', "docs/index.md:10: expected"),
        ("[text][no-such-heading]", "no-such-heading"),
        ("# Twice { #here }", "concept here: more than one heading has this anchor"),
    ],
)
def test_every_fault_of_a_page_is_told(project, page, expected):
    project.write("docs/index.md", PAGE + "\n" + page + "\n")
    fails(project, expected)


def test_faults_of_all_kinds_come_together(project):
    project.exhibits(GOOD.replace("return 42", "raise KeyError('lost')"))
    text = "```pycon\n>>> print(1)\n2\n```\n\n## New { #here-too }\n\n[text][no-such-heading]\n"
    project.write("docs/index.md", PAGE + "\n" + text)
    project.write("dlref/fresh.py", '"""New."""\n')
    settings = (project.folder / "mkdocs.yml").read_text().replace("    - here\n", "    - here\n    - here-after\n")
    project.write("mkdocs.yml", settings + "\nnav: [index.md]\n")
    project.write("docs/lost.md", "# Lost\n")
    fails(
        project,
        "docs/index.md:3: {{ planted.answer }}: KeyError: 'lost'",
        "docs/index.md:9: expected",
        "docs/index.md:13: the index lacks this concept; write `- here-too` in extra.concepts of mkdocs.yml",
        "concept here-after: no heading has this anchor",
        "docs/lost.md: no reader finds it; write `- lost.md` under its part in nav of mkdocs.yml",
        "dlref/fresh.py: the reference lacks it; write docs/reference/fresh.md",
        "dlref/fresh.py: the package's map lacks it; write `dlref.fresh` in dlref/__init__.py",
        "no-such-heading",
    )


def test_a_concept_without_its_heading_is_told(project):
    project.write("docs/index.md", PAGE.replace("#here", "#there"))
    fails(project, "concept here: no heading has this anchor")


def test_a_page_that_is_not_utf8_is_told(project):
    project.write("docs/index.md", PAGE.encode() + b"caf\xe9")
    fails(project, "docs/index.md: is not UTF-8 at byte")


def test_a_missing_font_is_told(project):
    (project.folder / "dlref/plots/fonts/Inter-Italic.ttf").unlink()
    fails(project, "Inter-Italic.ttf")


def test_a_full_disk_is_told(project):
    project.exhibits(GOOD.replace("[0, slope]", "[1, slope]"))
    # No file may grow: what a full disk does, without filling one.
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))  # noqa: E731
    fails(project, "File too large", preexec_fn=limit)


def test_a_cache_that_cannot_be_written_is_told(project):
    shutil.rmtree(project.folder / ".dlref/exhibits")
    project.write(".dlref/exhibits", "a file where the folder should be")
    fails(project, ".dlref/exhibits")


def test_a_damaged_or_tampered_result_is_made_again(project):
    before = project.site()
    entries = sorted((project.folder / ".dlref/exhibits").glob("planted.*.json"))
    assert len(entries) == 3
    entries[0].write_bytes(b"")
    entries[1].write_bytes(entries[1].read_bytes()[:-20])
    entries[2].write_bytes(entries[2].read_bytes().replace(b"bold", b"evil"))
    status, output = project.build()
    assert status == 0, output
    assert project.site() == before


def test_only_what_changed_is_made_again(project):
    entries = {p.name: p.stat().st_mtime_ns for p in (project.folder / ".dlref/exhibits").glob("planted.*.json")}
    project.exhibits(GOOD.replace("return 42", "return 43"))
    status, output = project.build()
    assert status == 0, output
    after = {p.name: p.stat().st_mtime_ns for p in (project.folder / ".dlref/exhibits").glob("planted.*.json")}
    changed = {name.partition("-")[0] for name, _ in set(after.items()) - set(entries.items())}
    assert changed == {"planted.answer"}


@pytest.mark.parametrize(
    ("module", "text", "again"),
    [
        ("dlref/activations.py", "\nCHANGED = 1\n", {"planted.answer"}),
        ("dlref/activations.py", "\n# A comment changes no result.\n", set()),
        ("dlref/engine/text.py", "\nCHANGED = 1\n", {"planted.answer", "planted.line", "planted.rows"}),
    ],
)
def test_exhibits_are_made_again_when_code_that_they_or_the_engine_import_changes(project, module, text, again):
    project.exhibits(
        GOOD.replace("    return 42", "    from dlref.activations import relu\n\n    return int(relu(42))")
    )
    assert project.build()[0] == 0
    before = set((project.folder / ".dlref/exhibits").glob("planted.*.json"))
    path = project.folder / module
    path.write_text(path.read_text() + text)
    assert project.build()[0] == 0
    after = set((project.folder / ".dlref/exhibits").glob("planted.*.json"))
    assert {p.name.partition("-")[0] for p in after - before} == again


# Builds the site and kills its processes as soon as Python is about to do something that matches: no clock decides.
KILLED = """
import os, re, runpy, signal, sys
def watch(event, arguments):
    if event in ("open", "os.rename") and re.search({at!r}, " ".join(map(str, (event, *arguments)))):
        os.killpg(0, signal.SIGKILL)
sys.addaudithook(watch)
sys.argv[1:] = ["build"]
runpy.run_module("dlref.site", run_name="__main__")
"""
MOMENTS = {
    "begins": r"open \S*build\.lock w",
    "writes a page": r"open \S*/new/index\.html w",
    "packs the archive": r"open \S*/dlref-site\.zip w",
    "moves the last site away": r"os\.rename \S*site \S*/old",
    "moves the new site to its place": r"os\.rename \S*/new \S*site",
}


def killed(project: Project, **options) -> None:
    """A build that kills itself has ended, and all of its processes with it."""
    process = project.start(**options)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL, output


def test_a_killed_build_leaves_the_last_site_whole(project):
    before = project.site()
    project.exhibits(GOOD.replace("return 42", "return os.killpg(0, 9)"))
    killed(project)
    assert project.site() == before
    project.exhibits(GOOD.replace("An answer", "The answer"))
    for moment, at in MOMENTS.items():
        killed(project, python=["-c", KILLED.format(at=at)])
        # Between its two moves a build has no site; the next one, though it fails, begins by putting the last one back.
        assert project.site() == ({} if moment == "moves the new site to its place" else before), moment
    project.exhibits(GOOD.replace("return 42", "return None"))
    assert project.build()[0] == 1
    assert project.site() == before
    assert project.leftovers() == []
    project.exhibits(GOOD)
    assert project.build()[0] == 0
    assert project.site() == before


def test_an_interrupted_build_stops_without_a_word_too_many(project):
    before = project.site()
    project.exhibits(GOOD.replace("return 42", "return print('begun', flush=True) or time.sleep(3600)"))
    with project.start() as process:
        assert any("begun" in line for line in process.stdout)
        os.killpg(process.pid, signal.SIGINT)
        # Without waiting for the exhibit.
        assert process.communicate(timeout=PATIENCE)[0] == "Stopped.\n"
    assert process.returncode == 130
    assert project.site() == before
    assert project.leftovers() == []


def test_two_builds_at_once_do_not_meet(project):
    wait = "print('begun', flush=True)\n    while not os.path.exists('go'): time.sleep(0.01)\n    return 43"
    project.exhibits(GOOD.replace("return 42", wait))
    limit = {"DLREF_EXHIBIT_SECONDS": "20"}
    with project.start(env=limit) as first:
        assert any("begun" in line for line in first.stdout)
        with project.start(env=limit) as second:
            assert any("Another build is running; waiting" in line for line in second.stdout)
            project.write("go", "")
            outputs = [process.communicate(timeout=PATIENCE)[0] for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], outputs


def test_two_builds_are_the_same_to_the_byte(built, tmp_path):
    """In another folder, another time zone, with other hash seeds, and without a cache."""
    other = Project(tmp_path / "elsewhere" / "project")
    status, output = other.build(env={"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "LC_ALL": "C"})
    assert status == 0, output
    assert other.site() == built.site()


def test_a_site_that_differs_is_noticed(built, tmp_path):
    from reproduce import differences

    one, other = built.folder / "site", tmp_path / "site"
    shutil.copytree(one, other)
    assert differences(one, other) == []
    (other / "index.html").write_text((one / "index.html").read_text().replace("42", "43"))
    (other / "concepts.json").unlink()
    assert differences(one, other) == ["concepts.json", "index.html"]


def test_what_takes_too_long_is_ended_and_no_process_is_left_behind(project):
    project.exhibits(GOOD + '@exhibit()\ndef forever():\n    """Loops."""\n    while True: pass\n')
    project.write("docs/index.md", PAGE + "\n{{ planted.forever }}\n")
    process = project.start(env={"DLREF_EXHIBIT_SECONDS": "2"})
    output, _ = process.communicate(timeout=PATIENCE)
    assert "docs/index.md:8: {{ planted.forever }}: took longer than 2 s of processor time" in output
    # The fork server ends by itself once it notices that nobody asks it any more.
    given_up = time.monotonic() + PATIENCE
    while alive(process.pid) and time.monotonic() < given_up:
        time.sleep(0.1)
    assert alive(process.pid) == []


def alive(group: int) -> list[str]:
    """The processes of a group that still run; those that ended but were not waited for do not count."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, _, rest = stat.read_text().partition(") ")
            state, _, of_group = rest.split()[:3]
            if int(of_group) == group and state != "Z":
                found.append(name)
    return found

"""The mutation score itself: a branch without an example is found, and survivors are excused only by a test or a list.

A package of one small module stands for the mathematics; mutmut runs on it in earnest.
"""

import shutil
import subprocess

import mutate
import pytest
from conftest import ROOT

PLANTED = '''\
def clipped(x: float) -> float:
    """At most 10.

    Examples:
        >>> from dlref.planted import clipped
        >>> print(clipped(2.5))
        2.5
    """
    if x > 10:
        return 10.0
    return x + 0


def untouched(x: float) -> float:
    return x - 1
'''
ORACLE = "from dlref.planted import clipped\n\n\ndef test_planted():\n    assert clipped(10.5) == 10.0\n"
LISTED = """\
[[survivor]]
function = "planted.clipped"
reason = "At 10 both branches give 10."
changes = ["if x > 10: → if x >= 10:"]
"""


@pytest.fixture
def planted(tmp_path, monkeypatch):
    """A repository with one commit, in which `dlref.planted` is the only module of mathematics."""
    (tmp_path / "dlref").mkdir()
    # What runs examples, whatever it imports.
    shutil.copytree(ROOT / "dlref/engine", tmp_path / "dlref/engine", ignore=shutil.ignore_patterns("vendor", "__py*"))
    for name in ("__init__", "_check"):
        shutil.copy(ROOT / "dlref" / f"{name}.py", tmp_path / "dlref")
    tests = tmp_path / "tests"
    for folder in ("engine", "lists", "oracles"):
        (tests / folder).mkdir(parents=True)
    shutil.copy(ROOT / "tests/engine/documented.py", tests / "engine")
    for name in ("oracle_planted", "test_errors"):
        (tests / "oracles" / f"{name}.py").touch()
    (tests / "oracles" / "test_oracles.py").write_text(ORACLE)
    module = tmp_path / "dlref" / "planted.py"
    module.write_text(PLANTED)
    for command in (["init"], ["add", "."], ["-c", "user.name=n", "-c", "user.email=e", "commit", "-m", "m"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True, capture_output=True)
    monkeypatch.setattr(mutate, "ROOT", tmp_path)
    monkeypatch.setattr(mutate, "WORK", tmp_path / ".dlref" / "mutation")
    return module


def test_a_branch_without_an_example_is_found(planted, capsys):
    planted.write_text(PLANTED.partition("\n\n\n")[0] + "\n")
    assert mutate.main(["--examples-only"]) == 1
    said = capsys.readouterr().out
    assert "planted.clipped: return 10.0 → return 11.0" in said
    assert "noticed" in said


def test_a_survivor_is_excused_by_an_oracle_or_with_a_reason(planted, capsys):
    planted.write_text(PLANTED.replace("x + 0", "0 + x"))
    assert mutate.main(["--changed", "HEAD"]) == 1
    said = capsys.readouterr().out
    assert "that differ from HEAD: 1, with" in said
    assert "return 11.0" not in said
    assert "planted.clipped: if x > 10: → if x >= 10:" in said

    (planted.parents[1] / "tests" / "lists" / "survivors.toml").write_text(LISTED, encoding="utf-8")
    assert mutate.main(["--changed", "HEAD"]) == 0
    assert "1 of them are listed with a reason." in capsys.readouterr().out


def test_only_functions_that_differ_are_tried(planted):
    assert mutate.changed_since("HEAD", ["planted"]) == []
    planted.write_text(PLANTED.replace("At most 10.", "10 at most."))
    assert mutate.changed_since("HEAD", ["planted"]) == ["dlref.planted.x_clipped"]
    planted.write_text('"""What stands above all of them."""\n\n\n' + PLANTED)
    assert mutate.changed_since("HEAD", ["planted"]) == ["dlref.planted.x_clipped", "dlref.planted.x_untouched"]


def test_methods_differ_with_their_class():
    before = mutate.functions('class A:\n    """One."""\n\n    def f(self):\n        return 1\n')
    after = mutate.functions('class A:\n    """Two."""\n\n    def f(self):\n        return 1\n')
    assert before.keys() == after.keys() == {"xǁAǁf"}
    assert before != after


def test_a_draw_is_bounded_and_the_same_each_time(planted, capsys):
    planted.write_text('"""Everything differs."""\n\n\n' + PLANTED)
    everything = mutate.drawn("HEAD", ["planted"], 1000)
    few = mutate.drawn("HEAD", ["planted"], 3)
    assert few == mutate.drawn("HEAD", ["planted"], 3)
    assert len(few) == 3 < len(everything)
    assert set(few) < set(everything)
    assert f"{len(everything)} mutants, of which 3 are drawn." in capsys.readouterr().out


def test_an_unknown_commit_is_refused(planted):
    with pytest.raises(SystemExit, match="git knows no commit nothing"):
        mutate.changed_since("nothing", ["planted"])


def test_a_module_below_the_least_score_is_named(capsys):
    mutants = [mutate.Mutant(f"dlref.planted.x_f__mutmut_{i}", alive=i == 0) for i in range(10)]
    assert mutate.report(mutants) == []
    assert mutate.report([*mutants, mutate.Mutant("dlref.planted.x_f__mutmut_10", alive=True)]) == ["planted"]
    assert "81.8%" in capsys.readouterr().out


def test_every_listed_survivor_is_of_a_function_that_exists():
    found = {
        mutate.Mutant(f"{mutate.dotted(path)}.{key}__mutmut_1", alive=True).function
        for name in mutate.modules()
        for path in mutate.files_of(name)
        for key in mutate.functions((ROOT / path).read_text(encoding="utf-8"))
    }
    assert {function for function, _ in mutate.listed()} <= found

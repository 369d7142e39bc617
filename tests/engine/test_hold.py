"""Whether results hold elsewhere: random rounding and shifted seeds do what they say, and a planted fault is caught."""

import shutil
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT
from test_build import Project

from dlref.engine import arithmetic

CHAOTIC = '''
import numpy as np
from dlref.activations import sigmoid

@exhibit()
def chaotic() -> float:
    """A map that doubles each difference, after two hundred rounds through a function of this package."""
    x = 0.1
    for _ in range(200):
        x = (8 * float(sigmoid(x))) % 1
    return x

@exhibit()
def chaotic_in_torch() -> float:
    """The same through an exponential of PyTorch."""
    import torch
    x = torch.tensor(0.1, dtype=torch.float64)
    for _ in range(200):
        x = (8 * torch.exp(x)) % 1
    return x.item()

@exhibit()
def steady() -> float:
    """A single sigmoid."""
    return float(sigmoid(0.3))

@exhibit(one_run=True)
def told() -> float:
    """The chaotic number again, of which the page says that it is one run."""
    return chaotic()

@exhibit(over="one draw")
def lucky() -> bool:
    """The first number that seed 0 draws is over 0.6, which is so for 40 seeds in a hundred."""
    return np.random.default_rng(0).random() > 0.6

@exhibit(over="1000 draws")
def sound() -> bool:
    """The mean of a thousand numbers is within 0.1 of a half."""
    return abs(np.random.default_rng(0).random(1000).mean() - 0.5) < 0.1

@exhibit(follows="arithmetic")
def certain() -> bool:
    """One and one are two."""
    return 1 + 1 == 2
'''
NAMES = ["chaotic", "chaotic_in_torch", "steady", "told", "lucky", "sound", "certain"]


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """A site of one page, with exhibits that hold and others that do not."""
    project = Project(tmp_path_factory.mktemp("hold") / "project")
    project.exhibits(CHAOTIC)
    project.write("docs/index.md", "# Home\n\n" + "\n".join(f"- {{{{ planted.{name} }}}}" for name in NAMES))
    (project.folder / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "hold.py", project.folder / "scripts")
    return project


@pytest.fixture(scope="module")
def report(project) -> str:
    """What `scripts/hold` says of it."""
    status, output = _hold(project, "--under", "rounding-1", "--shifts", "8")
    assert status == 1, output
    return output


def _hold(project: Project, *options: str) -> tuple[int, str]:
    command = [sys.executable, "scripts/hold.py", *options]
    done = subprocess.run(command, cwd=project.folder, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["chaotic", "chaotic_in_torch"])
def test_a_chaotic_result_is_caught(report, name):
    assert f"{{{{ planted.{name} }}}}: rounding-1: 0." in report


def test_a_claim_that_rests_on_its_seed_is_caught(report):
    assert "{{ planted.lucky }}: seeds shifted by" in report


@pytest.mark.parametrize("name", ["steady", "told", "sound", "certain"])
def test_what_holds_is_not_told(report, name):
    assert f"{{{{ planted.{name} }}}}" not in report
    assert "docs/index.md: 3 do not hold" in report


def test_rounding_moves_each_number_by_at_most_one_unit():
    generator, numbers = np.random.default_rng(0), np.random.default_rng(1).normal(size=1000)
    moved = arithmetic.moved(numbers, generator)
    units = (moved - numbers) / np.spacing(np.abs(numbers))
    assert set(np.round(units, 3)) <= {-1, -0.5, 0, 0.5, 1}
    assert 0.5 < (moved != numbers).mean() < 0.8


def test_rounding_leaves_what_every_processor_computes_alike():
    exact = np.array([0.0, 1.0, -3.0, 0.375, 1e6, np.inf, np.nan])
    assert np.array_equal(arithmetic.moved(exact, np.random.default_rng(0)), exact, equal_nan=True)
    assert arithmetic.moved("text", np.random.default_rng(0)) == "text"
    assert arithmetic.moved(7, np.random.default_rng(0)) == 7


def test_what_differs_from_a_commit_is_tried_and_no_more(project):
    def commit() -> None:
        for command in (["add", "dlref"], ["-c", "user.name=n", "-c", "user.email=e", "commit", "-m", "m"]):
            subprocess.run(["git", *command], cwd=project.folder, check=True, capture_output=True)

    subprocess.run(["git", "init"], cwd=project.folder, check=True, capture_output=True)
    commit()
    project.exhibits(CHAOTIC.replace("sigmoid(0.3)", "sigmoid(0.4)"))
    engine = project.folder / "dlref/engine/make.py"
    engine.write_text(engine.read_text() + "\n# Another engine, and the same code of exhibits.\nOTHER = 1\n")
    commit()
    status, output = _hold(project, "--changed", "HEAD~1", "--under", "none", "--shifts", "0")
    assert status == 0, output
    assert "1 exhibits differ from HEAD~1, of which 1 are tried" in output and "native: 1 made" in output

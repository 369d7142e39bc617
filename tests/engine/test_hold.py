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
def report(tmp_path_factory) -> str:
    """What `scripts/hold` says of a page with exhibits that hold and others that do not."""
    project = Project(tmp_path_factory.mktemp("hold") / "project")
    project.exhibits(CHAOTIC)
    project.write("docs/index.md", "# Home\n\n" + "\n".join(f"- {{{{ planted.{name} }}}}" for name in NAMES))
    (project.folder / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "hold.py", project.folder / "scripts")
    command = [sys.executable, "scripts/hold.py", "--under", "rounding-1", "--shifts", "8"]
    done = subprocess.run(command, cwd=project.folder, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    return done.stdout


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

"""Exhibits made on a Dask cluster of two workers: the same bytes, and a worker that dies costs no result."""

import json
import subprocess
import sys
import time

import pytest
from test_build import GOOD, PATIENCE, Project, fails

# Ends the worker that runs it, once: its own parent is the fork server, whose parent is the worker.
DEADLY = """
    import pathlib, signal
    done = pathlib.Path("{done}")
    if not done.exists():
        done.touch()
        server = os.getppid()
        worker = int(pathlib.Path(f"/proc/{{server}}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(worker, signal.SIGKILL)
        time.sleep(60)
    return 42"""


def start(project, module: str, *options: str) -> subprocess.Popen:
    command = [sys.executable, "-m", f"distributed.cli.{module}", "--no-dashboard", *options]
    return subprocess.Popen(command, cwd=project.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return Project(tmp_path_factory.mktemp("cluster") / "project")


@pytest.fixture(scope="module")
def address(project):
    """The address of a cluster whose workers stand in the project."""
    file = project.folder / "scheduler.json"
    options = ["--scheduler-file", str(file)]
    scheduler = start(project, "dask_scheduler", *options, "--host", "127.0.0.1", "--port", "0")
    workers = start(project, "dask_worker", *options, "--nworkers", "2", "--nthreads", "1", "--host", "127.0.0.1")
    end = time.monotonic() + PATIENCE
    while not (file.is_file() and file.read_text().endswith("}")):
        assert time.monotonic() < end
        time.sleep(0.1)
    yield json.loads(file.read_text())["address"]
    for process in (workers, scheduler):
        process.terminate()
        process.wait()


def build(project, address: str) -> tuple[int, str]:
    return project.build(python=["-m", "dlref.site", "build", "--dask", address])


def test_a_cluster_writes_the_same_bytes(project, address):
    assert project.build()[0] == 0
    here = project.site()
    kept = sorted((project.folder / ".dlref/exhibits").glob("planted.*.json"))
    assert len(kept) == 3
    for file in kept:
        file.unlink()
    status, output = build(project, address)
    assert status == 0, output
    assert project.site() == here


def test_a_worker_that_dies_costs_no_result(project, address):
    done = project.folder / "died"
    project.exhibits(GOOD.replace("\n    return 42", DEADLY.format(done=done)))
    status, output = build(project, address)
    assert status == 0, output
    assert done.exists()
    assert ">42</button>" in (project.folder / "site/index.html").read_text()


def test_a_fault_is_told_as_on_this_machine(project, address):
    project.exhibits(GOOD.replace("return 42", "raise KeyError('lost')"))
    command = {"python": ["-m", "dlref.site", "build", "--dask", address]}
    fails(project, "docs/index.md:3: {{ planted.answer }}: KeyError: 'lost' (dlref/exhibits/planted.py:", **command)


def test_a_cluster_that_is_not_there_is_told(project):
    project.exhibits(GOOD.replace("return 42", "return 44"))
    fails(project, "tcp://127.0.0.1:1", python=["-m", "dlref.site", "build", "--dask", "tcp://127.0.0.1:1"])

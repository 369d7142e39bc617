"""The served site: what has changed is rendered anew; what fails is told, and the site stays as it was."""

import socket
import subprocess
import time
import urllib.request
from contextlib import suppress

import pytest
from test_build import GOOD, PAGE, PATIENCE, Project


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A small project with its server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    project = Project(tmp_path_factory.mktemp("served") / "project")
    project.log = project.folder / "log.txt"
    with project.log.open("w") as log:
        command = ["-m", "dlref.site", "serve", "--port", str(port)]
        process = project.start(python=command, stdout=log, stderr=subprocess.STDOUT)
    project.address = f"http://127.0.0.1:{port}/index.html"
    yield project
    process.terminate()
    process.wait()


def until(condition) -> None:
    """Wait for what a server does in its own time."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def page(project) -> str:
    with suppress(OSError), urllib.request.urlopen(project.address) as answer:
        return answer.read().decode()
    return ""


def told(project) -> str:
    return project.log.read_text()


def test_prose_an_exhibit_and_its_faults_are_seen_without_a_whole_build(served):
    until(lambda: ">42</button>" in page(served))
    served.write("docs/index.md", PAGE.replace("So it is", "Thus it is"))
    until(lambda: "Thus it is" in page(served))
    # Finished as a page of a whole build is: one style sheet, and the foot and mends of its own.
    assert page(served).count('rel="stylesheet"') == 1
    assert 'id="__search" autocomplete' not in page(served)
    served.exhibits(GOOD.replace("return 42", "return 43"))
    until(lambda: ">43</button>" in page(served))
    served.exhibits(GOOD.replace("return 42", "return int('x')"))
    until(lambda: "Failed here" in page(served))
    assert "docs/index.md:3: {{ planted.answer }}: ValueError" in told(served)
    served.exhibits(GOOD)
    until(lambda: ">42</button>" in page(served))
    assert "The whole site was rendered" not in told(served)


def test_what_only_a_whole_build_shows_is_said_or_done(served):
    until(lambda: ">42</button>" in page(served))
    served.write("docs/index.md", PAGE + "\n## Another heading\n")
    until(lambda: "another-heading" in page(served))
    until(lambda: "links to the headings of docs/index.md" in told(served))
    served.write("docs/more.md", "# More\n")
    until(lambda: "The whole site was rendered" in told(served))
    until(lambda: "more.html" in page(served))
    served.write("docs/index.md", PAGE + "\n$\\frac{1$\n")
    until(lambda: "Not rendered; the site is as it was." in told(served))
    assert "another-heading" in page(served)

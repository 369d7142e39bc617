"""Notebooks run in a process of their own; an error is told by file and line, and what is unchanged is not rerun."""

from html import escape
from pathlib import Path

import nbformat
import pytest

from dlref.engine import cache, isolate
from dlref.engine import notebooks as engine
from dlref.engine.made import SiteError
from dlref.site import notebooks

TEXT = """# ---
# jupyter:
#   jupytext: {}
# ---

# %% [markdown]
# # Title
#
# Text with $x^2$.

# %%
import pandas as pd

x = 20
print("printed", x)
x + 1

# %% caption="A table."
pd.DataFrame({"a": [1.5]})

# %% alt="A line." caption="A figure."
import matplotlib.pyplot as plt
from dlref.plots import style

style.use()
fig, ax = plt.subplots()
lines = ax.plot([1, 2])
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes a notebook with one text replaced, in a folder with a cache of its own."""
    monkeypatch.setattr(cache, "ROOT", tmp_path / "cache")

    def write(old="", new=""):
        assert old in TEXT
        path = tmp_path / "docs" / "some.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
        return path, tmp_path

    return write


def test_cells_know_their_lines():
    lines = TEXT.splitlines()
    found = list(engine.cells(TEXT, Path("some.py")))
    assert [cell.alt for cell in found] == ["", "", "A line."]
    assert [cell.caption for cell in found] == ["", "A table.", "A figure."]
    for cell in found:
        assert lines[cell.line - 1] == cell.code.splitlines()[0]


def test_a_notebook_is_executed_and_offered_bare(write):
    executed, bare = notebooks.execute(*write())
    cells = nbformat.read(executed, as_version=4).cells
    outputs = [cell.outputs for cell in cells if cell.cell_type == "code"]
    assert [output.get("text") or list(output["data"]) for output in outputs[0]] == ["printed 20\n", ["text/plain"]]
    assert outputs[0][1]["data"]["text/plain"] == "21"
    assert "<caption>A table.</caption>" in outputs[1][0]["data"]["text/html"]
    assert outputs[2][0]["data"]["image/svg+xml"].startswith("<svg")
    assert outputs[2][0]["metadata"] == {"alt": "A line.", "caption": "A figure."}
    cells = nbformat.reads(bare.decode(), as_version=4).cells
    assert [cell.cell_type for cell in cells] == ["markdown", "code", "code", "code"]
    assert not any(cell.outputs for cell in cells[1:])
    assert notebooks.execute(*write())[1] == bare


def test_a_download_keeps_only_links_that_lead_somewhere():
    text = (
        "See [gradients][pt-autograd], [`fit`][dlref.pytorch.training.fit], [one](other.html), [web](https://x.org/a)."
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    (cell,) = notebooks._without_links(notebook).cells
    assert cell.source == "See gradients, `fit`, one, [web](https://x.org/a)."
    assert notebook.cells[0].source == text


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("x + 1", "x / 0", "docs/some.py:16: ZeroDivisionError: division by zero"),
        ("x = 20", "x = missing", "docs/some.py:14: NameError: name 'missing' is not defined"),
        (' alt="A line."', "", "docs/some.py:21: ValueError: a cell that shows a figure must have its alt"),
        (' caption="A figure."', "", "docs/some.py:21: ValueError: a cell that shows a figure must have its caption"),
        (' caption="A table."', "", "docs/some.py:18: ValueError: a cell that shows a table must have its caption"),
        (' caption="A table."', ' caption="T" digits="-1"', 'docs/some.py:18: digits must be a whole number; got "-1"'),
    ],
)
def test_an_error_names_file_and_line(write, old, new, message):
    with pytest.raises(SiteError) as caught:
        notebooks.execute(*write(old, new))
    assert message in str(caught.value)


def test_only_what_has_changed_is_run(write, monkeypatch):
    notebooks.execute(*write())
    monkeypatch.setattr(isolate, "run", lambda *args, **kwargs: pytest.fail("ran again"))
    notebooks.execute(*write())
    with pytest.raises(pytest.fail.Exception):
        notebooks.execute(*write("x = 20", "x = 21"))


def test_a_page_holds_all_cells_and_no_style_sheet():
    svg = '<svg width="288pt" height="144pt" viewBox="0 0 288 144"><path fill="#0067a5"/></svg>'
    page = (
        '<div data-cell="text"># T &amp; U</div><div class="example"><div data-cell="code">a &lt; b</div>'
        f'<div data-cell="figure">{escape(chr(10).join(["A line.", "A figure.", svg]))}</div></div>'
        '<div data-cell="text">Last</div><style>body {}</style>\n'
    )
    html = notebooks.finish(page, lambda text: f"<h1>{text}</h1><p>{text}.</p>", ["../downloads/some.py"])
    assert html.startswith(
        '<h1># T & U</h1><p># T & U.</p>\n<div class="about"><a href="../downloads/some.py" download>'
    )
    assert html.endswith("<p>Last.</p>")
    assert '<svg class="drawing" role="img" aria-label="A line." width="384" height="192" viewBox="0 0 288 144"' in html
    assert '<path fill="var(--c0067a5)"/>' in html
    assert "<figcaption>A figure.</figcaption>" in html
    assert "<style" not in html and "data-cell" not in html

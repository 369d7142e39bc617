"""Where code begins and ends on a page, however its fence is written."""

import pytest

from dlref.engine import fences

WRITTEN = {
    "backticks": "```pycon\n>>> 1\n```",
    "tildes": "~~~pycon\n>>> 1\n~~~",
    "attributes": "``` { .pycon }\n>>> 1\n```",
    "title": '```pycon title="x"\n>>> 1\n```',
    "four": "````pycon\n>>> 1\n````",
    "set in": "    ```pycon\n    >>> 1\n    ```",
    "quoted": "> ```pycon\n> >>> 1\n> ```",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_block_is_found(name):
    (block,) = fences.blocks(f"Text.\n\n{WRITTEN[name]}\n\nMore.\n")
    assert (block.line, block.language, block.code) == (4, "pycon", ">>> 1\n")


def test_what_is_outside_keeps_its_line():
    text = "a\n```\nb\n~~~\nc\n```\nd\n"
    assert list(fences.outside(text)) == [(1, "a"), (7, "d")]


def test_an_open_end_is_the_pages():
    (block,) = fences.blocks("```python\nx = 1\n")
    assert block.code == "x = 1\n"
    assert list(fences.outside("```python\nx = 1\n")) == []

"""The documented examples as tests within one process: what `scripts/mutate` gives mutmut, and nothing else.

It runs in a copy where each function stands beside its mutants; the examples come from the untouched sources.
"""

import contextlib
import io
import os
import warnings
from pathlib import Path

import pytest

from dlref import examples

SOURCES = [Path(name) for name in os.environ["DLREF_MUTATED"].split(":")]
FOUND = [example for source in SOURCES for example in examples.in_docstrings(source)]


@pytest.mark.parametrize("example", FOUND, ids=lambda e: f"{e.file.parent.name}/{e.file.name}:{e.line}")
def test_prints_what_it_says(example):
    with (
        warnings.catch_warnings(action="error", category=RuntimeWarning),
        contextlib.redirect_stdout(io.StringIO()) as out,
    ):
        exec(compile(example.code, str(example), "exec"), {"__name__": "__main__"})
    assert examples.same(example.output, out.getvalue())

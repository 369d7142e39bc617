"""Every public function of the mathematics has an oracle, and equals it on whatever Hypothesis draws."""

import importlib
from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import Oracle, table
from test_package import PACKAGE, room

TABLE = table()
# Modules and packages of mathematics; each public name in them needs a row.
MODULES = sorted(
    path.stem
    for path in PACKAGE.iterdir()
    if (path.suffix == ".py" or (path / "__init__.py").exists()) and room(path) == ""
)


@pytest.mark.parametrize("module", MODULES)
def test_every_public_function_has_an_oracle(module):
    public = {f"{module}.{name}" for name in importlib.import_module(f"dlref.{module}").__all__}
    assert public - TABLE.keys() == set()
    assert {name for name in TABLE if name.startswith(f"{module}.")} - public == set()


def leaves(value) -> list:
    """The arrays in nested tuples and lists, in order; a list of plain numbers is one array."""
    nested = isinstance(value, list) and any(isinstance(item, tuple | list | np.ndarray) for item in value)
    parts = isinstance(value, tuple) or nested
    return [leaf for item in value for leaf in leaves(item)] if parts else [value]


def check(ours, oracle: Oracle, examples: int = 100) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=True, database=None)
    @given(oracle.arguments)
    def agree(arguments):
        args, kwargs = ((), arguments) if isinstance(arguments, dict) else (arguments, {})
        # Copies, since a random generator that ours has drawn from would give theirs other numbers.
        got = leaves(oracle.call(ours, *deepcopy(args), **deepcopy(kwargs)))
        expected = leaves(oracle.theirs(*deepcopy(args), **deepcopy(kwargs)))
        assert len(got) == len(expected)
        for one, other in zip(got, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=oracle.rtol, atol=oracle.atol, equal_nan=True)

    agree()


@pytest.mark.parametrize("name", TABLE)
def test_equals_its_oracle(name):
    module, function = name.split(".")
    check(getattr(importlib.import_module(f"dlref.{module}"), function), TABLE[name])


def test_a_wrong_function_is_caught():
    oracle = Oracle("x + 1", lambda x: x + 1, st.tuples(st.floats(-1e6, 1e6)))
    with pytest.raises(AssertionError):
        check(lambda x: x + 1 if x < 1000 else x, oracle)

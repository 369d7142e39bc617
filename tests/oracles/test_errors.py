"""Each argument of each public function is checked, and the message names both: `function: argument must ...; got ...`.

Valid arguments are drawn from the function's oracle; then one of them is replaced by something it cannot be.
"""

import importlib
import inspect
import math
import re
import warnings
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
from documented import fault
from hypothesis import HealthCheck, given, settings
from test_oracles import TABLE

from dlref.engine import examples

# What each module refuses, and the words in which it does.
REFUSALS = sorted((Path(__file__).parents[1] / "refusals").glob("*.md"))
WRONG = [object(), "some text"]
# The oracles of these draw a recipe from which the test builds a graph of nodes, not the arguments themselves.
GRAPHS = {name for name in TABLE if name.startswith(("autograd.", "graphs."))}


def valid_arguments(name: str) -> inspect.BoundArguments:
    """One set of arguments that the function's oracle draws, with names for all."""
    found = []

    @settings(max_examples=1, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(TABLE[name].arguments)
    def draw(arguments):
        found.append(arguments)

    draw()
    signature = inspect.signature(function_of(name))
    named = found[0] if isinstance(found[0], dict) else dict(zip(signature.parameters, found[0], strict=False))
    bound = signature.bind(**named)
    bound.apply_defaults()
    return bound


def function_of(name: str):
    module, function = name.split(".")
    return getattr(importlib.import_module(f"dlref.{module}"), function)


def unrefused(function, bound: inspect.BoundArguments) -> Iterator[tuple[str, str]]:
    """Arguments for which a wrong value is taken or refused in other words, with what happens."""
    for parameter in bound.arguments:
        for wrong in WRONG:
            tried = deepcopy(bound)
            tried.arguments[parameter] = wrong
            expected = rf"{function.__name__}: {parameter}\b.* must .*; got .*\."
            try:
                function(*tried.args, **tried.kwargs)
            except Exception as error:
                if type(error) not in (TypeError, ValueError) or not re.fullmatch(expected, str(error), re.DOTALL):
                    yield parameter, f"{type(error).__name__}: {error}"
            else:
                yield parameter, f"{wrong!r} is taken"


@pytest.mark.parametrize("path", REFUSALS, ids=lambda path: path.stem)
def test_refusals_are_worded_as_they_stand(path):
    assert [told for example in examples.in_markdown(path) if (told := fault(example))] == []


@pytest.mark.parametrize("name", sorted(TABLE.keys() - GRAPHS))
def test_a_wrong_argument_is_refused_by_name(name):
    assert list(unrefused(function_of(name), valid_arguments(name))) == []


def altered(value) -> Iterator:
    """Arrays of another shape: an axis less, an axis one longer, the axes exchanged; numbers out of most ranges."""
    if isinstance(value, np.ndarray) and value.ndim:
        if len(value):
            yield value[0]
        for axis in range(value.ndim):
            yield np.concatenate([value, np.take(value, [0], axis)], axis) if value.size else value
        yield value.T
    elif isinstance(value, float):
        yield from (-1e9, math.nan, math.inf)


def foreign(function, bound: inspect.BoundArguments) -> Iterator[tuple[str, str]]:
    """Arguments that, altered, are refused in other words than the function's own, such as NumPy's."""
    words = rf"{function.__name__}: .* must .*; got .*\."
    for parameter, value in bound.arguments.items():
        for wrong in altered(value):
            tried = deepcopy(bound)
            tried.arguments[parameter] = wrong
            try:
                with warnings.catch_warnings(action="error"):
                    function(*tried.args, **tried.kwargs)
            except Exception as error:
                if not re.fullmatch(words, str(error), re.DOTALL):
                    yield parameter, f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("name", sorted(TABLE.keys() - GRAPHS))
def test_what_does_not_fit_is_refused_in_own_words(name):
    assert list(foreign(function_of(name), valid_arguments(name))) == []


def test_words_of_others_are_found():
    bound = inspect.signature(np.dot).bind(np.ones((2, 3)), np.ones(3))
    assert {parameter for parameter, _ in foreign(np.dot, bound)} == {"a", "b"}


def test_an_unchecked_argument_is_found():
    def half(x, *, of):
        if not isinstance(x, float):
            raise TypeError(f"half: x must be a float; got {x}.")
        return x / 2

    bound = inspect.signature(half).bind(2.0, of=1)
    assert list(unrefused(half, bound)) == [("of", f"{wrong!r} is taken") for wrong in WRONG]


def test_an_argument_refused_by_another_name_is_found():
    def half(x):
        raise TypeError("half: y must be a float; got 1.")

    bound = inspect.signature(half).bind(2.0)
    assert [parameter for parameter, _ in unrefused(half, bound)] == ["x", "x"]

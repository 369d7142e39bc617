"""Runs one exhibit, in a child process, and turns what it returns into what a page holds."""

import ast
import base64
import importlib
import inspect
import itertools
import json
import math
import os
import zlib
from collections.abc import Mapping
from dataclasses import replace
from numbers import Integral, Real
from typing import Any

import numpy as np

from dlref.engine import arithmetic, source
from dlref.engine.exhibit import Exhibit, Marked
from dlref.engine.made import Frame, Kind, Made, Parameter
from dlref.engine.text import number, plain

# Set where figures are compared: each frame then comes with a small picture of itself.
RASTER = "DLREF_RASTER"


def make(address: str) -> Made:
    """The exhibit at an address, with its code highlighted for the page."""
    from dlref.engine.highlight import line, python

    function, choices, made = _made(address)
    name = address.rpartition(".")[2]
    calls = [_call(name, made, function.exhibit.digits, choice) for choice in choices]
    frames = [replace(frame, call=line(call)) for frame, call in zip(made.frames, calls, strict=True)]
    code = python(source.module(source.file_of(address)).code(name), calls[made.default])
    return replace(made, code=code, frames=frames)


def remake(address: str) -> Made:
    """The same without its code: what it shows on this machine, without the libraries that the site alone needs."""
    return _made(address)[-1]


def _made(address: str) -> tuple[Marked, list[dict[str, Any]], Made]:
    """The exhibit's function, the choices of its parameters, and what it gives for each."""
    arithmetic.enter()
    module, _, name = address.rpartition(".")
    function = getattr(importlib.import_module(f"dlref.exhibits.{module}"), name)
    caption, parameters = _caption(function), _parameters(function)
    # Without parameters, the one choice of nothing.
    choices = [dict(zip(parameters, values, strict=True)) for values in itertools.product(*parameters.values())]
    kinds, frames = zip(*[_frame(function, choice, caption) for choice in choices], strict=True)
    if len(set(kinds)) > 1:
        raise ValueError(f"returns different kinds of things: {', '.join(sorted(set(kinds)))}")
    defaults = {name: inspect.signature(function).parameters[name].default for name in parameters}
    listed = [
        Parameter(name, _labels(values), _numeric(values), values.index(defaults[name]))
        for name, values in parameters.items()
    ]
    told = function.exhibit
    return (
        function,
        choices,
        Made(
            kinds[0],
            caption,
            parameters=listed,
            default=choices.index(defaults),
            frames=list(frames),
            over=told.over,
            follows=told.follows,
            one_run=told.one_run,
            seeded=arithmetic.seeds_used(),
        ),
    )


def _caption(function: Marked) -> str:
    paragraph = (inspect.getdoc(function) or "").split("\n\n")[0]
    if not paragraph:
        raise ValueError("has no docstring, which is its caption")
    return " ".join(paragraph.split())


def _parameters(function: Marked) -> dict[str, list]:
    """The values of each parameter that can be explored."""
    signature = inspect.signature(function).parameters
    for name, parameter in signature.items():
        if parameter.default is parameter.empty:
            raise ValueError(f"has no default for its parameter {name}")
    for name, values in function.exhibit.explore.items():
        if name not in signature:
            raise ValueError(f"explores {name}, which is not one of its parameters")
        if signature[name].default not in list(values):
            raise ValueError(f"explores {name} at values that do not include its default, {signature[name].default!r}")
    return {name: list(values) for name, values in function.exhibit.explore.items()}


def _numeric(values: list) -> bool:
    return all(isinstance(v, Real) and not isinstance(v, bool) for v in values)


def _labels(values: list) -> list[str]:
    """The values as a reader sees them; numbers all with the decimals of the longest."""
    if not _numeric(values):
        return [str(v) for v in values]
    decimals = max(len(repr(round(float(v), 10)).partition(".")[2].rstrip("0")) for v in values)
    return [number(float(v), decimals) for v in values]


def _frame(function: Marked, choice: dict[str, Any], caption: str) -> tuple[Kind, Frame]:
    from matplotlib.figure import Figure
    from pandas import DataFrame

    result, options = function(**choice), function.exhibit
    if isinstance(result, Figure):
        return "figure", _figure(result, options, function, choice)
    if isinstance(result, DataFrame):
        return "table", _table(result, options, caption)
    if hasattr(result, "item"):
        result = result.item()
    if isinstance(result, bool):
        if not (options.over or options.follows):
            raise ValueError("is a claim that says neither over what it was measured (over=) nor from what it follows")
        return "claim", Frame(("∴" if options.follows else "✓") if result else "✗", holds=result)
    if isinstance(result, Real):
        if not math.isfinite(result):
            raise ValueError(f"is {result}")
        if isinstance(options.digits, Mapping):
            raise TypeError("is a number, and has no columns that digits could be given for")
        return "number", Frame(number(result, options.digits), whole=isinstance(result, Integral))
    if isinstance(result, str) and result.strip():
        return "text", Frame(result)
    raise TypeError(f"must return a Figure, a DataFrame, a number, a text or a claim; returned {result!r}")


def _figure(result: Any, options: Exhibit, function: Marked, choice: dict[str, Any]) -> Frame:
    from dlref.engine.svg import png, svg

    defaults = {n: p.default for n, p in inspect.signature(function).parameters.items()}
    stands = all(defaults[name] == value for name, value in choice.items())
    alt = options.alt(**choice) if callable(options.alt) else options.alt.format(**defaults | choice)
    if not alt.strip():
        raise ValueError("is a figure without alt text")
    width, height = (round(float(inches) * 96) for inches in result.get_size_inches())
    raster = _raster(result) if RASTER in os.environ else ""
    drawn = svg(result)
    return Frame(drawn, alt=alt, size=(width, height), png=png(result) if stands else "", raster=raster)


def _raster(figure: Any) -> str:
    """The figure in shades of gray at a third of its size, to be compared with the same one of another processor."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    usual = figure.dpi
    figure.set_dpi(36)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    figure.set_dpi(usual)
    gray = np.asarray(canvas.buffer_rgba())[..., :3].mean(axis=-1).astype(np.uint8)
    return base64.b64encode(zlib.compress(gray.tobytes(), 1)).decode()


def _table(result: Any, options: Exhibit, caption: str) -> Frame:
    from dlref.engine.table import table

    if result.empty:
        raise ValueError("is an empty table")
    csv = result.to_csv(index=result.index.name is not None, lineterminator="\n")
    return Frame(table(result, caption, options.digits), csv=plain(csv))


def _call(name: str, made: Made, digits: Any, choice: Mapping[str, Any]) -> str:
    """The line that ends the exhibit's code, for one choice; what it prints is what the page shows."""
    called = f"{name}({', '.join(f'{parameter}={_written(value)}' for parameter, value in choice.items())})"
    if made.kind == "figure":
        return f'{called}.savefig("{name}.svg")'
    if made.kind == "table":
        return f"print({called}.to_string())"
    if made.kind == "number" and not made.shown.whole:
        quote = "'" if '"' in called else '"'
        return f"print(f{quote}{{{called}:.{digits}f}}{quote})"
    return f"print({called})"


def _written(value: Any) -> str:
    """A parameter's value as code."""
    value = value.item() if hasattr(value, "item") else value
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
    if ast.literal_eval(text) != value:
        raise ValueError(f"explores {value!r}, which cannot be written as code")
    return text

"""Runs one exhibit, in a child process, and turns what it returns into what a page holds."""

import base64
import importlib
import inspect
import itertools
import math
import os
import zlib
from collections.abc import Callable, Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np

from dlref.engine import arithmetic, source
from dlref.engine.exhibit import Exhibit
from dlref.engine.text import number, plain, python

# Set where figures are compared: each frame then comes with a small picture of itself.
RASTER = "DLREF_RASTER"


def make(address: str) -> dict[str, Any]:
    """All frames of the exhibit at `address`, as JSON can hold them.

    A frame is the exhibit for one choice of the values that can be explored. `parameters` lists those in order; the
    frames are in the order of `itertools.product`, the last parameter fastest.
    """
    arithmetic.enter()
    module, _, name = address.rpartition(".")
    function = getattr(importlib.import_module(f"dlref.exhibits.{module}"), name)
    caption = _caption(function)
    parameters = _parameters(function)
    choices = [dict(zip(parameters, values, strict=True)) for values in itertools.product(*parameters.values())]
    frames = [_frame(function, choice, caption) for choice in choices or [{}]]
    kinds = {frame["kind"] for frame in frames}
    if len(kinds) > 1:
        raise ValueError(f"returns different kinds of things: {', '.join(sorted(kinds))}")
    defaults = {name: inspect.signature(function).parameters[name].default for name in parameters}
    return {
        "kind": kinds.pop(),
        "caption": caption,
        "code": python(_runnable(address, frames[0], function.exhibit)),
        "parameters": [
            {
                "name": name,
                "values": _labels(values),
                "numeric": _numeric(values),
                "default": values.index(defaults[name]),
            }
            for name, values in parameters.items()
        ],
        "default": choices.index(defaults) if choices else 0,
        "seeded": arithmetic.seeds_used(),
        "one_run": function.exhibit.one_run,
        "over": function.exhibit.over,
        "follows": function.exhibit.follows,
        "frames": [{k: v for k, v in frame.items() if k != "kind"} for frame in frames],
    }


def _caption(function: Callable) -> str:
    paragraph = (inspect.getdoc(function) or "").split("\n\n")[0]
    if not paragraph:
        raise ValueError("has no docstring, which is its caption")
    return " ".join(paragraph.split())


def _parameters(function: Callable) -> dict[str, list]:
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


def _frame(function: Callable, choice: Mapping[str, Any], caption: str) -> dict[str, Any]:
    from matplotlib.figure import Figure
    from pandas import DataFrame

    result, options = function(**choice), function.exhibit
    if isinstance(result, Figure):
        return _figure(result, options, function, choice)
    if isinstance(result, DataFrame):
        return _table(result, options, caption)
    if hasattr(result, "item"):
        result = result.item()
    if isinstance(result, bool):
        if not result:
            raise ValueError(f"the claim does not hold: {caption}")
        return {"kind": "claim", "html": "∴" if options.follows else "✓"}
    if isinstance(result, Real):
        if not math.isfinite(result):
            raise ValueError(f"is {result}")
        return {"kind": "number", "html": number(result, options.digits), "whole": isinstance(result, Integral)}
    if isinstance(result, str) and result.strip():
        return {"kind": "text", "html": result}
    raise TypeError(f"must return a Figure, a DataFrame, a number, a text or a claim; returned {result!r}")


def _figure(result: Any, options: Exhibit, function: Callable, choice: Mapping[str, Any]) -> dict[str, Any]:
    from dlref.engine.svg import svg

    defaults = {n: p.default for n, p in inspect.signature(function).parameters.items()}
    alt = options.alt(**choice) if callable(options.alt) else options.alt.format(**defaults | choice)
    if not alt.strip():
        raise ValueError("is a figure without alt text")
    width, height = (round(float(inches) * 96) for inches in result.get_size_inches())
    raster = {"raster": _raster(result)} if RASTER in os.environ else {}
    return {"kind": "figure", "html": svg(result), "alt": alt, "size": [width, height]} | raster


def _raster(figure: Any) -> str:
    """The figure in shades of gray at a third of its size, to be compared with the same one of another processor."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure.set_dpi(36)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    gray = np.asarray(canvas.buffer_rgba())[..., :3].mean(axis=-1).astype(np.uint8)
    return base64.b64encode(zlib.compress(gray.tobytes(), 1)).decode()


def _table(result: Any, options: Exhibit, caption: str) -> dict[str, Any]:
    from dlref.engine.table import table

    if result.empty:
        raise ValueError("is an empty table")
    named = result.index.name is not None
    return {
        "kind": "table",
        "html": table(result, caption, options.digits),
        "csv": plain(result.to_csv(index=named, lineterminator="\n")),
    }


def _runnable(address: str, frame: Mapping[str, Any], options: Exhibit) -> str:
    """The exhibit's code as a reader can copy and run it; what it prints is what the page shows."""
    name = address.rpartition(".")[2]
    shown = f"print({name}())"
    if frame["kind"] == "figure":
        shown = f'{name}().savefig("{name}.svg")'
    elif frame["kind"] == "table":
        shown = f"print({name}().to_string())"
    elif frame["kind"] == "number" and not frame["whole"]:
        shown = f'print(f"{{{name}():.{options.digits}f}}")'
    return source.module(source.file_of(address)).code(name) + f"\n\n{shown}\n"

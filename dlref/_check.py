"""Argument checks: the one place where error messages are worded.

Every message reads `function: argument must X; got Y.` The function named is the public one that the reader called,
found by walking up the call stack, so that no check has to be told.
"""

import sys
from collections.abc import Collection
from numbers import Integral, Real
from typing import Any

import numpy as np


def _caller() -> str:
    """The nearest public function above this module; for an operator such as `__pow__`, its class."""
    frame = sys._getframe(1)
    while frame.f_back:
        name = frame.f_code.co_name
        if frame.f_globals.get("__name__") != __name__:
            if name.startswith("__") and "self" in frame.f_locals:
                return type(frame.f_locals["self"]).__name__
            if not name.startswith(("_", "<")):
                break
        frame = frame.f_back
    return frame.f_code.co_name


def _shown(value: Any) -> str:
    """A value as an error message shows it: short, on one line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def wrong_kind(argument: str, expected: str, got: Any) -> TypeError:
    """The error for an argument of the wrong kind: `raise wrong_kind("x", "hold numbers", x)`."""
    return TypeError(f"{_caller()}: {argument} must {expected}; got {type(got).__name__} {_shown(got)}.")


def wrong_value(argument: str, expected: str, got: Any) -> ValueError:
    """The error for an argument of the right kind with a wrong value or shape. A text as `got` is shown as it is."""
    shown = got if isinstance(got, str) else _shown(got)
    return ValueError(f"{_caller()}: {argument} must {expected}; got {shown}.")


def floats(argument: str, value: Any, *, ndim: int | None = None, finite: bool = False) -> np.ndarray:
    """`value` as an array of floats. float32 and float16 stay as they are; integers and booleans become float64."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise wrong_value(argument, "have rows of equal length", "rows of different lengths") from None
    if array.dtype.kind not in "biuf":
        raise wrong_kind(argument, "hold real numbers", value)
    if ndim is not None and array.ndim != ndim:
        raise wrong_value(argument, f"have {ndim} dimension{'s' * (ndim != 1)}", f"shape {array.shape}")
    array = array if array.dtype.kind == "f" else array.astype(np.float64)
    if finite and not np.isfinite(array).all():
        raise wrong_value(argument, "be finite", f"{array[~np.isfinite(array)].flat[0]} among its values")
    return array


def not_empty(argument: str, array: np.ndarray) -> np.ndarray:
    """`array`, unless it holds nothing."""
    if array.size == 0:
        raise wrong_value(argument, "not be empty", f"shape {array.shape}")
    return array


def same_shape(**arrays: Any) -> None:
    """Refuse arrays or tensors whose shapes differ; broadcasting hides mistakes. `same_shape(y_true=a, y_pred=b)`."""
    (first, a), *others = arrays.items()
    for name, b in others:
        if a.shape != b.shape:
            raise wrong_value(name, f"have the shape of {first}, {tuple(a.shape)}", f"shape {tuple(b.shape)}")


def alike(**values: Any) -> list[np.ndarray]:
    """The values as arrays of floats that hold something and share one shape: `x, y = alike(x=x, y=y)`."""
    arrays = {argument: not_empty(argument, floats(argument, value)) for argument, value in values.items()}
    same_shape(**arrays)
    return list(arrays.values())


def axes(**arguments: tuple[Any, str]) -> list[np.ndarray]:
    """Non-empty float arrays in which an axis of one name has one length: `axes(x=(x, "batch in"), bias=(b, "in"))`."""
    lengths, arrays = {}, []
    for name, (value, spec) in arguments.items():
        array, names = not_empty(name, floats(name, value)), spec.split()
        agree = (lengths.get(axis, length) == length for axis, length in zip(names, array.shape, strict=False))
        if array.ndim != len(names) or not all(agree):
            shape = ", ".join(f"{axis} = {lengths[axis]}" if axis in lengths else axis for axis in names)
            raise wrong_value(name, f"have axes ({shape})", f"shape {array.shape}")
        lengths |= dict(zip(names, array.shape, strict=True))
        arrays.append(array)
    return arrays


def probabilities(argument: str, value: Any, *, ndim: int | None = None) -> np.ndarray:
    """`value` as floats in [0, 1]."""
    array = floats(argument, value, ndim=ndim)
    outside = ~((array >= 0) & (array <= 1))
    if outside.any():
        raise wrong_value(argument, "lie in [0, 1]", f"{array[outside].flat[0]}")
    return array


def integers(
    argument: str, value: Any, *, ndim: int | None = None, low: int = 0, high: int | None = None
) -> np.ndarray:
    """`value` as an integer array with low <= value (and value < high where given). Whole floats count as integers."""
    array = floats(argument, value, ndim=ndim)
    bad = ~np.isfinite(array) | (array != np.round(np.where(np.isfinite(array), array, 0))) | (array < low)
    bad |= array >= high if high is not None else False
    if bad.any():
        kind = f"hold integers from {low}" + (f" to {high - 1}" if high is not None else "")
        raise wrong_value(argument, kind, f"{array[bad].flat[0]:g}")
    return array.astype(np.int64)


def binary(argument: str, value: Any) -> np.ndarray:
    """`value` as a non-empty 1-D integer array of labels 0 and 1."""
    return not_empty(argument, integers(argument, value, ndim=1, high=2))


def class_scores(y_true: Any, **scores: Any) -> tuple[np.ndarray, np.ndarray]:
    """A class (n,) and a row of scores (n, C) an example: `y_true, logits = class_scores(y_true, logits=logits)`."""
    ((argument, value),) = scores.items()
    value = not_empty(argument, floats(argument, value, ndim=2))
    y_true = integers("y_true", y_true, ndim=1, high=value.shape[1])
    if len(y_true) != len(value):
        raise wrong_value("y_true", f"have one class a row of {argument}, {len(value)}", f"{len(y_true)} classes")
    return y_true, value


def number(
    argument: str,
    value: Any,
    *,
    above: float = -np.inf,
    low: float = -np.inf,
    high: float = np.inf,
    below: float = np.inf,
) -> float:
    """One finite real number with above < value < below and low <= value <= high."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise wrong_kind(argument, "be a number", value)
    limits = [f"> {above:g}"] * (above > -np.inf) + [f">= {low:g}"] * (low > -np.inf)
    limits += [f"<= {high:g}"] * (high < np.inf) + [f"< {below:g}"] * (below < np.inf)
    if not (np.isfinite(value) and above < value < below and low <= value <= high):
        raise wrong_value(argument, "be a finite number" + " and".join(f" {limit}" for limit in limits), value)
    return float(value)


def integer(argument: str, value: Any, *, low: int = 1) -> int:
    """One integer with value >= low."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise wrong_kind(argument, "be an integer", value)
    if value < low:
        raise wrong_value(argument, f"be an integer >= {low}", value)
    return int(value)


def one_of(argument: str, value: Any, choices: Collection[str]) -> str:
    """`value`, if it is one of the choices."""
    if value not in choices:
        raise wrong_value(argument, "be one of " + ", ".join(map(repr, choices)), repr(value))
    return value


def instance(argument: str, value: Any, kind: type) -> Any:
    """`value`, if it is an instance of the class."""
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise wrong_kind(argument, f"be {article} {kind.__name__}", value)
    return value


def tensor(argument: str, value: Any, *, ndim: int | None = None) -> Any:
    """`value`, if it is a PyTorch tensor of floats that holds something."""
    # Without importing PyTorch, which most of dlref does without.
    if not hasattr(value, "is_floating_point"):
        raise wrong_kind(argument, "be a Tensor", value)
    if not value.is_floating_point() or value.numel() == 0:
        raise wrong_value(argument, "hold floats", f"shape {tuple(value.shape)} of {value.dtype}")
    if ndim is not None and value.ndim != ndim:
        raise wrong_value(argument, f"have {ndim} dimension{'s' * (ndim != 1)}", f"shape {tuple(value.shape)}")
    return value

"""Argument checks: the one place where error messages are worded.

Every message reads `function: argument must X; got Y.` The function named is the public one that the reader called,
found by walking up the call stack, so that no check has to be told.
"""

import re
import sys
from collections.abc import Collection
from decimal import Decimal
from numbers import Integral, Real
from os import PathLike
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

# Tuples, which isinstance goes through faster than unions, for a check that is made once a row.
_NUMBERS, _NO_LISTS, _SETS = (Real, Decimal, np.bool_), (str, bytes, dict), (set, frozenset)
# NumPy counts a time among the integers.
_NO_NUMBERS = (bool, np.timedelta64)
# Modules that wrap this package's functions, as tests do; their frames are passed over.
WRAPPERS: tuple[str, ...] = ()


def _caller(argument: str) -> str:
    """The outermost public function of this package, up to code that is not its own, that has the argument.

    Where none has it, the nearest public one; for an operator such as `__pow__`, its class.
    """
    root = re.match(r"\w*", argument)[0]
    frame, nearest, found = sys._getframe(1), "", ""
    while frame.f_back and (not nearest or _module(frame).startswith(("dlref.", *WRAPPERS))):
        code, name = frame.f_code, frame.f_code.co_name
        if not _module(frame).startswith((__name__, *WRAPPERS)):
            if name.startswith("__") and "self" in frame.f_locals:
                name = type(frame.f_locals["self"]).__name__
            if not name.startswith(("_", "<")):
                nearest = nearest or name
                taken = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
                found = name if root in taken else found
        frame = frame.f_back
    return found or nearest or frame.f_code.co_name


def _module(frame: FrameType) -> str:
    return frame.f_globals.get("__name__", "")


def shown(value: Any) -> str:
    """A value as an error message shows it: short, on one line."""
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # Python writes no integer of more than 4300 digits.
        text = "of more digits than can be shown"
    return text if len(text) <= 60 else text[:57] + "..."


def wrong_kind(argument: str, expected: str, got: Any) -> TypeError:
    """The error for an argument of the wrong kind: `raise wrong_kind("x", "hold numbers", x)`."""
    return TypeError(f"{_caller(argument)}: {argument} must {expected}; got {type(got).__name__} {shown(got)}.")


def wrong_value(argument: str, expected: str, got: Any) -> ValueError:
    """The error for an argument of the right kind with a wrong value or shape. A text as `got` is shown as it is."""
    got = got if isinstance(got, str) else shown(got)
    return ValueError(f"{_caller(argument)}: {argument} must {expected}; got {got}.")


def _real(argument: str, value: Any, place: str = "") -> np.ndarray:
    """`value` as `numbers` gives it, of any shape.

    Frames are taken column by column, and tensors as numbers: what autograd, a device or bfloat16 adds is left behind.
    """
    if hasattr(value, "columns") and hasattr(value, "items"):
        places = [f" in column {name!r}" for name in value.columns]
        arrays = [_real(argument, column, place) for place, (_, column) in zip(places, value.items(), strict=True)]
        if arrays and np.result_type(*arrays).kind == "f":
            arrays = [_exact(argument, array, place) for place, array in zip(places, arrays, strict=True)]
        return np.column_stack(arrays) if arrays else np.empty((len(value), 0))
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise wrong_value(argument, f"have no masked values{place}", f"{np.ma.count_masked(value)} of {value.size}")
    array = _array(argument, value, place)
    if array.dtype.kind == "O":
        for item in array.flat:
            if not isinstance(item, _NUMBERS):
                raise wrong_kind(argument, f"hold real numbers{place}", value if isinstance(value, list) else item)
        array = _objects(argument, array, place)
    if array.dtype.kind not in "biuf":
        raise wrong_kind(argument, f"hold real numbers{place}", value)
    # float16 squares overflow at 256 and its sums at 65504; other byte orders are put in this machine's.
    dtype = np.float32 if array.dtype == np.float16 else array.dtype.newbyteorder("=")
    return array.astype(dtype, copy=False)


def _array(argument: str, value: Any, place: str) -> np.ndarray:
    """`value` as NumPy reads it."""
    try:
        if hasattr(value, "is_floating_point"):  # a tensor, without importing PyTorch
            value = value.detach().to_dense()
            wide = value.is_floating_point() and "bfloat16" in str(value.dtype)
            return (value.float() if wide else value).numpy(force=True)
        return np.asarray(value)
    except ValueError:
        raise wrong_value(argument, f"have rows of equal length{place}", "rows of different lengths") from None
    except Exception:
        raise wrong_kind(argument, f"hold real numbers{place}", value) from None


def _objects(argument: str, array: np.ndarray, place: str) -> np.ndarray:
    """An array of Python's numbers as one of NumPy's."""
    whole = array.size > 0 and all(isinstance(item, Integral | np.bool_) for item in array.flat)
    try:
        return array.astype(np.int64 if whole else np.float64)
    except ValueError:  # Decimal's signaling nan
        raise wrong_kind(argument, f"hold real numbers{place}", array) from None
    except OverflowError:
        largest = max(array.flat, key=abs)
        raise wrong_value(argument, f"hold numbers below {'2**63' if whole else '1.8e308'}{place}", largest) from None


def _exact(argument: str, array: np.ndarray, place: str = "") -> np.ndarray:
    """An array of real numbers as float32 or float64; integers that would change, and what overflows, are refused."""
    if array.dtype.kind == "f" and array.dtype.itemsize <= 8:
        return array
    with np.errstate(over="ignore"):
        wide = array.astype(np.float64)
    lost = np.isinf(wide) & np.isfinite(array)
    if lost.any():
        raise wrong_value(argument, f"hold numbers below 1.8e308{place}", f"{array[lost].flat[0]}")
    whole = array.dtype.kind in "iu" and array.dtype.itemsize == 8 and array.size > 0
    if whole and (array.max() > 2**53 or array.min() < -(2**53)):
        with np.errstate(invalid="ignore"):
            changed = (wide >= np.iinfo(array.dtype).max) | (wide.astype(array.dtype) != array)
        if changed.any():
            raise wrong_value(argument, f"hold numbers that a float holds exactly{place}", f"{array[changed][0]}")
    return wide


def numbers(argument: str, value: Any, *, ndim: int | None = None, finite: bool = False) -> np.ndarray:
    """`value` as an array of booleans, integers or floats, exactly; float16 alone becomes float32."""
    array = _real(argument, value)
    if ndim is not None and array.ndim != ndim:
        raise wrong_value(argument, f"have {ndim} dimension{'s' * (ndim != 1)}", f"shape {array.shape}")
    if finite and not np.isfinite(array).all():
        bad = np.argwhere(~np.isfinite(array))[0]
        place = f" in column {value.columns[bad[1]]!r}" if hasattr(value, "columns") else ""
        raise wrong_value(argument, "be finite", f"{array[tuple(bad)]} among its values{place}")
    return array


def floats(argument: str, value: Any, *, ndim: int | None = None, finite: bool = False) -> np.ndarray:
    """`value` as an array of floats. float32 stays as it is, float16 becomes float32, all else float64."""
    return _exact(argument, numbers(argument, value, ndim=ndim, finite=finite))


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
    array = numbers(argument, value, ndim=ndim)
    array = array.astype(np.int64) if array.dtype.kind == "b" else array
    high = 2**63 if high is None else high
    bad = ~((array >= low) & (array < high))
    if array.dtype.kind == "f":
        bad |= array != np.rint(array)
    if bad.any():
        first = array[bad].flat[0]
        limit = f" to {high - 1}" if high < 2**63 else " to 2**63 - 1" * bool(first >= high)
        raise wrong_value(argument, f"hold integers from {low}{limit}", f"{first:g}")
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
        raise wrong_value("y_true", f"have one class per row of {argument}, {len(value)}", f"{len(y_true)} classes")
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
    if isinstance(value, _NO_NUMBERS) or not isinstance(value, Real):
        raise wrong_kind(argument, "be a number", value)
    try:
        as_float = float(value)
    except OverflowError:
        as_float = np.inf
    limits = [f"> {above:g}"] * (above > -np.inf) + [f">= {low:g}"] * (low > -np.inf)
    limits += [f"<= {high:g}"] * (high < np.inf) + [f"< {below:g}"] * (below < np.inf)
    if not (np.isfinite(as_float) and above < as_float < below and low <= as_float <= high):
        raise wrong_value(argument, "be a finite number" + " and".join(f" {limit}" for limit in limits), value)
    return as_float


def integer(argument: str, value: Any, *, low: int = 1, below: int = 2**63) -> int:
    """One integer with low <= value < below, a power of 2."""
    if isinstance(value, _NO_NUMBERS) or not isinstance(value, Integral):
        raise wrong_kind(argument, "be an integer", value)
    if value < low:
        raise wrong_value(argument, f"be an integer >= {low}", value)
    if value >= below:
        raise wrong_value(argument, f"be an integer below 2**{below.bit_length() - 1}", value)
    return int(value)


def items(argument: str, value: Any, *, ordered: bool = True) -> list:
    """What `value` holds, as a list; sets, which have no order, only where none is asked for."""
    if isinstance(value, _NO_LISTS) or (ordered and isinstance(value, _SETS)):
        raise wrong_kind(argument, "be a list", value)
    try:
        return list(value)
    except Exception:  # whatever an object of the reader's own raises
        raise wrong_kind(argument, "be a list", value) from None


def one_of(argument: str, value: Any, choices: Collection[str]) -> str:
    """`value`, if it is one of the choices."""
    try:
        known = value in choices
    except (TypeError, ValueError):  # a list is no key, and an array is not one truth
        known = False
    if not known:
        names = ", ".join(map(repr, choices))
        raise wrong_value(argument, f"be one of {names if len(names) <= 200 else names[:197] + '...'}", shown(value))
    return value


def instance(argument: str, value: Any, kind: type) -> Any:
    """`value`, if it is an instance of the class."""
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise wrong_kind(argument, f"be {article} {kind.__name__}", value)
    return value


def path(argument: str, value: Any) -> Path:
    """`value`, if it can name a file."""
    if not isinstance(value, str | PathLike):
        raise wrong_kind(argument, "be a path", value)
    if "\0" in str(value):
        raise wrong_value(argument, "have no zero character", value)
    return Path(value)


def function(argument: str, value: Any) -> Any:
    """`value`, if it can be called."""
    if not callable(value):
        raise wrong_kind(argument, "be a function", value)
    return value


def tensor(argument: str, value: Any, *, ndim: int | None = None) -> Any:
    """`value`, if it is a PyTorch tensor of floats that holds something."""
    # Without importing PyTorch, which most of dlref does without.
    if not hasattr(value, "is_floating_point") or value.is_nested or value.is_sparse or value.is_meta:
        raise wrong_kind(argument, "be a dense Tensor", value)
    if not value.is_floating_point() or value.numel() == 0:
        raise wrong_value(argument, "hold floats", f"shape {tuple(value.shape)} of {value.dtype}")
    if ndim is not None and value.ndim != ndim:
        raise wrong_value(argument, f"have {ndim} dimension{'s' * (ndim != 1)}", f"shape {tuple(value.shape)}")
    return value

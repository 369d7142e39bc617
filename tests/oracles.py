"""One table that names, for each public function of the mathematics, what it equals and how that is tried.

The rows stand in `oracle_<module>.py`, one file a module, as `ORACLES = {"function": Oracle(...)}`.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst


@dataclass(frozen=True)
class Oracle:
    """`ours(*arguments)` and `theirs(*arguments)` must agree, value by value, for all drawn arguments.

    `equal` is the name a reader would look up, or the reason why nothing equals the function; `theirs` is then an
    independent computation from the definition. Tolerances are absolute plus relative, as in `numpy.allclose`.
    `arguments` draws a tuple of positional arguments, or a dict of keyword arguments. Where a function does not take
    and return arrays, `call(function, *arguments)` calls it and gives what is to be compared.
    """

    equal: str
    theirs: Callable[..., Any]
    arguments: st.SearchStrategy
    rtol: float = 1e-9
    atol: float = 1e-12
    call: Callable[..., Any] = lambda function, *args, **kwargs: function(*args, **kwargs)


def table() -> dict[str, Oracle]:
    """All rows, by `module.function`."""
    rows = {}
    for path in sorted(Path(__file__).parent.glob("oracle_*.py")):
        module = path.stem.removeprefix("oracle_")
        oracles = importlib.import_module(path.stem).ORACLES
        rows |= {f"{module}.{name}": oracle for name, oracle in oracles.items()}
    return rows


def reals(bound: float = 1e3, **shape: Any) -> st.SearchStrategy[np.ndarray]:
    """float64 arrays of any small shape, the ends and both zeros included."""
    shapes = npst.array_shapes(**({"min_dims": 0, "max_dims": 3, "max_side": 4} | shape))
    return npst.arrays(np.float64, shapes, elements=st.floats(-bound, bound))

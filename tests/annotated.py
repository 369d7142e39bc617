"""What the mathematics' annotations say is checked as the tests run, shapes included: `conftest` installs this.

A function is to refuse wrong arguments in its own words, so that they are looked at only after it has returned: what it
takes must be what its annotation names, and so must what it returns.
"""

import random
from collections.abc import Callable
from functools import wraps
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import jaxtyping
from beartype import BeartypeConf, BeartypeHintOverrides, beartype
from beartype.door import die_if_unbearable
from numpy.typing import ArrayLike

from dlref import _check

# mypy checks the engine and the site; plots and exhibits are drawn in processes of their own; a graph holds numbers, no
# arrays, and 100 000 nodes in some tests.
UNCHECKED = ("autograd", "engine", "exhibits", "graphs", "plots", "site")
# NumPy's ArrayLike cannot be checked at run time (it knows no tuples), but the functions do. A float is, as for a type
# checker, any real number.
_TAKEN = BeartypeConf(hint_overrides=BeartypeHintOverrides({ArrayLike: Any, float: Real, int: Integral}))


def accepted(function: Callable) -> Callable:
    """The checker that jaxtyping calls twice: before a function runs, when nothing is checked, and after it."""
    returned = function.__annotations__.pop("return", Any)
    if returned is Any:
        return function
    taken = beartype(conf=_TAKEN)(function)

    @wraps(function)
    def after(*args: Any, **kwargs: Any) -> Any:
        # beartype draws which item of a list it looks at; what a test draws must not change with that.
        state = random.getstate()
        try:
            result = taken(*args, **kwargs)
            die_if_unbearable(result, returned)
        finally:
            random.setstate(state)
        return result

    return after


def install() -> None:
    """Check what is imported from now on, in this process, of the mathematics, the data and the code for PyTorch."""
    if jaxtyping.config.jaxtyping_disable:
        return
    package = Path(_check.__file__).parent
    names = [path.stem for path in package.iterdir() if path.stem not in UNCHECKED and not path.stem.startswith("_")]
    # Its frames stand between a function and whoever called.
    _check.WRAPPERS += ("jaxtyping",)
    jaxtyping.install_import_hook([f"dlref.{name}" for name in names], "annotated.accepted")

"""Tries mutants with the examples of their module, first those documented, then the refusals; `scripts/mutate` runs it.

There each function stands beside its mutants, and the environment says which is called; the examples come from the
untouched sources. Each mutant has a process of its own, a fork of this one, so that none sees what another left.
"""

import contextlib
import io
import json
import os
import signal
import sys
import time
import warnings
from pathlib import Path

from dlref.engine import examples

REFUSALS = Path(__file__).parents[1] / "refusals"


def fault(example: examples.Example) -> str:
    """What is wrong with the example, run in this process; a warning of NumPy counts as an error."""
    out = io.StringIO()
    try:
        with warnings.catch_warnings(action="error", category=RuntimeWarning), contextlib.redirect_stdout(out):
            exec(compile(example.code, str(example), "exec"), {"__name__": "__main__"})
    except BaseException as error:
        return f"{example}: {type(error).__name__}: {error}"
    return "" if examples.same(example.output, out.getvalue()) else f"{example}: printed\n{out.getvalue()}"


def lives(mutant: str, found: list[examples.Example], seconds: float) -> bool:
    """Whether no example notices. A mutant that runs for so many seconds of the processor is stopped, and does not."""
    # mutmut calls the function `x_name__mutmut_1`, a method `xǁClassǁname__mutmut_1`.
    name = mutant.rpartition(".")[2].rpartition("__mutmut_")[0].rpartition("ǁ")[2].removeprefix("x_")
    child = os.fork()
    if not child:
        os.environ["MUTANT_UNDER_TEST"] = mutant
        signal.setitimer(signal.ITIMER_PROF, seconds)
        # Those that mention the function notice first.
        os._exit(any(map(fault, sorted(found, key=lambda example: name not in example.code))))
    return os.waitpid(child, 0)[1] == 0


def main() -> None:
    asked = json.load(sys.stdin)
    outlived: dict[str, list[str]] = {"examples": [], "refusals": []}
    for module, sources in asked["sources"].items():
        alive, refusals = [m for m in asked["mutants"] if m.split(".")[1] == module], REFUSALS / f"{module}.md"
        documented = [example for source in sources for example in examples.in_docstrings(Path(source))]
        refused = list(examples.in_markdown(refusals)) if refusals.exists() else []
        for kind, found in ("examples", documented), ("refusals", refused):
            start = time.process_time()
            if wrong := list(filter(None, map(fault, found))):
                sys.exit(f"fails without any mutant: {', '.join(wrong)}")
            seconds = 2 + 10 * (time.process_time() - start)
            alive = [mutant for mutant in alive if lives(mutant, found, seconds)]
            outlived[kind] += alive
    print(json.dumps(outlived))


if __name__ == "__main__":
    main()

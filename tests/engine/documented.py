"""Tries mutants with the documented examples of their module, and nothing else; `scripts/mutate` runs it in its copy.

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


def passes(example: examples.Example) -> bool:
    """Whether it prints what it says; a warning of NumPy counts as an error."""
    out = io.StringIO()
    try:
        with warnings.catch_warnings(action="error", category=RuntimeWarning), contextlib.redirect_stdout(out):
            exec(compile(example.code, str(example), "exec"), {"__name__": "__main__"})
    except BaseException:
        return False
    return examples.same(example.output, out.getvalue())


def lives(mutant: str, found: list[examples.Example], seconds: float) -> bool:
    """Whether no example notices. A mutant that runs for so many seconds of the processor is stopped, and does not."""
    # mutmut calls the function `x_name__mutmut_1`, a method `xǁClassǁname__mutmut_1`.
    name = mutant.rpartition(".")[2].rpartition("__mutmut_")[0].rpartition("ǁ")[2].removeprefix("x_")
    child = os.fork()
    if not child:
        os.environ["MUTANT_UNDER_TEST"] = mutant
        signal.setitimer(signal.ITIMER_PROF, seconds)
        # Those that mention the function notice first.
        os._exit(0 if all(map(passes, sorted(found, key=lambda example: name not in example.code))) else 1)
    return os.waitpid(child, 0)[1] == 0


def main() -> None:
    asked = json.load(sys.stdin)
    found, seconds = {}, {}
    for module, sources in asked["sources"].items():
        start = time.process_time()
        found[module] = [example for source in sources for example in examples.in_docstrings(Path(source))]
        if wrong := [str(example) for example in found[module] if not passes(example)]:
            sys.exit(f"fails without any mutant: {', '.join(wrong)}")
        seconds[module] = 2 + 10 * (time.process_time() - start)
    modules = {mutant: mutant.split(".")[1] for mutant in asked["mutants"]}
    print(json.dumps([mutant for mutant, m in modules.items() if lives(mutant, found[m], seconds[m])]))


if __name__ == "__main__":
    main()

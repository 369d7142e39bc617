"""Runs a function in a process of its own, with a limit on time and memory.

Examples and exhibits are code that may loop, allocate without end or leave the interpreter. Here none of that reaches
the caller: whatever happens, `run` returns the result or raises `Failure` with a reason in words.
"""

import importlib
import math
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

GIB = 2**30
_TIME_IS_UP = getattr(signal, "SIGXCPU", 0)

# A fork server starts a child in milliseconds with heavy imports already done; Windows has none.
_processes: Any = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
_starting = threading.Lock()
_stopped = threading.Event()


class Failure(Exception):
    """Why the function gave no result. `lines` are the places on the way to it, (file, line), outermost first."""

    def __init__(self, reason: str, lines: Sequence[tuple[str, int]] = ()):
        super().__init__(reason)
        self.lines = list(lines)

    def line_in(self, file: str | Path) -> int | None:
        """The innermost line of `file` on the way to the failure."""
        return next((line for name, line in reversed(self.lines) if name == str(file)), None)


def preload(*modules: str) -> None:
    """Import these once, before the first `run`, so that no child has to; set what makes results repeat."""
    # One thread a child: children run side by side already, and sums in one thread are the same on every run.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    os.environ.setdefault("PYTHONHASHSEED", "0")
    os.environ.setdefault("MPLBACKEND", "agg")
    if hasattr(os, "fork"):
        # The server passes over what is not installed.
        _processes.set_forkserver_preload(list(modules))


def run(target: str, *args: Any, seconds: float = 60, memory: int = 4 * GIB) -> Any:
    """Call `module:function` with `args` in a child process.

    Args:
        target: Where the function is, as `module:function`.
        args: Its arguments; they and the result travel by pickle.
        seconds: Processor time that the child may take. By the clock it has four times that and two minutes, so that a
            busy machine does not fail; where the system does not count processor time (Windows), the clock alone.
        memory: Bytes of data the child may hold (not enforced on macOS and Windows).

    Raises:
        Failure: If the function raises, exceeds a limit, or leaves the interpreter.
    """
    ours, theirs = _processes.Pipe(duplex=False)
    child = _processes.Process(target=_child, args=(theirs, target, args, seconds, memory), daemon=True)
    with _starting, _uninterrupted():
        if _stopped.is_set():
            raise Failure("was stopped")
        child.start()
    theirs.close()
    try:
        if not ours.poll(_by_the_clock(seconds)):
            raise Failure(f"took longer than {_by_the_clock(seconds):g} s by the clock")
        succeeded, *outcome = ours.recv()
    except EOFError:
        child.join()
        raise Failure(_ending(child.exitcode, seconds, memory)) from None
    finally:
        child.kill()
        child.join()
        ours.close()
    if not succeeded:
        raise Failure(*outcome)
    return outcome[0]


def each(function: Callable[[Any], Any], tasks: Sequence[Any], label: str, slow_imports: Sequence[str]) -> list[Any]:
    """What the function gives for each task, in their order, as many at a time as there are processors.

    The function calls `run`, so that each thread here waits for one child. Where somebody watches and tqdm is
    installed, a bar shows how far it is.
    """
    if tasks:
        preload(*slow_imports)
    pool = ThreadPoolExecutor(os.cpu_count())
    waiting = [pool.submit(function, task) for task in tasks]
    try:
        for _ in progress(as_completed(waiting), label, len(tasks)):
            pass
    finally:
        # Who is interrupted does not wait for children that may take minutes; `stop` ends them.
        pool.shutdown(wait=False, cancel_futures=True)
    return [done.result() for done in waiting]


def progress(results: Iterable[Any], label: str, total: int) -> Iterator[Any]:
    """The results as they come, with a bar on the terminal: by tqdm where it is installed, else a count."""
    if not total or not sys.stderr.isatty():
        yield from results
        return
    try:
        from tqdm import tqdm
    except ImportError:
        for count, result in enumerate(results, 1):
            print(f"\r{count} of {total} {label}", end="\r" if count == total else "", file=sys.stderr, flush=True)
            yield result
    else:
        yield from tqdm(results, label, total, unit="", leave=False)


def stop() -> None:
    """Kill the children that run, and start no more: before the interpreter ends, or where nobody waits for them."""
    with _starting:
        _stopped.set()
        for child in _processes.active_children():
            child.kill()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """What is started here, the fork server and its children, is not interrupted by a Ctrl-C at the terminal.

    A terminal sends it to all of them; whoever waits for them ends them.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    # Where it starts with the fork server, it takes the mask back.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _by_the_clock(seconds: float) -> float:
    """How long a child may take that is given so many seconds of processor time."""
    return 4 * seconds + 120 if _TIME_IS_UP else seconds


def _ending(exitcode: int, seconds: float, memory: int) -> str:
    """What an exit without an answer means."""
    if exitcode == -_TIME_IS_UP:
        return f"took longer than {seconds:g} s of processor time"
    if exitcode >= 0:
        return f"left the interpreter with exit status {exitcode}"
    name = signal.Signals(-exitcode).name
    hint = f"; did it need more than {memory / GIB:g} GiB?" if name in ("SIGKILL", "SIGABRT", "SIGSEGV") else ""
    return f"was ended by {name}{hint}"


def _child(answer: Connection, target: str, args: tuple, seconds: float, memory: int) -> None:
    _limit(seconds, memory)
    # A parent that was killed reads no answer: then there is nobody to tell.
    with suppress(BrokenPipeError):
        try:
            module, function = target.split(":")
            answer.send((True, getattr(importlib.import_module(module), function)(*args)))
        except MemoryError:
            answer.send((False, f"needed more than {memory / GIB:g} GiB of memory"))
        # SystemExit and KeyboardInterrupt are no results either.
        except BaseException as error:
            reason = "".join(traceback.format_exception_only(error)).strip()
            lines = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
            answer.send((False, reason, lines))


def _limit(seconds: float, memory: int) -> None:
    """Limits that the system enforces, so that no child outlives a parent that was killed."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        signal.alarm(int(_by_the_clock(seconds)) + 5)
        # The fork server's imports count as the child's own.
        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        limit = math.ceil(used + seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

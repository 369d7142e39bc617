"""Documented examples: found in pages and docstrings, run each on its own, compared with what the text says.

An example is a block of doctest lines up to a blank line. It stands alone: its code, copied, runs in a fresh
interpreter. What it shows it prints, so that a copy prints the same.
"""

import ast
import contextlib
import doctest
import io
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dlref.engine import arithmetic, fences, isolate

SECONDS = 60.0
PACKAGE = Path(__file__).parents[1]
_LISTED = re.compile(r"^::: *([\w.]+) *$", re.MULTILINE)
_PROMPT = re.compile(r"(?:>>>|\.\.\.)(?: (.*))?$")
_FLOAT = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?")


@dataclass(frozen=True)
class Example:
    """One block: where it stands, its code, and what it prints. `indent` is how far it is set in."""

    file: Path
    line: int
    code: str
    output: str
    source: str
    indent: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class BadExample(ValueError):
    """A block that is not written as an example must be."""

    def __init__(self, file: Path, line: int, reason: str):
        super().__init__(f"{file}:{line}: {reason}")
        self.file, self.line, self.reason = file, line, reason


def parse(source: str, file: Path = Path("example"), line: int = 1, indent: str = "") -> Example:
    """Split a block of doctest lines into code and output."""
    try:
        parts = doctest.DocTestParser().get_examples(source)
    except ValueError as error:
        raise BadExample(file, line, str(error)) from None
    for part in parts:
        _check(part, file, line + part.lineno)
    lines = [(_PROMPT.match(text), text) for text in source.splitlines()]
    code = "".join((prompt[1] or "") + "\n" for prompt, _ in lines if prompt)
    output = "".join(text.replace("<BLANKLINE>", "") + "\n" for prompt, text in lines if not prompt)
    return Example(file, line, code, output, source, indent)


def _check(part: doctest.Example, file: Path, line: int) -> None:
    if part.options or "# doctest:" in part.source:
        raise BadExample(file, line, "an example has no doctest directives")
    if part.exc_msg is not None:
        raise BadExample(file, line, "catch the error and print it; a copied example must end cleanly")
    try:
        tree = ast.parse(part.source)
    except SyntaxError as error:
        raise BadExample(file, line, error.msg) from None
    value = tree.body[-1] if tree.body else None
    printed = isinstance(value, ast.Expr) and not _is_call_to_print(value.value)
    if part.want and printed:
        raise BadExample(file, line, "print the result; a copied expression shows nothing")


def _is_call_to_print(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", None) == "print"


def in_markdown(file: Path) -> Iterator[Example]:
    """The `pycon` blocks of a page."""
    for block in fences.blocks(file.read_text(encoding="utf-8")):
        if block.language == "pycon":
            yield parse(block.code, file, block.line, block.before)


def in_docstrings(file: Path) -> Iterator[Example]:
    """The blocks in the docstrings of a Python file."""
    tree = ast.parse(file.read_text(encoding="utf-8"), file)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            match node.body:
                case [ast.Expr(ast.Constant(str(text)) as literal), *_]:
                    yield from _blocks(text, file, literal.lineno)


def _blocks(docstring: str, file: Path, first_line: int) -> Iterator[Example]:
    lines = docstring.splitlines()
    number = 0
    while number < len(lines):
        start = number
        while number < len(lines) and lines[number].strip():
            number += 1
        block = lines[start:number]
        begin = next((i for i, line in enumerate(block) if line.lstrip().startswith(">>> ")), None)
        if begin is not None:
            block = block[begin:]
            indent = block[0][: len(block[0]) - len(block[0].lstrip())]
            text = textwrap.dedent("\n".join(block)) + "\n"
            yield parse(text, file, first_line + start + begin, indent)
        number += 1


def of_page(page: Path) -> list[Example]:
    """What a page shows: its own blocks, and those in the docstrings of each module that it lists as `::: module`."""
    # A page may list a package section by section.
    listed = dict.fromkeys(_LISTED.findall(page.read_text(encoding="utf-8")))
    files = (file for name in listed for file in files_of(name))
    return [*in_markdown(page), *(example for file in files for example in in_docstrings(file))]


def files_of(module: str) -> list[Path]:
    """The files of a module of this package, by its dotted name; of a package, all that lie in its folder."""
    base = PACKAGE.joinpath(*module.split(".")[1:])
    return sorted(base.glob("*.py")) if base.is_dir() else [base.with_suffix(".py")]


def run(example: Example, seconds: float = SECONDS) -> str:
    """What the example prints, run alone in a fresh process. Raises `isolate.Failure` with its line in the code."""
    return isolate.run("dlref.engine.examples:printed", example.code, str(example), seconds=seconds)


def printed(code: str, name: str) -> str:
    """What `code` prints, run as a script."""
    arithmetic.enter()
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(code, name, "exec"), {"__name__": "__main__"})
    return out.getvalue()


@dataclass(frozen=True)
class Outcome:
    """What came of running an example: what it printed, or the error that ended it and the line where it arose."""

    example: Example
    line: int
    got: str = ""
    error: str = ""

    @property
    def passed(self) -> bool:
        return not self.error and same(self.example.output, self.got)

    def __str__(self) -> str:
        place = f"{self.example.file}:{self.line}"
        if self.error:
            return f"{place}: {self.error}"
        expected, got = (textwrap.indent(text, "    ") for text in (self.example.output, self.got))
        return f"{place}: expected\n{expected}got\n{got}"


def outcome(example: Example, seconds: float = SECONDS) -> Outcome:
    """Run it and say what came of it."""
    try:
        return Outcome(example, example.line, run(example, seconds))
    except isolate.Failure as failure:
        # The code is compiled under the example's own name: a docstring's file is also on the way to an error in it.
        return Outcome(example, _line_of(example, failure.line_in(str(example))), error=str(failure))


def problem(example: Example, seconds: float = SECONDS) -> str:
    """Run it and say what is wrong, by file and line; nothing where it prints what it says."""
    result = outcome(example, seconds)
    return "" if result.passed else str(result)


def _line_of(example: Example, code_line: int | None) -> int:
    """The line of the file where a line of the code stands."""
    places = [i for i, line in enumerate(example.source.splitlines()) if _PROMPT.match(line)]
    return example.line + places[code_line - 1] if code_line else example.line


def same(expected: str, got: str) -> bool:
    """Whether two outputs agree: lines, words and whole numbers exactly, floats to the digits written.

    Blanks within a line may differ, since they follow from the digits. In arrays NumPy and PyTorch drop zeros at the
    end, so that 0. has as many digits there as the longest number beside it.
    """
    texts = [[_FLOAT.sub(" # ", line).split() for line in text.strip().splitlines()] for text in (expected, got)]
    floats = _FLOAT.findall(expected)
    least = max(map(_digits, floats), default=0) if "[" in expected else 0
    pairs = zip(floats, _FLOAT.findall(got), strict=False)
    return texts[0] == texts[1] and all(_close(e, g, max(least, _digits(e))) for e, g in pairs)


def _digits(number: str) -> int:
    """How many digits are written behind the point."""
    return len(number.lower().partition("e")[0].partition(".")[2])


def _close(expected: str, got: str, digits: int) -> bool:
    exponent = int(expected.lower().partition("e")[2] or 0)
    # Half a unit of the last digit, and a little for the rounding of this very comparison.
    return abs(float(expected) - float(got)) <= 0.5000001 * 10.0 ** (exponent - digits)


def updated(example: Example) -> str:
    """The block's lines with what each statement prints now."""
    parts = [(p.source, p.lineno) for p in doctest.DocTestParser().get_examples(example.source)]
    outputs = isolate.run("dlref.engine.examples:printed_by_each", [source for source, _ in parts])
    after = {line + source.count("\n") - 1: output for (source, line), output in zip(parts, outputs, strict=True)}
    lines = []
    for number, line in enumerate(example.source.splitlines()):
        if _PROMPT.match(line):
            lines += [line, *(text or "<BLANKLINE>" for text in after.get(number, "").splitlines())]
    return "\n".join(example.indent + line for line in lines)


def printed_by_each(sources: list[str]) -> list[str]:
    """What each of several pieces of code prints, run one after the other."""
    outputs, names = [], {"__name__": "__main__"}
    for source in sources:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(source, names)
        outputs.append(out.getvalue())
    return outputs

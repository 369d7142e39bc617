"""No number that a computation gives is typed: in the text of pages, in captions, in what pictures are said to show.

A number counts as typed when it looks computed (a decimal, a percentage, three digits and more) and is neither shown
by an exhibit, nor stands in the code or output of an example of its page, nor is an input of an exhibit there: a
number written in its code, such as a learning rate. What remains is listed in `typed_numbers.toml`, with a reason.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

from dlref.engine import collecting, examples, source

PAGES = sorted((ROOT / "docs").rglob("*.md"))
FOLDER = ROOT / "dlref" / "exhibits"
EXHIBITS = sorted(FOLDER.rglob("[!_]*.py"))
LISTED = tomllib.loads((ROOT / "tests" / "lists" / "typed_numbers.toml").read_text(encoding="utf-8"))

NUMBER = re.compile(r"(?<![\w.,/-])[-−]?\d[\d,]*(?:\.\d+)?(?!\w|\.\d)(?: ?%)?")
# What is no prose, in the order in which it is taken away.
NO_PROSE = [
    re.compile(r"^([ \t]*)(`{3,}|~{3,}).*?^\1\2[ \t]*$", re.DOTALL | re.MULTILINE),  # blocks of code
    re.compile(r"`[^`\n]+`"),
    re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL),  # formulas
    # Sources, with their volumes, years and pages: as footnotes, as a paragraph, or as the last section.
    re.compile(r"^\[\^\w+\]:.*(?:\n[ \t]+\S.*)*|^Sources?:.*(?:\n\S.*)*|^## Sources?.*(?:\n(?!#).*)*", re.MULTILINE),
    re.compile(r"\{[^}\n]*\}+"),  # exhibits and attributes
    re.compile(r"\]\([^)\n]*\)|\]\[[^\]\n]*\]|\[\^\w+\]|<[^>\n]*>|https?://\S+"),  # where links lead
    re.compile(r"\d+ \((?:1[6-9]|20)\d\d\),\s*\d+–\d+"),  # volume (year), pages
    re.compile(r"#\d+|(?:Python|NumPy|PyTorch|scikit-learn) \d[\d.]*\d"),  # reported issues and versions
    re.compile(r"(?:\b(?:[Ii]n|of|by|and|after|before|since|until|from) |, )(?:1[6-9]|20)\d\d(?=[,.;:) ]|$)", re.M),
    re.compile(r"\((?:1[6-9]|20)\d\d\)"),  # years
]


def blanked(text: str, pattern: re.Pattern) -> str:
    """The text with every match made blank, so that lines keep their numbers."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def prose(text: str) -> str:
    for pattern in NO_PROSE:
        text = blanked(text, pattern)
    return text


def computed_looking(text: str) -> Iterator[tuple[int, str]]:
    """Numbers of a text that could come from a computation, with their lines."""
    for number, line in enumerate(text.splitlines(), 1):
        for match in NUMBER.finditer(line):
            found = match[0].strip().rstrip(",")
            if "." in found or "%" in found or len(re.sub(r"\D", "", found)) > 2:
                yield number, found


def values(found: str) -> set[float]:
    """The values that a number in a text may stand for; a percentage also stands for a share."""
    value = float(re.sub(r"[,% ]", "", found.replace("−", "-")))
    return {value, -value} | ({value / 100} if "%" in found else set())


def literals(code: str) -> set[float]:
    """The numbers written in code."""
    constants = (node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant))
    return {float(value) for value in constants if isinstance(value, int | float)}


def close(found: str, known: set[float]) -> bool:
    return any(abs(value - other) <= 1e-9 * abs(other) for value in values(found) for other in known)


def code_of(address: str) -> str:
    """The code of an exhibit, with all that it needs of its module."""
    return source.module(source.file_of(address)).code(address.rpartition(".")[2], decorated=True)


def given(page: Path, text: str) -> set[float]:
    """The numbers that the page's examples hold or print, and the inputs of its exhibits."""
    known = set()
    for example in examples.of_page(page):
        printed = re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", example.output)
        known |= literals(example.code) | {float(number) for number in printed}
    addresses = {mark.address for mark in collecting.marks(page, text) if not mark.address.startswith("site.")}
    return known.union(*(literals(code_of(address)) for address in addresses))


def typed(page: Path) -> list[tuple[str, str]]:
    """Numbers typed into a page: where, and which."""
    text = page.read_text(encoding="utf-8")
    known = given(page, text)
    name = page.relative_to(ROOT).as_posix() if page.is_relative_to(ROOT) else page.name
    return [(f"{name}:{line}", number) for line, number in computed_looking(prose(text)) if not close(number, known)]


def texts(function: ast.FunctionDef, module: ast.Module) -> Iterator[ast.Constant]:
    """The literal texts of an exhibit that a reader sees: its docstring, and what its picture is said to show."""
    if ast.get_docstring(function):
        yield function.body[0].value
    functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    for decorator in function.decorator_list:
        for keyword in getattr(decorator, "keywords", []):
            if keyword.arg == "alt":
                said = functions.get(getattr(keyword.value, "id", None), keyword.value)
                formats = {
                    inner for node in ast.walk(said) if isinstance(node, ast.FormattedValue) for inner in ast.walk(node)
                }
                docstring = (
                    said.body[0].value if isinstance(said, ast.FunctionDef) and ast.get_docstring(said) else None
                )
                yield from (
                    node
                    for node in ast.walk(said)
                    if isinstance(node, ast.Constant) and isinstance(node.value, str)
                    if node not in formats and node is not docstring
                )


def typed_in_captions(path: Path) -> list[tuple[str, str]]:
    """Numbers typed into the captions and alternative texts of a module of exhibits."""
    module, found = source.Module(path), []
    # The module's own tree is without docstrings.
    whole = ast.parse(path.read_text(encoding="utf-8"))
    functions = {node.name: node for node in whole.body if isinstance(node, ast.FunctionDef)}
    for name in module.exhibits:
        known = literals(module.code(name, decorated=True))
        for constant in texts(functions[name], whole):
            numbers = computed_looking(prose(constant.value))
            found += [
                (f"{path.as_posix().removeprefix(f'{FOLDER.as_posix()}/')}:{name}", number)
                for _, number in numbers
                if not close(number, known)
            ]
    return found


def unlisted(found: list[tuple[str, str]], group: str) -> list[tuple[str, str]]:
    """What is found and not excused in the list."""
    excused = {(entry["where"], entry["number"]) for entry in LISTED.get(group, [])}
    return [(where, number) for where, number in found if (re.sub(r":\d+$", "", where), number) not in excused]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_computed_number_is_typed_into_a_page(page):
    assert unlisted(typed(page), "page") == []


@pytest.mark.parametrize("path", EXHIBITS, ids=lambda path: path.name)
def test_no_computed_number_is_typed_into_a_caption(path):
    assert unlisted(typed_in_captions(path), "caption") == []


def test_the_list_holds_only_what_is_needed_and_says_why():
    found = {(re.sub(r":\d+$", "", where), number) for page in PAGES for where, number in typed(page)}
    found |= {entry for path in EXHIBITS for entry in typed_in_captions(path)}
    entries = [entry for group in LISTED.values() for entry in group]
    assert [entry for entry in entries if (entry["where"], entry["number"]) not in found] == []
    assert all(len(entry["reason"]) > 9 for entry in entries)
    assert len(entries) <= 40, "a list this long is no list of exceptions"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The area is 0.93 here.", ["0.93"]),
        ("It rises to 95 % of\nthem, −1.5 at most.", ["95 %", "−1.5"]),
        ("There are 1842 false alarms and 12,345 cases.", ["1842", "12,345"]),
        ("| model | 0.871 |", ["0.871"]),
        ("**0.5**, then (0.25).", ["0.5", "0.25"]),
        ("Shown as {{ classification.roc_curve.area }} or `0.93`, with $x = 0.5$, in 1943.", []),
        ("$$\n0.25 \\cdot 100\n$$\n\n```python\nx = 0.125\n```\n", []),
        ("Needs Python 3.11, as told in #1360, [text][clf-100] and [more](page.html#x0.5), two of 12.", []),
        ("Known for long.[^a]\n\n[^a]: A. Author, *Journal* 27 (2006), 861–874.\n", []),
        ("Sources: A. Author, *Nature* 323 (1986),\n533–536.\n\nIt is 0.93.", ["0.93"]),
        ("## Sources\n\nA. Author, *Nature* 323, 1986.\n\n## More\n\nIt is 0.93.", ["0.93"]),
        (
            '=== "NumPy"\n\n    ```pycon\n    >>> print(7.125)\n    7.125\n    ```\n\nIt prints 7.125, not 7.126.',
            ["7.126"],
        ),
    ],
)
def test_typed_numbers_are_found(text, found, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(text)
    assert [number for _, number in typed(page)] == found


PLANTED = '''
RATE = 0.125

@exhibit(alt=lambda step: f"A curve that ends at 0.871 after {step:.3f}.", explore={"step": [0.5]})
def curve(step: float = 0.5) -> Figure:
    """At a rate of 0.125 the loss falls to 0.333, by 97 %, at 0.5."""
    return draw(RATE)

def said():
    """Says 0.999 to no reader."""
    return "It falls by 0.444."

@exhibit(alt=said)
def other() -> Figure:
    """Nothing typed."""
'''


def test_typed_captions_are_found(tmp_path):
    path = tmp_path / "planted.py"
    path.write_text(PLANTED)
    assert typed_in_captions(path) == [
        (f"{path}:curve", "0.333"),
        (f"{path}:curve", "97 %"),
        (f"{path}:curve", "0.871"),
        (f"{path}:other", "0.444"),
    ]

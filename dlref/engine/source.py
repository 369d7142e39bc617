"""What an exhibit's code is and what it depends on, read from the source without running it."""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path

from dlref.engine import arithmetic, libraries

PACKAGE = Path(__file__).parents[1]
Statement = ast.stmt


def file_of(address: str) -> Path:
    """The file that holds the exhibit with this address."""
    return PACKAGE.joinpath("exhibits", *address.split(".")[:-1]).with_suffix(".py")


class Module:
    """One parsed Python file: its top-level statements, by the names they define. Its tree is without docstrings."""

    def __init__(self, path: Path):
        text = path.read_text(encoding="utf-8")
        self.tree = ast.parse(text, path)
        classes = [s for s in self.tree.body if isinstance(s, ast.ClassDef)]
        for node in [self.tree, *self.tree.body, *(s for c in classes for s in c.body)]:
            if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node, clean=False):
                del node.body[0]
        self.lines = text.splitlines()
        self.defines: dict[str, Statement] = {}
        for statement in self.tree.body:
            self.defines |= dict.fromkeys(_names_defined(statement), statement)

    @cached_property
    def exhibits(self) -> dict[str, ast.FunctionDef]:
        """The functions that carry the decorator."""
        functions = [s for s in self.tree.body if isinstance(s, ast.FunctionDef)]
        return {f.name: f for f in functions if any(map(_is_exhibit, f.decorator_list))}

    def needed(self, name: str, decorated: bool) -> dict[Statement, set[str]]:
        """The statements that `name` depends on, in the file's order, each with the names of it that are needed."""
        found: dict[Statement, set[str]] = {}
        todo = [name]
        while todo:
            one = todo.pop()
            statement = self.defines.get(one)
            if statement is None or one in found.get(statement, ()):
                continue
            found.setdefault(statement, set()).add(one)
            todo += _names_used(statement, decorated)
        return {s: found[s] for s in self.tree.body if s in found}

    def imported(self, name: str) -> frozenset[str]:
        """Dotted names of all that `name` imports, with all of the file that it needs."""
        statements = self.needed(name, decorated=True).items()
        return frozenset().union(*(_imported(s, frozenset(names)) for s, names in statements))

    @cached_property
    def imports(self) -> frozenset[str]:
        """Dotted names of all that the file imports."""
        return frozenset().union(*map(_imported, self.tree.body))

    @cached_property
    def fingerprint(self) -> str:
        """Changes with the file's code; comments, layout and docstrings change no result."""
        return hashlib.sha256(ast.dump(self.tree).encode()).hexdigest()

    def code(self, name: str, decorated: bool = False) -> str:
        """The source of `name` with all of the file that it needs, and nothing else: it stands alone."""
        parts = self.needed(name, decorated).items()
        imports = [_import_of(s, names) for s, names in parts if isinstance(s, ast.Import | ast.ImportFrom)]
        rest = [self._source(s, decorated) for s, _ in parts if not isinstance(s, ast.Import | ast.ImportFrom)]
        return "\n".join(imports) + ("\n\n\n" if imports else "") + "\n\n\n".join(rest) + "\n"

    def _source(self, statement: Statement, decorated: bool) -> str:
        decorators = getattr(statement, "decorator_list", [])
        kept = [d for d in decorators if decorated or not _is_exhibit(d)]
        above = [line for d in kept for line in self.lines[d.lineno - 1 : d.end_lineno]]
        return "\n".join(above + self.lines[statement.lineno - 1 : statement.end_lineno])


@cache
def _parsed(path: Path, _changed: int) -> Module:
    return Module(path)


def module(path: Path) -> Module:
    """The file, parsed again only when it has changed."""
    return _parsed(path, path.stat().st_mtime_ns)


def _is_exhibit(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and getattr(decorator.func, "id", None) == "exhibit"


def _names_defined(statement: Statement) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        yield from map(_brought, statement.names)
    else:
        yield from (n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))


@cache
def _names_used(statement: Statement, decorated: bool) -> frozenset[str]:
    skipped = [] if decorated else [d for d in getattr(statement, "decorator_list", []) if _is_exhibit(d)]
    hidden = {node for decorator in skipped for node in ast.walk(decorator)}
    return frozenset(n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and n not in hidden)


def _import_of(statement: ast.Import | ast.ImportFrom, names: set[str]) -> str:
    """The import with only the names that are needed."""
    kept = [alias for alias in statement.names if _brought(alias) in names]
    if isinstance(statement, ast.Import):
        return ast.unparse(ast.Import(kept))
    return ast.unparse(ast.ImportFrom(statement.module, kept, statement.level))


def imported(code: str) -> frozenset[str]:
    """Dotted names of all that `code` imports, wherever in it."""
    return _imported(ast.parse(code))


@cache
def _imported(tree: ast.AST, names: frozenset[str] | None = None) -> frozenset[str]:
    """The same for a tree; of an import statement, only what brings these names."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            kept = [a.name for a in node.names if node is not tree or not names or _brought(a) in names]
            above = node.module if isinstance(node, ast.ImportFrom) else ""
            found.update([above, *(f"{above}.{name}" for name in kept)] if above else kept)
    return frozenset(found)


def _brought(alias: ast.alias) -> str:
    """The name that an import defines."""
    return alias.asname or alias.name.partition(".")[0]


def _file(dotted: str) -> Path | None:
    """The file of a module of this package."""
    first, *rest = dotted.split(".")
    if first != PACKAGE.name:
        return None
    base = PACKAGE.joinpath(*rest)
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)


@cache
def _files(imports: frozenset[str]) -> frozenset[Path]:
    """The files of this package among what is imported. Importing a.b.c runs a and a.b first."""
    parts = [dotted.split(".") for dotted in imports if dotted.startswith(f"{PACKAGE.name}.")]
    names = {".".join(p[:depth]) for p in parts for depth in range(1, len(p) + 1)}
    return frozenset(path for path in map(_file, names) if path)


@cache
def _data(folder: Path, _changed: int) -> frozenset[Path]:
    return frozenset(p for p in folder.rglob("*") if p.suffix not in (".py", ".pyc") and p.is_file())


def closure(imports: frozenset[str]) -> list[Path]:
    """The files of this package that run: what is imported, what those import, and the data beside them."""
    found: set[Path] = set()
    todo = set(_files(imports))
    while todo:
        path = todo.pop()
        found.add(path)
        todo |= _files(module(path).imports) - found
    folders = {file.parent for file in found} - {PACKAGE}
    return sorted(found.union(*(_data(folder, folder.stat().st_mtime_ns) for folder in folders)))


def third_party(imports: frozenset[str]) -> set[str]:
    """Top-level names of what these imports and their closure bring from outside this package."""
    files = [module(p).imports for p in closure(imports) if p.suffix == ".py"]
    return {dotted.partition(".")[0] for dotted in imports.union(*files)} - {PACKAGE.name}


@cache
def _hash(path: Path, _changed: int) -> str:
    return module(path).fingerprint if path.suffix == ".py" else hashlib.sha256(path.read_bytes()).hexdigest()


def key(address: str) -> str:
    """Changes when anything changes that the exhibit's result depends on: code, engine, libraries, arithmetic."""
    file, name = module(file_of(address)), address.rpartition(".")[2]
    text = f"{address}\n{file.code(name, decorated=True)}"
    return fingerprint(text, file.imported(name) | {"dlref.engine.make"})


def fingerprint(text: str, imports: frozenset[str]) -> str:
    """Changes with the text, with any file that the imports bring, with the libraries' versions and the arithmetic."""
    return digest("\n".join([text, *_files_of(imports), *surroundings()]))


def digest(text: str) -> str:
    """Sixteen digits that change with the text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def surroundings() -> list[str]:
    """What results depend on besides code."""
    return [str(libraries.versions()), arithmetic.name()]


def _files_of(imports: frozenset[str]) -> list[str]:
    return [f"{p.relative_to(PACKAGE)} {_hash(p, p.stat().st_mtime_ns)}" for p in closure(imports)]

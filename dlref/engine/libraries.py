"""The libraries that code of this project may use: what each is called where, and what of it is slow to import."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import metadata


@dataclass(frozen=True)
class Library:
    """One library. `package` is its name in lists of packages, `slow` what a process may import before it is forked.

    `optional` libraries are not installed with `dlref`; `results` depend on those that compute or draw.
    """

    name: str
    package: str
    shown: str
    slow: tuple[str, ...] = ()
    optional: bool = False
    results: bool = True


LIBRARIES = (
    Library("jaxtyping", "jaxtyping", "jaxtyping", ("jaxtyping",), results=False),
    Library("matplotlib", "matplotlib", "Matplotlib", ("matplotlib.figure", "matplotlib.backends.backend_svg")),
    Library("numpy", "numpy", "NumPy", ("numpy",)),
    Library("pandas", "pandas", "pandas", ("pandas",)),
    Library("PIL", "pillow", "Pillow"),
    # It colors the code that the page shows.
    Library("pygments", "pygments", "Pygments", ("pygments.formatters.html", "pygments.lexers.python")),
    Library("scipy", "scipy", "SciPy", ("scipy.special",)),
    Library("sklearn", "scikit-learn", "scikit-learn", ("sklearn.linear_model", "sklearn.metrics")),
    Library("skorch", "skorch", "skorch", optional=True),
    # The second is imported by every optimizer of torch, and takes longer than most exhibits.
    Library("torch", "torch", "PyTorch", ("torch", "torch._dynamo"), optional=True),
)


def slow_imports(names: Iterable[str]) -> list[str]:
    """What is slow to import of the libraries with these import names."""
    names = set(names)
    return [module for library in LIBRARIES if library.name in names for module in library.slow]


@cache
def versions() -> dict[str, str]:
    """The versions that results depend on: of Python, and of each library by its package, "none" where it is not."""
    import platform

    def version(package: str) -> str:
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            return "none"

    found = {library.package: version(library.package) for library in LIBRARIES if library.results}
    return {"python": platform.python_version()} | found

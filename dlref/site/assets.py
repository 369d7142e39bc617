"""Files that a build adds to the site, and where the page being converted stands in it."""

import hashlib
from html import escape

# Set by whatever converts a page: its source, and the way from it up to the site's root.
_state = {"page": "?", "root": ""}
files: dict[str, bytes] = {}
facts: dict[str, str] = {}


def at(page: str, url: str) -> None:
    """The page that is converted next: its source file and its address in the site."""
    _state.update(page=page, root="../" * url.count("/"))


def page() -> str:
    """The source file of the page that is being converted."""
    return _state["page"]


def root() -> str:
    """The way from the page up to the site's root."""
    return _state["root"]


def write(name: str, suffix: str, content: str) -> str:
    """Add a file to the site and return its address from the current page. Its name holds a hash of its content."""
    return root() + add(name, suffix, content.encode())


def add(name: str, suffix: str, data: bytes) -> str:
    """Add a file to the site and return its address from the site's root."""
    path = f"assets/exhibits/{name}.{hashlib.sha256(data).hexdigest()[:10]}{suffix}"
    files[path] = data
    return path


def about_site(address: str) -> str:
    """`{{ site.fact }}` within a sentence: something about the build itself, as the build has set it."""
    name = address.partition(".")[2]
    if name not in facts:
        raise KeyError(f"{{{{ {address} }}}}: the site knows {', '.join(sorted(facts))}")
    return facts[name].replace("ROOT/", escape(_state["root"]))

"""Files that a build adds to the site, and where the page being converted stands in it."""

import hashlib
import json
from html import escape

from dlref.engine.made import Made

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


def write(name: str, suffix: str, content: str) -> str:
    """Add a file to the site and return its address from the current page. Its name holds a hash of its content."""
    data = content.encode()
    path = f"assets/exhibits/{name}.{hashlib.sha256(data).hexdigest()[:10]}{suffix}"
    files[path] = data
    return _state["root"] + path


def frames(address: str, made: Made) -> str:
    """The file with all frames of an exhibit, as a script: pages opened from a disk may load scripts but not data.

    Frames share most of their lines, so each distinct line stands once and a frame is a list of line numbers.
    """
    pool: dict[str, int] = {}
    rows = [[pool.setdefault(line, len(pool)) for line in frame.html.split("\n")] for frame in made.frames]
    alts = [frame.alt for frame in made.frames] if made.kind == "figure" else []
    counts = [len(parameter.values) for parameter in made.parameters]
    data = json.dumps([address, counts, list(pool), rows, alts], ensure_ascii=False, separators=(",", ":"))
    return write(address, ".js", f"dlrefFrames({data})\n")


def about_site(address: str) -> str:
    """`{{ site.fact }}` within a sentence: something about the build itself, as the build has set it."""
    name = address.partition(".")[2]
    if name not in facts:
        raise KeyError(f"{{{{ {address} }}}}: the site knows {', '.join(sorted(facts))}")
    return facts[name].replace("ROOT/", escape(_state["root"]))

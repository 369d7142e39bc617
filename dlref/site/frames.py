"""The frames of an exhibit, and all that changes with them, in a file that `explore.js` reads."""

import json
import re

from dlref.engine import maths
from dlref.engine.made import Frame, Made, SiteError
from dlref.engine.text import inline, plain
from dlref.site import assets, figures, policy


def write(address: str, made: Made) -> str:
    """Add the file to the site and return its address: a script, since pages opened from a disk may load no data.

    Frames share most of their lines, so each distinct line stands once and a frame is a list of line numbers.
    """
    pool: dict[str, int] = {}
    shown = [_shown(made.kind, frame) for frame in made.frames]
    told = {
        "address": address,
        "counts": [len(parameter.values) for parameter in made.parameters],
        "rows": [[pool.setdefault(line, len(pool)) for line in html.split("\n")] for html in shown],
        "labels": [frame.alt or said(frame.html) for frame in made.frames],
        "calls": [frame.call for frame in made.frames],
        "tables": [frame.csv for frame in made.frames],
        "pictures": [figures.pictures(address, frame.html) for frame in made.frames],
        "pool": list(pool),
    }
    data = {name: value for name, value in told.items() if isinstance(value, str) or any(value)}
    return assets.write(address, ".js", f"dlrefFrames({json.dumps(data, ensure_ascii=False, separators=(',', ':'))})\n")


def _shown(kind: str, frame: Frame) -> str:
    if kind == "figure":
        # As it is downloaded; the script makes a part of the page of it.
        return frame.html
    html = maths.formulas(frame.html if kind == "table" else inline(frame.html))
    if "<autoref" in html:
        raise SiteError(f"a frame links to another page, which only what stands still can: {plain(frame.html)[:80]}")
    return policy.untranslated(policy.without_styles(html))


def said(text: str) -> str:
    """A text with a formula, for a button's label, which cannot hold one: such as "10 to the power −15"."""
    return re.sub(r"\^(-?\w+)", r" to the power \1", plain(text)).replace("-", "−") if "$" in text else ""

"""A matplotlib figure as a small SVG that follows the reader's color scheme and is the same on every run."""

import io
import re

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from dlref.plots.style import DARK

# Scales keep their digits: glyphs are drawn at 1/64 of their size.
_NUMBER = re.compile(r"(?<!scale\()-?\b\d+\.\d{3,}")
# Only coordinates: text and identifiers keep their digits too.
_COORDINATES = re.compile(r'\b(?:d|x|y|width|height|transform|points|viewBox)="[^"]*"')
_COLOR = re.compile(r"#[0-9a-f]{6}\b")
_HEAD = re.compile(r"<\?xml.*?(?=<svg)|<metadata>.*?</metadata>\s*|<!--.*?-->\s*", re.DOTALL)


def svg(figure: Figure) -> str:
    """The figure's SVG: light and dark in one file, text as paths, coordinates to a hundredth of a point."""
    file = io.StringIO()
    # Matplotlib names clip paths by a hash with this salt; without it every run gives other names.
    with matplotlib.rc_context({"svg.hashsalt": "dlref", "svg.fonttype": "path"}):
        # What `savefig` ends in; it would draw everything twice, once for the layout alone.
        FigureCanvasSVG(figure).print_svg(file, metadata={"Date": None})
    text = _HEAD.sub("", file.getvalue())
    text = _COORDINATES.sub(lambda match: _NUMBER.sub(_short, match[0]), text)
    return _schemed(text)


def _short(number: re.Match) -> str:
    text = f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _schemed(text: str) -> str:
    """Replace each color by a CSS variable with a value for each scheme."""
    used = sorted(set(_COLOR.findall(text)))
    foreign = [color for color in used if color not in DARK]
    if foreign:
        raise ValueError(f"the color {foreign[0]} has no pair in the dark scheme; use those of dlref.plots.style")
    names = {color: f"--c{i}" for i, color in enumerate(used)}
    light = "".join(f"{name}:{color};" for color, name in names.items())
    dark = "".join(f"{name}:{DARK[color]};" for color, name in names.items())
    style = f"<style>:root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}</style>"
    text = _COLOR.sub(lambda match: f"var({names[match[0]]})", text)
    return re.sub(r"(<svg[^>]*>)", rf"\1{style}", text, count=1)

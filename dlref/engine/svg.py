"""A matplotlib figure as a small SVG that any program draws, and as a PNG; the same on every run."""

import base64
import io
import re

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from dlref.plots.style import DARK, GROUND

# Scales keep their digits: glyphs are drawn at 1/64 of their size.
_NUMBER = re.compile(r"(?<!scale\()-?\b\d+\.\d{3,}")
# Only coordinates: text and identifiers keep their digits too.
_COORDINATES = re.compile(r'\b(?:d|x|y|width|height|transform|points|viewBox)="[^"]*"')
COLOR = re.compile(r"#[0-9a-f]{6}\b")
_HEAD = re.compile(r"<\?xml.*?(?=<svg)|<metadata>.*?</metadata>\s*|<!--.*?-->\s*", re.DOTALL)
# Matplotlib's one style sheet; as attributes of the whole it says the same.
_SHEET = re.compile(r"\s*<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>")
_STYLE = re.compile(r'style="([^"]*)"')
_DECLARATION = re.compile(r"([\w-]+):\s*([^;]*)")
_IDENTIFIER = re.compile(r' id="([^"]*)"')
_REFERENCE = re.compile(r'(?:"|url\()#([^")]*)')
# For a screen of twice as many pixels, or a slide.
_PIXELS = 192
_KEPT_COLORS = 128


def svg(figure: Figure) -> str:
    """The figure's SVG: text as paths, coordinates to a hundredth of a point.

    All that it says of looks stands in attributes: a style sheet, or a style of an element, would be refused by a page
    with a strict policy, and some programs read neither.
    """
    file = io.StringIO()
    # Matplotlib names clip paths by a hash with this salt; without it every run gives other names.
    with matplotlib.rc_context({"svg.hashsalt": "dlref", "svg.fonttype": "path"}):
        # What `savefig` ends in; it would draw everything twice, once for the layout alone.
        FigureCanvasSVG(figure).print_svg(file, metadata={"Date": None})
    text = _SHEET.sub("", _HEAD.sub("", file.getvalue()))
    text = _COORDINATES.sub(lambda match: _NUMBER.sub(_short, match[0]), text)
    text = _STYLE.sub(_attributes, text)
    foreign = sorted(set(COLOR.findall(text)) - set(DARK))
    if foreign:
        raise ValueError(f"the color {foreign[0]} has no pair in the dark scheme; use those of dlref.plots.style")
    used = set(_REFERENCE.findall(text))
    text = _IDENTIFIER.sub(lambda match: match[0] if match[1] in used else "", text)
    return text.replace("<svg ", '<svg stroke-linejoin="round" stroke-linecap="butt" ', 1)


def png(figure: Figure) -> str:
    """The figure's PNG on the light scheme's ground, in base64."""
    from PIL import Image

    figure.set_dpi(_PIXELS)
    canvas = FigureCanvasAgg(figure)
    figure.patch.set_facecolor(GROUND)
    canvas.draw()
    picture, file = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB"), io.BytesIO()
    picture.quantize(_KEPT_COLORS).save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def _attributes(style: re.Match) -> str:
    # A property that is declared twice has the value of the last.
    return " ".join(f'{name}="{value}"' for name, value in dict(_DECLARATION.findall(style[1])).items())


def _short(number: re.Match) -> str:
    text = f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text

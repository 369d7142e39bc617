"""A figure as a part of the page, with the page's colors: they follow the scheme, the toggle and the printer.

An `<img>` would have colors of its own, which WebKit takes from nowhere. `place` in `explore.js` does the same with the
frames of a figure.
"""

import base64
import re
from html import escape

from dlref.engine.made import Frame
from dlref.engine.svg import COLOR
from dlref.plots.style import DARK
from dlref.site import assets

_ROOT = re.compile(r"<svg[^>]*>")
# A letter, as Matplotlib defines it in each drawing that writes it.
_LETTER = re.compile(r'\s*<path id="[^"]*?(Inter-[\w-]+)"((?: d="[^"]*")? transform="scale\(0\.015625\)")/>')
_PICTURE = re.compile(r'data:image/png;base64,([^"]*)')
colors: set[str] = set()


def figure(frame: Frame, name: str) -> str:
    """The frame's SVG as an element of the page, named by its alt text. `name` keeps its ids apart from others'."""
    width, height = frame.size
    files = iter(pictures(name, frame.html))
    text = _PICTURE.sub(lambda _: assets.root() + next(files), frame.html)
    # The page's own styles say it; as an attribute of an element a validator of HTML does not know it.
    text = COLOR.sub(_variable, text.replace(' image-rendering="pixelated"', ""))
    text = re.sub(r' id="|(?<=xlink:href=")#|(?<=url\()#', lambda match: f"{match[0]}{name}-", text)
    text = text.replace("xlink:href", "href")
    view = re.findall(r'viewBox="[^"]*"', text)[0]
    named = f'class="drawing" role="img" aria-label="{escape(frame.alt)}" width="{width}" height="{height}" {view}'
    return _ROOT.sub(f'<svg {named} stroke-linejoin="round" stroke-linecap="butt">', text, count=1).strip()


def pictures(name: str, drawing: str) -> list[str]:
    """Files of the site for the pictures within a drawing: under a strict policy a page may not hold them itself."""
    return [assets.add(name, ".png", base64.b64decode(data)) for data in _PICTURE.findall(drawing)]


def letters_once(html: str) -> str:
    """A page whose drawings have their letters in common: they are a fifth of what a page with many weighs."""
    letters = {name: drawn for name, drawn in _LETTER.findall(html)}
    if not letters:
        return html
    html = re.sub(r'(?<=<use href="#)[^"]*?(?=Inter-[\w-]+")', "", _LETTER.sub("", html))
    paths = "".join(f'<path id="{name}"{drawn}/>' for name, drawn in letters.items())
    letters_of_all = f'<svg class="letters" width="0" height="0" aria-hidden="true"><defs>{paths}</defs></svg>'
    return html.replace("</article>", f"{letters_of_all}</article>", 1)


def _variable(color: re.Match) -> str:
    colors.add(color[0])
    return f"var(--c{color[0][1:]})"


def style() -> str:
    """The style sheet with all colors of the figures, once for each scheme; paper is light."""
    used = sorted(colors)
    light = "".join(f"--c{color[1:]}:{color};" for color in used)
    dark = "".join(f"--c{color[1:]}:{DARK[color]};" for color in used)
    return f":root{{{light}}}\n@media screen{{[data-md-color-scheme=slate]{{{dark}}}}}"

"""Formulas as HTML with MathML, by KaTeX, when the site is built: no script and no other host when it is read."""

import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

_KATEX = Path(__file__).parent / "vendor" / "katex.min.js"
# A formula that cannot be read comes back as a text, marked: a build was seen to hang once on V8's own error.
_RENDER = """function render(tex, options) {
  try { return katex.renderToString(tex, options) } catch (error) { return "\\0" + error.message }
}"""
_FORMULA = re.compile(r'<(span|div) class="arithmatex">\s*\\([(\[])(.*?)\\[)\]]\s*</\1>', re.DOTALL)


@cache
def _engine() -> Any:
    from py_mini_racer import MiniRacer

    engine = MiniRacer()
    engine.eval(_KATEX.read_text(encoding="utf-8"))
    engine.eval(_RENDER)
    return engine


@cache
def formula(tex: str, display: bool) -> str:
    """One formula's HTML. Raises `ValueError` with KaTeX's own words where it cannot be read."""
    html = _engine().call("render", tex, {"displayMode": display, "strict": "error"})
    if html.startswith("\0"):
        raise ValueError(f"the formula {tex.strip()} cannot be read: {html[1:]}")
    return html


def _parts(tex: str) -> list[str]:
    r"""The formulas that stand on one line with `\qquad` between them: a narrow window may put them on several."""
    parts = tex.split(r"\qquad")
    whole = all(part.count("{") == part.count("}") and r"\begin" not in part for part in parts)
    return parts if whole else [tex]


def formulas(html: str) -> str:
    """Replace every formula that arithmatex marked. Its element stays, so that a wide one can scroll in it."""

    def replace(match: re.Match) -> str:
        display = match[2] == "["
        tabbable = ' tabindex="0"' if display else ""
        shown = " ".join(formula(part, display) for part in _parts(unescape(match[3])))
        return f'<{match[1]} class="arithmatex"{tabbable}>{shown}</{match[1]}>'

    return _FORMULA.sub(replace, html)

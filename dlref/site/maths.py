"""Formulas as HTML with MathML, by KaTeX, when the site is built: no script and no other host when it is read."""

import re
from functools import cache
from html import unescape
from pathlib import Path

_KATEX = Path(__file__).parent / "vendor" / "katex.min.js"
_FORMULA = re.compile(r'<(span|div) class="arithmatex">\s*\\([(\[])(.*?)\\[)\]]\s*</\1>', re.DOTALL)


@cache
def _engine():
    from py_mini_racer import MiniRacer

    engine = MiniRacer()
    engine.eval(_KATEX.read_text(encoding="utf-8"))
    return engine


@cache
def formula(tex: str, display: bool) -> str:
    """One formula's HTML. Raises `ValueError` with KaTeX's own words where it cannot be read."""
    from py_mini_racer import JSEvalException

    try:
        return _engine().call("katex.renderToString", tex, {"displayMode": display, "strict": "error"})
    except JSEvalException as error:
        reason = str(error).partition("\n")[0].removeprefix("ParseError: ")
        raise ValueError(f"the formula {tex.strip()} cannot be read: {reason}") from None


def formulas(html: str) -> str:
    """Replace every formula that arithmatex marked. Its element stays, so that a wide one can scroll in it."""

    def replace(match: re.Match) -> str:
        display = match[2] == "["
        tabbable = ' tabindex="0"' if display else ""
        return f'<{match[1]} class="arithmatex"{tabbable}>{formula(unescape(match[3]), display)}</{match[1]}>'

    return _FORMULA.sub(replace, html)

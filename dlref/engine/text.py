"""Short texts as HTML, and numbers as text."""

import math
import re
from html import escape
from numbers import Integral
from typing import Any

_MINUS = "−"


def number(value: Any, digits: int) -> str:
    """A number as the site writes it: whole numbers whole, others to `digits` decimals, with a true minus sign.

    A table may hold nan where a value is undefined; it is shown as a dash.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Integral):
        text = f"{value:,}" if abs(int(value)) >= 10_000 else str(value)
    elif math.isnan(value):
        return "–"
    elif math.isinf(value):
        text = "-∞" if value < 0 else "∞"
    else:
        text = f"{value:{',' * (abs(value) >= 10_000)}.{digits}f}"
        # No negative zero.
        text = text.removeprefix("-") if not text.strip("-0.") else text
    return text.replace("-", _MINUS)


def plain(text: str) -> str:
    """What `inline` reads, without its markup: for a label that is only read out, and for a table's file."""
    text = re.sub(r"\$([^$]+)\$", lambda formula: formula[1].replace("{", "").replace("}", ""), text)
    return re.sub(r"\[([^\]]+)\]\[[\w.-]+\]", r"\1", text).replace("`", "")


def inline(text: str) -> str:
    """One line of text as HTML: escaped, `code` in backticks, `$formula$`, and `[text][id]` a link to that heading."""
    text = escape(text, quote=False)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    text = re.sub(r"\$([^$]+)\$", r'<span class="arithmatex">\\(\1\\)</span>', text)
    return re.sub(r"\[([^\]]+)\]\[([\w.-]+)\]", r'<autoref identifier="\2">\1</autoref>', text)

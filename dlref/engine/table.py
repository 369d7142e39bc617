"""A DataFrame as an accessible HTML table."""

from collections.abc import Mapping
from numbers import Real
from typing import Any

import pandas as pd

from dlref.engine.text import inline, number


def table(frame: pd.DataFrame, caption: str, digits: int | Mapping[str, int]) -> str:
    """The table's HTML: caption, header cells with their scope, numbers to the right.

    A named index becomes a column of row headers. Text in backticks is shown as code, and `[text][id]` as a link.
    """
    headed = not (frame.index.name is None and isinstance(frame.index, pd.RangeIndex))
    if headed:
        frame = frame.reset_index(names=frame.index.name or "")
    numeric = [all(map(_is_number, frame.iloc[:, i])) for i in range(frame.shape[1])]
    head = _row(frame.columns, ["col"] * frame.shape[1], numeric)
    scopes = ["row" if headed and i == 0 else "" for i in range(frame.shape[1])]
    texts = (
        [_text(v, n, digits) for v, n in zip(row, frame.columns, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    )
    body = "\n".join(_row(row, scopes, numeric) for row in texts)
    top = f'<table class="data">\n<caption>{inline(caption)}</caption>\n<thead>{head}</thead>'
    return f"{top}\n<tbody>\n{body}\n</tbody></table>"


def _row(texts: list[str], scopes: list[str], numeric: list[bool]) -> str:
    cells = zip(texts, scopes, numeric, strict=True)
    return "<tr>" + "".join(_cell(inline(str(text)), scope, right) for text, scope, right in cells) + "</tr>"


def _cell(html: str, scope: str, right: bool) -> str:
    # A header cell without text names nothing; a plain cell says so.
    scope = scope if html else ""
    tag = "th" if scope else "td"
    attributes = (f' scope="{scope}"' if scope else "") + (' class="num"' if right else "")
    return f"<{tag}{attributes}>{html}</{tag}>"


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _text(value: Any, column: str, digits: int | Mapping[str, int]) -> str:
    if isinstance(value, Real):
        return number(value, digits.get(column, 2) if isinstance(digits, Mapping) else digits)
    return "" if value is None else str(value)

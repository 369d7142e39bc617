"""Code as HTML."""

from typing import Any

from pygments import highlight
from pygments.filter import simplefilter
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.token import Name, Punctuation, Text, Whitespace


@simplefilter
def _uncolored(_filter: Any, _lexer: Any, stream: Any, _options: dict) -> Any:
    """Tokens in the text's own color go without a mark-up of theirs: it would be half of a page's bytes."""
    for token, text in stream:
        yield Text if token in (Name, Name.Namespace, Punctuation, Whitespace) else token, text


_LEXER = PythonLexer(filters=[_uncolored()])


def line(code: str) -> str:
    """Python, highlighted, with nothing around it."""
    return highlight(code, _LEXER, HtmlFormatter(nowrap=True)).rstrip("\n")


def python(code: str, call: str = "") -> str:
    """Python, highlighted as the pages' own blocks are; a last line `call` is marked, for a script to exchange it."""
    last = f'\n\n\n<span class="call">{line(call)}</span>' if call else ""
    return f'<div class="highlight"><pre><code>{line(code)}{last}\n</code></pre></div>'

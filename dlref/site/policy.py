"""Pages that a strict Content-Security-Policy (`default-src 'self'`) breaks nothing of: what stood in them is in files.

Styles of single elements, most of them KaTeX's, become classes of the style sheet; scripts become files.
"""

import hashlib
import re
from html import unescape

from dlref.site import assets

_STYLED = re.compile(r'<[a-zA-Z][^<>]*? style="([^"]*)"[^<>]*>')
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_CODE = re.compile(r'<(?:code|pre|samp|kbd)(?=[ >])|<(?:span|div) class="arithmatex"')
_rules: dict[str, str] = {}


def strict(html: str) -> str:
    """The page with no style and no script in it, and its code left as it is by whoever translates it."""
    return untranslated(without_styles(_SCRIPT.sub(_script, html)))


def _script(match: re.Match) -> str:
    return f'<script src="{assets.write("page", ".js", match[1].strip() + chr(10))}"></script>'


def without_styles(html: str) -> str:
    """Each style of an element becomes a class, whose rule is kept for `style`."""
    return _STYLED.sub(_classed, html)


def untranslated(html: str) -> str:
    """Code, what it prints and formulas stay as they are when a browser translates the page."""
    return _CODE.sub(r'\g<0> translate="no"', html)


def _classed(match: re.Match) -> str:
    declared = unescape(match[1]).strip().rstrip(";")
    name = f"s-{_digest(declared)}"
    _rules[name] = declared
    tag = match[0].replace(f' style="{match[1]}"', "", 1)
    if ' class="' in tag:
        return tag.replace(' class="', f' class="{name} ', 1)
    return re.sub(r"(?=/?>$)", f' class="{name}"', tag, count=1)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def style() -> str:
    """The style sheet of all that `without_styles` has taken; as strong as what it stands for."""
    return "\n".join(
        f".{name}{{{''.join(f'{one.strip()}!important;' for one in declared.split(';'))}}}"
        for name, declared in sorted(_rules.items())
    )

"""Fonts with the characters that the site shows and no others, in the weights that its styles ask for."""

import hashlib
import io
import re
from html import unescape
from pathlib import Path

from dlref.engine import cache

_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
_CODE = re.compile(r"<(code|samp)\b.*?</\1>", re.DOTALL)
_FORMULA = re.compile(
    r'<span class=\\?"katex-html\\?".*?(?=</(?:p|div|li|td|th|button|figcaption|caption)>|"\])', re.DOTALL
)
# Which text a font is for, and its weights; None leaves them as they are.
_FONTS: dict[str, tuple[str, int | tuple[int, int] | None]] = {
    "fonts/source-serif-4-latin-wght-normal.woff2": ("all", (400, 650)),
    "fonts/source-serif-4-latin-wght-italic.woff2": ("all", 400),
    "fonts/inter-latin-wght-normal.woff2": ("all", None),
    "fonts/source-code-pro-latin-wght-normal.woff2": ("code", 400),
}


def trim(site: Path) -> None:
    """Make every font of a built site smaller."""
    texts = characters(site)
    folder = site / "assets"
    for file in sorted([*folder.glob("fonts/*.woff2"), *folder.glob("katex/fonts/*.woff2")]):
        kind, weights = _FONTS.get(file.relative_to(folder).as_posix(), ("formulas", None))
        file.write_bytes(_cached(file.read_bytes(), texts[kind], weights))


def characters(site: Path) -> dict[str, set[int]]:
    """The characters of a built site: all, those of code, and those of formulas. What a reader may type is in each."""
    found = {"all": set(map(chr, range(32, 127))) | set("äöüÄÖÜß“”"), "code": set(), "formulas": set()}
    files = [*site.rglob("*.html"), *(site / "assets/exhibits").glob("*.js"), *(site / "assets").glob("*.js")]
    for file in files:
        text = file.read_text(encoding="utf-8")
        found["all"].update(_shown(text) if file.suffix == ".html" else text)
        for part in _CODE.finditer(text):
            found["code"].update(_shown(part[0]))
        for part in _FORMULA.finditer(text):
            found["formulas"].update(_shown(part[0]))
    ascii = set(map(chr, range(32, 127)))
    return {kind: set(map(ord, characters | ascii)) for kind, characters in found.items()}


def _shown(html: str) -> str:
    return unescape(_TAGS.sub("", html))


def _cached(font: bytes, characters: set[int], weights: int | tuple[int, int] | None) -> bytes:
    """A smaller font, from the cache where it was made before."""
    key = hashlib.sha256(font + repr((sorted(characters), weights)).encode() + Path(__file__).read_bytes()).hexdigest()
    path = cache.ROOT / "fonts" / f"{key[:20]}.woff2"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        half.write_bytes(_subset(font, characters, weights))
        half.rename(path)
    return path.read_bytes()


def _subset(data: bytes, characters: set[int], weights: int | tuple[int, int] | None) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    options = subset.Options(hinting=False, desubroutinize=True)
    options.layout_features += ["lnum", "tnum"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    if weights:
        font = instancer.instantiateVariableFont(font, {"wght": weights})
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()

"""`@exhibit` marks a function as something that a page can show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast


@dataclass(frozen=True)
class Exhibit:
    """What the decorator was told; the site reads it from the function's `exhibit` attribute."""

    alt: str | Callable[..., str] = ""
    explore: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    digits: int | Mapping[str, int] = 2
    over: str = ""
    follows: str = ""
    one_run: bool = False


class Marked(Protocol):
    """A function that a page can show."""

    exhibit: Exhibit

    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...


def exhibit(
    *,
    alt: str | Callable[..., str] = "",
    explore: Mapping[str, Sequence[Any]] | None = None,
    digits: int | Mapping[str, int] = 2,
    over: str = "",
    follows: str = "",
    one_run: bool = False,
) -> Callable[[Callable], Marked]:
    """Mark a function as an exhibit: on a page, `{{ module.function }}` shows what it returns.

    What it may return: a matplotlib `Figure`; a pandas `DataFrame`; a number or a short text for the middle of a
    sentence; or `True`, a claim that holds (`False` stops the build). The first paragraph of its docstring is the
    caption, and for a number or a claim says what was computed or checked. Every parameter has a default.

    Args:
        alt: For a figure, what is seen, in words: a text in which `{parameter}` stands for a parameter's value, or a
            function of the same parameters that returns the text.
        explore: Values, by parameter, that a reader can choose with a slider; the parameter's default is one of them.
        digits: Decimals of a float: one number, or one a column name. Whole numbers are shown whole.
        over: For a claim or number that was measured, over what, with how many: "200 random splits", "20 starts",
            "all 918 patients". The reader sees it beside what was checked.
        follows: For a claim that cannot fail on data, from what it follows: "the definition of the rates". Its mark
            looks and reads otherwise than that of a measured claim; a claim has one of the two, never both.
        one_run: For a figure, table or text of a single run of something chaotic, such as the points of a GAN: the page
            says so beneath it, and it may look different on another processor. Nothing may rest on it.
    """
    if over and follows:
        raise ValueError("exhibit: over and follows exclude each other; got both.")

    def mark(function: Callable) -> Marked:
        marked = cast(Marked, function)
        marked.exhibit = Exhibit(alt, explore or {}, digits, over, follows, one_run)
        return marked

    return mark

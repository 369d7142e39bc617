"""What an exhibit gave: frames, and all that a page says of them. It travels as JSON."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["figure", "table", "number", "text", "claim", "failed"]
# What stands on a line of its own; all else stands in a sentence.
BLOCKS = ("figure", "table")


class SiteError(Exception):
    """The site cannot be built; the message names the place and the reason."""


@dataclass(frozen=True)
class Frame:
    """The exhibit for one choice of the values that can be explored."""

    html: str
    """What a page shows: an SVG, a table, a number or a text; of a claim, its mark."""
    alt: str = ""
    """Of a figure: what is seen, in words."""
    size: tuple[int, int] = (0, 0)
    """Of a figure: width and height in CSS pixels."""
    png: str = ""
    """Of a figure, where all parameters have their defaults: the same as a PNG, in base64."""
    csv: str = ""
    """Of a table: the same as a file."""
    call: str = ""
    """The last line of the code, which gives this frame, highlighted."""
    whole: bool = False
    """Of a number: whether it is shown whole."""
    holds: bool = True
    """Of a claim: whether it is true."""
    raster: str = ""
    """Of a figure, where figures are compared: a small picture of it, compressed."""


@dataclass(frozen=True)
class Parameter:
    """A parameter that a reader can explore."""

    name: str
    """The name in the function's signature."""
    values: list[str]
    """The values as a reader sees them."""
    numeric: bool
    """Whether a slider moves it; else buttons choose."""
    default: int
    """The place of the default among the values."""


@dataclass(frozen=True)
class Made:
    """All frames of one exhibit, in the order of `itertools.product` of its parameters, the last one fastest."""

    kind: Kind
    """What the function returns; "failed" where it gave nothing and the site is shown all the same."""
    caption: str
    """The first paragraph of its docstring; of what failed, the reason."""
    code: str = ""
    """Its source, which runs alone, highlighted."""
    parameters: list[Parameter] = field(default_factory=list)
    """What can be explored."""
    default: int = 0
    """The place of the frame that stands without JavaScript."""
    frames: list[Frame] = field(default_factory=list)
    """One for each choice."""
    over: str = ""
    """What it was measured over."""
    follows: str = ""
    """From what the claim follows, where it is no measurement."""
    one_run: bool = False
    """Whether it shows a single run of something chaotic."""
    seeded: bool = False
    """Whether a seed was used, as far as it was watched."""

    @property
    def shown(self) -> Frame:
        """The frame that stands without JavaScript."""
        return self.frames[self.default]

    @property
    def false(self) -> bool:
        """Whether it is a claim that does not hold."""
        return self.kind == "claim" and not all(frame.holds for frame in self.frames)

    def to_json(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Made":
        """What `to_json` gave."""
        frames = [Frame(**(frame | {"size": tuple(frame["size"])})) for frame in data["frames"]]
        return cls(**(data | {"frames": frames, "parameters": [Parameter(**p) for p in data["parameters"]]}))

"""The look that all figures share: colors, type, sizes.

Colors are drawn as in the light scheme. When a figure goes into the site, each is replaced by its pair, so that one
file follows the reader's scheme; a color that is not of this palette has no pair and is refused there.
"""

from pathlib import Path

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

GROUND, INK, MUTED, GRID = "#fdfdfb", "#22262b", "#6b7280", "#e3e5e8"
BLUE, ORANGE, VIOLET, GREEN = "#0067a5", "#b4530a", "#7340bf", "#47642b"

# What each color means, everywhere. A second cue (marker, dash, label) goes with every one of them.
POSITIVE, NEGATIVE = BLUE, ORANGE
TRAINING, VALIDATION = BLUE, ORANGE
FORWARD, BACKWARD = BLUE, ORANGE
SERIES = (BLUE, ORANGE, VIOLET, GREEN)
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1.5, 2)))
MARKERS = ("o", "s", "^", "D")

_DARK = {
    GROUND: "#14171b",
    INK: "#dfe2e7",
    MUTED: "#9aa2ad",
    GRID: "#343a42",
    BLUE: "#6cb8f0",
    ORANGE: "#f0a35e",
    VIOLET: "#a06bf0",
    GREEN: "#cdea9f",
}
_STEPS = 20


def _mix(color: str, ground: str, share: float) -> str:
    parts = ((int(color[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in parts)


def tint(color: str, share: float) -> str:
    """`color` mixed with the ground: a share of 1 is the color, 0 the ground. Shares go in steps of 5 %."""
    return _mix(color, GROUND, round(share * _STEPS) / _STEPS)


def ramp(color: str, count: int = 10, low: float = 0.05, high: float = 0.9) -> ListedColormap:
    """A color map of `count` tints, from nearly the ground to nearly the color."""
    return ListedColormap([tint(color, low + (high - low) * i / (count - 1)) for i in range(count)])


def diverging(negative: str = NEGATIVE, positive: str = POSITIVE, count: int = 11) -> ListedColormap:
    """A color map of an odd number of tints through the ground."""
    half = count // 2
    below = [tint(negative, 0.8 * i / half) for i in range(half, 0, -1)]
    return ListedColormap([*below, GROUND, *(tint(positive, 0.8 * i / half) for i in range(1, half + 1))])


# For each color that a figure may hold, its pair in the dark scheme. The plain colors come last, so that a tint which
# rounds to the same value does not replace them.
DARK = {
    _mix(color, GROUND, step / _STEPS): _mix(dark, _DARK[GROUND], step / _STEPS)
    for color, dark in _DARK.items()
    for step in range(_STEPS + 1)
} | _DARK

FONTS = Path(__file__).parent / "fonts"

_RC = {
    "axes.axisbelow": True,
    "axes.edgecolor": MUTED,
    "axes.facecolor": "none",
    "axes.labelcolor": INK,
    "axes.labelpad": 5,
    "axes.labelsize": 10,
    "axes.linewidth": 0.7,
    "axes.prop_cycle": matplotlib.cycler(color=SERIES),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 10,
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "font.family": "Inter",
    "font.size": 10,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "hatch.color": MUTED,
    "legend.fontsize": 9.5,
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "lines.linewidth": 1.8,
    "lines.markersize": 4,
    "lines.solid_capstyle": "round",
    # Not used, but looked for; without a font of its own each figure with a formula warns.
    "mathtext.cal": "Inter:italic",
    "mathtext.default": "it",
    "mathtext.fontset": "custom",
    "mathtext.it": "Inter:italic",
    "mathtext.rm": "Inter",
    "mathtext.bf": "Inter:semibold",
    "patch.edgecolor": INK,
    "patch.linewidth": 0.8,
    "savefig.facecolor": "none",
    "text.color": INK,
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 9.5,
    "xtick.major.size": 3,
    "xtick.major.width": 0.7,
    "ytick.color": MUTED,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 9.5,
    "ytick.major.size": 3,
    "ytick.major.width": 0.7,
}


def use() -> None:
    """Set the look for this process. Ticks read matplotlib's settings when drawn, so a context would not do."""
    if not any(font.name == "Inter" and str(FONTS) in font.fname for font in font_manager.fontManager.ttflist):
        for name in ("Inter-Regular", "Inter-Italic", "Inter-SemiBold"):
            font_manager.fontManager.addfont(FONTS / f"{name}.ttf")
    matplotlib.rcParams.update(_RC)


def figure(width: float = 4.0, height: float = 3.35, **subplots) -> tuple[Figure, Axes]:
    """A new figure and its axes (or array of axes, where `subplots` names rows and columns).

    Inches at 96 pixels. At up to 4.8 inches, its 10-point labels are read at 390 pixels without zooming; two
    figures of 4 inches stand side by side on a wide screen.
    """
    use()
    drawing = Figure(figsize=(width, height))
    return drawing, drawing.subplots(**subplots)


def blank(
    width: float = 4.0, height: float = 3.0, *, xlim: tuple[float, float], ylim: tuple[float, float]
) -> tuple[Figure, Axes]:
    """A figure for a diagram: no axes, both scales the same."""
    drawing, axes = figure(width, height)
    axes.set(xlim=xlim, ylim=ylim, aspect="equal")
    axes.set_axis_off()
    return drawing, axes


# What stands behind a label that a line would cross.
LABEL = {"boxstyle": "square,pad=0.1", "facecolor": GROUND, "edgecolor": "none"}
# Strokes that diagrams share: boxes and nodes, and the arrows between them.
BOX = {
    "boxstyle": "round,pad=0.45,rounding_size=0.25",
    "facecolor": tint(MUTED, 0.1),
    "edgecolor": MUTED,
    "linewidth": 0.9,
}
ARROW = {
    "arrowstyle": "-|>,head_length=0.45,head_width=0.2",
    "color": MUTED,
    "linewidth": 1.1,
    "shrinkA": 2,
    "shrinkB": 2,
}

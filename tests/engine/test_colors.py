"""Colors of series stay apart for readers who see colors otherwise, and text stands out from its ground."""

import itertools
import re

import numpy as np
import pytest
from conftest import ROOT

from dlref.plots import style

# G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, A physiologically-based model for simulation of color vision
# deficiency, IEEE Transactions on Visualization and Computer Graphics 15 (2009), 1291–1298: table 1, severity 1.0.
# They apply to linear RGB.
VISIONS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
SCHEMES = {"light": {color: color for color in style.DARK}, "dark": style.DARK}
# IEC 61966-2-1: linear sRGB to CIE XYZ, white D65.
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
# Two colors 2.3 apart in CIELAB are just told apart side by side; lines far from each other need some six times that.
APART = 15
# WCAG 2.2: text, and lines and marks that carry meaning.
TEXT, MARK = 4.5, 3.0


def linear(color: str) -> np.ndarray:
    """Linear RGB, from 0 to 1, of a color such as #0067a5."""
    srgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB of linear RGB."""
    t = XYZ @ np.clip(rgb, 0, 1) / XYZ.sum(axis=1)
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str, vision: str) -> float:
    """How far apart two colors are in CIELAB, for readers with this vision."""
    first, second = (lab(VISIONS[vision] @ linear(color)) for color in (one, other))
    return float(np.linalg.norm(first - second))


def contrast(one: str, other: str) -> float:
    """WCAG's ratio of luminances."""
    low, high = sorted(XYZ[1] @ linear(color) + 0.05 for color in (one, other))
    return high / low


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_series_are_told_apart(vision, scheme):
    shown = SCHEMES[scheme]
    near = {
        (a, b): distance(shown[a], shown[b], vision)
        for a, b in itertools.combinations(style.SERIES, 2)
        if distance(shown[a], shown[b], vision) < APART
    }
    assert near == {}


def test_every_series_has_a_second_cue():
    for cues in (style.DASHES, style.MARKERS):
        assert len(set(cues)) == len(style.SERIES)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_figures_stand_out_from_their_ground(scheme):
    shown, ground = SCHEMES[scheme], SCHEMES[scheme][style.GROUND]
    assert all(contrast(shown[color], ground) >= TEXT for color in (style.INK, style.MUTED, *style.SERIES))


def variables(scheme: str) -> dict[str, str]:
    """The colors of the style sheet for one of the theme's schemes."""
    css = (ROOT / "docs" / "assets" / "dlref.css").read_text(encoding="utf-8")
    # Light is the rule, dark the exception.
    selector = f'="{scheme}"' if scheme == "slate" else ""
    block = re.search(rf"^\[data-md-color-scheme{selector}\] \{{(.*?)\}}", css, re.DOTALL | re.MULTILINE)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block[1]))


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_text_stands_out_from_its_ground(scheme):
    colors = variables(scheme)
    texts = [name for name in colors if name in ("ink", "second", "muted", "accent") or name.startswith("code-")]
    grounds = {name: ("ground", "panel") for name in texts} | {"muted": ("ground",)}
    assert len(texts) >= 9
    weak = {
        (name, ground): contrast(colors[name], colors[ground])
        for name in texts
        for ground in grounds[name]
        if contrast(colors[name], colors[ground]) < TEXT
    }
    assert weak == {}


def test_the_simulation_holds():
    # Pairs that look different to most and alike to some; the first two once stood in the palette.
    assert distance("#b4530a", "#4d7c0f", "protanopia") < APART < distance("#b4530a", "#4d7c0f", "normal")
    assert distance("#0067a5", "#6b4fa0", "deuteranopia") < APART < distance("#0067a5", "#6b4fa0", "normal")
    assert distance("#2070c0", "#1f8a70", "tritanopia") < APART < distance("#2070c0", "#1f8a70", "normal")
    # Grays look the same to all.
    assert all(distance("#808080", "#808080", vision) == 0 for vision in VISIONS)
    assert all(np.allclose(matrix @ np.ones(3), 1, atol=1e-5) for matrix in VISIONS.values())
    # The ends of WCAG's scale, and a pair from its documents.
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    # CIELAB of pure red in sRGB.
    assert lab(linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)

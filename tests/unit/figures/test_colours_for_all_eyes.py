"""Colours that stand for opposite or different things stay apart for eyes that see red and green alike."""

import itertools
import re
from importlib.resources import files

import numpy as np
import pytest

from landbridge.figures.style import DIVERGING, FALL, INKS, LOAD, OKABE_ITO, RISE

EYES = {
    "usual": np.eye(3),
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
"""Machado, Oliveira and Fernandes (2009), table of severity 1.0, on linear RGB."""


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255.0
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Return CIE L*a*b* (D65) of linear RGB."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = (to_xyz @ np.clip(rgb, 0, 1)) / np.array([0.9505, 1.0, 1.089])
    f = [v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(first: str, second: str, eyes: str) -> float:
    """Return the distance of two colours; 2.3 is just noticeable."""
    return float(np.linalg.norm(lab(EYES[eyes] @ linear(first)) - lab(EYES[eyes] @ linear(second))))


def contrast(first: str, second: str) -> float:
    """Return the contrast of WCAG 2: (L1 + 0.05) / (L2 + 0.05)."""
    light, dark = sorted((float(np.array([0.2126, 0.7152, 0.0722]) @ linear(c)) for c in (first, second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("eyes", list(EYES))
def test_more_and_less_and_what_measures_touch_are_told_apart(eyes: str) -> None:
    assert apart(RISE, FALL, eyes) > 30
    assert apart(DIVERGING[0][1], DIVERGING[-1][1], eyes) > 30
    assert apart(OKABE_ITO[4], OKABE_ITO[5], eyes) > 20


@pytest.mark.parametrize("eyes", list(EYES))
def test_the_three_routes_are_told_apart(eyes: str) -> None:
    """They differ in dashes too."""
    routes = [OKABE_ITO[k] for k in (1, 3, 2)]
    assert min(apart(a, b, eyes) for i, a in enumerate(routes) for b in routes[:i]) > 10


@pytest.mark.parametrize("eyes", list(EYES))
def test_more_load_is_darker(eyes: str) -> None:
    light = [lab(EYES[eyes] @ linear(colour))[0] for colour in LOAD]
    assert all(a - b > 5 for a, b in itertools.pairwise(light))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_of_change_stand_out_from_land_and_sea(theme: str) -> None:
    ink = INKS[theme]
    assert min(contrast(colour, ground) for colour in (RISE, FALL) for ground in (ink.land, ink.sea)) > 2


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_the_contrast_that_wcag_asks(theme: str) -> None:
    ink = INKS[theme]
    assert contrast(ink.text, ink.paper) > 7
    assert contrast(ink.faint, ink.paper) > 4.5


def test_the_page_marks_rise_and_fall_by_more_than_colour() -> None:
    sheet = (files("landbridge") / "app" / "assets" / "landbridge.css").read_text(encoding="utf-8")
    assert re.search(r'\.lb-rise::before \{ content: "▲', sheet)
    assert re.search(r'\.lb-fall::before \{ content: "▼', sheet)

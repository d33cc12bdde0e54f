"""Whatever colour a client wishes for, the portal can be read in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recado.portal.brand import DARK, LIGHT, Ground, Tones, brand_css, contrast, mark_svg, palette

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS)
@example("#ffff00")
@example("#ffffff")
@example("#000000")
@example("#00ff00")
@example("#0000ff")
@example("#808080")
def test_every_colour_can_be_read(wished: str) -> None:
    colours = palette(wished)
    for ground, tones in ((LIGHT, colours.light), (DARK, colours.dark)):
        assert_readable(ground, tones)


def assert_readable(ground: Ground, tones: Tones) -> None:
    assert contrast(tones.brand, ground.paper) >= 4.5
    assert contrast(tones.brand, tones.wash) >= 4.5
    assert contrast(tones.over, tones.brand) >= 4.5
    assert contrast(ground.ink, tones.wash) >= 4.5
    assert contrast(ground.ink_2, tones.wash) >= 4.5
    assert contrast(ground.edge, tones.wash) >= 3


@pytest.mark.parametrize("wished", ["#27694b", "#84305f", "#2f5a8f", "#1f6f5c"])
def test_a_colour_that_can_be_read_stays_as_it_is(wished: str) -> None:
    assert palette(wished).light.brand == wished


def test_contrast_is_the_one_of_the_standard() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_no_colour_is_the_default_one() -> None:
    assert palette(None) == palette("#2d5f73")


def test_the_stylesheet_says_both_schemes_and_the_font() -> None:
    css = brand_css(palette("#27694b"), font="font.woff2")
    assert re.search(r":root\{--r-brand:#27694b;--r-on-brand:#ffffff;--r-wash:#\w{6};--r-fold:#\w{6}\}", css)
    assert css.count("--r-wash:") == 2
    assert 'src:url("font.woff2") format("woff2")' in css
    assert "@font-face" not in brand_css(palette(None))


def test_the_mark_is_drawn_in_the_clients_colour() -> None:
    assert 'fill="#27694b"' in mark_svg(palette("#27694b"))

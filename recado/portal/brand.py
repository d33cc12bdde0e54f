"""The client's one accent: from a colour that was wished for, the four that are used, in light and in dark, all readable.

The figures are WCAG 2.2's contrast ratios. Who wishes for yellow gets the darkest yellow that is still theirs.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_COLOUR = "#2d5f73"

TEXT_CONTRAST = 4.5  # WCAG 1.4.3, for text
SHAPE_CONTRAST = 3.0  # WCAG 1.4.11, for borders and shapes


class Ground(NamedTuple):
    """The fixed colours of a scheme, as portal.css has them: the paper, and what stands on it and on the wash."""

    paper: str
    ink: str
    ink_2: str
    edge: str


LIGHT = Ground(paper="#fcfbf9", ink="#24211c", ink_2="#5f594f", edge="#857d70")
DARK = Ground(paper="#191815", ink="#ece8e0", ink_2="#b3ac9f", edge="#8a8273")


class Tones(NamedTuple):
    """The four colours of one scheme, as `#rrggbb`: the accent, text on it, the tinted sheet, and the sheet's folded corner."""

    brand: str
    over: str
    wash: str
    fold: str


class Palette(NamedTuple):
    """A client's colours, by day and by night."""

    light: Tones
    dark: Tones


def palette(wished: str | None) -> Palette:
    """Make the colours from the one that was wished for, `#rrggbb`; None is the default one."""
    lightness, chroma, hue = _to_lch(wished or DEFAULT_COLOUR)
    return Palette(
        light=_tones(LIGHT, (min(lightness, 0.62), chroma, hue), wash=(0.95, 0.014), fold=(0.88, 0.035), step=-0.005),
        dark=_tones(
            DARK, (max(0.8, min(lightness, 0.9)), min(chroma, 0.1), hue), wash=(0.27, 0.022), fold=(0.43, 0.045), step=0.005
        ),
    )


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def brand_css(colours: Palette, *, font: str | None = None) -> str:
    """Write the stylesheet that gives a portal its colours and, where it has one, its font (a file beside this one)."""
    blocks = []
    if font:
        blocks.append(
            f'@font-face{{font-family:"Brand";src:url("{font}") format("woff2");font-weight:100 900;font-display:optional}}'
        )
        blocks.append(':root{--r-font:"Brand",system-ui,sans-serif}')
    blocks.append(f":root{{{_tokens(colours.light)}}}")
    blocks.append(f"@media screen and (prefers-color-scheme:dark){{:root{{{_tokens(colours.dark)}}}}}")
    return "\n".join(blocks) + "\n"


def mark_svg(colours: Palette) -> str:
    """Draw the mark that stands in a browser's tab: a note with its corner folded."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<path fill="{colours.light.brand}" d="M5 0h16l11 11v16a5 5 0 0 1-5 5H5a5 5 0 0 1-5-5V5a5 5 0 0 1 5-5z"/>'
        f'<path fill="{colours.light.fold}" d="M21 0v11h11z"/></svg>\n'
    )


def _tokens(tones: Tones) -> str:
    return f"--r-brand:{tones.brand};--r-on-brand:{tones.over};--r-wash:{tones.wash};--r-fold:{tones.fold}"


def _tones(
    ground: Ground,
    wished: tuple[float, float, float],
    wash: tuple[float, float],
    fold: tuple[float, float],
    step: float,
) -> Tones:
    """Start from what was wished for and go towards black or white (`step`) as far as reading needs, and no farther."""
    lightness, chroma, hue = wished
    tint = min(1.0, chroma / 0.05)  # a grey wish gets a grey sheet
    sheet = _nearest(
        lambda away: _to_hex(wash[0] - away * step, wash[1] * tint * (1 - away / _STEPS), hue),
        lambda colour: (
            contrast(ground.ink, colour) >= TEXT_CONTRAST
            and contrast(ground.ink_2, colour) >= TEXT_CONTRAST
            and contrast(ground.edge, colour) >= SHAPE_CONTRAST
        ),
    )
    accent = _nearest(
        lambda away: _to_hex(lightness + away * step, chroma, hue),
        lambda colour: contrast(colour, ground.paper) >= TEXT_CONTRAST and contrast(colour, sheet) >= TEXT_CONTRAST,
    )
    over = _nearest(
        lambda away: "#ffffff" if step < 0 else _to_hex(0.23 - away * step, 0.03 * tint, hue),
        lambda colour: contrast(colour, accent) >= TEXT_CONTRAST,
    )
    return Tones(accent, over, sheet, _to_hex(fold[0], fold[1] * tint, hue))


_STEPS = 200


def _nearest(colour: Callable[[int], str], is_readable: Callable[[str], bool]) -> str:
    """Give the first of a row of colours that is readable. The row ends at black or white, which always is."""
    return next(found for found in map(colour, range(_STEPS + 1)) if is_readable(found))


# ---- Oklab (B. Ottosson, 2020): steps of lightness look like steps, and the hue stays ----


def _to_lch(colour: str) -> tuple[float, float, float]:
    red, green, blue = _linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    chroma = (a * a + b * b) ** 0.5
    return lightness, chroma if chroma > 0.002 else 0.0, math.atan2(b, a)  # noqa: PLR2004 (below it a grey has a hue by chance)


def _to_hex(lightness: float, chroma: float, hue: float) -> str:
    """Give the colour, its chroma taken back until a screen can show it."""
    lightness = min(1.0, max(0.0, lightness))
    for part in range(20, -1, -1):
        channels = _channels(lightness, chroma * part / 20, hue)
        if all(-0.0005 <= channel <= 1.0005 for channel in channels):  # noqa: PLR2004 (rounding)
            break
    return "#" + "".join(f"{round(255 * _encoded(min(1.0, max(0.0, channel)))):02x}" for channel in channels)


def _channels(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return _decoded(red), _decoded(green), _decoded(blue)


def _decoded(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 (IEC 61966-2-1)


def _encoded(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055  # noqa: PLR2004 (IEC 61966-2-1)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

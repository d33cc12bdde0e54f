"""A text as it is read by eye: without marks that nobody sees, emphasis and signs of quotation; and where its letters stood.

What is looked for in it is found however it was marked up.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

# Emphasis; the backslash before a sign; soft hyphens, joiners, directions and their kin; the signs of a quotation.
_UNSEEN: Final = re.compile(
    r"\\[!-/:-@\[-`{-~]"
    r"|[*_\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff]+"
    r"|^ {0,3}>[> ]*",
    re.MULTILINE,
)
_DIGITS: Final = (0x660, 0x6F0, 0x966, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6)  # where other scripts' ten begin
_PLAIN: Final = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
    **{zero + digit: ord("0") + digit for zero in _DIGITS for digit in range(10)},
}


# A text that has none of them, as most have not: told in a moment. Mathematical digits stand in one stretch.
_BARE: Final = re.compile(
    r"[^\\*_>\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    r"\uff01-\uff5e\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\U0001d7ce-\U0001d7ff]*"
)


@dataclass(frozen=True, slots=True)
class BareText:
    """The text, and the stretches of the original that it was put together of: where each begins, here and there."""

    text: str
    _begins: tuple[int, ...]
    _original: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Give where the letters from `start` to before `end` (at least one) stood."""
        return self._place(start), self._place(end - 1) + 1

    def _place(self, place: int) -> int:
        stretch = bisect_right(self._begins, place) - 1
        return self._original[stretch] + place - self._begins[stretch]


def bare(text: str) -> BareText | None:
    """Give the bare text; None if nothing has to be left out, or shown otherwise."""
    if _BARE.fullmatch(text):
        return None
    pieces: list[str] = []
    begins: list[int] = []
    original: list[int] = []
    place = length = 0
    for found in _UNSEEN.finditer(text):
        if found.start() > place:
            pieces.append(text[place : found.start()])
            begins.append(length)
            original.append(place)
            length += found.start() - place
        place = found.start() + 1 if found[0][0] == "\\" else found.end()
    plain = "".join((*pieces, text[place:])).translate(_PLAIN)
    if plain == text:
        return None
    return BareText(plain, (*begins, length), (*original, place))

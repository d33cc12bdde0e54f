"""A picture that came with a message, as a text shows it: where it is published, and what is drawn of it."""

from __future__ import annotations

from typing import Final, NamedTuple

# Stands for a file of ours until `body` has cleaned the text: `recado-kept:0` is the first picture shown. No text may write it.
KEPT: Final = "recado-kept"


class Drawn(NamedTuple):
    """What is drawn of a picture: the address of its thumbnail, or its own, and its size in pixels."""

    url: str
    width: int
    height: int


class KeptPicture(NamedTuple):
    """A picture that came along: its address from the page, and whether every browser draws it; else a link leads to it.

    `drawn` is what is drawn of it; None: the file itself, and nobody knows its size.
    """

    url: str
    is_drawn: bool
    drawn: Drawn | None = None

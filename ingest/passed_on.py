"""A mail that the VA passes on: what stands above the mark is hers, what stands below is the original's. Pure."""

from __future__ import annotations

import html
import re

from ingest.content.forwarded import LONGEST_BLOCK, block_end
from ingest.content.phrases import FORWARD, SEPARATOR

_ESCAPED = re.compile(r"\\([^\w\s])")


def parted(text: str) -> tuple[str, str] | None:
    """Part a text (Markdown) into the VA's own words and the original's, without the mark and the block between them.

    None where no block is found, or nothing stands below it.
    """
    lines = text.split("\n")
    shown = [_ESCAPED.sub(r"\1", html.unescape(line)).replace("**", "").strip() for line in lines]
    for number in range(len(lines)):
        length = block_end(shown[number : number + LONGEST_BLOCK])
        if length:
            above = number
            while above and (
                not shown[above - 1] or FORWARD.fullmatch(shown[above - 1]) or SEPARATOR.fullmatch(shown[above - 1])
            ):
                above -= 1
            below = "\n".join(lines[number + length :]).strip("\n")
            return ("\n".join(lines[:above]).strip("\n"), below) if below.strip() else None
    return None

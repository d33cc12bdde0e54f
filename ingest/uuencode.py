"""uuencoded files, as a part of their own or in the middle of a plain text: what old programs send instead of MIME."""

from __future__ import annotations

import binascii
import re
from typing import Final

_BLOCK: Final = re.compile(
    rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n((?:[ -`][^\r\n]{0,90}\r?\n){1,400000}?)end[ \t]*\r?$\n?", re.MULTILINE
)


def decode_uuencoded(body: bytes) -> bytes:
    """Decode the lines between `begin` and `end`; what holds no such file stays as it is."""
    begin = re.search(rb"^begin ", body, re.MULTILINE)
    if begin is None:
        return body
    decoded: list[bytes] = []
    for line in body[begin.start() :].splitlines()[1:]:
        if line.strip() == b"end":
            break
        decoded.append(_line(line))
    return b"".join(decoded)


def take_uuencoded(text: bytes) -> tuple[bytes, tuple[tuple[bytes, bytes], ...]]:
    """Take the whole uuencoded files out of a plain text: (the rest, (name, content) of each in order)."""
    if b"begin " not in text:
        return text, ()
    files = tuple((match[1].strip(), decode_uuencoded(match[0])) for match in _BLOCK.finditer(text))
    return (_BLOCK.sub(b"", text), files) if files else (text, ())


def _line(line: bytes) -> bytes:
    """Decode one line. Its first byte says how much of it counts: some encoders pad the rest with anything."""
    length = ((line[0] - 32) & 63) if line else 0
    try:
        return binascii.a2b_uu(line[: 1 + (length * 4 + 2) // 3])
    except binascii.Error:
        return b""

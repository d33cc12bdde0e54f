"""uuencoded files, as a part of their own or in the middle of a plain text: what old programs send instead of MIME."""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGIN: Final = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n", re.MULTILINE)
_ENCODED: Final = re.compile(rb"[ -`][^\r\n]{0,90}\r?\n")
_END: Final = re.compile(rb"end[ \t]*\r?(?:\n|\Z)")
_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def decode_uuencoded(body: bytes) -> bytes:
    """Decode the lines between `begin` and `end`; what holds no such file stays as it is."""
    begin = re.search(rb"^begin [^\r\n]*(?:\r\n|\r|\n|\Z)", body, re.MULTILINE)
    if begin is None:
        return body
    decoded = bytearray()
    for line in _lines(body, begin.end()):
        if line.strip() == b"end":
            break
        decoded += _line(line)
    return bytes(decoded)


def take_uuencoded(text: bytes, *, most: int) -> tuple[bytes, tuple[tuple[bytes, bytes], ...]]:
    """Take the whole uuencoded files out of a plain text: (the rest, (name, content) of each in order).

    More files than `most`: none is taken, all stay where they are.
    """
    rest: list[bytes] = []
    files: list[tuple[bytes, bytes]] = []
    kept_to = place = 0
    while (begin := _BEGIN.search(text, place)) is not None:
        content = bytearray()
        place = begin.end()
        while (line := _ENCODED.match(text, place)) is not None:
            content += _line(line[0].rstrip(b"\r\n"))
            place = line.end()
        end = _END.match(text, place)
        if end is None or place == begin.end():
            continue
        if len(files) >= most:
            return text, ()
        rest.append(text[kept_to : begin.start()])
        files.append((begin[1].strip(), bytes(content)))
        kept_to = place = end.end()
    return (b"".join((*rest, text[kept_to:])), tuple(files)) if files else (text, ())


def _lines(body: bytes, place: int) -> Iterator[bytes]:
    """Give the lines from `place` on, one by one: all at once they would take several times the memory of the body."""
    while place < len(body) and (line := _LINE.match(body, place)) is not None:
        yield line[0].rstrip(b"\r\n")
        place = line.end()


def _line(line: bytes) -> bytes:
    """Decode one line. Its first byte says how much of it counts: some encoders pad the rest with anything."""
    length = ((line[0] - 32) & 63) if line else 0
    try:
        return binascii.a2b_uu(line[: 1 + (length * 4 + 2) // 3])
    except binascii.Error:
        return b""

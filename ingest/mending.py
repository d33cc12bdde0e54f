"""Bytes of a mail whose header lines were broken on the way → bytes that every parser divides at the same places.

Only where it is plain what was meant; any other mail stays as it is, byte for byte.
"""

from __future__ import annotations

import re
from typing import Final

# "boundary" over two lines: the fold (RFC 5322 §2.2.3) is no part of it, and the standard library takes it for one.
_FOLDED_BOUNDARY: Final = re.compile(
    rb"""(boundary[ \t]*=[ \t]*"[^"\r\n]{0,200})\r?\n(?=[ \t][^"\r\n]{0,200}")""", re.IGNORECASE
)
_FIELD: Final = re.compile(rb"([\x21-\x39\x3b-\x7e]+)([ \t]*):")  # as `ingest.headers` reads them
_SPACED: Final = re.compile(rb"^[\x21-\x39\x3b-\x7e]+[ \t]+:", re.MULTILINE)
# What stands in these, the sender may not add to.
_RESULTS: Final = b"authentication-results"
# What no letter begins a line with: where one of these follows before the empty line, the header is not over yet.
_GOES_ON: Final = re.compile(
    rb"(?:received|message-id|mime-version|dkim-signature|authentication-results|content-type|content-transfer-encoding"
    rb"|references|in-reply-to|return-path|from|subject|x-[a-z0-9-]+)[ \t]*:",
    re.IGNORECASE,
)
_MOST_LINES: Final = 5_000


def mended(raw: bytes) -> bytes:
    """Join boundaries that were folded, fold again the header lines that lost their white space, and close up `Subject :`."""
    header, separator, body = _divided(raw)
    if separator:
        header = _refolded(header)
    if _SPACED.search(header):
        header = _closed_up(header)
    whole = header + separator + body
    return _FOLDED_BOUNDARY.sub(rb"\1", whole) if b"boundary" in whole.lower() else whole


def _divided(raw: bytes) -> tuple[bytes, bytes, bytes]:
    empty = re.search(rb"\r?\n(?=\r?\n)", raw)
    return (raw[: empty.start()], raw[empty.start() : empty.end()], raw[empty.end() :]) if empty else (raw, b"", b"")


def _refolded(header: bytes) -> bytes:
    """Begin each stray line with a space, so that it goes with the field above it as it did before it was broken.

    Not below what a server says of its checks: the sender's first line would be its words.
    """
    lines = header.split(b"\n", _MOST_LINES)
    stray: list[int] = []
    above = b""
    for number, line in enumerate(lines):
        if not line.strip() or line[:1] in b" \t" or (number == 0 and line.startswith(b"From ")):
            continue
        if field := _FIELD.match(line):
            above = field[1].lower()
        elif above in {b"", _RESULTS}:
            return header
        else:
            stray.append(number)
    if not stray or not any(_GOES_ON.match(line) for line in lines[stray[0] + 1 :]):
        return header
    for number in stray:
        lines[number] = b" " + lines[number]
    return b"\n".join(lines)


def _closed_up(header: bytes) -> bytes:
    """Take out the white space before the colon of a field (RFC 5322 §4.5), which the standard library takes for no field."""
    lines = header.split(b"\n", _MOST_LINES)
    for number, line in enumerate(lines):
        field = _FIELD.match(line)
        if field and field[2]:
            lines[number] = field[1] + b":" + line[field.end() :]
        elif not (field or line[:1] in {b" ", b"\t"} or (number == 0 and line.startswith(b"From "))):
            break  # the header's end
    return b"\n".join(lines)

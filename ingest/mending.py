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
_FIELD: Final = re.compile(rb"[\x21-\x39\x3b-\x7e]+:")
# What no letter begins a line with: where one of these follows before the empty line, the header is not over yet.
_GOES_ON: Final = re.compile(
    rb"(?:received|message-id|mime-version|dkim-signature|authentication-results|content-type|content-transfer-encoding"
    rb"|references|in-reply-to|return-path|from|subject|x-[a-z0-9-]+):",
    re.IGNORECASE,
)
_MOST_LINES: Final = 5_000


def mended(raw: bytes) -> bytes:
    """Join boundaries that were folded, and fold again the header lines that lost their white space."""
    header, separator, body = _divided(raw)
    if separator:
        header = _refolded(header)
    whole = header + separator + body
    return _FOLDED_BOUNDARY.sub(rb"\1", whole) if b"boundary" in whole.lower() else whole


def _divided(raw: bytes) -> tuple[bytes, bytes, bytes]:
    empty = re.search(rb"\r?\n(?=\r?\n)", raw)
    return (raw[: empty.start()], raw[empty.start() : empty.end()], raw[empty.end() :]) if empty else (raw, b"", b"")


def _refolded(header: bytes) -> bytes:
    """Begin each stray line with a space, so that it goes with the field above it as it did before it was broken."""
    lines = header.split(b"\n", _MOST_LINES)
    stray = [
        number
        for number, line in enumerate(lines)
        if line.strip()
        and line[:1] not in b" \t"
        and not _FIELD.match(line)
        and not (number == 0 and line.startswith(b"From "))
    ]
    if not stray or stray[0] == 0 or not any(_GOES_ON.match(line) for line in lines[stray[0] + 1 :]):
        return header
    for number in stray:
        lines[number] = b" " + lines[number]
    return b"\n".join(lines)

"""How much of a mail is read at all, judged on its raw bytes before any parser sees them.

Figures behind the limits: 20,000 parts take 2.6 s, 16,000 addresses 5.5 s, 1,000 levels or 2,000 open comments end the
recursion.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from ingest.headers import Headers, header_length

MOST_BYTES: Final = 25_000_000
MOST_HEADER_BYTES: Final = 256 * 1024
MOST_FIELDS: Final = 2_000
MOST_PARTS: Final = 1_000
MOST_LEVELS: Final = 60  # nested multiparts or attached messages
MOST_ADDRESSES: Final = 1_000
MOST_COMMENTS: Final = 100
MOST_PARAMETERS: Final = 200  # of one Content-… field: the standard library takes time by the square of them

_ADDRESS_FIELDS: Final = frozenset({"from", "to", "cc", "bcc", "reply-to", "delivered-to", "sender"})
_LEVEL: Final = re.compile(rb"^content-type[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.IGNORECASE | re.MULTILINE)
_PARAMETERS: Final = re.compile(
    rb"^content-(?:type|disposition)[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.IGNORECASE | re.MULTILINE
)
_NESTS: Final = re.compile(rb"multipart/|message/|boundary", re.IGNORECASE)
_DASHED: Final = re.compile(rb"^--[^\r\n]*", re.MULTILINE)


def excess(raw: bytes, most_bytes: int) -> tuple[str, str] | None:
    """Say what is too much before the header is read: (code, detail), or None. `most_bytes` bounds the whole mail."""
    if len(raw) > most_bytes:
        return "too-large", f"{len(raw)} bytes, at most {most_bytes} are read"
    header = header_length(raw)
    if header > MOST_HEADER_BYTES:
        return "header-too-large", f"{header} bytes of header, at most {MOST_HEADER_BYTES} are read"
    levels = sum(1 for field in _LEVEL.finditer(raw) if _NESTS.search(field[0]))
    if levels > MOST_LEVELS:
        return "too-deep", f"{levels} nested parts, at most {MOST_LEVELS} are read"
    parameters = max((field[0].count(b";") for field in _PARAMETERS.finditer(raw)), default=0)
    if parameters > MOST_PARAMETERS:
        return "too-many-parameters", f"{parameters} parameters in one field, at most {MOST_PARAMETERS} are read"
    separators = _separators(raw)
    if separators > MOST_PARTS:
        return "too-many-parts", f"{separators} parts, at most {MOST_PARTS} are read"
    return None


def header_excess(headers: Headers) -> tuple[str, str] | None:
    """Say what is too much in the header: (code, detail), or None."""
    if len(headers.fields) > MOST_FIELDS:
        return "too-many-fields", f"{len(headers.fields)} header fields, at most {MOST_FIELDS} are read"
    values = [value for name, value in headers.fields if name in _ADDRESS_FIELDS]
    addresses = max(sum(value.count(mark) for value in values) for mark in (b"@", b",", b";", b"<"))
    if addresses > MOST_ADDRESSES:
        return "too-many-addresses", f"{addresses} addresses, at most {MOST_ADDRESSES} are read"
    comments = max(
        (value.count(b"(") for name, value in headers.fields if name in _ADDRESS_FIELDS | {"date", "received"}), default=0
    )
    if comments > MOST_COMMENTS:
        return "too-many-comments", f"{comments} comments in one field, at most {MOST_COMMENTS} are read"
    return None


def _separators(raw: bytes) -> int:
    """Count the lines that may separate parts: the most frequent `--…` line, or all those that a boundary declares."""
    if raw.count(b"\n--") <= MOST_PARTS:
        return 0
    lines = Counter(line.rstrip() for line in _DASHED.findall(raw))
    declared = {
        match[1].strip() for match in re.finditer(rb'boundary[^=\r\n]{0,8}=\s*"?([^";\r\n]{1,200})', raw, re.IGNORECASE)
    }
    return max(sum(lines[b"--" + boundary] for boundary in declared), max(lines.values()) // 5)

"""A mail's header fields as bytes: read, taken out and put in front, with every other byte left as it was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A mail with a bare CR or LF is broken, and parsers disagree on it. Here each of the three ends a line, so that a field
# which any reader could see is seen (and, where it is to go, goes).
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|$)")


def header_values(raw: bytes, name: bytes) -> tuple[bytes, ...]:
    """Give the values of every field called `name` (lower case), unfolded, top to bottom."""
    fields = (field for field in _fields(raw) if _name_of(field) == name)
    return tuple(re.sub(rb"[\r\n]+", b"", field.partition(b":")[2]).strip() for field in fields)


def without_fields(raw: bytes, names: frozenset[bytes]) -> bytes:
    """Take out every field whose name (lower case) is among `names`, with its folded lines."""
    head = list(_fields(raw))
    body = raw[sum(len(field) for field in head) :]
    return b"".join(field for field in head if _name_of(field) not in names) + body


def with_fields_on_top(raw: bytes, fields: tuple[tuple[str, str], ...]) -> bytes:
    """Put fields before all others, in the order given. A value that is folded has CRLF and a tab in it already."""
    return b"".join(f"{name}: {value}\r\n".encode() for name, value in fields) + raw


def _fields(raw: bytes) -> Iterator[bytes]:
    """Cut the header block into fields, each with its folded lines and line ends; stop before the empty line."""
    field = b""
    for line in (found[0] for found in _LINE.finditer(raw)):
        if not line.strip(b"\r\n"):
            break
        if field and line[:1] not in b" \t":
            yield field
            field = b""
        field += line
    if field:
        yield field


def _name_of(field: bytes) -> bytes:
    return field.partition(b":")[0].strip().lower()

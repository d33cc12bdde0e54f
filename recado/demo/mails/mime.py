"""MIME as bytes, written part by part: which charset, which encoding and which boundary is the mail program's choice.

The standard library's writer would make every mail look alike, and the point here is that they do not.
"""

from __future__ import annotations

import base64
import hashlib
import quopri
from dataclasses import dataclass
from email.header import Header
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

Encoding = Literal["7bit", "8bit", "quoted-printable", "base64"]
Fields = tuple[tuple[str, str], ...]
_LINE = 76


@dataclass(frozen=True, slots=True)
class Part:
    """A body part: its header fields, in order, and its body as it is sent."""

    fields: Fields
    body: bytes


def text_part(text: str, subtype: str, charset: str, encoding: Encoding, parameters: str = "") -> Part:
    """Write a text part; `parameters` follow the charset (`; format=flowed`). Lines end in CRLF."""
    content = text.replace("\r\n", "\n").encode(charset)
    fields = (
        ("Content-Type", f'text/{subtype}; charset="{charset}"{parameters}'),
        ("Content-Transfer-Encoding", encoding),
    )
    return Part(fields, _encoded(content, encoding))


def file_part(name: str, content_type: str, content: bytes, content_id: str = "") -> Part:
    """Write an attachment, or with a Content-ID an inline picture. A name beyond ASCII is written as RFC 2231 has it."""
    placed = "inline" if content_id else "attachment"
    named = f'filename="{name}"' if name.isascii() else f"filename*=UTF-8''{quote(name)}"
    fields = [("Content-Type", f'{content_type}; name="{encoded_word(name)}"')]
    fields += [("Content-Disposition", f"{placed}; {named}"), ("Content-Transfer-Encoding", "base64")]
    if content_id:
        fields.append(("Content-ID", f"<{content_id}>"))
    return Part(tuple(fields), _base64(content))


def multipart(kind: str, boundary: str, parts: Sequence[Part], preamble: bytes = b"") -> Part:
    """Join parts: kind is `mixed`, `alternative` or `related`."""
    edge = f"--{boundary}".encode()
    joined = b"".join(edge + b"\r\n" + _fields(part.fields) + b"\r\n" + part.body + b"\r\n" for part in parts)
    return Part((("Content-Type", f'multipart/{kind}; boundary="{boundary}"'),), preamble + joined + edge + b"--\r\n")


def message(fields: Fields, root: Part) -> bytes:
    """Write the whole mail. Values beyond ASCII become encoded words, long ones are folded."""
    return _fields(fields) + _fields(root.fields) + b"\r\n" + root.body


def encoded_word(text: str, charset: str = "utf-8") -> str:
    """Write a header value: as it is where it is ASCII, as RFC 2047 has it where not."""
    return text if text.isascii() else Header(text, charset, maxlinelen=_LINE).encode(linesep="\r\n").lstrip()


def mailbox(name: str, address: str, charset: str = "utf-8") -> str:
    """Write `Name <address>`, the name quoted or encoded where it must be."""
    if not name:
        return address
    shown = encoded_word(name, charset) if not name.isascii() else f'"{name}"' if set(name) & set(",.()<>@;:") else name
    return f"{shown} <{address}>"


def token(seed: str, length: int = 12) -> str:
    """Give letters and digits that are always the same for a seed: for ids and boundaries."""
    return hashlib.sha256(seed.encode()).hexdigest()[:length]


def _encoded(content: bytes, encoding: Encoding) -> bytes:
    if encoding == "base64":
        return _base64(content.replace(b"\n", b"\r\n"))
    lines = quopri.encodestring(content) if encoding == "quoted-printable" else content
    return lines.replace(b"\n", b"\r\n")


def _base64(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def _fields(fields: Fields) -> bytes:
    return b"".join(_folded(f"{name}: {value}") for name, value in fields)


def _folded(field: str) -> bytes:
    """Fold before the word that passes column 76; what is folded already stays as it is."""
    if "\r\n" in field or len(field) <= _LINE:
        return field.encode() + b"\r\n"
    lines, line = [], ""
    for word in field.split(" "):
        if line and len(line) + 1 + len(word) > _LINE:
            lines.append(line)
            line = f" {word}"
        else:
            line = f"{line} {word}" if line else word
    return "\r\n".join([*lines, line]).encode() + b"\r\n"

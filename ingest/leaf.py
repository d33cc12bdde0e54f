"""One leaf of a parsed mail: its fields as they arrived, and its bytes with the transfer encoding undone as far as can be."""

from __future__ import annotations

import binascii
from copy import copy
from typing import TYPE_CHECKING, Final

from ingest.headers import read_headers
from ingest.uuencode import decode_uuencoded
from ingest.words import decode_base64, decode_value

if TYPE_CHECKING:
    from email.message import Message

MESSAGE_TYPES: Final = frozenset({"message/rfc822", "message/global"})


def leaf_content(part: Message) -> bytes:
    """Give the bytes of a leaf, its transfer encoding undone as far as it can be."""
    if part.is_multipart():  # a report of delivery, which the standard library takes apart whatever it is told
        return b"\r\n".join(_written(block) for block in part.get_payload() if not isinstance(block, str))
    content = _raw_payload(part)
    if part.get_content_type() in MESSAGE_TYPES and read_headers(content).fields:
        return content  # as it stands: RFC 2046 §5.2.1 forbids to encode it, which some do
    return _decoded(content, _encoding(part))


def raw_field(part: Message, name: str) -> bytes:
    """Give the topmost field of this name with its raw bytes, or b''."""
    for field_name, value in part.raw_items():
        if field_name.lower() == name:
            return str(value).encode("utf-8", "surrogateescape").replace(b"\r", b"").replace(b"\n", b"")
    return b""


def _raw_payload(part: Message) -> bytes:
    """Give the bytes of a leaf as they stand, by a copy without a transfer encoding: otherwise 8-bit letters are replaced."""
    bare = copy(part)
    del bare["content-transfer-encoding"]
    payload = bare.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(body: bytes, encoding: str) -> bytes:
    match encoding:
        case "base64":
            return decode_base64(body)
        case "quoted-printable":
            return binascii.a2b_qp(body)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return decode_uuencoded(body)
        case _:
            return body


def _encoding(part: Message) -> str:
    words = decode_value(raw_field(part, "content-transfer-encoding")).lower().split()
    return words[0].strip(";,\"'") if words else ""


def _written(block: Message) -> bytes:
    """Write the fields of a report of delivery, and whatever a broken one has below them."""
    fields = "".join(f"{name}: {value}\r\n" for name, value in block.raw_items())
    below = block.get_payload()
    parts = below if isinstance(below, list) else []
    inner = (_raw_payload(block), *(_written(each) for each in parts if not isinstance(each, str)))
    return b"\r\n".join((fields.encode("utf-8", "surrogateescape"), *(each for each in inner if each)))

"""Encoded words (RFC 2047) and parameters (RFC 2045, 2231) in header values, read leniently and byte for byte.

mail-parser and the standard library drop raw 8-bit bytes, split multi-byte characters and leave encoded words in quotes
as they are.
"""

from __future__ import annotations

import binascii
import re
from contextlib import suppress
from typing import Final
from urllib.parse import unquote_to_bytes

from ingest.charset import clean_line, decode

_WORD: Final = re.compile(rb"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?\r\n]*)\?=")
_BETWEEN_WORDS: Final = re.compile(rb"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_PARAMETER: Final = re.compile(rb';\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))', re.DOTALL)
_CONTINUED: Final = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]")


def decode_value(value: bytes) -> str:
    """Decode a header value to one clean line: encoded words, raw UTF-8 or Windows-1252 bytes, no control characters."""
    if value.isascii() and b"=?" not in value and b"\x1b" not in value:  # the usual case: nothing to decode
        return clean_line(value.decode("ascii"))
    text = _BETWEEN_WORDS.sub(rb"\1", value)
    pieces: list[str] = []
    pending: tuple[str, bytes] = ("", b"")  # adjacent words of a charset may share a character
    place = 0
    for word in _WORD.finditer(text):
        between = text[place : word.start()]
        charset = word[1].decode("ascii", "replace").lower()
        if between or charset != pending[0]:
            pieces.extend((decode(pending[1], pending[0]), decode(between)))
            pending = (charset, b"")
        pending = (charset, pending[1] + _word_bytes(word[2], word[3]))
        place = word.end()
    pieces.extend((decode(pending[1], pending[0]), decode(text[place:])))
    return clean_line("".join(pieces))


def parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """Split `attachment; filename="a.pdf"` into its lower-case main value and its parameters by lower-case name. Never raises.

    RFC 2231 continuations and charsets win over the plain form of the same parameter; encoded words inside it are
    decoded too.
    """
    if not value:
        return "", {}
    main, _, _ = value.partition(b";")
    plain: dict[str, str] = {}
    continued: dict[str, list[tuple[int, bool, bytes]]] = {}
    for match in _PARAMETER.finditer(value):
        name = _CONTINUED.fullmatch(match[1].decode("ascii", "replace").lower())
        content = match[3].strip() if match[2] is None else re.sub(rb"\\(.)", rb"\1", match[2], flags=re.DOTALL)
        if name is None:
            continue
        if name[2] is None and name[3] is None:
            plain.setdefault(name[1], decode_value(content))
        else:
            continued.setdefault(name[1], []).append((int(name[2] or 0), name[3] is not None, content))
    for parameter, pieces in continued.items():
        plain[parameter] = _continuation(pieces)
    return decode(main).strip().lower(), plain


def decode_base64(content: bytes) -> bytes:
    """Decode base64 leniently: what is no base64 is passed over, missing padding added, each padded piece decoded by itself."""
    if b"=" not in content.rstrip(b"=\r\n \t"):  # one piece, as nearly all are: without the copies that mending takes
        with suppress(binascii.Error):
            return binascii.a2b_base64(content)
    decoded: list[bytes] = []
    for piece in re.split(rb"=+", content):
        digits = _NOT_BASE64.sub(b"", piece)
        if len(digits) % 4 == 1:
            digits = digits[:-1]
        decoded.append(binascii.a2b_base64(digits + b"=" * (-len(digits) % 4)))
    return b"".join(decoded)


def _word_bytes(encoding: bytes, content: bytes) -> bytes:
    """Give the bytes that an encoded word stands for."""
    if encoding in b"bB":
        return decode_base64(content)
    return re.sub(rb"=([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), content.replace(b"_", b" "))


def _continuation(pieces: list[tuple[int, bool, bytes]]) -> str:
    """Join the pieces of an RFC 2231 parameter in their order; the first extended one names the charset."""
    joined = b""
    charset = ""
    for number, is_extended, content in sorted(pieces, key=lambda piece: piece[0]):
        text = content
        if is_extended:
            if number == 0 and text.count(b"'") >= 2:  # noqa: PLR2004 (charset'language'text)
                named, _, text = text.split(b"'", 2)
                charset = named.decode("ascii", "replace")
            text = unquote_to_bytes(text)
        joined += text
    return clean_line(decode(joined, charset))

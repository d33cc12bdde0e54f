"""Outlook's winmail.dat (TNEF, [MS-OXTNEF]) → the text and the files that are in it. Bounded, and never raises.

Exchange sends it instead of MIME to whom it takes for Outlook; nothing else can open it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ingest.charset import decode
from ingest.rtf import read_rtf, unpack_rtf

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNATURE: Final = b"\x78\x9f\x3e\x22"
TYPES: Final = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})


@dataclass(frozen=True, slots=True)
class TnefFile:
    """A file in it: the name as it is written there, its type ('' where none is said), its bytes, its `cid:` or None."""

    name: str
    content_type: str
    content: bytes
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class Tnef:
    """What a winmail.dat holds; `text` in the richest form that is there, '' for none. `is_whole`: read up to its end."""

    text: str
    is_html: bool
    files: tuple[TnefFile, ...]
    is_whole: bool


def read_tnef(content: bytes) -> Tnef | None:
    """Open a winmail.dat; None if it is none. What is broken ends the reading: what stood before it is given."""
    if not content.startswith(SIGNATURE):
        return None
    reading = _Reading()
    is_whole = True
    try:
        for level, attribute, value in _attributes(content):
            is_whole &= reading.takes(level, attribute, value)
    except (struct.error, ValueError):
        is_whole = False
    text, is_html = reading.text()
    files = tuple(each.file(reading.charset) for each in reading.files if each.content or each.title)
    return Tnef(text, is_html, files, is_whole)


_MESSAGE, _ATTACHMENT = 1, 2
_CODEPAGE, _BODY, _MESSAGE_PROPERTIES = 0x9007, 0x800C, 0x9003
_BEGINS_FILE, _TITLE, _DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_PLAIN, _HTML, _RTF, _INTERNET_CODEPAGE = 0x1000, 0x1013, 0x1009, 0x3FDE
_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _MIME_TYPE, _CONTENT_ID, _OBJECT = 0x3707, 0x3704, 0x3001, 0x370E, 0x3712, 0x3701
_STRING, _UNICODE, _BINARY, _IS_OBJECT, _MANY = 0x1E, 0x1F, 0x102, 0x0D, 0x1000
_SIZES: Final = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_GUID: Final = 16
_FIRST_NAMED: Final = 0x8000
_MOST_FILES: Final = 200
_MOST_PROPERTIES: Final = 5_000
_MOST_VALUES: Final = 1_000


def _attributes(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Give level, number and value of each attribute. Raises struct.error where it is cut off, ValueError where it is none."""
    place = len(SIGNATURE) + 2  # the key, which means nothing
    while place < len(content):
        level, attribute, length = struct.unpack_from("<BII", content, place)
        place += 9
        if level not in {_MESSAGE, _ATTACHMENT} or place + length > len(content):
            raise ValueError("an attribute that is none, or longer than the file")
        yield level, attribute & 0xFFFF, content[place : place + length]
        place += length + 2  # and its checksum, which programs get wrong


@dataclass(slots=True)
class _File:
    title: bytes = b""
    content: bytes = b""
    properties: dict[int, bytes | str] = field(default_factory=dict)

    def file(self, charset: str) -> TnefFile:
        names = (self.properties.get(number) for number in (_LONG_NAME, _SHORT_NAME, _SHOWN_NAME))
        named = next((_words(name, charset) for name in names if name), "") or _words(self.title, charset)
        mime_type = _words(self.properties.get(_MIME_TYPE, ""), charset).lower()
        content_id = _words(self.properties.get(_CONTENT_ID, ""), charset).strip("<> ")
        return TnefFile(named, mime_type, self.content, content_id or None)


@dataclass(slots=True)
class _Reading:
    charset: str = "windows-1252"
    body: bytes = b""
    properties: dict[int, bytes | str] = field(default_factory=dict)
    files: list[_File] = field(default_factory=list)

    def takes(self, level: int, attribute: int, value: bytes) -> bool:
        """Take what one attribute says; False if it breaks off."""
        try:
            self._take(level, attribute, value)
        except (struct.error, ValueError):
            return False
        return True

    def _take(self, level: int, attribute: int, value: bytes) -> None:
        if level == _MESSAGE:
            if attribute == _CODEPAGE:
                self.charset = f"cp{struct.unpack_from('<I', value)[0]}"
            elif attribute == _BODY:
                self.body = value
            elif attribute == _MESSAGE_PROPERTIES:
                _read_properties(value, self.properties)
        elif attribute == _BEGINS_FILE:
            if len(self.files) >= _MOST_FILES:
                raise ValueError("more files than are read")
            self.files.append(_File())
        elif self.files:
            self._take_of_file(self.files[-1], attribute, value)

    def _take_of_file(self, file: _File, attribute: int, value: bytes) -> None:
        if attribute == _TITLE:
            file.title = value
        elif attribute == _DATA:
            file.content = value
        elif attribute == _FILE_PROPERTIES:
            _read_properties(value, file.properties)
            inner = file.properties.get(_OBJECT)
            if isinstance(inner, bytes) and (not file.content or inner.startswith(SIGNATURE)):
                file.content = inner  # an attached message, for which only a picture stands at its place; closed, as any other

    def text(self) -> tuple[str, bool]:
        """Give the text, and whether it is HTML."""
        if html := self.properties.get(_HTML):
            return _words(html, self._internet_charset()), True
        packed = self.properties.get(_RTF)
        if isinstance(packed, bytes) and packed:
            text, is_html = read_rtf(unpack_rtf(packed))
            if text.strip():
                return text, is_html
        return _words(self.properties.get(_PLAIN, b"") or self.body, self.charset), False

    def _internet_charset(self) -> str:
        number = self.properties.get(_INTERNET_CODEPAGE)
        if isinstance(number, bytes) and number:
            page = int.from_bytes(number, "little")
            return {65001: "utf-8", 28591: "iso-8859-1", 20127: "us-ascii"}.get(page, f"cp{page}")
        return self.charset


def _read_properties(value: bytes, found: dict[int, bytes | str]) -> None:
    """Read MAPI properties by number ([MS-OXTNEF] 2.1.3.4): strings as text, all else as bytes, the first of many values.

    Raises struct.error or ValueError where they break off; what stood before is in `found`.
    """
    (count,) = struct.unpack_from("<I", value)
    place = 4
    for _ in range(min(count, _MOST_PROPERTIES)):
        if place >= len(value):
            break
        kind, number = struct.unpack_from("<HH", value, place)
        place += 4
        if number >= _FIRST_NAMED:
            place = _after_name(value, place)
        first, place = _value(value, place, kind)
        found.setdefault(number, first)


def _after_name(value: bytes, place: int) -> int:
    by_name, length = struct.unpack_from("<II", value, place + _GUID)
    return place + _GUID + 8 + (_padded(length) if by_name else 0)


def _value(value: bytes, place: int, kind: int) -> tuple[bytes | str, int]:
    base = kind & ~_MANY
    is_long = base in {_STRING, _UNICODE, _BINARY, _IS_OBJECT}
    count = 1
    if is_long or kind & _MANY:
        (count,) = struct.unpack_from("<I", value, place)
        place += 4
    if not is_long:
        if base not in _SIZES:
            raise ValueError(f"a property of type {kind:#x}")
        size = _SIZES[base] * min(count, _MOST_VALUES)
        return value[place : place + _SIZES[base]], place + size
    first: bytes | str = b""
    for number in range(min(count, _MOST_VALUES)):
        (length,) = struct.unpack_from("<I", value, place)
        if place + 4 + length > len(value):
            raise ValueError("a value longer than the file")
        one = value[place + 4 : place + 4 + length]
        place += 4 + _padded(length)
        if not number:
            first = one.decode("utf-16-le", "replace").rstrip("\0") if base == _UNICODE else one
            if base == _IS_OBJECT:
                first = one[_GUID:]  # the interface by which Outlook would open it
    return first, place


def _padded(length: int) -> int:
    return length + -length % 4


def _words(value: bytes | str, charset: str) -> str:
    return value.rstrip("\0") if isinstance(value, str) else decode(value.rstrip(b"\0"), charset)

"""Rich text as Outlook writes it, unpacked ([MS-OXRTFCP]): read as the HTML that is wrapped in it ([MS-OXRTFEX]), or as text.

Bounded, and never raises: what is broken ends where it breaks.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from html import escape
from typing import Final

from ingest.charset import decode

_MOST_BYTES: Final = 2_000_000
_PACKED, _UNPACKED = b"LZFu", b"MELA"
_HEADER: Final = 16
_WINDOW: Final = 4096
_COMMON: Final = (  # what every packed text begins with in mind
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def unpack_rtf(packed: bytes) -> bytes:
    """Unpack compressed RTF; b'' for what is none. At most 2 MB."""
    if len(packed) < _HEADER:
        return b""
    _, size, kind, _ = struct.unpack_from("<II4sI", packed)
    if kind == _UNPACKED:
        return packed[_HEADER : _HEADER + min(size, _MOST_BYTES)]
    if kind != _PACKED:
        return b""
    window = bytearray(_COMMON.ljust(_WINDOW, b"\0"))
    write, place = len(_COMMON), _HEADER
    unpacked = bytearray()
    while place < len(packed) and len(unpacked) < _MOST_BYTES:
        control = packed[place]
        place += 1
        for bit in range(8):
            if not control >> bit & 1:
                copied = bytearray(packed[place : place + 1])
                place += 1
            else:
                token = int.from_bytes(packed[place : place + 2], "big")
                place += 2
                offset, length = token >> 4, (token & 0xF) + 2
                if offset == write or place > len(packed):
                    return bytes(unpacked)
                copied = bytearray()
                for step in range(length):  # may reach into what it is just writing
                    copied.append(window[(offset + step) % _WINDOW])
                    window[(write + step) % _WINDOW] = copied[-1]
            for step, byte in enumerate(copied):
                window[(write + step) % _WINDOW] = byte
            write = (write + len(copied)) % _WINDOW
            unpacked += copied
    return bytes(unpacked)


def read_rtf(rtf: bytes) -> tuple[str, bool]:
    r"""Give the words of an RTF text, and whether they are HTML (`\fromhtml`). ('', False) for what is no RTF."""
    if not rtf.lstrip().startswith(b"{\\rtf"):
        return "", False
    reading = _Reading(is_html=b"\\fromhtml" in rtf[:2000])
    for token in _TOKEN.finditer(rtf[:_MOST_BYTES]):
        reading.take(token)
    reading.flush()
    # A character beyond the first 65,536 is written as two halves.
    text = "".join(reading.pieces).rstrip("\0").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text, reading.is_html


_TOKEN: Final = re.compile(
    rb"(?P<open>\{)|(?P<close>\})|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})"
    rb"|\\(?P<sign>[^a-zA-Z])|(?P<text>[^\\{}\r\n]+)",
    re.DOTALL,
)
_SPACES: Final = {"par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "cell": "\t", "tab": "\t"}
_CHARACTERS: Final = {
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
    "bullet": "\u2022",
    "endash": "\u2013",
    "emdash": "\u2014",
}
_NOT_SHOWN: Final = frozenset(
    "fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr listtable rsidtbl generator"
    " listoverridetable themedata datastore latentstyles xmlnstbl bkmkstart bkmkend fldinst pntext mmathpr".split()
)
_DEEPEST: Final = 200


@dataclass(slots=True)
class _Group:
    """What holds between two braces."""

    is_hidden: bool = False
    is_markup: bool = False  # within \*\htmltag: HTML as it stood
    is_for_rtf_only: bool = False  # between \htmlrtf and \htmlrtf0
    skipped_after_unicode: int = 1  # \uc


@dataclass(slots=True)
class _Reading:
    is_html: bool
    pieces: list[str] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    codepage: str = "windows-1252"
    pending: bytearray = field(default_factory=bytearray)  # bytes of one charset, decoded together
    is_starred: bool = False
    too_deep: int = 0
    to_skip: int = 0  # characters that stand for a \u just given

    def take(self, token: re.Match[bytes]) -> None:
        kind = token.lastgroup if token.lastgroup != "number" else "word"
        match kind:
            case "open":
                self._open()
            case "close":
                self._close()
            case "word":
                self._word(token["word"].decode("ascii"), token["number"])
            case "byte":
                self._bytes(bytes([int(token["byte"], 16)]))
            case "sign":
                self._sign(token["sign"])
            case _:
                self._bytes(token["text"])

    def flush(self) -> None:
        """Decode what has gathered."""
        if self.pending:
            self._add(decode(bytes(self.pending), self.codepage))
            self.pending.clear()

    def _open(self) -> None:
        self.flush()
        if len(self.groups) >= _DEEPEST:
            self.too_deep += 1
            return
        above = self.groups[-1]
        self.groups.append(_Group(above.is_hidden, above.is_markup, above.is_for_rtf_only, above.skipped_after_unicode))

    def _close(self) -> None:
        self.flush()
        self.is_starred = False
        self.to_skip = 0
        if self.too_deep:
            self.too_deep -= 1
        elif len(self.groups) > 1:
            self.groups.pop()

    def _word(self, word: str, number: bytes | None) -> None:
        group = self.groups[-1]
        was_starred, self.is_starred = self.is_starred, False
        if word == "u" and number:
            self.flush()
            self._add(chr(int(number) & 0xFFFF))
            self.to_skip = group.skipped_after_unicode
            return
        self.flush()
        if word == "htmltag" and was_starred:
            group.is_markup, group.is_hidden = self.is_html, not self.is_html
        elif was_starred or word in _NOT_SHOWN:
            group.is_hidden = True
        elif word == "htmlrtf":
            group.is_for_rtf_only = number != b"0"
        elif word == "ansicpg" and number:
            self.codepage = "utf-8" if number == b"65001" else f"cp{number.decode('ascii')}"
        elif word == "uc" and number:
            group.skipped_after_unicode = max(0, min(int(number), 4))
        elif word in _SPACES:
            self._add(_SPACES[word])
        elif word in _CHARACTERS:
            self._add(_CHARACTERS[word])

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.is_starred = True
        elif sign in b"\\{}":
            self._bytes(sign)
        elif sign in b"\r\n":
            self.flush()
            self._add("\n")
        elif sign == b"~":
            self.flush()
            self._add("\u00a0")

    def _bytes(self, content: bytes) -> None:
        self.is_starred = False
        skipped = min(self.to_skip, len(content))
        self.to_skip -= skipped
        self.pending += content[skipped:]

    def _add(self, text: str) -> None:
        group = self.groups[-1]
        if group.is_hidden or (self.is_html and group.is_for_rtf_only and not group.is_markup):
            return
        # Words outside of the tags are words, not HTML.
        self.pieces.append(escape(text, quote=False) if self.is_html and not group.is_markup else text)

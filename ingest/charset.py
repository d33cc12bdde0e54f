"""Bytes of a mail → text: which charsets are decoded, what is made of wrong ones, and what no text of ours may hold.

Only the charsets listed here are decoded. A codec that runs code or hides markup (`unicode_escape`, `rot13`, `zlib`…)
is never looked up.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# What mail names, and what its writers mean by it: Windows writes cp1252 and says latin-1, China writes gb18030 and
# says gb2312 (WHATWG Encoding, "names and labels").
_MEANT: Final = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "l1": "cp1252",
    "ansi": "cp1252",
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf-7": "utf-7",
    "unicode-1-1-utf-7": "utf-7",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-32": "utf-32",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "cp936": "gb18030",
    "x-gbk": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "cp950": "cp950",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "cp932": "cp932",
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp_2",
    "iso-2022-jp-1": "iso2022_jp_1",
    "iso-2022-jp-2": "iso2022_jp_2",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "cp949": "cp949",
    "iso-2022-kr": "iso2022_kr",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "tis-620": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "viscii": "cp1258",
}
_NUMBERED: Final = re.compile(
    r"(?:iso[-_]?8859[-_](?P<part>\d{1,2})|(?:windows|cp|x-cp)[-_]?(?P<page>\d{3,4}))(?:[-_][ei])?", re.ASCII
)
_PARTS: Final = frozenset({"2", "3", "4", "5", "6", "7", "8", "10", "13", "14", "15", "16"})
_PAGES: Final = frozenset({"437", "850", "852", "858", "866", "874", *(str(page) for page in range(1250, 1259))})
# Charsets in which another one's bytes are readable too: what they claim is not believed before UTF-8 was tried.
_CLAIMED_BY_DEFAULT: Final = frozenset({"", "cp1252", "utf-8"})
_WHOLE_WORLD: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

# C0 and C1 controls but tab and newline; lone surrogates and non-characters, which no file may hold.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# What turns the reading direction (Trojan Source, CVE-2021-42574), and marks that are seen by nobody.
_BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u2028\u2029\u206a-\u206f\U000e0000-\U000e007f]")
_TURNS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_NEWLINES: Final = re.compile("\r\n|\r|\x85|\u2028|\u2029|\x0b|\x0c")
# Each of these: a text that was cleaned has none of them.
_UNCLEAN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_WHITE: Final = re.compile(r"\s")


def codec_of(charset: str) -> str:
    """Give Python's codec for a charset as a mail names it, or '' for one that is not decoded."""
    label = charset.strip().strip("\"'").lower()
    if label in _MEANT:
        return _MEANT[label]
    numbered = _NUMBERED.fullmatch(label)
    if numbered and numbered["part"] in _PARTS:
        return f"iso8859-{numbered['part']}"
    if numbered and numbered["page"] in _PAGES:
        return f"cp{numbered['page']}"
    return ""


def decode(content: bytes, charset: str = "") -> str:
    """Decode text of a mail, whatever it claims to be. Never raises; what cannot be read becomes U+FFFD.

    A byte order mark wins; then ISO-2022-JP, whose escapes nothing else holds; then UTF-8, if that is what the bytes are and
    the claim is one that programs make without looking (none, US-ASCII, latin-1); then the claim, or UTF-8 where the claim
    cannot be; then Windows-1252, which reads any byte.
    """
    for mark, codec in _WHOLE_WORLD:
        if content.startswith(mark):
            return content[len(mark) if codec == "utf-8" else 0 :].decode(codec, "replace")
    codec = codec_of(charset)
    if _is_japanese(content, codec):
        return _read_japanese(content, codec)
    if codec in _CLAIMED_BY_DEFAULT:
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return _mostly_utf8(content)
    for possible in (codec, "utf-8"):
        try:
            return content.decode(possible)
        except UnicodeDecodeError:
            continue
    return content.decode(codec, "replace")


def clean_text(text: str) -> str:
    r"""Give text that any file may hold: lines end with \n, no control characters, no lone surrogates.

    What turns the reading direction of other people's words is gone too; the marks that Arabic and Hebrew need are kept.
    """
    if _UNCLEAN.search(text) is None:
        return text
    return _TURNS.sub("", _CONTROLS.sub("", _NEWLINES.sub("\n", text)))


def clean_line(text: str) -> str:
    """Give one line for a title, name or header: no control or direction-changing characters, white space folded.

    So no newline hidden in an encoded word can start another header.
    """
    if not (text.isascii() and text.isprintable()):
        text = _BIDI.sub("", _CONTROLS.sub("", _WHITE.sub(" ", text)))
    return " ".join(text.split())


def is_blank(text: str) -> bool:
    """Tell whether a reader would see nothing: white space, zero-width and other format characters."""
    return all(char.isspace() or unicodedata.category(char) in {"Cf", "Cc"} for char in text)


def _is_japanese(content: bytes, codec: str) -> bool:
    is_claimed = codec.startswith("iso2022_jp")
    return b"\x1b$" in content and (is_claimed or (codec in _CLAIMED_BY_DEFAULT and content.isascii()))


def _read_japanese(content: bytes, codec: str) -> str:
    """Decode ISO-2022-JP, with the signs that Windows adds to it: Python knows those by Shift JIS alone."""
    try:
        return content.decode(codec if codec.startswith("iso2022") else "iso2022_jp_2")
    except UnicodeDecodeError:
        pieces = _ESCAPES.split(content)
        signs = iter(pieces[1:])
        return _windows(pieces[0]) + "".join(
            _shift_jis(piece) if escape.startswith(b"\x1b$") else _windows(piece)
            for escape, piece in zip(signs, signs, strict=True)
        )


def _shift_jis(content: bytes) -> str:
    """Read pairs of 7-bit JIS X 0208 as Windows-31J, line ends between them kept."""
    shifted = bytearray()
    place = 0
    while place < len(content):
        high, low = content[place], content[place + 1] if place + 1 < len(content) else 0
        if not (_FIRST_JIS <= high <= _LAST_JIS and _FIRST_JIS <= low <= _LAST_JIS):
            shifted.append(high)
            place += 1
            continue
        row = (high - 0x21) // 2
        shifted.append(row + (0x81 if row < 0x1F else 0xC1))  # noqa: PLR2004 (JIS X 0208:1997, annex 1)
        if high % 2:
            shifted.append(low + (0x1F if low < 0x60 else 0x20))  # noqa: PLR2004 (the same)
        else:
            shifted.append(low + 0x7E)
        place += 2
    return shifted.decode("cp932", "replace")


_FIRST_JIS, _LAST_JIS = 0x21, 0x7E
_ESCAPES: Final = re.compile(rb"(\x1b(?:\$\(?[@A-D]|\([BJI]))")


def _mostly_utf8(content: bytes) -> str:
    """Read what is not quite UTF-8: if most of it is, a few broken bytes are marked; otherwise it was Windows-1252."""
    text = content.decode("utf-8", "replace")
    good = sum(1 for char in text if char > "\x7f" and char != "\ufffd")
    return text if good > 2 * text.count("\ufffd") else _windows(content)


def _windows(content: bytes) -> str:
    """Decode Windows-1252 with its five holes read as latin-1, as browsers do."""
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(_WINDOWS[byte] for byte in content)


_WINDOWS: Final = tuple(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))

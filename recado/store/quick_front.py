"""The quick way through a plain front matter: lines of `key: value` that YAML could read in one way only.

Most files are of this kind, written by the program. At the least doubt nothing is said, and YAML itself reads the file: what is
read here is what it would have read, and every mistake is told by it.
"""

from __future__ import annotations

import re
from functools import lru_cache

Plain = dict[str, str | list[str]]

_OPEN, _CLOSE = "---\n", "\n---\n"
_KEY = re.compile(r"[a-z][a-z_]{0,39}")
# What a value may begin with, and what may stand in it: no sign that means anything to YAML there, no tab, no line end of
# Unicode's (U+0085, U+2028, U+2029), nothing that cannot be seen. A colon or a # counts only beside a space: see below.
_FIRST = r"A-Za-z0-9_<(/.+$^;\u00a1-\u1fff"
_IN_LINE = r"\u0020-\u007e\u00a1-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\ud7ff\U00010000-\U0001ffff"
_VALUE = rf"[{_FIRST}][{_IN_LINE}]*"
_ASCII_VALUE = re.compile(r"[A-Za-z0-9_<(/.+$^;][ -~]*")  # the most of them, told by what takes a tenth of the time to compile
_QUOTED = r"'[\u0020-\u0026\u0028-\u007e\u00a1-\u1fff\u2010-\u2027]+'"
_ITEM = r"[A-Za-z0-9_\u00c0-\u024f](?:[A-Za-z0-9_.+@()/\u00c0-\u024f-]| (?=[A-Za-z0-9_\u00c0-\u024f(]))*"
_LIST = rf"\[(?:{_ITEM}(?:, {_ITEM})*)?\]"
_NOTHING = "null"  # where it stands without quotes


def plain_front(text: str) -> tuple[Plain, str] | None:
    """Give the keys and values of a file's front matter, and its body; None where YAML must read it.

    A key for which nothing is written is left out. `text` has the ends of lines of Unix.
    """
    end = text.find(_CLOSE, len(_OPEN)) if text.startswith(_OPEN) else -1
    if end < 0 or "<<<<<<< " in text:  # no front matter, or what a merge left
        return None
    lines = text[len(_OPEN) : end].split("\n")
    values: Plain = {}
    for line in lines:
        key, colon, written = line.partition(":")
        if not colon or key in values or not _KEY.fullmatch(key):
            return None
        value = _value(written)
        if value is None:
            return None
        values[key] = value
    return {key: value for key, value in values.items() if value != ""}, text[end + len(_CLOSE) :]


_compiled = lru_cache(maxsize=3)(re.compile)  # once one is asked: many a run needs none


def _value(written: str) -> str | list[str] | None:
    """Read what stands behind the colon: '' where nothing does, None where it is not plain."""
    if not written:
        return ""
    text = written[1:]
    if written[0] != " ":
        return None
    if _ASCII_VALUE.fullmatch(text) or _compiled(_VALUE).fullmatch(text):
        return None if ": " in text or " #" in text or text[-1] in " :" or text == _NOTHING else text
    if _compiled(_LIST).fullmatch(text):
        items = text[1:-1].split(", ") if text != "[]" else []
        return None if _NOTHING in items else items
    return text[1:-1] if _compiled(_QUOTED).fullmatch(text) else None

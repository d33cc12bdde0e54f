"""Front matter as this program and most people write it, read without a YAML parser: one `key: value` a line.

It reads only what every YAML parser reads alike. On any doubt it gives nothing, and the strict loader reads the file: that one
also finds all that is wrong.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PlainValue = str | list[str]

_FENCE = "---\n"
_END = "\n---\n"
_CONFLICT = "<<<<<<< "
# A plain scalar: it begins with a letter, a figure, or a sign that means nothing to YAML there, and holds no `: ` and no ` #`.
_SIGN = r"[^\x00-\x20\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]"
_FIRST = rf"(?![-?:,\[\]{{}}#&*!|>'\"%@`~=<]|[nN]ull){_SIGN}"
_LINE = re.compile(rf"([a-z_]+):(?: (<?{_FIRST}(?:{_SIGN}| (?![ #]))*)| \[([^\]\[]*)\]| ?)")
_ITEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*(?:@[A-Za-z0-9][A-Za-z0-9_.-]*)?")
_NO_TEXT = frozenset({"null", "~", ""})


def plain_front(text: str) -> tuple[Mapping[str, PlainValue], str] | None:
    """Cut a file's text and read its front matter; keys without a value are left out. None: the strict loader has to read it."""
    if not text.startswith(_FENCE) or _CONFLICT in text:
        return None
    end = text.find(_END, len(_FENCE) - 1)
    if end < len(_FENCE):
        return None
    values: dict[str, PlainValue] = {}
    seen: set[str] = set()
    for line in text[len(_FENCE) : end].split("\n"):
        found = _LINE.fullmatch(line)
        if found is None or found[1] in seen:
            return None
        key, scalar, items = found.groups()
        seen.add(key)
        if scalar is not None:
            if ": " in scalar or scalar[-1] == ":" or scalar in _NO_TEXT:
                return None
            values[key] = scalar
        elif items is not None:
            parts = [part.strip(" ") for part in items.split(",")] if items.strip(" ") else []
            if not all(_ITEM.fullmatch(part) and part not in _NO_TEXT for part in parts):
                return None
            values[key] = parts
    return values, text[end + len(_END) :]

"""Addresses in a text: which ones a link may open, where they lead, and where they end in a sentence."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def may_open(address: str) -> bool:
    """Tell whether a link may lead there: to what only opens something."""
    plain = without_escapes(address)
    scheme, colon, rest = plain.partition(":")
    return bool(colon) and scheme.lower() in SCHEMES and bool(rest) and not re.search(r"[\s<>\"]", plain)


def host_of(address: str) -> str:
    """Give the server that an address of the web names; '' for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:  # a bracket where an IPv6 address would be
        return ""
    return (parts.hostname or "") if parts.scheme.lower() in {"http", "https"} else ""


def without_escapes(text: str) -> str:
    """Put the characters back that the Markdown library keeps as numbers, for they were escaped."""
    return re.sub(r"\x02(\d+)\x03", lambda found: chr(int(found[1])), text)


def without_tail(address: str) -> str:
    """Leave out what ends the sentence and not the address; a closing bracket is kept where it was opened inside."""
    while address and (address[-1] in ".,;:!?'*_~" or (address[-1] in ")]}" and not _is_balanced(address))):
        address = address[:-1]
    return address


def _is_balanced(address: str) -> bool:
    opening = {")": "(", "]": "[", "}": "{"}[address[-1]]
    return address.count(opening) >= address.count(address[-1])

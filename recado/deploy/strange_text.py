"""Text that a server, a remote or another program gave: shown as text, whatever a terminal would make of it."""

from __future__ import annotations

_SIGN = "\N{REPLACEMENT CHARACTER}"


def plainly(text: str) -> str:
    """Give a text in which nothing moves the cursor, colours, turns the direction of what follows, or cannot be printed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return text if text.isprintable() else "".join(sign if sign.isprintable() or sign == "\n" else _SIGN for sign in text)


def in_one_line(text: str) -> str:
    """Give a name in the same way, without the ends of lines that a name may have."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else _SIGN for sign in text)

"""Long stretches of a mail without a line that could separate parts: set aside while it is parsed, and put back after.

The standard library makes a string of every line: a file of 20 MB takes a second and 200 MB so, and is only put together again.
The parts that come of it are the same.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email.feedparser import BytesFeedParser
from typing import TYPE_CHECKING, Final

from ingest.closed import ClosedMessage
from ingest.headers import header_length

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

# A part's own header stands at the beginning of a stretch; so much of it is always parsed.
KEPT_HEAD: Final = 8_192  # bytes
KEPT_TAIL: Final = 256
LEAST_SAVED: Final = 8_192
# Where another header may follow the part's own, that of an attached message, however long it is: nothing is set aside.
_NESTS: Final = re.compile(rb"message/", re.IGNORECASE)
_DIGEST: Final = re.compile(rb"multipart/digest", re.IGNORECASE)  # all its parts are messages, and need not say so
# More lines that may separate parts than this are no mail with large files, and finding them all takes time itself.
MOST_LINES: Final = 20_000
_PIECE: Final = 65_536


@dataclass(frozen=True, slots=True)
class Shortened:
    """A mail's bytes as they are parsed (`short`), and what was set aside, by the word that stands in its place."""

    short: bytes
    word: str
    aside: tuple[bytes, ...]

    def parsed(self) -> Message:
        """Parse the mail and put into its parts what was set aside. Raises what the standard library raises."""
        parser = BytesFeedParser(ClosedMessage)
        for place in range(0, len(self.short), _PIECE):  # the whole at once would be copied, four bytes for each
            parser.feed(self.short[place : place + _PIECE])
        message = parser.close()
        for part in message.walk() if self.aside else ():
            payload = getattr(part, "_payload", None)  # get_payload would decode 8-bit letters, and lose some
            if isinstance(payload, str):
                part.set_payload(self._restored(payload))
            part.preamble = None if part.preamble is None else self._restored(part.preamble)
            part.epilogue = None if part.epilogue is None else self._restored(part.epilogue)
        return message

    def whole(self, content: bytes) -> tuple[bytes, ...]:
        """Give the pieces of what `content` (a part of `short`) stands for."""
        if not self.aside:
            return (content,)
        first, *others = content.split(self.word.encode("ascii"))
        pieces = [first]
        for other in others:
            number, _, rest = other.partition(b".")
            pieces.extend((self.aside[int(number)], rest))
        return tuple(pieces)

    def _restored(self, text: str) -> str:
        if self.word not in text:
            return text
        pieces = self.whole(text.encode("ascii", "surrogateescape"))
        return "".join(piece.decode("ascii", "surrogateescape") for piece in pieces)


def shorten(raw: bytes, *, kept_head: int = KEPT_HEAD, kept_tail: int = KEPT_TAIL, least: int = LEAST_SAVED) -> Shortened:
    """Set the middle of every long stretch aside, if there are any. The header stays whole, and so does every part's."""
    spans = [
        (start + kept_head, end - kept_tail)
        for own_header, start, end in _stretches(raw, header_length(raw), kept_head + kept_tail + least)
        if _is_body(raw[own_header : start + kept_head])
    ]
    word = _word_for(raw) if spans else ""
    if not word:
        return Shortened(raw, "", ())
    pieces: list[bytes] = []
    aside: list[bytes] = []
    place = 0
    for begin, finish in spans:
        pieces.extend((raw[place:begin], f"{word}{len(aside)}.".encode("ascii")))
        aside.append(raw[begin:finish])
        place = finish
    short = b"".join((*pieces, raw[place:]))
    if _DIGEST.search(short):
        return Shortened(raw, "", ())
    return Shortened(short, word, tuple(aside))


def _stretches(raw: bytes, header: int, least: int) -> Iterator[tuple[int, int, int]]:
    """Give where, below the header, at least so many bytes stand without a line that begins with two hyphens.

    Each as the place where the header above it begins (the mail's own, or its part's), where it begins, and where it ends.
    """
    if len(raw) < least or raw.count(b"\n--") + raw.count(b"\r--") > MOST_LINES:
        return
    own_header, start = 0, header
    place = header - 1
    after_lf = after_cr = place - 1
    while place < len(raw):
        after_lf = _next(raw, b"\n--", after_lf, place)
        after_cr = _next(raw, b"\r--", after_cr, place)
        end = min(after_lf, after_cr)
        if end - start >= least:
            yield own_header, start, end
        own_header = start = end
        place = end + 1


def _is_body(head: bytes) -> bool:
    """Tell whether what follows on the head of a stretch is no header, neither its part's nor that of a message in it."""
    return header_length(head) < len(head) and not _NESTS.search(head)


def _next(raw: bytes, mark: bytes, known: int, start: int) -> int:
    """Give where the mark stands next, from `start` on; `known` is where it was found before."""
    if known >= start:
        return known
    found = raw.find(mark, start)
    return len(raw) if found < 0 else found


def _word_for(raw: bytes) -> str:
    """Give a word that stands nowhere in the mail; '' where it does. It is made of the mail, so that no mail can hold it."""
    word = f"set-aside-{hashlib.sha256(raw).hexdigest()[:16]}x"
    return "" if word.encode("ascii") in raw else word

"""Long stretches of a mail without a line that could separate parts: set aside while it is parsed, and put back after.

The standard library makes a string of every line: a file of 20 MB takes a second and 200 MB so, and is only put together again.
The parts that come of it are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.feedparser import BytesFeedParser
from typing import TYPE_CHECKING, Final

from ingest.headers import header_length

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

# A part's own header, and that of an attached message, stand at the beginning of a stretch; so much is always parsed.
KEPT_HEAD: Final = 65_536  # bytes
KEPT_TAIL: Final = 1_024
LEAST_SAVED: Final = 65_536
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
        parser = BytesFeedParser()
        for place in range(0, len(self.short), _PIECE):  # the whole at once would be copied, four bytes for each
            parser.feed(self.short[place : place + _PIECE])
        message = parser.close()
        if self.aside:
            for part in message.walk():
                payload = getattr(part, "_payload", None)  # get_payload would decode 8-bit letters, and lose some
                if isinstance(payload, str):
                    part.set_payload(self._restored(payload))
                part.preamble = self._restored(part.preamble or "") or None
                part.epilogue = None if part.epilogue is None else self._restored(part.epilogue)
        return message

    def whole(self, content: bytes) -> tuple[bytes, ...]:
        """Give the pieces of what `content` (a part of `short`) stands for."""
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
    """Set the middle of every long stretch aside, if there are any. The header stays whole."""
    word = _word_not_in(raw)
    pieces: list[bytes] = []
    aside: list[bytes] = []
    place = 0
    for start, end in _stretches(raw, kept_head + kept_tail + least):
        begin, finish = start + kept_head, end - kept_tail
        pieces.extend((raw[place:begin], f"{word}{len(aside)}.".encode("ascii")))
        aside.append(raw[begin:finish])
        place = finish
    return Shortened(raw if not aside else b"".join((*pieces, raw[place:])), word, tuple(aside))


def _stretches(raw: bytes, least: int) -> Iterator[tuple[int, int]]:
    """Give where, below the header, at least so many bytes stand without a line that begins with two hyphens."""
    if len(raw) < least or raw.count(b"\n--") + raw.count(b"\r--") > MOST_LINES:
        return
    start = header_length(raw)
    after_lf = after_cr = start - 1
    while start < len(raw):
        after_lf = _next(raw, b"\n--", after_lf, start)
        after_cr = _next(raw, b"\r--", after_cr, start)
        end = min(after_lf, after_cr)
        if end - start >= least:
            yield start, end
        start = end + 1


def _next(raw: bytes, mark: bytes, known: int, start: int) -> int:
    """Give where the mark stands next, from `start` on; `known` is where it was found before."""
    if known >= start:
        return known
    found = raw.find(mark, start)
    return len(raw) if found < 0 else found


def _word_not_in(raw: bytes) -> str:
    number = 0
    while (word := f"set-aside-{number}x").encode("ascii") in raw:
        number += 1
    return word

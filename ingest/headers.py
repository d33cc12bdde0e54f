"""The header fields of a mail as they stand in its bytes: order, repeats and 8-bit text kept, nothing interpreted twice.

Identity, repeats and the digest are decided on these; mail-parser drops raw 8-bit bytes and lets the first of two From
win.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# RFC 5322 §3.6: at most one of each. The MIME ones are added because a second Content-Type changes what a signed body
# says.
SINGLETONS: Final = (
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "bcc",
    "date",
    "subject",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
)
DIGESTED: Final = ("From", "To", "Cc", "Date", "Subject", "Message-ID", "In-Reply-To", "References")

# White space may stand before the colon (RFC 5322 §4.5), and relaxed DKIM takes it out (RFC 6376 §3.4.2): `Subject :` is a
# subject, and a second one beside `Subject:`. The standard library knows no such field; `ingest.mending` writes it as it does.
_FIELD: Final = re.compile(rb"([\x21-\x39\x3b-\x7e]+)([ \t]*):(.*)", re.DOTALL)
_RESULTS: Final = "authentication-results"
_EMPTY_LINE: Final = re.compile(rb"\n\r?\n|\r\r")
_PIECE: Final = 1 << 20  # bytes
_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of one mail in their order, names in lower case, values unfolded; and the bytes of the body below.

    `has_stray_line`: not an empty line ended the header, but one that is neither a field nor a continuation; or the results
    of a server's checks are written as no server writes them, with a space before the colon. Each program reads that its own
    way, so that what was signed need not be what is read.
    """

    fields: tuple[tuple[str, bytes], ...]
    body: bytes
    has_bare_cr: bool
    has_stray_line: bool = False
    _values: dict[str, list[bytes]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the values by their names, which are asked for again and again."""
        for name, value in self.fields:
            self._values.setdefault(name, []).append(value)

    def all(self, name: str) -> tuple[bytes, ...]:
        """Give the values of every field of this name, top to bottom."""
        return tuple(self._values.get(name.lower(), ()))

    def first(self, name: str) -> bytes:
        """Give the value of the topmost field of this name, or b''."""
        values = self._values.get(name.lower())
        return values[0] if values else b""

    @property
    def repeated(self) -> tuple[str, ...]:
        """Give the names of fields that RFC 5322 allows once and that stand here more than once."""
        return tuple(name for name in SINGLETONS if len(self._values.get(name, ())) > 1)


def header_length(raw: bytes) -> int:
    """Give how many bytes the header takes: up to the first empty line, or all of them."""
    end = _EMPTY_LINE.search(raw)
    return end.end() if end else len(raw)


def read_headers(raw: bytes) -> Headers:
    """Read the fields at the top of a mail. Never raises; a line that is no field ends them, as in the standard library."""
    fields: list[tuple[str, list[bytes]]] = []
    place = 0
    has_bare_cr = has_stray_line = False
    while place < len(raw):
        line = _LINE.match(raw, place)
        if line is None:  # the pattern matches anywhere
            break
        text = line[0].rstrip(b"\r\n")
        if not text:
            place = line.end()
            break
        if text[:1] in b" \t" and fields:
            fields[-1][1].append(text)
        elif found := _FIELD.fullmatch(text):
            name = found[1].decode("ascii").lower()
            fields.append((name, [found[3]]))
            has_stray_line = has_stray_line or (name == _RESULTS and bool(found[2]))
        elif not (place == 0 and text.startswith(b"From ")):  # an mbox's envelope line
            has_stray_line = True
            break
        has_bare_cr = has_bare_cr or line[0].endswith(b"\r")
        place = line.end()
    unfolded = tuple((name, b"".join(lines).strip()) for name, lines in fields)
    return Headers(fields=unfolded, body=raw[place:], has_bare_cr=has_bare_cr, has_stray_line=has_stray_line)


def digest(headers: Headers, body: Sequence[bytes]) -> str:
    """Give what identifies the content of a mail together with its Message-ID, as `sha256:` and 64 hexadecimal digits.

    Hashed are, for From, To, Cc, Date, Subject, Message-ID, In-Reply-To and References in this order: the number of
    such fields (8 bytes, big-endian), then for each, top to bottom, the length of its value (8 bytes) and the value's
    bytes (unfolded by removing line ends, outer white space removed); then the length (8 bytes) and the bytes of the
    body below the header (given in pieces), each CRLF written as LF, so that a store that keeps LF gives the same digest.
    Transport headers (Received and the like) are left out: they differ between two deliveries.
    """
    hashed = hashlib.sha256()
    for name in DIGESTED:
        values = headers.all(name)
        hashed.update(len(values).to_bytes(8, "big"))
        for value in values:
            hashed.update(len(value).to_bytes(8, "big") + value)
    hashed.update(sum(map(len, _with_lf(body))).to_bytes(8, "big"))
    for piece in _with_lf(body):
        hashed.update(piece)
    return f"sha256:{hashed.hexdigest()}"


def _with_lf(pieces: Sequence[bytes]) -> Iterator[bytes]:
    """Write each CRLF as LF, also one that two pieces share; a large piece is copied in parts."""
    held = b""
    for piece in pieces:
        for place in range(0, len(piece), _PIECE):
            part = held + piece[place : place + _PIECE]
            held = b"\r" if part.endswith(b"\r") else b""
            yield part[: len(part) - len(held)].replace(b"\r\n", b"\n")
    yield held

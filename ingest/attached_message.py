"""A mail that is attached to another: who wrote it, when, under what subject, and what it says. Its file stays closed."""

from __future__ import annotations

import email
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from ingest.bounds import excess, header_excess
from ingest.closed import ClosedMessage
from ingest.content.choice import read_passage
from ingest.content.escape import escape
from ingest.content.forwarded import Forwarded
from ingest.content.written import Written
from ingest.content.written_date import in_utc
from ingest.headers import read_headers
from ingest.parts import read_contents
from ingest.sender import read_sender
from ingest.words import decode_value
from recado.model.address import Person

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.headers import Headers

_ENVELOPE, _PERSON = "\N{ENVELOPE}", "\N{BUST IN SILHOUETTE}"  # signs that need no language, as in an invitation
_MOST_BYTES: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class AttachedMessage:
    """Its subject, its one sender (None: none, or not to be told), its date as it was written, and its text."""

    subject: str
    sender: Person | None
    date: datetime | None
    written: Written

    @property
    def title(self) -> str:
        """Give the lines that say in the text what is attached, as Markdown."""
        lines = [f"**{_ENVELOPE} {escape(self.subject)}**" if self.subject else f"**{_ENVELOPE}**"]
        if self.sender:
            name, address = escape(self.sender.name), escape(self.sender.email)
            lines.append(f"{_PERSON} {name} ({address})" if name else f"{_PERSON} {address}")
        if self.date:
            lines.append(f"{self.date:%Y-%m-%d %H:%M} (UTC{self.date:%z})".replace("+0000)", ")"))
        return "  \n".join(lines)

    @property
    def forwarded(self) -> Forwarded | None:
        """Give it as the original that the outer mail passes on; None if nobody knows whose it is."""
        return Forwarded(self.sender, self.subject, in_utc(self.date)) if self.sender else None


def read_attached_message(content: bytes) -> AttachedMessage | None:
    """Read an attached mail within the bounds of any mail; None for what is none, or too much. Never raises."""
    raw = content.lstrip()
    if excess(raw, _MOST_BYTES):
        return None
    headers = read_headers(raw)
    if not headers.fields or header_excess(headers):
        return None
    sender = read_sender(headers).sender
    try:
        passages = read_contents(email.message_from_bytes(raw, _class=ClosedMessage)).passages
        written = Written.joined([read_passage(passage, {}) for passage in passages])
    except Exception:  # noqa: BLE001 (whatever the parsers raise on broken mail: its file is kept, and its header was read)
        written = Written("")
    subject = decode_value(headers.first("subject"))
    return AttachedMessage(subject, sender if isinstance(sender, Person) else None, date_of(headers), written)


def date_of(headers: Headers) -> datetime | None:
    """Give the Date of a header with the zone it was written in; None where there is none, or none of our times."""
    try:
        date = parsedate_to_datetime(headers.first("date").decode("ascii", "replace"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    zoned = date if date.tzinfo else date.replace(tzinfo=UTC)
    return zoned if in_utc(zoned) else None

"""What a mail is known by: Message-ID and a digest of its content; found without its parts, so that an unread mail has them.

Whether a mail is read to its end may depend on how busy the machine is; what it is known by may not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ingest.bounds import MOST_HEADER_BYTES
from ingest.charset import clean_line
from ingest.headers import digest, header_length, read_headers
from ingest.mending import mended
from ingest.stretches import shorten

if TYPE_CHECKING:
    from ingest.headers import Headers
    from ingest.stretches import Shortened

_MESSAGE_ID: Final = re.compile(rb"<[^<>\s]+>")
_LONGEST_ID: Final = 998
_MOST_IDS: Final = 200


@dataclass(frozen=True, slots=True)
class Identity:
    """`message_id` with its angle brackets, `digest` as `ingest.headers.digest` gives it; both '' if they cannot be found."""

    message_id: str = ""
    digest: str = ""


def identify(raw: bytes) -> Identity:
    """Find what a mail is known by in its bytes. Never raises; nothing is looked for below a header of more than its bounds."""
    raw = raw.lstrip()
    if header_length(raw) > MOST_HEADER_BYTES:
        return Identity()
    shortened = shorten(raw)
    shortened = replace(shortened, short=mended(shortened.short))
    headers = read_headers(shortened.short)
    return identity_of(headers, shortened) if headers.fields else Identity()


def identity_of(headers: Headers, shortened: Shortened) -> Identity:
    """Give what a mail is known by, its header read already."""
    message_ids = ids_in(headers.first("message-id"))
    return Identity(message_ids[0] if message_ids else "", digest(headers, shortened.whole(headers.body)))


def ids_in(value: bytes) -> tuple[str, ...]:
    """Give the message ids of a header value in order, each once. One without angle brackets is taken if it stands alone."""
    found = _MESSAGE_ID.findall(value)
    if not found and value.strip() and not value.split()[1:] and b"@" in value:
        found = [b"<" + value.strip(b"<> \t") + b">"]
    ids = (clean_line(message_id.decode("utf-8", "replace")) for message_id in found)
    return tuple(dict.fromkeys(message_id for message_id in ids if len(message_id) <= _LONGEST_ID))[-_MOST_IDS:]

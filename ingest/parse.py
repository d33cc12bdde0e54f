"""Bytes of a mail → what it says (`Mail`), or why nothing can be made of it (`Unreadable`). Pure, and never raises.

The standard library finds the parts, mail-parser gives recipients and the date, behind `_parsed`. Where it surprises, the
answer is ours: header bytes, repeats and From in `headers`, `words` and `sender`; charsets and transfer encodings in
`charset` and `parts`; attached messages, nameless files, calendars and the order of texts in `parts`; safe file names
in `attachment`; text in `content`; broken header lines in `mending`; bombs in `bounds`.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, replace
from datetime import UTC
from email.message import Message
from typing import TYPE_CHECKING, Any, Final

import mailparser

from ingest.attached_message import date_of, read_attached_message
from ingest.automatic import automatic_reason
from ingest.bounds import MOST_BYTES, excess, header_excess
from ingest.charset import clean_line, is_blank
from ingest.content.choice import read_passage
from ingest.content.invitation import read_invitation
from ingest.content.phrases import is_forward_subject, is_reply_subject
from ingest.content.written import Written
from ingest.content.written_date import in_utc
from ingest.headers import read_headers
from ingest.identity import identity_of, ids_in
from ingest.mail import TOO_MUCH_MEMORY, Mail, Unreadable
from ingest.mending import mended
from ingest.parts import MOST_FILES, TooManyFilesError, read_contents
from ingest.sender import read_sender
from ingest.stretches import Shortened, shorten
from ingest.words import decode_value
from recado.model.address import Person, is_address
from recado.model.secrets_in_text import FLAG as SECRET_MASKED
from recado.model.secrets_in_text import holds_secret

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.headers import Headers
    from ingest.parts import Contents

# It warns of what it does not handle, in the words of the mail; `flags` says it in ours.
logging.getLogger("mailparser").setLevel(logging.CRITICAL)

_ESCAPED_BYTE: Final = re.compile(r"(?:\\udc[89a-f][0-9a-f])+")
_MOST_ATTACHED_READ: Final = 10
_ASKED_OF_MAIL_PARSER: Final = frozenset({"to", "cc", "date"})


class UnreadableMailError(Exception):
    """The guard's own: a parser could make nothing of the bytes. `parse_mail` turns it into `Unreadable`."""


def parse_mail(raw: bytes, *, max_bytes: int = MOST_BYTES) -> Mail | Unreadable:
    """Read one mail. Never raises; more than `max_bytes` or the bounds of `ingest.bounds` gives `Unreadable`."""
    raw = raw.lstrip()  # blank lines above a header are no header
    if len(raw) > max_bytes:
        return Unreadable("too-large", f"{len(raw)} bytes, at most {max_bytes} are read")
    shortened = shorten(raw)
    if too_much := excess(shortened.short, max_bytes):
        return Unreadable(*too_much)
    as_it_came = read_headers(shortened.short)
    shortened = replace(shortened, short=mended(shortened.short))
    headers = read_headers(shortened.short)
    if not headers.fields:
        return Unreadable("no-header", "it does not begin with a header field")
    if too_much := header_excess(headers):
        return Unreadable(*too_much)
    try:
        return _mail(shortened, headers, as_it_came)
    except MemoryError:
        reason, detail = TOO_MUCH_MEMORY
    except TooManyFilesError:
        reason, detail = "too-many-parts", f"more than {MOST_FILES} files"
    except UnreadableMailError as error:
        reason, detail = "broken", str(error)
    except Exception as error:  # noqa: BLE001 (the promise: no mail stops the worker; the quarantine keeps its bytes)
        reason, detail = "broken", f"{type(error).__name__}: {clean_line(str(error))[:200]}"
    known_by = identity_of(headers, shortened)
    return Unreadable(reason, detail, known_by.message_id, known_by.digest)


@dataclass(frozen=True, slots=True)
class _Parsed:
    """What is taken from mail-parser (or, where it fails, from the standard library alone)."""

    message: Message
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    date: datetime | None
    oddities: tuple[str, ...]


def _mail(shortened: Shortened, headers: Headers, as_it_came: Headers) -> Mail:
    """Read the mended mail; what a server says of its checks is taken from the header as it came, where nothing was joined."""
    parsed = _parsed(shortened)
    reading = read_sender(headers)
    contents = read_contents(parsed.message)
    subject = decode_value(headers.first("subject"))
    written = _written(contents, headers, subject)
    known_by = identity_of(headers, shortened)
    flags = {
        "repeated-header": bool(headers.repeated),
        "no-date": not headers.all("date"),
        "bad-date": bool(headers.all("date")) and parsed.date is None,
        "no-message-id": not known_by.message_id,
        "bare-cr": headers.has_bare_cr,
        "stray-line": as_it_came.has_stray_line,
        "deceptive-name": reading.has_deceptive_name,
        SECRET_MASKED: holds_secret(subject, written.text, written.quoted, written.signature),
    }
    oddities = dict.fromkeys((*(flag for flag, applies in flags.items() if applies), *parsed.oddities, *contents.oddities))
    return Mail(
        message_id=known_by.message_id,
        digest=known_by.digest,
        from_=reading.sender,
        to=parsed.to,
        cc=parsed.cc,
        subject=subject,
        date=parsed.date,
        in_reply_to=ids_in(b" ".join(headers.all("in-reply-to"))),
        references=ids_in(b" ".join(headers.all("references"))),
        text=written.text,
        quoted=written.quoted,
        signature=written.signature,
        attachments=contents.attachments,
        automatic_reason=automatic_reason(headers, reading.sender),
        is_forward=is_forward_subject(subject) or written.is_forward,
        flags=tuple(oddities),
        repeated=headers.repeated,
        authentication_results=tuple(_latin(value) for value in as_it_came.all("authentication-results")),
        dkim_signatures=tuple(_latin(value) for value in headers.all("dkim-signature")),
        forwarded=written.forwarded,
    )


def _parsed(shortened: Shortened) -> _Parsed:
    """Let the standard library find the parts, and mail-parser read the header. Raises UnreadableMailError without parts."""
    try:
        message = shortened.parsed()
        is_broken = any(_is_structural(defect) for part in message.walk() for defect in part.defects)
    except MemoryError:
        raise
    except Exception as error:  # RecursionError, and what a next version may raise
        raise UnreadableMailError(f"{type(error).__name__} in the structure of its parts") from error
    oddities = ("broken-structure",) if is_broken else ()
    try:
        parser: Any = _Fields(_for_mail_parser(message))
        recipients = _people(parser.to), _people(parser.cc)
        date: datetime | None = parser.date
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (what it cannot read is left out; the mail is not)
        return _Parsed(message, (), (), None, (*oddities, "parser-failed"))
    return _Parsed(
        message=message,
        to=recipients[0],
        cc=recipients[1],
        date=None if date is None else in_utc(date.replace(tzinfo=date.tzinfo or UTC)),
        oddities=oddities,
    )


class _Fields(mailparser.MailParser):  # type: ignore[misc] # (the library publishes no types)
    """mail-parser without the tables it makes of all that it found: they are not asked for, and take as long as the rest."""

    def _make_mail(self, complete: bool = True) -> dict[str, object]:  # noqa: FBT001, FBT002 (the library's own signature)
        del complete
        return {}


def _is_structural(defect: object) -> bool:
    """Tell defects of the parts' order and bounds from those of a header line."""
    name = type(defect).__name__
    return name.endswith("Defect") and "Header" not in name


def _for_mail_parser(message: Message) -> Message:
    """Give the fields that mail-parser is asked for, and no parts: it would decode and copy every attachment."""
    head = Message()
    for name, value in message.raw_items():
        if name.lower() in _ASKED_OF_MAIL_PARSER:
            head.set_raw(name, value)
    return head


def _people(pairs: object) -> tuple[Person, ...]:
    """Make people of mail-parser's (name, address) pairs; what is no plain address is left out."""
    if not isinstance(pairs, list):
        return ()
    return tuple(Person(_person_name(name, address), address) for name, address in pairs if is_address(address))


def _person_name(name: str, address: str) -> str:
    """Give back the 8-bit letters that mail-parser shows as escapes; a name that only repeats the address is none."""
    restored = _ESCAPED_BYTE.sub(lambda run: bytes.fromhex(run[0].replace("\\udc", "")).decode("cp1252", "replace"), name)
    cleaned = decode_value(restored.encode("utf-8", "replace")).strip("\"' ")
    return "" if cleaned.lower() == address.lower() else cleaned


def _written(contents: Contents, headers: Headers, subject: str) -> Written:
    """Put together what the mail says: its invitations, its own text, and what the mails attached to it are."""
    names = {attachment.content_id or attachment.name: attachment.name for attachment in contents.attachments}
    is_forward = is_forward_subject(subject)
    date = date_of(headers)
    invitations = tuple(Written(block) for block in map(read_invitation, contents.invitations) if block)
    zone = date.tzinfo if date else None
    passages = tuple(read_passage(passage, names, is_forward=is_forward, zone=zone) for passage in contents.passages)
    if is_blank("".join(passage.text for passage in passages)):
        passages += tuple(read_passage(passage, names, is_forward=is_forward, zone=zone) for passage in contents.fallback)
    own = Written.joined((*invitations, *passages))
    attached = [message for message in map(read_attached_message, contents.messages[:_MOST_ATTACHED_READ]) if message]
    whole = Written.joined((own, *(Written(message.title) for message in attached)))
    if len(contents.messages) != 1 or not attached or own.forwarded or is_reply_subject(subject):
        return whole
    (original,) = attached  # passed on as a file: what it says is what the mail is about
    passed_on = Written(original.written.text, original.written.quoted, original.written.signature)
    forwarded = None if own.is_doubtful else original.forwarded
    return replace(Written.joined((whole, passed_on)), forwarded=forwarded, is_forward=True)


def _latin(value: bytes) -> str:
    return clean_line(value.decode("utf-8", "replace"))

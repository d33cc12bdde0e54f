"""Mail + Practice → Decision: whose it is, which thread it belongs to, or why no one can say. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ingest.charset import clean_line
from ingest.mail import Unreadable
from ingest.sender import SenderProblem
from recado.model.address import domain_of, normalise_address, untagged
from recado.model.message import Kind, Verified
from recado.model.ref import refs_in_subject
from recado.model.written import domain_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ingest.filed import Known, ThreadKey
    from ingest.mail import Mail
    from recado.model.address import Person
    from recado.model.practice import Practice

# What mail programs put before a subject when they answer or pass on, in Spanish, English, Portuguese, French, German, Italian,
# Dutch and Swedish; `Re[2]:` and `Re(2):` count answers.
_PREFIXES = re.compile(
    r"^\s*(?:(?:re|ré|rép|res|rv|rif|r|aw|sv|antw|antwoord|fwd?|wg|tr|transf|enc|i|reenv|reenviado|doorst)\.?"
    r"\s*(?:\[\d+\]|\(\d+\))?\s*[:\uff1a]\s*)+",
    re.IGNORECASE,
)
_REF_MARKS = re.compile(r"\[\s*[A-Z][A-Z0-9]{1,7}-\d{1,9}\s*\]", re.ASCII | re.IGNORECASE)
LONGEST_TITLE = 200
OTHER_CLIENTS_REF = "other-client's-ref"
REUSED_MESSAGE_ID = "reused-message-id"
FORWARDED = "forwarded"


class Reason(StrEnum):
    """Why a mail goes to the quarantine."""

    UNREADABLE = "unreadable"
    NO_SENDER = "no-sender"
    UNKNOWN_SENDER = "unknown-sender"
    TWO_CLIENTS = "two-clients"
    AUTOMATIC = "automatic"
    EXECUTABLE = "executable"
    OWN_ADDRESS = "own-address"


@dataclass(frozen=True, slots=True)
class NewTask:
    """A request that becomes a task of a client. `why` says, in a few words for the log, how the client was known.

    `written_by`: of a mail the VA passed on, its first sender, who counts as its sender. `verified`: what is written instead of
    what the server said of the one who passed it on.
    """

    client: str
    title: str
    flags: tuple[str, ...]
    why: str
    kind: Kind = Kind.REQUEST
    written_by: Person | None = None
    verified: Verified | None = None


@dataclass(frozen=True, slots=True)
class IntoThread:
    """A message that belongs to a task that is there: a reply, an automatic answer (note), or the VA's own words (outgoing)."""

    thread: ThreadKey
    kind: Kind
    flags: tuple[str, ...]
    why: str
    reopens: bool = False
    written_by: Person | None = None
    verified: Verified | None = None


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Mail no one can file. `detail` says what was found: the address, the header, the figures."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """This very mail is filed already, there."""

    where: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """A mail of the Sent folder that answers no thread: it stays where it is."""

    why: str


Decision = NewTask | IntoThread | Quarantine | Repeat | Ignored


def decide(
    mail: Mail | Unreadable,
    verified: Verified,
    practice: Practice,
    filed: Known,
    *,
    is_sent: bool = False,  # noqa: ARG001
    received: datetime | None = None,  # noqa: ARG001
) -> Decision:
    """Decide where a mail goes. The first rule that says something counts.

    What cannot be read; a repeat; what has no one sender; what could run; the practice's own; then the sender's client: the
    contacts of every client, then the senders' domains; of two clients the thread decides, then the plus-tag; and within that
    client the thread.
    """
    if isinstance(mail, Unreadable):
        return Quarantine(Reason.UNREADABLE, f"{mail.reason}: {mail.detail}")
    if where := filed.where(mail.message_id, mail.digest):
        return Repeat(where)
    if isinstance(mail.from_, SenderProblem):
        return Quarantine(Reason.NO_SENDER, f"{mail.from_.code}: {mail.from_.shown}")
    runs = [attachment.name for attachment in mail.attachments if attachment.is_executable]
    if runs:
        return Quarantine(Reason.EXECUTABLE, ", ".join(runs))
    address = mail.from_.email
    if _is_own(address, practice):
        return _own_words(mail, verified, filed)
    candidates = clients_of(address, practice)
    if not candidates:
        return Quarantine(Reason.AUTOMATIC if mail.is_automatic else Reason.UNKNOWN_SENDER, mail.automatic_reason or address)
    thread, foreign = _thread_of(mail, practice, filed, candidates)
    flags = tuple(dict.fromkeys((*mail.flags, *_own_flags(mail, filed), *((OTHER_CLIENTS_REF,) if foreign else ()))))
    if thread is not None:
        kind = Kind.NOTE if mail.is_automatic else Kind.REPLY
        return IntoThread(thread, kind, flags, f"an answer in its thread, from {address}")
    if mail.is_automatic:
        return Quarantine(Reason.AUTOMATIC, mail.automatic_reason)
    client = candidates[0] if len(candidates) == 1 else _tagged(mail, practice, candidates)
    if client is None:
        return Quarantine(Reason.TWO_CLIENTS, f"{address}: {', '.join(candidates)}")
    return NewTask(client, title_of(mail), flags, f"a request from {address}")


def clients_of(address: str, practice: Practice) -> tuple[str, ...]:
    """List the clients an address may write for: those who have it among their contacts or senders, else whose domain it is."""
    wanted = normalise_address(address)
    bare = untagged(wanted)[0]

    def named(key: str) -> bool:
        client = practice.clients[key]
        known = [contact.email for contact in client.contacts] + [s for s in client.senders if domain_in(s) is None]
        return any(normalise_address(each) in {wanted, bare} for each in known)

    by_name = tuple(key for key in practice.clients if named(key))
    if by_name:
        return by_name
    domain = domain_of(address)
    return tuple(key for key, client in practice.clients.items() if domain in {domain_in(sender) for sender in client.senders})


def title_of(mail: Mail) -> str:
    """Make a title: the subject without Re:, Fwd: and refs; else the text's first line, a file's name, the sender."""
    subject = _PREFIXES.sub("", _REF_MARKS.sub(" ", mail.subject)).strip()
    first_line = next((line.strip(" #>*-\\") for line in mail.text.splitlines() if line.strip(" #>*-\\")), "")
    file = next((attachment.name for attachment in mail.attachments if not attachment.inline), "")
    title = clean_line(subject or first_line or file or str(mail.from_))
    if len(title) <= LONGEST_TITLE:
        return title
    whole_words = title[:LONGEST_TITLE].rpartition(" ")[0] or title[: LONGEST_TITLE - 1]
    return f"{whole_words.rstrip(' ,;:.')}…"


def _is_own(address: str, practice: Practice) -> bool:
    bare = untagged(normalise_address(address))[0]
    own = [practice.business.email, practice.mailbox.address, *(person.email for person in practice.business.people.values())]
    return bare in {untagged(normalise_address(each))[0] for each in own}


def _own_words(mail: Mail, verified: Verified, filed: Known) -> Decision:
    """File what the VA herself wrote in a thread. A forger could use her name: only verified words count as hers."""
    threads = dict.fromkeys(thread for message_id in _chain(mail) for thread in filed.threads_of(message_id))
    if mail.is_automatic:
        return Quarantine(Reason.AUTOMATIC, mail.automatic_reason)
    if len(threads) == 1 and verified is Verified.PASS:
        return IntoThread(next(iter(threads)), Kind.OUTGOING, mail.flags, "the practice's own answer in a thread")
    return Quarantine(Reason.OWN_ADDRESS, str(mail.from_))


def _chain(mail: Mail) -> Iterator[str]:
    """Give the ids a mail answers, the nearest first: In-Reply-To, then References from its end (RFC 5322 §3.6.4)."""
    yield from mail.in_reply_to
    yield from reversed(mail.references)


def _thread_of(mail: Mail, practice: Practice, filed: Known, candidates: tuple[str, ...]) -> tuple[ThreadKey | None, bool]:
    """Find the thread a mail answers, among the sender's own clients only; tells too whether it pointed at another's."""
    foreign = False
    for message_id in _chain(mail):
        threads = filed.threads_of(message_id)
        own = [thread for thread in threads if thread.client in candidates]
        foreign = foreign or (bool(threads) and not own)
        if len(own) == 1:
            return own[0], foreign
    for ref in refs_in_subject(mail.subject):
        client = practice.key_of_code(ref.code)
        thread = filed.numbered(client, ref.number) if client else None
        if thread is not None and thread.client in candidates:
            return thread, foreign
        foreign = foreign or (client is not None and client not in candidates)
    return None, foreign


def _own_flags(mail: Mail, filed: Known) -> Iterator[str]:
    if filed.has_message_id(mail.message_id):
        yield REUSED_MESSAGE_ID
    if mail.is_forward:
        yield FORWARDED


def _tagged(mail: Mail, practice: Practice, candidates: tuple[str, ...]) -> str | None:
    """Choose by the plus-tag of the request address: `requests+acme@…`, the client's key or code."""
    own = untagged(normalise_address(practice.mailbox.address))[0]
    for person in (*mail.to, *mail.cc):
        address, tag = untagged(normalise_address(person.email))
        if address == own and tag:
            for key in candidates:
                if tag in {key, practice.clients[key].code.lower()}:
                    return key
    return None

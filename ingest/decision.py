"""What can become of a mail: a new task, a message of a thread, the quarantine with its reason, a repeat, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from recado.model.message import Kind

if TYPE_CHECKING:
    from ingest.filed import ThreadKey
    from recado.model.address import Person
    from recado.model.message import Verified

# What a reader of a filed message should know of how it came to be there.
OTHER_CLIENTS_REF: Final = "other-client's-ref"  # it pointed at another client's thread, and is not there
OTHER_CLIENT_COPIED: Final = "other-client-copied"  # people of another client received it too
REUSED_MESSAGE_ID: Final = "reused-message-id"  # another mail, with other content, came under the same id
FORWARDED: Final = "forwarded"  # it passes on what someone else wrote
NEW_SUBJECT: Final = "new-subject"  # it answered an old thread, about something else: a task of its own
OLD_THREAD: Final = "old-thread"  # it answered what was done long ago: a task of its own
AFTER_CANCELLED: Final = "after-cancelled"  # it answered a cancelled task, which stays cancelled


class Reason(StrEnum):
    """Why a mail goes to the quarantine.

    Of the practice's own mail: OWN_UNVERIFIED, no one vouches that it is; OWN_ADDRESS, it belongs to no thread and goes to no
    client; OWN_SEVERAL, it goes to people of several clients; OWN_ELSEWHERE, it answers in a client's thread and goes to nobody
    of that client; FORWARD_UNKNOWN, it passes on a mail whose writer cannot be read, or is no client's.
    """

    UNREADABLE = "unreadable"
    NO_SENDER = "no-sender"
    UNKNOWN_SENDER = "unknown-sender"
    TWO_CLIENTS = "two-clients"
    AUTOMATIC = "automatic"
    EXECUTABLE = "executable"
    OWN_ADDRESS = "own-address"
    OWN_UNVERIFIED = "own-unverified"
    OWN_SEVERAL = "own-several-clients"
    OWN_ELSEWHERE = "own-elsewhere"
    FORWARD_UNKNOWN = "forward-unknown"


@dataclass(frozen=True, slots=True)
class NewTask:
    """What becomes a task of a client: a request, or the VA's own mail that begins a thread (`kind` outgoing).

    `why` says, in a few words for the log, which rule decided. `written_by`: of a mail the VA passed on, its first sender, who
    counts as its sender. `verified`: what is written instead of what the server said of the one who passed it on.
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
    """A message that belongs to a task that is there: a reply, an automatic answer (note), or the VA's own words (outgoing).

    `reopens`: it is an answer to what was done, which is thereby open again. The rest is as in `NewTask`.
    """

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
    """This very mail is filed already, there. One that was withheld stays so: only the VA's own word lets it through."""

    where: str
    why: str = "the same mail is filed"


@dataclass(frozen=True, slots=True)
class Ignored:
    """A mail of the Sent folder that answers no client's thread: it stays where it is."""

    why: str


Decision = NewTask | IntoThread | Quarantine | Repeat | Ignored

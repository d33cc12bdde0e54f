"""A message: one mail as it is filed, and how far its sender can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from recado.model.quick_state import quick_state

if TYPE_CHECKING:
    from datetime import datetime

    from recado.model.address import Person


THIRD_PARTY: Final = "third-party"  # the flag of a message from someone of the thread who is not of its client


class Kind(StrEnum):
    """What a message is in its thread; `note` is an automatic answer."""

    REQUEST = "request"
    REPLY = "reply"
    COMMAND = "command"
    OUTGOING = "outgoing"
    NOTE = "note"


class Verified(StrEnum):
    """What the trusted mail server said of the sender; `accepted` and `rejected` are the VA's own word."""

    PASS = "pass"  # noqa: S105 (the word of RFC 8601)
    FAIL = "fail"
    NONE = "none"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@quick_state
@dataclass(frozen=True, slots=True)
class Message:
    """One message of a task's thread. `name` is its file's name without `.md`; instants are UTC.

    `subject` is the mail's as it arrived; `text` is what they wrote, `quoted` the history that stood below it, both Markdown.
    `digest` is empty in a file written by hand: such a message never counts as a repeat.
    """

    name: str
    sender: Person
    received: datetime
    kind: Kind
    verified: Verified = Verified.NONE
    message_id: str = ""
    digest: str = ""
    to: tuple[str, ...] = ()
    date: datetime | None = None
    subject: str = ""
    flags: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    text: str = ""
    quoted: str = ""

    @property
    def id(self) -> str:
        """Give the 8 digits by which commands name it."""
        return self.name.rpartition("-")[2]

    @property
    def is_from_outside(self) -> bool:
        """Tell whether its sender is someone of the thread who is not of its client."""
        return THIRD_PARTY in self.flags

    @property
    def is_withheld(self) -> bool:
        """Tell whether the portal must keep it back: it failed verification and the VA has not accepted it."""
        return self.verified is Verified.FAIL or self.verified is Verified.REJECTED

    @property
    def is_in_check(self) -> bool:
        """Tell whether it waits for the VA's word: it is kept back, and she has not said yet whether it is theirs."""
        return self.verified is Verified.FAIL

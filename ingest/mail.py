"""One mail as far as it can be read (`Mail`), or why nothing was made of it (`Unreadable`): values, and light to import.

What makes them of a mail's bytes is `ingest.parse`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.attachment import Attachment
    from ingest.content.forwarded import Forwarded
    from recado.model.address import Person


# Reason and detail of the mails that take too much of the machine, wherever that is noticed.
TOO_SLOW: Final = ("too-slow", "reading it takes longer than a mail may take")
TOO_MUCH_MEMORY: Final = ("too-much-memory", "reading it takes more memory than a mail may have")


@dataclass(frozen=True, slots=True)
class SenderProblem:
    """Why no one can be said to have sent a mail. `shown` is the header as far as it can be read, for the quarantine's page.

    `code` is `no-from`, `several-from-headers`, `several-addresses` or `unreadable-address`.
    """

    code: str
    shown: str


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it arrived and as far as it can be read. All text is clean: no control characters; `date` is UTC.

    `text`, `quoted` (the history below it) and `signature` are Markdown. `references` is the whole chain in order,
    `in_reply_to` likewise; ids keep their angle brackets. `authentication_results` and `dkim_signatures` are header
    values, unfolded, top to bottom. `flags` says what a reader should know: `repeated-header`, `no-date`, `bad-date`,
    `no-message-id`, `bare-cr`, `stray-line` (its header holds a line of no field), `deceptive-name`, `broken-structure`,
    `parser-failed`, `long-text` (kept as a file), `secret-masked` (a password, card number or key stands in it).
    `forwarded` is the original mail, if this one passes one on. `repeated` names the repeated fields.
    `from_` may be a problem: such mail belongs in the quarantine.
    """

    message_id: str
    digest: str
    from_: Person | SenderProblem
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    subject: str
    date: datetime | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    text: str
    quoted: str
    signature: str
    attachments: tuple[Attachment, ...]
    automatic_reason: str
    is_forward: bool
    flags: tuple[str, ...]
    repeated: tuple[str, ...]
    authentication_results: tuple[str, ...]
    dkim_signatures: tuple[str, ...]
    forwarded: Forwarded | None = None

    @property
    def is_automatic(self) -> bool:
        """Tell whether a machine wrote it: an out-of-office, a bounce, a list, a receipt."""
        return bool(self.automatic_reason)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why nothing was made of a mail.

    `reason` is a short code (`too-large`, `header-too-large`, `too-deep`, `too-many-parts`,
    `too-many-fields`, `too-many-addresses`, `too-many-comments`, `too-many-parameters`, `no-header`, `broken`; of
    `ingest.reader`: `too-slow`, `too-much-memory`), `detail` one English sentence's worth of figures. Of the last three, that
    may end otherwise another time, `message_id` and `digest` say which mail it is, as `Mail`'s do; else they are ''.
    """

    reason: str
    detail: str
    message_id: str = field(default="", compare=False)
    digest: str = field(default="", compare=False)

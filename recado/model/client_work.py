"""All that one client's portal is built from: that client's record and files, and no one else's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recado.model.message import Kind
from recado.model.quick_state import quick_state
from recado.model.status import Turn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from recado.model.history import Change
    from recado.model.invoice import Invoice
    from recado.model.message import Message
    from recado.model.practice import ClientRecord
    from recado.model.task import Task
    from recado.model.time_entry import TimeEntry


@quick_state
@dataclass(frozen=True, slots=True)
class Thumbnail:
    """How a picture is shown on a page, in pixels, upright. `name` is that of the small one made of it, published beside it.

    '' where it is small enough to be shown itself.
    """

    name: str
    width: int
    height: int


@quick_state
@dataclass(frozen=True, slots=True)
class File:
    """A file that hangs on a task. `name` is its name in the task's `files/`; `size` is in bytes.

    `message` holds the 8 digits of the message it came with; None is a delivery, a file the VA gives. `thumbnail`: None where
    it is no picture, or none that can be shown.
    """

    name: str
    size: int
    message: str | None
    thumbnail: Thumbnail | None = None

    @property
    def shown_name(self) -> str:
        """Give the name a person knows it by, without the digits that keep it apart."""
        return self.name.removeprefix(f"{self.message}-") if self.message else self.name


@quick_state
@dataclass(frozen=True, slots=True)
class Thread:
    """A task with its messages, oldest first, and its files. `sources` is a digest of all the files it was read from."""

    task: Task
    messages: tuple[Message, ...] = ()
    files: tuple[File, ...] = ()
    sources: bytes = b""


def answer_in(task: Task, messages: Sequence[Message], since: datetime | None) -> Message | None:
    """Give the client's message that came after the practice last asked, while it is their turn; None: not answered.

    `messages` stand oldest first; `since` tells when the task came to its status. Where nobody knows when it was asked, nothing
    counts as an answer: a question must rather stand too long than be missed. What is withheld answers nothing.
    """
    if task.turn is not Turn.CLIENT:
        return None
    shown = [message for message in messages if not message.is_withheld]
    outgoing = [message.received for message in shown if message.kind is Kind.OUTGOING]
    asked = max((instant for instant in (since, *outgoing[-1:]) if instant), default=None)
    if asked is None:
        return None
    theirs = [message for message in shown if message.kind in {Kind.REPLY, Kind.COMMAND}]
    return theirs[-1] if theirs and theirs[-1].received > asked else None


@quick_state
@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page the VA wrote for this client; `slug` is its file's name without `.md`, `text` the Markdown in it."""

    slug: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ClientWork:
    """One client's files, read. `invoices` holds issued ones only, newest first; `threads` stand in the order of their numbers.

    `updated` is the newest instant that the files tell (DESIGN, promise 6); None while there is nothing. `invoice_sources` has
    the digest of each invoice's file, by its number.
    """

    record: ClientRecord
    threads: tuple[Thread, ...] = ()
    changes: tuple[Change, ...] = ()
    time: tuple[TimeEntry, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    welcome: str = ""
    pages: tuple[OwnPage, ...] = ()
    updated: datetime | None = None
    invoice_sources: Mapping[str, bytes] = field(default_factory=dict)

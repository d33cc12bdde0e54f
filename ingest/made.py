"""What a mail becomes as files say it: a message, its attachments, and the task it begins. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.asked import read_asked
from recado.model.message import Kind, Message
from recado.model.status import Status
from recado.model.task import Task
from recado.store.filing import Attached

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.asked import FormWords
    from ingest.mail import Mail
    from recado.model.address import Person
    from recado.model.message import Verified
    from recado.model.ref import Ref


def message_of(
    mail: Mail, sender: Person, *, received: datetime, kind: Kind, verified: Verified, flags: tuple[str, ...]
) -> Message:
    """Make the message of a mail; its name and its files' names are given when it is filed. `received` is UTC."""
    return Message(
        name="",
        sender=sender,
        received=received,
        kind=kind,
        verified=verified,
        message_id=mail.message_id,
        digest=mail.digest,
        to=tuple(person.email for person in (*mail.to, *mail.cc)),
        date=mail.date,
        subject=mail.subject,
        flags=flags,
        text=mail.text,
        quoted="\n\n".join(part for part in (mail.signature, mail.quoted) if part),
    )


def files_of(mail: Mail) -> tuple[Attached, ...]:
    """Give the files that came with a mail."""
    return tuple(Attached(attachment.name, attachment.content) for attachment in mail.attachments)


def task_of(mail: Mail, message: Message, *, ref: Ref, name: str, title: str, words: FormWords) -> Task:
    """Make the task that a mail begins, with what the portal's form says in its lines (`words`: the form's)."""
    asked = read_asked(mail.text, words)
    return Task(
        ref=ref,
        name=name,
        title=title,
        status=Status.ACCEPTED if message.kind is Kind.OUTGOING else Status.NEW,
        important=asked.important,
        urgent=asked.urgent,
        service=asked.service,
        received=message.received,
        due=asked.due,
        requester=None if message.kind is Kind.OUTGOING else message.sender,
        message=mail.message_id or None,
        body=f"{mail.text}\n",
    )

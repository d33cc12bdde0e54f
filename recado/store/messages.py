"""Message files: one a mail, written once and never rewritten by the worker; the quoted history stands below, folded."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from recado.errors import UsageError
from recado.model.instant import compact_instant, format_instant
from recado.model.message import Kind, Message, Verified
from recado.model.written import Line, from_text
from recado.speech import _
from recado.store.checked import check, problems_of_yaml
from recado.store.front_matter import read_front_matter, write_front_matter
from recado.store.front_values import read_kind, read_sent, read_verified
from recado.store.plain_files import MESSAGE_NAME, QUOTED, plain_message
from recado.store.source import read_text, shown
from recado.store.tasks import Instant, WrittenPerson, written_values

if TYPE_CHECKING:
    from pathlib import Path

    from recado.errors import Problem
    from recado.store.workspace import ClientFolder

_LEAST_DIGITS = 4


def _words(value: object) -> object:
    """Take one word for a list of one."""
    return (value,) if isinstance(value, str) and value else () if value == "" else value


Words = Annotated[tuple[str, ...], BeforeValidator(_words)]


Sent = Annotated[datetime, from_text(read_sent)]


class MessageFront(BaseModel):
    """The front matter of a message. Needed are `from`, `received` and `kind` (DESIGN, section 4)."""

    model_config = ConfigDict(frozen=True, extra="allow", arbitrary_types_allowed=True)

    sender: WrittenPerson = Field(alias="from")
    received: Instant
    kind: Annotated[Kind, from_text(read_kind)]
    message_id: Line = ""
    digest: Line = ""
    to: Words = ()
    date: Sent | None = None
    subject: Line = ""
    verified: Annotated[Verified, from_text(read_verified)] = Verified.NONE
    flags: Words = ()
    attachments: Words = ()


def name_of(received: datetime, digest: str) -> str:
    """Give the name for a mail received at an instant, with a digest `sha256:…`."""
    return f"{compact_instant(received)}-{digest.removeprefix('sha256:')[:8]}"


def is_named(name: str, named: str) -> bool:
    """Tell whether someone may mean a mail by this: its 8 digits, the beginning of them (4 or more), or its whole name."""
    wanted = named.strip().lower().removesuffix(".eml").removesuffix(".md")
    return name.lower() == wanted or (len(wanted) >= _LEAST_DIGITS and name.rpartition("-")[2].startswith(wanted))


def expect_long_enough(named: str) -> None:
    """See that what someone gives for an ID is long enough to be one's beginning. Raises UsageError."""
    if len(named.strip()) < _LEAST_DIGITS:
        raise UsageError(_("{named!r} is too short: give at least 4 digits of the ID.").format(named=named))


def message_files(client: ClientFolder, task_name: str) -> list[Path]:
    """List the message files of a task, oldest first. Files of other names (`private.md`, the VA's own) are none."""
    return messages_in(client.thread(task_name))


def messages_in(thread: Path) -> list[Path]:
    """List the message files in a thread's folder, oldest first."""
    if not thread.is_dir():
        return []
    return sorted(path for path in thread.iterdir() if path.suffix == ".md" and MESSAGE_NAME.fullmatch(path.stem))


def read_messages(client: ClientFolder, task_name: str, problems: list[Problem]) -> tuple[Message, ...]:
    """Read a task's messages, oldest first; what cannot be read is added to `problems`."""
    messages = []
    for path in message_files(client, task_name):
        text = read_text(client, path, problems)
        message = None if text is None else parse_message(path.stem, text, shown(client, path), problems)
        if message is not None:
            messages.append(message)
    return tuple(sorted(messages, key=lambda message: (message.received, message.name)))


def parse_message(name: str, text: str, file: str, problems: list[Problem]) -> Message | None:
    """Read one message of its file's name and text. None, and what is wrong added to `problems`, where it cannot be read."""
    return plain_message(name, text) or parse_message_in_full(name, text, file, problems)


def parse_message_in_full(name: str, text: str, file: str, problems: list[Problem]) -> Message | None:
    """Read one message by the strict loader and with every check. None, and what is wrong added to `problems`."""
    marked = read_front_matter(text)
    document = written_values(marked.front)
    found = problems_of_yaml(document, file)
    front = None
    if not found:
        front, found = check(MessageFront, document, file)
    problems += found
    if front is None:
        return None
    written, _mark, quoted = f"\n{marked.body}\n".partition(f"\n{QUOTED}\n")
    return Message(
        name=name,
        sender=front.sender,
        received=front.received,
        kind=front.kind,
        verified=front.verified,
        message_id=front.message_id,
        digest=front.digest,
        to=front.to,
        date=front.date,
        subject=front.subject,
        flags=front.flags,
        attachments=front.attachments,
        text=written.strip("\n"),
        quoted=quoted.strip("\n"),
    )


def write_message(message: Message) -> str:
    """Write a message's file."""
    values = {
        "message_id": message.message_id,
        "digest": message.digest,
        "from": str(message.sender),
        "to": list(message.to),
        "date": format_instant(message.date) if message.date else None,
        "subject": message.subject,
        "received": format_instant(message.received),
        "kind": message.kind.value,
        "verified": message.verified.value,
        "flags": list(message.flags),
        "attachments": list(message.attachments),
    }
    body = _without_mark(message.text).rstrip("\n") + "\n"
    if message.quoted:
        body += f"\n{QUOTED}\n\n{_without_mark(message.quoted).rstrip(chr(10))}\n"
    return write_front_matter(values, body)


def _without_mark(text: str) -> str:
    return text.replace(QUOTED, QUOTED.replace("<", "&lt;"))

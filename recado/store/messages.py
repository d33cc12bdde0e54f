"""Message files: one a mail, written once and never rewritten by the worker; the quoted history stands below, folded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from recado.errors import UsageError
from recado.model.instant import compact_instant, format_instant
from recado.model.message import Message
from recado.model.written import parse_line
from recado.speech import _
from recado.store.front_values import read_instant, read_kind, read_person, read_sent, read_verified
from recado.store.quick_front import plain_front
from recado.store.source import read_text, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from recado.errors import Problem
    from recado.store.workspace import ClientFolder

# What stands between what they wrote and the quoted history. A mail that contains the very line is escaped when written.
QUOTED = "<!-- recado: quoted -->"
MESSAGE_NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}", re.ASCII)
_LEAST_DIGITS = 4


# The keys a message's file may say something for, and how each is read. Those of lists may hold one word alone.
_READERS: Mapping[str, Callable[[str], Any]] = {
    "from": read_person,
    "received": read_instant,
    "kind": read_kind,
    "message_id": parse_line,
    "digest": parse_line,
    "date": read_sent,
    "subject": parse_line,
    "verified": read_verified,
}
_LISTS = frozenset({"to", "flags", "attachments"})
_NEEDED = frozenset({"sender", "received", "kind"})


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
    return _plain_message(name, text) or _any_message(name, text, file, problems)


def _plain_message(name: str, text: str) -> Message | None:
    """Read a plain file without a mistake; None where there is any doubt."""
    found = plain_front(text)
    if found is None or "sender" in found[0]:  # as a key that nobody knows; here it is who sent it
        return None
    values, body = found
    said: dict[str, Any] = {}
    try:
        for key, value in values.items():
            read = _READERS.get(key)
            if key in _LISTS:
                said[key] = tuple(value) if isinstance(value, list) else (value,)
            elif read is not None:
                if not isinstance(value, str):
                    return None
                said["sender" if key == "from" else key] = read(value)
    except ValueError:
        return None
    if not said.keys() >= _NEEDED:
        return None
    written, quoted = _parts(body)
    return Message(name=name, text=written, quoted=quoted, **said)


def _any_message(name: str, text: str, file: str, problems: list[Problem]) -> Message | None:
    """Read any file, by YAML and pydantic, with all mistakes in it."""
    from recado.store.checked import check, problems_of_yaml  # noqa: PLC0415 (late: most files are plain)
    from recado.store.front_matter import read_front_matter  # noqa: PLC0415
    from recado.store.front_models import MessageFront  # noqa: PLC0415
    from recado.store.strict_yaml import written_values  # noqa: PLC0415

    marked = read_front_matter(text)
    document = written_values(marked.front)
    found = problems_of_yaml(document, file)
    front = None
    if not found:
        front, found = check(MessageFront, document, file)
    problems += found
    if front is None:
        return None
    written, quoted = _parts(marked.body)
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
        text=written,
        quoted=quoted,
    )


def _parts(body: str) -> tuple[str, str]:
    """Cut a body in what they wrote and the quoted history below it."""
    written, _mark, quoted = f"\n{body}\n".partition(f"\n{QUOTED}\n")
    return written.strip("\n"), quoted.strip("\n")


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
    from recado.store.front_matter import write_front_matter  # noqa: PLC0415 (late, with YAML: a build writes no message)

    return write_front_matter(values, body)


def _without_mark(text: str) -> str:
    return text.replace(QUOTED, QUOTED.replace("<", "&lt;"))

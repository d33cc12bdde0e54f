"""Tasks and messages whose front matter is plain, made without a YAML parser or a check of types: most files of a build.

What is not plain, or is wrong in any way, gives nothing: the full reading of `tasks` and `messages` reads it, and tells.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeVar

from recado.model.message import Kind, Message, Verified
from recado.model.quantity import parse_work
from recado.model.ref import Ref, parse_ref
from recado.model.status import Status
from recado.model.task import Task, number_in_name
from recado.store.front_values import (
    read_due,
    read_instant,
    read_kind,
    read_person,
    read_sent,
    read_status,
    read_verified,
)
from recado.store.plain_front import plain_front

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from recado.store.plain_front import PlainValue

T = TypeVar("T")
D = TypeVar("D")

# What stands between what they wrote and the quoted history. A mail that contains the very line is escaped when written.
QUOTED: Final = "<!-- recado: quoted -->"
MESSAGE_NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}", re.ASCII)


def plain_task(name: str, text: str, code: str) -> Task | None:
    """Read a task of its file's name and text; None where the full reading has to."""
    read, number = plain_front(text), number_in_name(name)
    if read is None or number is None:
        return None
    front = _Front(read[0])
    try:
        task = Task(
            ref=front.of("ref", parse_ref, Ref(code, number)),
            name=name,
            title=front.line("title"),
            status=front.of("status", read_status, Status.NEW),
            important=front.of("important", _truth, _NO),
            urgent=front.of("urgent", _truth, _NO),
            service=front.line("service") or None,
            received=front.of("received", read_instant, None),
            due=front.of("due", read_due, None),
            estimate=front.of("estimate", parse_work, None),
            requester=front.of("requester", read_person, None),
            assignee=front.line("assignee") or None,
            message=front.line("message") or None,
            merged_into=front.of("merged", parse_ref, None),
            body=read[1],
        )
    except ValueError:
        return None
    return task if task.title and task.ref == Ref(code, number) else None


def plain_message(name: str, text: str) -> Message | None:
    """Read a message of its file's name and text; None where the full reading has to."""
    read = plain_front(text)
    if read is None:
        return None
    front = _Front(read[0])
    if not {"from", "received", "kind"} <= read[0].keys():
        return None
    written, _mark, quoted = f"\n{read[1]}\n".partition(f"\n{QUOTED}\n")
    try:
        return Message(
            name=name,
            sender=front.needed("from", read_person),
            received=front.needed("received", read_instant),
            kind=front.of("kind", read_kind, Kind.NOTE),
            verified=front.of("verified", read_verified, Verified.NONE),
            message_id=front.line("message_id"),
            digest=front.line("digest"),
            to=front.words("to"),
            date=front.of("date", read_sent, None),
            subject=front.line("subject"),
            flags=front.words("flags"),
            attachments=front.words("attachments"),
            text=written.strip("\n"),
            quoted=quoted.strip("\n"),
        )
    except ValueError:
        return None


_NO = False


def _truth(text: str) -> bool:
    said = text.lower()
    if said not in {"true", "false", "yes", "no"}:
        raise ValueError(text)
    return said in {"true", "yes"}


class _Front:
    """Values of a plain front matter, each read as it is meant. Raises ValueError where it cannot be."""

    def __init__(self, values: Mapping[str, PlainValue]) -> None:
        self._values = values

    def line(self, key: str) -> str:
        value = self._values.get(key, "")
        if not isinstance(value, str):
            raise ValueError(key)  # noqa: TRY004 (what cannot be read here is read elsewhere: one error for all)
        return value.strip()

    def words(self, key: str) -> tuple[str, ...]:
        value = self._values.get(key, [])
        return (value,) if isinstance(value, str) else tuple(value)

    def needed(self, key: str, read: Callable[[str], T]) -> T:
        return read(self.line(key))

    def of(self, key: str, read: Callable[[str], T], otherwise: D) -> T | D:
        return read(self.line(key)) if key in self._values else otherwise

"""Messages of all clients: listed newest first without reading them all, found by their ID or by the mail they hold."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recado.errors import FileError, UsageError
from recado.model.instant import compact_instant
from recado.model.ref import Ref
from recado.model.task import number_in_name
from recado.speech import _
from recado.store.front_matter import front_of
from recado.store.messages import MESSAGE_NAME, expect_long_enough, is_named, parse_message
from recado.store.source import read_text, shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from recado.errors import Problem
    from recado.model.message import Message
    from recado.model.practice import Practice
    from recado.store.workspace import ClientFolder, Workspace


@dataclass(frozen=True, slots=True)
class MessagePlace:
    """Where a message stands: its client, its task's ref and name, its own name."""

    client: ClientFolder
    ref: Ref
    task: str
    name: str

    @property
    def path(self) -> Path:
        """Give its file."""
        return self.client.thread(self.task) / f"{self.name}.md"

    @property
    def id(self) -> str:
        """Give the 8 digits by which commands name it."""
        return self.name.rpartition("-")[2]

    def is_named(self, named: str) -> bool:
        """Tell whether someone may mean it: by its ID, the beginning of it (4 digits or more), or its whole name."""
        return is_named(self.name, named)

    def read(self) -> Message:
        """Read it. Raises FileError."""
        problems: list[Problem] = []
        text = read_text(self.client, self.path, problems)
        message = None if text is None else parse_message(self.name, text, shown(self.client, self.path), problems)
        if message is None:
            raise FileError(problems)
        return message


def message_places(workspace: Workspace, practice: Practice, clients: Iterable[str] | None = None) -> list[MessagePlace]:
    """List where the messages of these clients stand, or of all, the newest first. None is opened.

    Folders without their task's file are there too: a crash may have left one, and its message is nowhere else.
    """
    keys = list(practice.clients) if clients is None else list(clients)
    places = [place for key in keys for place in _places(workspace.client(key), practice.clients[key].code)]
    return sorted(places, key=lambda place: (place.name, place.ref), reverse=True)


def find_message(places: Iterable[MessagePlace], named: str) -> MessagePlace:
    """Find a message by its ID, or the beginning of it (4 digits or more), or by its whole name. Raises UsageError."""
    found = [place for place in places if place.is_named(named)]
    if not found:
        expect_long_enough(named)
        raise UsageError(_("There is no message {named!r}. `recado message list` shows them.").format(named=named))
    if len(found) > 1:
        names = ", ".join(f"{place.ref} {place.name}" for place in found)
        raise UsageError(
            _("{named!r} could be several: {names}. Give more of it, or the whole name.").format(named=named, names=names)
        )
    return found[0]


def filed_mail(places: Iterable[MessagePlace], received: datetime, digest: str) -> MessagePlace | None:
    """Find the message that holds a mail: the same instant in its name, the same digest in its file. None: it is not filed."""
    instant = compact_instant(received)
    return next(
        (place for place in places if place.name.startswith(instant) and front_of(place.path).get("digest") == digest), None
    )


def _places(client: ClientFolder, code: str) -> list[MessagePlace]:
    if not client.tasks.is_dir():
        return []
    found = []
    with os.scandir(client.tasks) as threads:
        for thread in threads:
            number = number_in_name(thread.name)
            if number is None or not thread.is_dir(follow_symlinks=False):
                continue
            ref = Ref(code, number)
            with os.scandir(thread.path) as files:
                found += [
                    MessagePlace(client, ref, thread.name, file.name[:-3])
                    for file in files
                    if file.name.endswith(".md") and MESSAGE_NAME.fullmatch(file.name[:-3])
                ]
    return found

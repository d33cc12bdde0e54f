"""The numbers of tasks: each is given once, also with two processes at once, also after the newest task was deleted."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from recado.model.task import number_in_name
from recado.store.atomic import write_whole
from recado.store.lock import locked

if TYPE_CHECKING:
    from pathlib import Path

    from recado.store.workspace import ClientFolder

# What this process saw last: the state of the folder and of the history, and the highest number then. As long as only we write
# there, a number costs the same with ten tasks and with ten thousand.
_seen: dict[Path, tuple[tuple[int, ...], int]] = {}
_REF_IN_ROW = re.compile(rb"^[^,]*,[A-Z][A-Z0-9]{1,7}-(\d{1,9}),", re.MULTILINE)


def next_number(client: ClientFolder) -> int:
    """Give a number that no task of this client ever had, and write it down before it is used. Raises OSError.

    The highest is known from `.highest`, and from the tasks and the history too: `.highest` may be missing in a folder that was
    copied by hand.
    """
    with locked(client.lock):
        stamp, known = _seen.get(client.tasks, ((), 0))
        number = (max(known, _written(client)) if stamp and stamp == _state(client) else highest(client)) + 1
        _write(client, number)
    return number


def numbers_settled(client: ClientFolder) -> None:
    """Say that what changed in a client's folder since a number was given was our own doing."""
    _seen[client.tasks] = (_state(client), _written(client))


def highest(client: ClientFolder) -> int:
    """Tell the highest number this client's tasks ever had; 0 before the first."""
    found = [_written(client)]
    if client.tasks.is_dir():
        found += [number_in_name(path.name.removesuffix(".md")) or 0 for path in client.tasks.iterdir()]
    if client.history.is_file():
        found += [int(number) for number in _REF_IN_ROW.findall(client.history.read_bytes())]
    return max(found)


def _write(client: ClientFolder, number: int) -> None:
    """Write the highest number down. It is synced with the task that takes it (`recado.store.batch`), which says it too.

    In place, for it is a few bytes of one sector: to put a new file over it would make the disk write that at once.
    """
    content = f"{number}\n".encode()
    try:
        descriptor = os.open(client.highest, os.O_WRONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        write_whole(client.highest, content, is_lasting=False)
        return
    try:
        os.pwrite(descriptor, content, 0)
        os.ftruncate(descriptor, len(content))
    finally:
        os.close(descriptor)


def _written(client: ClientFolder) -> int:
    file = client.highest
    written = file.read_bytes().strip() if file.is_file() else b""
    return int(written) if written.isdigit() else 0


def _state(client: ClientFolder) -> tuple[int, ...]:
    """Give what changes when a task, or a row of the history, comes or goes."""
    state = []
    for path in (client.tasks, client.history):
        with suppress(FileNotFoundError):
            seen = path.stat()
            state += [seen.st_mtime_ns, seen.st_ino, seen.st_size]
    return tuple(state)

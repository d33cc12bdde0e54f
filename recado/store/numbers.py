"""The numbers of tasks: each is given once, also with two processes at once, also after the newest task was deleted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recado.model.task import number_in_name
from recado.store.atomic import write_whole
from recado.store.lock import locked

if TYPE_CHECKING:
    from recado.store.workspace import ClientFolder

_HIGHEST = ".highest"
_REF_IN_ROW = re.compile(rb"^[^,]*,[A-Z][A-Z0-9]{1,7}-(\d{1,9}),", re.MULTILINE)


def next_number(client: ClientFolder) -> int:
    """Give a number that no task of this client ever had, and write it down before it is used. Raises OSError.

    The highest is known from `.highest`, and from the tasks and the history too: `.highest` may be missing in a folder that was
    copied by hand.
    """
    with locked(client.lock):
        number = highest(client) + 1
        write_whole(client.tasks / _HIGHEST, f"{number}\n".encode())
    return number


def highest(client: ClientFolder) -> int:
    """Tell the highest number this client's tasks ever had; 0 before the first."""
    found = [0]
    file = client.tasks / _HIGHEST
    if file.is_file():
        written = file.read_bytes().strip()
        found.append(int(written) if written.isdigit() else 0)
    if client.tasks.is_dir():
        found += [number_in_name(path.name.removesuffix(".md")) or 0 for path in client.tasks.iterdir()]
    if client.history.is_file():
        found += [int(number) for number in _REF_IN_ROW.findall(client.history.read_bytes())]
    return max(found)

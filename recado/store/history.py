"""`history.csv`: every change of status, appended in whole rows; statuses edited by hand are noticed here."""

from __future__ import annotations

import csv
import os
from io import StringIO
from typing import TYPE_CHECKING

from recado.errors import FileError, Problem
from recado.model.history import Change, unnoticed
from recado.model.instant import format_instant, parse_instant
from recado.model.ref import parse_ref
from recado.model.status import Status
from recado.speech import _
from recado.store.atomic import sync_folder
from recado.store.lock import locked
from recado.store.source import read_content, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from recado.model.task import Task
    from recado.store.workspace import ClientFolder

COLUMNS = ("at", "ref", "by", "from", "to")


def read_history(client: ClientFolder) -> tuple[Change, ...]:
    """Read every row, in the file's order. Raises FileError with every row that cannot be read."""
    if not client.history.exists() and not client.history.is_symlink():
        return ()
    problems: list[Problem] = []
    content = read_content(client, client.history, problems)
    if content is None:
        raise FileError(problems)
    return parse_history(content, shown(client, client.history))


def parse_history(content: bytes, file: str) -> tuple[Change, ...]:
    """Read the rows of a history file. Half a row at the very end (a crash while writing) is not there yet."""
    text = content.decode("utf-8-sig", errors="replace")
    if not _ends_whole(content):
        text = text[: text.rfind("\n") + 1]
    changes, problems = [], []
    rows = csv.DictReader(StringIO(text, newline=""))
    for row in rows:
        try:
            changes.append(_change(row))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            said = _("this row cannot be read ({reason}); expected at,ref,by,from,to").format(reason=error)
            problems.append(Problem(file, rows.line_num, said))
    if problems:
        raise FileError(problems)
    return tuple(changes)


def append_history(client: ClientFolder, changes: Sequence[Change]) -> None:
    """Append rows, under the client's lock, synced. Raises OSError."""
    if changes:
        with locked(client.lock):
            write_rows(client, changes)


def notice_hand_edits(client: ClientFolder, tasks: Sequence[Task], now: datetime) -> tuple[Change, ...]:
    """Write the rows for statuses that were edited by hand and for tasks never seen before; gives the rows written."""
    if not unnoticed(tasks, read_history(client), now):
        return ()
    with locked(client.lock):
        rows = unnoticed(tasks, read_history(client), now)
        write_rows(client, rows)
    return rows


def _change(row: dict[str, str]) -> Change:
    before = row["from"].strip()
    return Change(
        at=parse_instant(row["at"]),
        ref=parse_ref(row["ref"]),
        by=row["by"].strip(),
        before=Status(before) if before else None,
        after=Status(row["to"].strip()),
    )


def write_rows(client: ClientFolder, changes: Sequence[Change]) -> None:
    """Append rows in one write; the caller holds the client's lock.

    Half a row that an earlier crash left is cut off first, so that it never joins ours.
    """
    if not changes:
        return
    path = client.history
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o644)
    try:
        out = StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        size = os.fstat(descriptor).st_size
        if not size:
            writer.writerow(COLUMNS)
        elif os.pread(descriptor, 1, size - 1) != b"\n":
            content = path.read_bytes()
            if _ends_whole(content):  # an editor that ends a file without a newline
                out.write("\n")
            else:
                os.ftruncate(descriptor, content.rfind(b"\n") + 1)
        for change in changes:
            before = change.before.value if change.before else ""
            writer.writerow([format_instant(change.at), change.ref, change.by, before, change.after.value])
        left = memoryview(out.getvalue().encode())
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)


def _ends_whole(content: bytes) -> bool:
    """Tell whether the last line is a row, with or without its newline."""
    if content.endswith(b"\n"):
        return True
    last = content[content.rfind(b"\n") + 1 :].decode("utf-8-sig", errors="replace")
    try:
        _change(dict(zip(COLUMNS, next(csv.reader([last])), strict=True)))
    except (ValueError, StopIteration):
        return last.strip() == ",".join(COLUMNS)
    return True

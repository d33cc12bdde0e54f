"""`history.csv`: every change of status, appended in whole rows; statuses edited by hand are noticed here."""

from __future__ import annotations

import csv
import os
import re
from io import StringIO
from typing import TYPE_CHECKING

from recado.errors import FileError, Problem
from recado.model.history import Change
from recado.model.instant import format_instant, parse_instant
from recado.model.ref import parse_ref
from recado.model.status import Status
from recado.speech import _
from recado.store.atomic import make_folder, sync_folder
from recado.store.csv_rows import CellError, cells_of, read_rows
from recado.store.lock import locked
from recado.store.source import read_content, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from recado.model.ref import Ref
    from recado.store.csv_rows import Row
    from recado.store.workspace import ClientFolder

_END_BYTES = 16_384
_LINE_END = re.compile("[\r\n]")  # a file of bare carriage returns is a mistake, and told; rows are put below it all the same
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
    """Read the rows of a history file, as `changes_in` does. Raises FileError with every row that cannot be read."""
    problems: list[Problem] = []
    changes = changes_in(content, file, problems)
    if problems:
        raise FileError(problems)
    return changes


def changes_in(content: bytes, file: str, problems: list[Problem]) -> tuple[Change, ...]:
    """Read the rows of a history file that can be read; every other is added to `problems`.

    Half a row at the very end (a crash while writing) is not there yet.
    """
    text = content[: _whole_length(content)].decode("utf-8-sig", errors="replace")
    changes = []
    for row in read_rows(text, COLUMNS, file, problems) if text.strip() else ():
        try:
            changes.append(_change(row))
        except CellError as error:
            problems.append(Problem(file, row.line, str(error)))
    return tuple(changes)


def append_history(client: ClientFolder, changes: Sequence[Change], *, is_lasting: bool = True) -> None:
    """Append rows, under the client's lock, synced unless they are known from elsewhere too. Raises OSError."""
    if changes:
        with locked(client.lock):
            write_rows(client, changes, is_lasting=is_lasting)


def write_rows(client: ClientFolder, changes: Sequence[Change], *, is_lasting: bool = True) -> None:
    """Append rows in one write; the caller holds the client's lock.

    Half a row that an earlier crash left is cut off first, so that it never joins ours.
    """
    if not changes:
        return
    path = client.history
    make_folder(path.parent)
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        content = _ends(descriptor, size)
        whole = content[: _whole_length(content)]
        if whole != content:
            os.ftruncate(descriptor, size - len(content) + len(whole))
        head = _head(whole)
        out = StringIO(newline="")
        writer = csv.DictWriter(out, head or COLUMNS, restval="", lineterminator="\n")
        if not head:
            writer.writeheader()
        elif not whole.endswith(b"\n"):  # an editor that ends a file without a newline
            out.write("\n")
        for change in changes:
            before = change.before.value if change.before else ""
            cells = (format_instant(change.at), str(change.ref), change.by, before, change.after.value)
            writer.writerow(dict(zip(COLUMNS, cells, strict=True)))
        left = memoryview(out.getvalue().encode())
        while left:
            left = left[os.write(descriptor, left) :]
        if is_lasting:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new and is_lasting:
        sync_folder(path.parent)


def last_change(client: ClientFolder, ref: Ref) -> datetime | None:
    """Tell when a task's status changed last; None where the history does not say. Raises OSError."""
    if not client.history.is_file():
        return None
    content = client.history.read_bytes()
    place = content.rfind(f",{ref},".encode())
    if place < 0:
        return None
    row = content[content.rfind(b"\n", 0, place) + 1 : place].decode("utf-8", errors="replace")
    try:
        return parse_instant(row.rpartition(",")[2].strip('" '))
    except ValueError:  # columns in an order of her own, or a mistake: the build tells
        return None


def _ends(descriptor: int, size: int) -> bytes:
    """Read a file's first line and its last ones: a history of years is not read whole to add a row."""
    if size <= 2 * _END_BYTES:
        return os.pread(descriptor, size, 0)
    head, mark, _rest = os.pread(descriptor, _END_BYTES, 0).partition(b"\n")
    _rest, mark_too, tail = os.pread(descriptor, _END_BYTES, size - _END_BYTES).partition(b"\n")
    return head + mark + tail if mark and mark_too else os.pread(descriptor, size, 0)


def _change(row: Row) -> Change:
    statuses = _("expected one of {known}").format(known=", ".join(Status))
    return Change(
        at=row.read("at", parse_instant, _("expected an instant such as 2026-11-24T08:12:09Z")),
        ref=row.read("ref", parse_ref, _("expected a ref such as ACME-42")),
        by=row.cells["by"].strip(),
        before=row.read("from", lambda text: Status(text) if text else None, statuses),
        after=row.read("to", Status, statuses),
    )


def _head(content: bytes) -> list[str]:
    """Read the names of the columns, in their order; none in an empty file. An unknown head is left for the reader to tell."""
    first = _LINE_END.split(content.decode("utf-8-sig", errors="replace"), maxsplit=1)[0]
    names = [name.strip() for name in cells_of(first)]
    return names if set(COLUMNS) <= set(names) else list(COLUMNS) if content.strip() else []


def _whole_length(content: bytes) -> int:
    """Tell how much of the file is whole rows; the rest is what a crash left of the last one.

    A last row without its newline is whole where it has all its cells, and a status in the last of them, or what is none and no
    beginning of one either: that is a mistake for the reader to tell, and not ours to cut off.
    """
    content = content.rstrip(b"\0")  # of what was not synced when the power went, a disk may keep the length alone
    start = content.rfind(b"\n") + 1
    last = content[start:].decode("utf-8-sig", errors="replace")
    if not last.strip():
        return len(content)
    if not start:  # the first line: the names of the columns, or a beginning of them
        names = ",".join(COLUMNS)
        return start if names != last.strip() and names.startswith(last) else len(content)
    head, cells = _head(content), cells_of(last)
    if not cells:  # lines that another program wrote, and no beginning of ours
        return len(content)
    is_half = len(cells) < len(head) or (head[-1] == "to" and any(s != cells[-1] and s.startswith(cells[-1]) for s in Status))
    return start if is_half else len(content)

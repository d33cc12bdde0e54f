"""A status that changes: by a command (the file first, then its row in the history), or by hand, and is noticed afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.model.history import Change, latest, unnoticed
from recado.store.history import read_history, write_rows
from recado.store.lock import locked
from recado.store.source import read_text, shown
from recado.store.tasks import find_task, parse_task, set_front

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from recado.errors import Problem
    from recado.model.ref import Ref
    from recado.model.status import Status
    from recado.model.task import Task
    from recado.store.workspace import ClientFolder


def change_status(client: ClientFolder, ref: Ref, status: Status, by: str, now: datetime) -> Task:
    """Set a task's status, and give the task as it was before. Raises UsageError, FileError, WorkError.

    A status that was edited by hand since the last build is noticed first, so that no step is missing from the history. A task
    that has this status already stays as it is, and gets no row.
    """
    with locked(client.lock):
        task, _content = find_task(client, ref)
        rows = unnoticed([task], read_history(client), now)
        if task.status is not status:
            set_front(client, ref, {"status": status.value})
            before = latest(rows)[ref].after if rows else task.status
            rows = (*rows, Change(now, ref, by, before, status))
        write_rows(client, rows)
    return task


def notice_hand_edits(
    client: ClientFolder, tasks: Sequence[Task], now: datetime, history: Sequence[Change] | None = None
) -> tuple[Change, ...]:
    """Write the rows for statuses that were edited by hand and for tasks never seen before; gives the rows written.

    `tasks` and `history` were read without the lock: what looks edited is read again under it, for a command may have changed
    it meanwhile, and its row is then there already. Raises FileError, OSError.
    """
    edited = {row.ref for row in unnoticed(tasks, read_history(client) if history is None else history, now)}
    if not edited:
        return ()
    with locked(client.lock):
        # What was taken away or spoilt meanwhile is not among them: the next build tells what is wrong with it.
        again = [task for task in (_read_again(client, task) for task in tasks if task.ref in edited) if task is not None]
        rows = unnoticed(again, read_history(client), now)
        write_rows(client, rows)
    return rows


def _read_again(client: ClientFolder, task: Task) -> Task | None:
    problems: list[Problem] = []
    text = read_text(client, client.task_file(task.name), problems)
    file = shown(client, client.task_file(task.name))
    return None if text is None else parse_task(task.name, text, task.ref.code, file, problems)

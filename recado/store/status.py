"""Changing a task's status by a command: the file first, then its row in the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.model.history import Change, latest, unnoticed
from recado.store.history import read_history, write_rows
from recado.store.lock import locked
from recado.store.tasks import find_task, set_front

if TYPE_CHECKING:
    from datetime import datetime

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

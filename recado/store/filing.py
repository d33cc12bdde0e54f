"""Putting messages, tasks and quarantined mails in their places, each visible whole or not at all (DESIGN, the commit point).

Messages and tasks go by `recado.store.batch`, one here, many there. A quarantined mail: its page first, then its `.eml`. What
a crash left unfinished is finished here.
"""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from recado.errors import FileError
from recado.model.history import Change
from recado.model.ref import Ref
from recado.model.status import Status
from recado.model.task import Task, number_in_name
from recado.store.atomic import make_folder, sync_all, sync_folder, write_new, write_whole
from recado.store.batch import UNFINISHED, Batch, first_rows, lasting_of
from recado.store.history import append_history, read_history, write_rows
from recado.store.lock import locked
from recado.store.mail_names import Attached, digits_of, is_free_for, slug_of
from recado.store.messages import name_of
from recado.store.numbers import next_number
from recado.store.steps import Step, reached
from recado.store.tasks import parse_task, write_task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from recado.errors import Problem
    from recado.model.message import Message
    from recado.store.workspace import ClientFolder, Workspace

__all__ = [
    "UNFINISHED",
    "Attached",
    "clear_aside",
    "clear_parts",
    "complete",
    "complete_unfinished",
    "file_by_hand",
    "file_into_thread",
    "file_new_task",
    "file_quarantined",
    "quarantined",
    "slug_of",
]

_OUR_PART = re.compile(r"\..+\.[0-9a-f]{12}\.part")


def file_new_task(
    client: ClientFolder, make: Callable[[int, str], Task], slug: str, message: Message, files: Sequence[Attached]
) -> tuple[Task, Message]:
    """File a request as a new task, with the next number, and give both as they are filed. Raises OSError.

    `make` gives the task for a number and a name.
    """
    batch = Batch()
    filed = batch.new_task(client, make, slug, message, files)
    batch.put_in_place()
    return filed


def file_into_thread(client: ClientFolder, task_name: str, message: Message, files: Sequence[Attached]) -> Message:
    """File a message of a task that is there, and give it under its name. Raises OSError.

    Filing the same again changes nothing.
    """
    batch = Batch()
    filed = batch.into_thread(client, task_name, message, files)
    batch.put_in_place()
    return filed


def file_by_hand(
    client: ClientFolder,
    code: str,
    title: str,
    *,
    due: date | datetime | None,
    service: str | None,
    by: str,
    now: datetime,
) -> Task:
    """Make a task the VA begins herself: a number, a file, its first row in the history. Raises OSError."""
    number = next_number(client)
    task = Task(
        ref=Ref(code, number),
        name=f"{number:04d}-{slug_of(title)}",
        title=title,
        status=Status.ACCEPTED,
        received=now,
        due=due,
        service=service,
        assignee=by,
    )
    with locked(client.lock):  # whoever notices edits meanwhile sees both, or neither
        write_new(client.task_file(task.name), write_task(task).encode())
        write_rows(client, [Change(now, task.ref, by, None, task.status)])
    sync_all(lasting_of(client))
    return task


def file_quarantined(workspace: Workspace, received: datetime, digest: str, page: str, raw: bytes) -> str:
    """Keep a mail no one could file: a page that says why, then its bytes. Gives its name there. Raises OSError."""
    make_folder(workspace.quarantine)
    names = (name_of(received, digits) for digits in digits_of(digest))
    name = next(each for each in names if is_free_for(workspace.quarantine / f"{each}.eml", raw))
    write_whole(workspace.quarantine / f"{name}.md", page.encode())
    reached(Step.EXPLAINED)
    write_new(workspace.quarantine / f"{name}.eml", raw)
    reached(Step.PLACED)
    return name


def complete_unfinished(client: ClientFolder, code: str) -> tuple[str, ...]:
    """Finish what a crash left between the two renames, and clear away what it left before the first. Gives the names."""
    if not client.tasks.is_dir():
        return ()
    completed = []
    for folder in sorted(client.tasks.iterdir()):
        if folder.name.startswith(".") and folder.name.endswith(".part"):
            clear_aside(client, folder.name)
        elif complete(client, code, folder.name):
            completed.append(folder.name)
    return tuple(completed)


def clear_aside(client: ClientFolder, name: str) -> None:
    """Clear away a folder that a crash left before it was put in place: its mail is still in the inbox."""
    aside = client.tasks / name
    if aside.is_dir() and not aside.is_symlink():
        shutil.rmtree(aside, ignore_errors=True)


def clear_parts(thread: Path) -> None:
    """Clear away files that a crash left beside their places in a thread's folder; for whoever has the turn."""
    for folder in (thread, thread / "files"):
        if folder.is_dir() and not folder.is_symlink():
            for part in folder.glob(".*.part"):
                if _OUR_PART.fullmatch(part.name):
                    with suppress(OSError):
                        part.unlink()


def complete(client: ClientFolder, code: str, name: str) -> bool:
    """Finish a task's folder that a crash left between the two renames; tells whether it did. Raises OSError."""
    unfinished = client.thread(name) / UNFINISHED
    if not number_in_name(name) or not unfinished.is_file():
        return False
    if client.task_file(name).exists():
        with suppress(FileNotFoundError):
            unfinished.unlink()
        return False
    problems: list[Problem] = []
    task = parse_task(name, unfinished.read_text(encoding="utf-8"), code, name, problems)
    if task is None:
        return False
    if not _has_row(client, task.ref):
        _record(client, task)
    _finish(client, task)
    return True


def _record(client: ClientFolder, task: Task) -> None:
    append_history(client, tuple(first_rows(task)), is_lasting=False)
    reached(Step.RECORDED)


def _finish(client: ClientFolder, task: Task) -> None:
    (client.thread(task.name) / UNFINISHED).rename(client.task_file(task.name))
    sync_folder(client.tasks)
    reached(Step.FINISHED)


def _has_row(client: ClientFolder, ref: Ref) -> bool:
    """Tell whether a task's first row is written.

    Other rows that cannot be read are for the build to tell: they keep no mail waiting.
    """
    try:
        return any(change.ref == ref for change in read_history(client))
    except FileError:
        whole_lines = client.history.read_bytes().rpartition(b"\n")[0]
        return re.search(rf"^[^,]*,{ref},".encode(), whole_lines, re.MULTILINE) is not None


def quarantined(workspace: Workspace) -> tuple[str, ...]:
    """Give the names of the quarantined mails that are whole (their `.eml` stands there), oldest first."""
    return tuple(eml.stem for eml in sorted(workspace.quarantine.glob("*.eml")))

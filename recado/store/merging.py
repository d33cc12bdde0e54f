"""Two tasks that are one: the first goes into the second with all that hangs on it, and is cancelled.

 1. the first says in its file where it goes on (`merged: ACME-42`), so that nobody merges it into another
 2. its messages move, each with its attachments, then the files given and all else in its folder; nothing is overwritten
 3. it is cancelled, with a row in the history

The second's own text stays as it is. Whatever dies in between, the same command again finishes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recado.errors import FileError, UsageError
from recado.model.message import Kind
from recado.model.status import Status
from recado.speech import _
from recado.store.atomic import replace_if_unchanged, sync_folder
from recado.store.editing import edited
from recado.store.front_matter import edit_front_matter, front_of
from recado.store.messages import read_messages
from recado.store.status import change_status
from recado.store.tasks import find_task
from recado.store.thread_moves import clear_folder, clear_moved_files, move_beside, move_message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from recado.errors import Problem
    from recado.model.message import Message
    from recado.model.ref import Ref
    from recado.model.task import Task
    from recado.store.workspace import ClientFolder


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge moved: so many messages, so many other files; and the task it all went into, as it is.

    `was_merged`: it had been merged before, and nothing was left to do.
    """

    messages: int
    files: int
    into: Task
    was_merged: bool = False


def merge_tasks(client: ClientFolder, source: Ref, target: Ref, *, note: str, by: str, now: datetime) -> Merged:
    """Merge one task into another of the same client. `note` says so below its text, in a line in the client's language.

    The caller holds the turn (`filing_turn`). Raises UsageError, FileError, WorkError, OSError.
    """
    if source == target:
        raise UsageError(_("{ref} cannot be merged into itself.").format(ref=source))
    task, _content = find_task(client, source)
    into, _content = find_task(client, target)
    was_merged = task.status is Status.CANCELLED and task.merged_into == target
    for each, other in ((task, str(target)), (into, "")):
        before = str(front_of(client.task_file(each.name)).get("merged") or "")
        if before not in {"", other}:
            raise UsageError(_("{ref} is merged into {other} already.").format(ref=each.ref, other=before))
    messages = messages_of(client, task)
    expect_shown_request(task, messages)
    expect_shown_request(into, messages_of(client, into))
    _mark(client, source, target, note)
    for message in messages:
        # The request of the task it goes into stays the one.
        move_message(client, message, task.name, into.name, Kind.REPLY if message.kind is Kind.REQUEST else message.kind)
    clear_moved_files(client, task.name, into.name)
    files = _move_rest(client, task, into)
    change_status(client, source, Status.CANCELLED, by, now)
    clear_folder(client.thread(task.name))
    return Merged(len(messages), files, into, was_merged=was_merged and not messages and not files)


def messages_of(client: ClientFolder, task: Task) -> tuple[Message, ...]:
    """Read a task's messages, oldest first. Raises FileError where one cannot be read."""
    problems: list[Problem] = []
    messages = read_messages(client, task.name, problems)
    if problems:
        raise FileError(problems)
    return messages


def expect_shown_request(task: Task, messages: Sequence[Message]) -> None:
    """See that a task's request is not withheld: while it is, the whole task is; without it, its text would be shown.

    Raises UsageError.
    """
    request = next((message for message in messages if message.kind is Kind.REQUEST), None)
    if request is not None and request.is_withheld:
        said = _(
            "{ref} began with a mail that is kept from the portal, and so all of it is. First say whether it is theirs: "
            "recado message accept {id}. If it is not: recado task cancel {ref}"
        )
        raise UsageError(said.format(ref=task.ref, id=request.id))


def _mark(client: ClientFolder, source: Ref, target: Ref, note: str) -> None:
    """Say in the task's file where it goes on, once."""

    def edit() -> None:
        task, content = find_task(client, source)
        file = client.task_file(task.name)
        if front_of(file).get("merged"):
            return
        ending = "\r\n" if b"\r\n" in content else "\n"
        text = edit_front_matter(content.decode("utf-8"), {"merged": str(target)})
        text = f"{text.rstrip()}{ending}{ending}{note}{ending}"
        replace_if_unchanged(file, content, text.encode())

    edited(source, edit)


def _move_rest(client: ClientFolder, task: Task, into: Task) -> int:
    """Move what hangs on a task besides its messages; gives how many files and folders that were."""
    old, new = client.thread(task.name), client.thread(into.name)
    moved = 0
    for folder, place in ((old / "files", new / "files"), (old, new)):
        for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
            if entry.name.startswith(".") or entry == old / "files":
                continue
            if entry == old / "private.md" and (new / "private.md").is_file():
                _append_notes(entry, new / "private.md", str(task.ref))
            else:
                move_beside(entry, place)
            moved += 1
    return moved


def _append_notes(notes: Path, to: Path, ref: str) -> None:
    """Put the VA's notes below those that are there, once, and remove them here."""

    def edit() -> None:
        read = to.read_bytes()
        block = b"\n\n---\n\n%s:\n\n%s" % (ref.encode(), notes.read_bytes())
        if block not in read:
            replace_if_unchanged(to, read, read.rstrip() + block)

    edited(to, edit)
    notes.unlink()
    sync_folder(notes.parent)

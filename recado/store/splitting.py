"""A message that asks for something else: it becomes a task of its own, alone or with all that came after it.

 1. the new task has its number, and a folder with the finished task file inside (`.task`), which no one reads yet
 2. the messages move there, each with its attachments
 3. the history has its row, and the task file its name

The new task says what it was made of (`split: ACME-41 20261124T081209Z-7f3a91c2`): by that, the same command again finds what
an earlier one began and did not end.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recado.errors import UsageError
from recado.model.history import Change
from recado.model.message import Kind
from recado.model.ref import Ref
from recado.model.status import Status
from recado.model.task import Task, number_in_name
from recado.speech import _
from recado.store.atomic import sync_folder, write_whole
from recado.store.filing import UNFINISHED, complete, slug_of
from recado.store.front_matter import edit_front_matter, front_of
from recado.store.history import append_history, read_history
from recado.store.merging import messages_of
from recado.store.numbers import next_number
from recado.store.steps import Step, reached
from recado.store.tasks import find_task, write_task
from recado.store.thread_moves import clear_moved_files, move_message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recado.model.message import Message
    from recado.store.workspace import ClientFolder


@dataclass(frozen=True, slots=True)
class Split:
    """The task that was made, and how many messages moved into it now."""

    ref: Ref
    name: str
    messages: int


def split_task(client: ClientFolder, source: Ref, message_name: str, *, title: str, has_following: bool, by: str) -> Split:
    """Make a task of a message of another, by its file's name; `has_following`: and of all later ones.

    The caller holds the turn (`filing_turn`). Raises UsageError, FileError, OSError.
    """
    task, _content = find_task(client, source)
    begun = _begun(client, source, message_name)
    messages = messages_of(client, task)
    chosen = [m for m in messages if m.name == message_name or (has_following and m.name > message_name)]
    if not chosen and begun is None:
        raise UsageError(_("There is no message {id} in {ref}.").format(id=message_name, ref=source))
    if chosen and len(chosen) == len(messages):
        raise UsageError(
            _("{ref} has no other message: what is left of it would be no task. Change its title instead.").format(ref=source)
        )
    _expect_request_stays(task, messages, chosen)
    name = begun or _place(client, source, chosen[0], title)
    number = number_in_name(name)
    assert number is not None  # noqa: S101 (it was given its number, or found by it)
    for message in chosen:
        is_first = message.name == message_name and message.kind is not Kind.OUTGOING
        move_message(client, message, task.name, name, Kind.REQUEST if is_first else message.kind)
    clear_moved_files(client, task.name, name)
    ref = Ref(source.code, number)
    _record(client, ref, name, by)
    complete(client, source.code, name)
    return Split(ref, name, len(chosen))


def _expect_request_stays(task: Task, messages: Sequence[Message], chosen: Sequence[Message]) -> None:
    """See that what withholds a whole task stays with it: its text is from that mail."""
    request = next((message for message in messages if message.kind is Kind.REQUEST), None)
    if request is not None and request.is_withheld and request in chosen:
        said = _(
            "{ref} began with this mail, which is kept from the portal. First say whether it is theirs: recado message "
            "accept {id}"
        )
        raise UsageError(said.format(ref=task.ref, id=request.id))


def _begun(client: ClientFolder, source: Ref, message_name: str) -> str | None:
    """Find the task that an earlier run made of this message. One that was merged or cancelled since is done with."""
    if not client.tasks.is_dir():
        return None
    mark = f"{source} {message_name}"
    for entry in sorted(client.tasks.iterdir()):
        file = entry / UNFINISHED if entry.is_dir() else entry
        name = entry.name.removesuffix(".md")
        if not number_in_name(name) or not file.is_file():
            continue
        front = front_of(file)
        is_cancelled = str(front.get("status")).strip().lower() == Status.CANCELLED
        if front.get("split") == mark and not front.get("merged") and not is_cancelled:
            return name
    return None


def _place(client: ClientFolder, source: Ref, message: Message, title: str) -> str:
    """Put the new task's folder in its place, with the task file in it as no one reads it yet. Gives its name."""
    number = next_number(client)
    reached(Step.NUMBERED)
    name = f"{number:04d}-{slug_of(title)}"
    task = Task(
        ref=Ref(source.code, number),
        name=name,
        title=title,
        received=message.received,
        requester=None if message.kind is Kind.OUTGOING else message.sender,
        message=message.message_id or None,
        body=f"{message.text}\n",
    )
    aside = client.tasks / f".{name}.part"
    shutil.rmtree(aside, ignore_errors=True)
    text = edit_front_matter(write_task(task), {"split": f"{source} {message.name}"})
    write_whole(aside / UNFINISHED, text.encode())
    reached(Step.MADE_ASIDE)
    aside.rename(client.thread(name))
    sync_folder(client.tasks)
    return name


def _record(client: ClientFolder, ref: Ref, name: str, by: str) -> None:
    """Write the task's first row, once."""
    unfinished = client.thread(name) / UNFINISHED
    if not unfinished.is_file() or any(change.ref == ref for change in read_history(client)):
        return
    messages = sorted(client.thread(name).glob("*Z-*.md"))
    task = messages_of(client, Task(ref, name, ""))[0] if messages else None
    if task is not None:
        append_history(client, [Change(task.received, ref, by, None, Status.NEW)])
    reached(Step.RECORDED)

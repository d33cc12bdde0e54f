"""A task as commands give it: as data for other programs, and in words where it stands and when it is due."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from recado.cli.task_verbs import status_in_words
from recado.model.message import Kind
from recado.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from recado.model.history import Change
    from recado.model.message import Message
    from recado.model.task import Task
    from recado.store.workspace import ClientFolder


def task_data(key: str, each: Task) -> dict[str, Any]:
    """Give a task for other programs; `key` is its client's."""
    return {
        "ref": str(each.ref),
        "client": key,
        "title": each.title,
        "status": each.status.value,
        "important": each.important,
        "urgent": each.urgent,
        "service": each.service,
        "received": each.received.isoformat() if each.received else None,
        "due": each.due.isoformat() if each.due else None,
        "estimate_minutes": each.estimate,
        "requester": str(each.requester) if each.requester else None,
        "assignee": each.assignee,
        "merged_into": str(each.merged_into) if each.merged_into else None,
    }


def due_in_words(each: Task, zone: tzinfo) -> str:
    """Say when it is due, in the VA's own time."""
    if isinstance(each.due, datetime):
        return f"{each.due.astimezone(zone):%Y-%m-%d %H:%M}"
    return each.due.isoformat() if isinstance(each.due, date) else ""


def standing(client: ClientFolder, each: Task, change: Change | None) -> str:
    """Say where a task stands, and what the VA must not miss in its thread: an answer, a mail that waits for her word.

    `change` is the task's last one in the history.
    """
    from recado.model.client_work import answer_in  # noqa: PLC0415
    from recado.store.messages import read_messages  # noqa: PLC0415

    said = status_in_words(each.status)
    if each.merged_into:
        return _("goes on in {ref}").format(ref=each.merged_into)
    messages = read_messages(client, each.name, [])
    if answer_in(each, messages, change.at if change and change.after is each.status else None):
        said = _("{status}: they have answered").format(status=said)
    request = request_in(messages)
    if request and request.is_withheld:
        return _("{where} (withheld)").format(where=said)
    waiting = sum(message.is_in_check for message in messages)
    if waiting and each.is_open:
        words = ngettext("{status} · {number} message withheld", "{status} · {number} messages withheld", waiting)
        said = words.format(status=said, number=waiting)
    return said


def request_in(messages: Sequence[Message]) -> Message | None:
    """Find the message that began a task: while it is withheld, all of the task is."""
    return next((message for message in messages if message.kind is Kind.REQUEST), None)

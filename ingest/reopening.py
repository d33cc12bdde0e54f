"""Whether an answer that the VA lets through opens a finished task again: by the rule that holds when mail arrives. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.client_mail import OPEN_TO_ANSWERS
from ingest.thanks import is_only_thanks
from ingest.whose import clients_of, names_around
from recado.model.message import THIRD_PARTY, Kind
from recado.model.status import Status

if TYPE_CHECKING:
    from datetime import datetime

    from recado.model.message import Message
    from recado.model.practice import Practice
    from recado.model.task import Task


def opens_again(message: Message, task: Task, client: str, closed_at: datetime | None, practice: Practice) -> bool:
    """Tell whether an answer opens a task again: one of the client's own people, to what was done lately, and not just thanks.

    `closed_at` (UTC) tells when it was done, None where nobody knows. What was withheld came when it came: an answer from
    before the task was done opens nothing.
    """
    if task.status is not Status.DONE or message.kind is not Kind.REPLY or THIRD_PARTY in message.flags:
        return False
    if client not in clients_of(message.sender.email, practice):
        return False
    if closed_at is not None and not closed_at <= message.received <= closed_at + OPEN_TO_ANSWERS:
        return False
    return bool(message.attachments) or not is_only_thanks(message.text, names_around(message.sender, practice))

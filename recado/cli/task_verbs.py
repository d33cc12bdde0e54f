"""The verbs that move a task on: each sets a status, and says what the client sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from recado.cli.frame import json_option, workspace_option
from recado.cli.names import task_at
from recado.cli.output import print_json
from recado.errors import UsageError
from recado.model.status import Status
from recado.speech import _, pgettext

if TYPE_CHECKING:
    from pathlib import Path

    from recado.model.task import Task
    from recado.store.workspace import ClientFolder


def status_in_words(status: Status) -> str:
    """Say a status to the VA."""
    return {
        Status.NEW: pgettext("task", "new"),
        Status.ACCEPTED: pgettext("task", "accepted"),
        Status.DOING: pgettext("task", "doing"),
        Status.WAITING: pgettext("task", "waiting for the client"),
        Status.REVIEW: pgettext("task", "in review"),
        Status.APPROVAL: pgettext("task", "for the client's approval"),
        Status.DONE: pgettext("task", "done"),
        Status.CANCELLED: pgettext("task", "cancelled"),
    }[status]


def _verb(name: str, status: Status, help_text: str) -> click.Command:
    """Make a command that moves tasks to a status."""

    @click.command(name, help=help_text)
    @click.argument("refs", metavar="REF...", nargs=-1, required=True)
    @workspace_option
    @json_option
    def move(refs: tuple[str, ...], folder: Path | None, as_json: bool) -> None:
        from recado.clock import now  # noqa: PLC0415
        from recado.store.status import change_status  # noqa: PLC0415
        from recado.store.tasks import find_task  # noqa: PLC0415

        at = now()
        moved = []
        places = [task_at(ref, folder) for ref in refs]
        for workspace, _practice, key, parsed in places:  # a slip in the last one leaves the first one as it is
            found, _content = find_task(workspace.client(key), parsed)
            if found.merged_into:
                raise UsageError(_("{ref} goes on in {other}: move that one on.").format(ref=parsed, other=found.merged_into))
        for workspace, practice, key, parsed in places:
            before = change_status(workspace.client(key), parsed, status, practice.business.owner_key, at)
            moved.append({"ref": str(parsed), "title": before.title, "from": before.status.value, "to": status.value})
            if as_json:
                continue
            is_so = before.status is status
            said = _("{ref} is {status} already: {title}") if is_so else _("{ref} is now {status}: {title}")
            click.echo(said.format(ref=parsed, status=status_in_words(status), title=before.title))
            if status is Status.WAITING and not _has_asked(workspace.client(key), before):
                click.echo(
                    _(
                        "You have not asked them anything in this thread yet. Answer their mail from your mail program, with "
                        "{address} in copy: `recado ingest` files it, and the portal shows it as your question."
                    ).format(address=practice.mailbox.address),
                    err=True,
                )
        if as_json:
            print_json(moved)

    return move


def _has_asked(client: ClientFolder, task: Task) -> bool:
    """Tell whether the thread holds a message of the VA's, which the portal shows as the question."""
    from recado.model.message import Kind  # noqa: PLC0415
    from recado.store.messages import read_messages  # noqa: PLC0415

    return any(message.kind is Kind.OUTGOING for message in read_messages(client, task.name, []))


VERBS = (
    _verb(
        "accept",
        Status.ACCEPTED,
        _("You take the task on. The client sees it under “Next”.\n\nFor example: recado task accept ACME-42"),
    ),
    _verb(
        "start",
        Status.DOING,
        _("You begin (or go on) with it. The client sees it as under way.\n\nFor example: recado task start ACME-42"),
    ),
    _verb(
        "wait",
        Status.WAITING,
        _(
            "You need something from the client first. Their portal puts the task on top, with your last message "
            "as the question and a "
            "button to answer.\n\nFor example: recado task wait ACME-42"
        ),
    ),
    _verb(
        "review",
        Status.REVIEW,
        _("The work is there and you check it before the client sees it.\n\nFor example: recado task review ACME-42"),
    ),
    _verb(
        "approve",
        Status.APPROVAL,
        _(
            "You have checked it: now the client is asked to approve. Their portal puts the task on top with an "
            "“Approve” button.\n\n"
            "For example: recado task approve ACME-42"
        ),
    ),
    _verb(
        "done",
        Status.DONE,
        _(
            "It is finished. The client sees it under “Lately done”, with today's date.\n\n"
            "For example: recado task done ACME-42"
        ),
    ),
    _verb(
        "cancel",
        Status.CANCELLED,
        _("It will not be done. Its number is never used again.\n\nFor example: recado task cancel ACME-42"),
    ),
)

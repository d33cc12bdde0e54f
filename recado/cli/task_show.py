"""`recado task show`: one task, what is known of it, what waits for the VA's word, and all that was written in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from recado.cli.frame import json_option, workspace_option
from recado.cli.message_words import kind_in_words
from recado.cli.names import task_at
from recado.cli.output import print_json
from recado.cli.task_verbs import status_in_words
from recado.cli.task_words import due_in_words, request_in, task_data
from recado.cli.withheld_words import withheld_advice
from recado.errors import FileError
from recado.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from recado.errors import Problem
    from recado.model.message import Message
    from recado.model.task import Task


@click.command(
    help=_("Show one task: what is known of it, its text, and its messages.\n\nFor example: recado task show ACME-42")
)
@click.argument("ref", metavar="REF")
@workspace_option
@json_option
def show(ref: str, folder: Path | None, as_json: bool) -> None:
    """Show one task."""
    from recado.store.messages import read_messages  # noqa: PLC0415
    from recado.store.tasks import find_task  # noqa: PLC0415

    workspace, practice, key, parsed = task_at(ref, folder)
    client = workspace.client(key)
    found, _content = find_task(client, parsed)
    problems: list[Problem] = []
    messages = read_messages(client, found.name, problems)
    if problems:
        raise FileError(problems)
    if as_json:
        print_json(task_data(key, found) | {"body": found.body, "messages": [_as_data(message) for message in messages]})
        return
    zone = practice.business.timezone
    click.secho(f"{found.ref} {found.title}", bold=True)
    for line in _to_know(found, messages):
        click.secho(line, fg="yellow")
    known = (
        (_("Status"), status_in_words(found.status)),
        (_("Due"), due_in_words(found, zone)),
        (_("Service"), found.service or ""),
        (_("From"), str(found.requester or "")),
        (_("File"), workspace.shown(client.task_file(found.name))),
    )
    for name, value in known:
        if value:
            click.echo(f"{name}: {value}")
    if _says_more(found, messages):
        click.echo(f"\n{found.body.strip()}")
    for m in messages:
        said = [f"{m.received.astimezone(zone):%Y-%m-%d %H:%M}", str(m.sender), kind_in_words(m.kind), m.id]
        if m.is_withheld:
            said.append(_("withheld"))
        click.secho(f"\n{' · '.join(said)}", bold=True)
        click.echo(m.text)
        for attachment in m.attachments:
            click.echo(f"  + {workspace.shown(client.thread(found.name) / 'files' / attachment)}")


def _to_know(task: Task, messages: Sequence[Message]) -> Iterator[str]:
    """Say what the VA must know before she reads on."""
    if task.merged_into:
        yield _("It goes on in {ref}.").format(ref=task.merged_into)
    request = request_in(messages)
    if request and request.is_withheld:
        yield from withheld_advice(request)
    waiting = [message for message in messages if message.is_in_check and message is not request]
    if waiting:
        yield ngettext(
            "{number} message is kept from the portal until you have said your word:",
            "{number} messages are kept from the portal until you have said your word:",
            len(waiting),
        ).format(number=len(waiting))
        yield from (f"  recado message show {message.id}" for message in waiting)


def _says_more(task: Task, messages: Sequence[Message]) -> bool:
    """Tell whether the task's text says more than the message it was made of, by letters and figures, as on the portal."""
    if not task.body.strip():
        return False
    first = request_in(messages) or (messages[0] if messages else None)
    return first is None or _letters(task.body) != _letters(first.text)


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _as_data(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "from": str(message.sender),
        "received": message.received.isoformat(),
        "kind": message.kind,
        "verified": message.verified,
        "withheld": message.is_withheld,
        "attachments": message.attachments,
        "text": message.text,
    }

"""`recado task`: the work, listed, shown, begun and moved on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import category

import click

from recado.cli.frame import json_option, workspace_at, workspace_option
from recado.cli.names import expect_client
from recado.cli.output import print_json, print_table
from recado.cli.status_choice import StatusChoice
from recado.cli.task_show import show
from recado.cli.task_threads import merge, split
from recado.cli.task_verbs import VERBS
from recado.cli.task_words import due_in_words, standing, task_data
from recado.errors import FileError, UsageError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recado.errors import Problem
    from recado.model.practice import Practice
    from recado.model.status import Status
    from recado.model.task import Task
    from recado.store.workspace import Workspace


@click.group(
    help=_(
        "Your clients' tasks.\n"
        "\n"
        "A task is a text file, portal_src/CLIENT/tasks/0042-december-posts.md: edit it in any editor. These "
        "commands do what is quicker "
        "typed; a status you change in the editor counts just the same.\n"
        "\n"
        "Answer a client from your mail program, with the request address in copy: `recado ingest` files it in the thread.\n"
        "\n"
        "\b\n"
        "new → accepted → doing ⇄ waiting → review → approval → done\n"
        "\n"
        "A ref names a task: ACME-42."
    )
)
def task() -> None:
    """Group what is done with tasks."""


for _each in (show, *VERBS, merge, split):
    task.add_command(_each)


@task.command(
    "list",
    help=_(
        "List tasks: what is open, the next due first.\n"
        "\n"
        "\b\n"
        "One client's:            recado task list --client acme\n"
        "Those that wait for you: recado task list --status new\n"
        "Closed ones too:         recado task list --all"
    ),
)
@click.option("--client", "client_key", metavar="KEY", help=_("Only this client's: its key in clients.yml."))
@click.option(
    "--status", "wanted", type=StatusChoice(), metavar="STATUS", help=_("Only those in this status: new, doing, waiting, …")
)
@click.option("--all", "show_all", is_flag=True, help=_("Done and cancelled ones too."))
@workspace_option
@json_option
def list_tasks(client_key: str | None, wanted: Status | None, show_all: bool, folder: Path | None, as_json: bool) -> None:
    """List tasks."""
    from recado.model.history import latest  # noqa: PLC0415
    from recado.store.history import read_history  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415

    workspace = workspace_at(folder)
    practice = load_practice(workspace)
    if client_key is not None:
        expect_client(client_key, practice)
    problems: list[Problem] = []
    found = [
        (key, each)
        for key, each in _all_tasks(workspace, practice, problems)
        if client_key in (None, key) and (each.status is wanted if wanted else show_all or each.is_open)
    ]
    found.sort(key=lambda pair: (pair[1].due is None, str(pair[1].due or ""), pair[1].ref))
    if as_json:
        print_json([task_data(key, each) for key, each in found])
    elif found:
        last = {key: latest(read_history(workspace.client(key))) for key in {key for key, _task in found}}
        rows = [
            (
                str(t.ref),
                t.title,
                standing(workspace.client(key), t, last[key].get(t.ref)),
                due_in_words(t, practice.business.timezone),
                t.service or "",
            )
            for key, t in found
        ]
        print_table((_("Ref"), _("Task"), _("Status"), _("Due"), _("Service")), rows)
    elif not problems and (client_key or wanted):
        click.echo(_("No tasks such as these. `recado task list --all` shows them all."))
    elif not problems:
        click.echo(_("No tasks here. `recado ingest` files new mail; `recado task new` makes one by hand."))
    if problems:
        raise FileError(problems)


@task.command(
    help=_(
        "Make a task by hand, with the client's next number, and say which file it is.\n"
        "\n"
        "For example: recado task new acme Order the autumn leaflets --due 2026-12-04\n"
        "\n"
        "It begins as accepted, for you know of it already."
    )
)
@click.argument("client_key", metavar="CLIENT")
@click.argument("title", nargs=-1, required=True)
@click.option("--due", metavar="DAY", help=_("When it is due: 2026-12-04, or with a time and zone."))
@click.option("--service", metavar="KEY", help=_("Which service it is: its key in clients.yml."))
@workspace_option
@json_option
def new(
    client_key: str, title: tuple[str, ...], due: str | None, service: str | None, folder: Path | None, as_json: bool
) -> None:
    """Make a task by hand."""
    from recado.clock import now  # noqa: PLC0415
    from recado.model.instant import parse_due  # noqa: PLC0415
    from recado.store.filing import file_by_hand  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415

    workspace = workspace_at(folder)
    practice = load_practice(workspace)
    expect_client(client_key, practice)
    if service is not None and service not in practice.services:
        known = ", ".join(practice.services) or "—"
        raise UsageError(
            _("There is no service {service!r} in clients.yml; there are: {known}.").format(service=service, known=known)
        )
    try:
        day = parse_due(due) if due else None
    except ValueError as error:
        raise UsageError(_("--due is {due!r}; expected a day such as 2026-12-04.").format(due=due)) from error
    words = " ".join(" ".join(title).split())
    if not words or any(category(letter) in {"Cc", "Cs"} for letter in words):
        raise UsageError(_("A task needs a title: some words that can be read."))
    record = practice.record(client_key)
    made = file_by_hand(
        workspace.client(client_key),
        record.client.code,
        words,
        due=day,
        service=service,
        by=practice.business.owner_key,
        now=now(),
    )
    file = workspace.shown(workspace.client(client_key).task_file(made.name))
    if as_json:
        print_json(task_data(client_key, made) | {"file": file})
    else:
        click.echo(_("{ref} is in {file}").format(ref=made.ref, file=file))


def _all_tasks(workspace: Workspace, practice: Practice, problems: list[Problem]) -> Iterator[tuple[str, Task]]:
    from recado.store.tasks import read_tasks  # noqa: PLC0415

    for key, client in practice.clients.items():
        for each in read_tasks(workspace.client(key), client.code, problems):
            yield key, each

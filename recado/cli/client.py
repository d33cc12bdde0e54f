"""`recado client`: who the clients are, and where their portals stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from recado.cli.frame import json_option, workspace_at, workspace_option
from recado.cli.output import print_json, print_table
from recado.errors import FileError
from recado.speech import _

if TYPE_CHECKING:
    from pathlib import Path

    from recado.errors import Problem


@click.group(
    help=_("Your clients. They are kept in clients.yml: edit it in any editor; the program checks it whenever it reads it.")
)
def client() -> None:
    """Group what is done with clients."""


@client.command("list", help=_("List your clients, with their language and time zone, and how many open tasks each has."))
@workspace_option
@json_option
def list_clients(folder: Path | None, as_json: bool) -> None:
    """List clients."""
    from recado.clock import now  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415
    from recado.store.tasks import read_tasks  # noqa: PLC0415

    workspace = workspace_at(folder)
    practice = load_practice(workspace)
    today = now().astimezone(practice.business.timezone).date()
    problems: list[Problem] = []
    found = []
    for key, each in practice.clients.items():
        record = practice.record(key)
        tasks = read_tasks(workspace.client(key), each.code, problems)
        found.append(
            {
                "key": key,
                "code": each.code,
                "name": each.name,
                "language": record.language,
                "timezone": str(record.timezone),
                "currency": record.currency,
                "open_tasks": sum(task.is_open for task in tasks),
                "tasks": len(tasks),
                "ended": record.has_ended(today),
            }
        )
    if problems:
        raise FileError(problems)
    if as_json:
        print_json(found)
        return
    headings = (_("Key"), _("Code"), _("Name"), _("Language"), _("Zone"), _("Open"))
    columns = ("key", "code", "name", "language", "timezone", "open_tasks")
    rows = [tuple(str(row[column]) for column in columns) for row in found]
    if rows:
        print_table(headings, rows)
    else:
        click.echo(_("No clients yet. Add one under `clients:` in {file}.").format(file=workspace.practice_file))

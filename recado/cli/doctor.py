"""`recado doctor`: is everything as it must be, and what to do where it is not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from recado.cli.frame import json_option, workspace_at, workspace_option
from recado.cli.output import print_json
from recado.model.check import Check, Verdict
from recado.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recado.errors import Problem
    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

_SHOWN = 3
_MARKS = {
    Verdict.GOOD: ("✓", "green"),
    Verdict.WARNING: ("!", "yellow"),
    Verdict.BAD: ("✗", "red"),
    Verdict.SKIPPED: ("-", None),
}


@click.command(
    help=_(
        "See whether everything works, and what to do if not.\n"
        "\n"
        "clients.yml, your files, the disk, the mailbox: its name, port, certificate, password, login, folders, how new mail "
        "is noticed and moved; the server that sends; whose word counts on who sent a mail, with what to write in "
        "clients.yml; and the places that portals are published to.\n"
        "\n"
        "Nothing is changed, and no password is shown. The exit status is 1 where something does not work."
    )
)
@workspace_option
@json_option
def doctor(folder: Path | None, as_json: bool) -> int:
    """Look at everything the mail needs."""
    workspace = workspace_at(folder)
    found = []
    for check in _checks(workspace):
        found.append(check)
        if not as_json:
            _say(check)
    bad, odd = (sum(check.verdict is verdict for check in found) for verdict in (Verdict.BAD, Verdict.WARNING))
    if as_json:
        print_json([{"subject": c.subject, "verdict": c.verdict, "said": c.said, "advice": c.advice} for c in found])
    elif bad:
        said = ngettext("{number} thing does not work.", "{number} things do not work.", bad)
        click.echo("\n" + said.format(number=bad), err=True)
    elif odd:
        said = ngettext("It works; {number} thing is worth a look (!).", "It works; {number} things are worth a look (!).", odd)
        click.echo("\n" + said.format(number=odd))
    else:
        click.echo("\n" + _("Everything works."))
    return 1 if bad else 0


def _checks(workspace: Workspace) -> Iterator[Check]:
    from ingest.checkup import check_mailbox  # noqa: PLC0415 (late: IMAP, not for --help)
    from ingest.sending import check_sending  # noqa: PLC0415
    from recado.clock import now  # noqa: PLC0415
    from recado.deploy.checkup import check_places  # noqa: PLC0415
    from recado.errors import ConfigurationError, WorkError  # noqa: PLC0415
    from recado.store.footing import check_footing  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415
    from recado.store.secrets import reveal  # noqa: PLC0415

    practice = None
    try:
        practice = load_practice(workspace)
        said = ngettext("can be read: {number} client", "can be read: {number} clients", len(practice.clients))
        yield Check("clients.yml", Verdict.GOOD, said.format(number=len(practice.clients)))
    except (ConfigurationError, WorkError) as error:
        yield Check("clients.yml", Verdict.BAD, _("cannot be used"), str(error))
    yield from check_footing(workspace)
    if practice is None:
        yield Check(_("mailbox"), Verdict.SKIPPED, _("not looked at, for what failed above"))
        return
    yield _files(workspace, practice)
    mailbox = practice.mailbox
    yield from check_mailbox(mailbox, partial(reveal, mailbox.password, user=mailbox.user), now())
    if practice.outgoing is not None:
        yield check_sending(practice.outgoing)
    yield from check_places(workspace, practice, now())


def _files(workspace: Workspace, practice: Practice) -> Check:
    """Read all that portals are built from: a build refuses what cannot be read."""
    from recado.errors import FileError  # noqa: PLC0415
    from recado.store.client_work import load_client_work  # noqa: PLC0415

    subject = _("tasks and messages")
    tasks = 0
    problems: list[Problem] = []
    for key in practice.clients:
        try:
            tasks += len(load_client_work(workspace.client(key), practice.record(key)).threads)
        except FileError as error:
            problems += error.problems
    if not problems:
        said = ngettext("can be read: {number} task", "can be read: {number} tasks", tasks)
        return Check(subject, Verdict.GOOD, said.format(number=tasks))
    said = ngettext("{number} mistake in your files", "{number} mistakes in your files", len(problems))
    advice = _("No portal of these clients is built until it is put right. `recado build` names them all.")
    shown = "\n".join(map(str, problems[:_SHOWN]))
    return Check(subject, Verdict.BAD, said.format(number=len(problems)), f"{shown}\n{advice}")


def _say(check: Check) -> None:
    mark, colour = _MARKS[check.verdict]
    click.echo(f"{click.style(mark, fg=colour)} {check.subject}: {check.said}")
    for line in check.advice.splitlines():
        click.echo(f"    {line}")

"""`recado demo`: the whole line on this machine, from mail on its way to portals in the browser."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recado.cli.demo_run import PASSWORD, reception, run_demo
from recado.cli.frame import json_option
from recado.cli.output import is_terminal, print_json, print_table
from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recado.cli.demo_run import DemoRun

_ADDRESS = re.compile(r"\s*<[^>]*>")
PASSWORD_NAME = "RECADO_IMAP_PASSWORD"  # noqa: S105 (a variable's name)


@click.command(
    help=_(
        "See Recado work: real mail in, private portals out. There is nothing to set up.\n"
        "\n"
        "It starts a mail exchanger (SMTP) and a mailbox (IMAP) on this machine alone, lets three clients of "
        "a made-up practice write "
        "their week's mail to it, reads and files that mail exactly as it would yours, builds the three "
        "portals and serves them to your "
        "browser. Nothing leaves this machine, and what was looked at and not kept with --dir is deleted again.\n"
        "\n"
        "\b\n"
        "Look at it:              recado demo\n"
        "Keep it, to play with:   recado demo --dir my-demo\n"
        "Only the mail servers:   recado demo --mailbox     (then try `recado ingest` by hand)"
    )
)
@click.option(
    "--serve/--no-serve",
    "serve",
    default=None,
    help=_("Serve the portals until Ctrl-C, or not. Without it: on a terminal only."),
)
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=_("Make the workspace in DIR and leave it there."),
)
@click.option(
    "--mailbox", is_flag=True, help=_("Keep only the two mail servers running, on the ports that the demo's clients.yml names.")
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="PORT",
    help=_("Serve the portals on this port. Without it: a free one."),
)
@json_option
def demo(serve: bool | None, directory: Path | None, mailbox: bool, port: int, as_json: bool) -> None:
    """Run the demo."""
    if mailbox:
        with _folder(directory, goes_away=True) as folder:
            _keep_mailbox(folder)
        return
    serves = serve if serve is not None else is_terminal() and sys.stdin.isatty() and not as_json
    with _folder(directory, goes_away=serves) as folder:
        run = run_demo(folder, quiet=as_json)
        if as_json:
            print_json(run.as_data())
        else:
            _say(run)
        if serves:
            _serve(run, port)
        elif not as_json:
            command = f"recado serve --workspace {shlex.quote(str(folder))}"
            click.echo(_("Everything is in {folder}. Look at it: {command}").format(folder=folder, command=command))


@contextmanager
def _folder(directory: Path | None, *, goes_away: bool) -> Iterator[Path]:
    """Give the folder to work in. One nobody asked for goes away again once it has been looked at."""
    if directory is not None:
        yield directory.resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="recado-demo-"))
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if goes_away:
        shutil.rmtree(folder, ignore_errors=True)


def _say(run: DemoRun) -> None:
    from recado.cli.dates import short_instant  # noqa: PLC0415 (late)
    from recado.cli.ingest import outcome_in_words, place_in_words  # noqa: PLC0415
    from recado.clock import now  # noqa: PLC0415

    click.echo()
    at, zone = now(), run.practice.business.timezone
    rows = [
        (
            short_instant(mail.sent, zone, at),
            _ADDRESS.sub("", outcome.sender) or outcome.sender,
            mail.note,
            outcome_in_words(outcome) if outcome.is_quarantined else f"{outcome_in_words(outcome)} {place_in_words(outcome)}",
        )
        for mail, outcome in zip(run.delivered, run.outcomes, strict=True)
    ]
    headings = (_("Sent"), _("From"), _("Mail"), _("Became"))
    print_table(headings, rows, cut=headings[1:3], wrapped=headings[3:])
    click.echo()
    click.echo(
        _(
            "Accounted for: {filed} message files + {quarantined} in the quarantine = {delivered} mails "
            "delivered less {repeats} "
            "that came twice. (The practice had {had} messages before.)"
        ).format(filed=run.filed, quarantined=run.quarantined, delivered=len(run.delivered), repeats=run.repeats, had=run.had)
    )
    if run.repeats > sum(mail.expected == "repeat" for mail in run.delivered):
        click.echo(
            _(
                "The demo's own folder holds this mail already: someone ran `recado ingest` in it. `git status` there shows "
                "what came in, and `git clean` takes it away."
            )
        )
    click.echo(
        _("A second look into the mailbox filed {again}; {waiting} left in the inbox.").format(
            again=len(run.again), waiting=run.waiting
        )
    )
    for portal in run.portals:
        client = run.practice.clients[portal.key]
        click.echo(_("{name}: {pages} pages in {folder}").format(name=client.name, pages=portal.pages, folder=portal.folder))


def _serve(run: DemoRun, port: int) -> None:
    from recado.cli.preview import serving, wait_until_stopped  # noqa: PLC0415 (late)
    from recado.cli.serve import say_addresses  # noqa: PLC0415

    names = {key: client.name for key, client in run.practice.clients.items()}
    with serving(run.workspace.site, names, port=port) as address:
        say_addresses(address, names)
        wait_until_stopped()


def _keep_mailbox(folder: Path) -> None:
    """Run the two servers on the ports of the demo's own clients.yml, with the week's mail waiting, until stopped.

    `folder` becomes a workspace to try the commands in.
    """
    from recado.cli.preview import wait_until_stopped  # noqa: PLC0415 (late)
    from recado.clock import now as present  # noqa: PLC0415
    from recado.demo.mailbag import deliver, mailbag  # noqa: PLC0415
    from recado.demo.servers import demo_servers  # noqa: PLC0415
    from recado.demo.workspace import make_demo_workspace  # noqa: PLC0415
    from recado.resources import demo_practice  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415
    from recado.store.workspace import Workspace  # noqa: PLC0415

    practice = load_practice(Workspace(demo_practice()))
    now = present()
    if practice.outgoing is None:
        raise WorkError(_("The demo's clients.yml names no outgoing server, so there is no port for mail to come in."))
    ports = {"imap_port": practice.mailbox.port, "smtp_port": practice.outgoing.port}
    with demo_servers(practice, PASSWORD, reception(practice, now), **ports) as servers:
        make_demo_workspace(folder, demo_practice(), now, servers.imap_port, servers.smtp_port)
        mails = sum(1 for _mail in deliver(mailbag(now), practice.mailbox.address, servers.host, servers.smtp_port))
        click.echo(_("IMAP on 127.0.0.1:{port}, with {mails} mails waiting").format(port=servers.imap_port, mails=mails))
        click.echo(
            _("SMTP on 127.0.0.1:{port}, for mail to {address}").format(
                port=servers.smtp_port, address=practice.mailbox.address
            )
        )
        click.echo()
        click.echo(_("In another terminal (Ctrl-C here ends it):"))
        click.echo(f"  export {PASSWORD_NAME}={PASSWORD}")
        for command in ("ingest", "task list", "serve"):
            click.echo(f"  recado {command} --workspace {shlex.quote(str(folder))}")
        wait_until_stopped()

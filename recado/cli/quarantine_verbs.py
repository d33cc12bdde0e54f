"""The two words that end a quarantined mail's wait: accept, it is a client's; reject, it is not wanted."""

from __future__ import annotations

import re
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from recado.cli.frame import json_option, workspace_at, workspace_option
from recado.cli.names import expect_client, task_at
from recado.cli.output import print_json
from recado.cli.quarantine_senders import with_ascii_domains
from recado.errors import UsageError
from recado.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ingest.mail import Mail, Unreadable
    from ingest.release import Released
    from recado.model.practice import Practice
    from recado.model.ref import Ref
    from recado.store.quarantine import QuarantinedMail
    from recado.store.workspace import Workspace

_AGE = re.compile(r"(\d{1,4})\s*(d|days?|w|weeks?)", re.ASCII | re.IGNORECASE)


@click.command(
    help=_(
        "Say whose a mail is: it is filed for them, as if it had been known when it came, and leaves the quarantine.\n"
        "\n"
        "\b\n"
        "As a new task:                 recado quarantine accept 7f3a91c2 --client acme\n"
        "Into a task that is there:     recado quarantine accept 7f3a91c2 --task ACME-42\n"
        "And the next ones by itself:   recado quarantine accept 7f3a91c2 --client acme --remember\n"
        "\n"
        "A file that could run as a program is left out, and the mail as it came is kept in the client's private folder. So is "
        "a mail that cannot be read."
    )
)
@click.argument("named", metavar="ID...", nargs=-1, required=True)
@click.option("--client", "client_key", metavar="KEY", help=_("Whose it is: the client's key in clients.yml."))
@click.option("--task", "task_ref", metavar="REF", help=_("The task it belongs to, such as ACME-42."))
@click.option("--remember", is_flag=True, help=_("Add the sender's address to the client's `senders` in clients.yml."))
@click.option(
    "--remember-domain",
    is_flag=True,
    help=_("Add everyone at the sender's domain; not for public providers such as gmail.com."),
)
@workspace_option
@json_option
def accept(
    named: tuple[str, ...],
    client_key: str | None,
    task_ref: str | None,
    remember: bool,
    remember_domain: bool,
    folder: Path | None,
    as_json: bool,
) -> None:
    """File quarantined mails for a client."""
    from ingest.reading import read_mails  # noqa: PLC0415 (late: mail parsing, not for --help)
    from recado.store.practice_file import load_practice  # noqa: PLC0415
    from recado.store.quarantine import find_quarantined, quarantined_mails  # noqa: PLC0415

    workspace, practice, key, ref = _destination(client_key, task_ref, folder)
    waiting = quarantined_mails(workspace)
    chosen = dict.fromkeys(find_quarantined(waiting, each) for each in named)
    mails = read_mails((each.eml.read_bytes() for each in chosen), practice.mailbox.max_message)
    read = list(zip(chosen, mails, strict=True))
    remembered = []
    if remember or remember_domain:
        remembered = _remember(workspace, practice, key, read, is_domain=remember_domain)
        practice = load_practice(workspace)
    done = [_accept(workspace, practice, key, ref, each, mail) for each, mail in read]
    if as_json:
        print_json([_as_data(workspace, each, what) for (each, _mail), what in zip(read, done, strict=True)])
        return
    for (each, _mail), what in zip(read, done, strict=True):
        _say(workspace, each, what)
    for sender in remembered:
        click.echo(_("{sender} may write for {client} from now on.").format(sender=with_ascii_domains(sender), client=key))
    if any(what.ref for what in done):
        click.echo(_("`recado build` puts it on the portal."))


def _destination(
    client_key: str | None, task_ref: str | None, folder: Path | None
) -> tuple[Workspace, Practice, str, Ref | None]:
    """Find the client, and the task if one is named. Raises UsageError."""
    from recado.store.practice_file import load_practice  # noqa: PLC0415
    from recado.store.tasks import find_task  # noqa: PLC0415

    if task_ref is not None:
        workspace, practice, key, ref = task_at(task_ref, folder)
        if client_key not in {None, key}:
            raise UsageError(_("{ref} is a task of {owner}, not of {client}.").format(ref=ref, owner=key, client=client_key))
        find_task(workspace.client(key), ref)
        return workspace, practice, key, ref
    if client_key is None:
        raise UsageError(_("Say whose it is: --client KEY for a new task, or --task REF for one that is there."))
    workspace = workspace_at(folder)
    practice = load_practice(workspace)
    expect_client(client_key, practice)
    return workspace, practice, client_key, None


def _remember(
    workspace: Workspace,
    practice: Practice,
    key: str,
    read: Sequence[tuple[QuarantinedMail, Mail | Unreadable]],
    *,
    is_domain: bool,
) -> list[str]:
    """Add the senders to clients.yml; all are looked at before the first is added. Raises UsageError, WorkError."""
    from ingest.advice import sender_of  # noqa: PLC0415
    from recado.model.address import domain_of  # noqa: PLC0415
    from recado.store.known_sender import remember, remembering  # noqa: PLC0415

    senders = []
    for quarantined, mail in read:
        person = sender_of(mail, practice)
        if person is None:
            said = _("{id} has no sender that could be remembered. Accept it without --remember.")
            raise UsageError(said.format(id=quarantined.id))
        senders.append(f"@{domain_of(person.email)}" if is_domain else person.email)
    unique = list(dict.fromkeys(senders))
    for sender in unique:
        remembering(workspace, key, sender)
    return [sender for sender in unique if remember(workspace, key, sender)]


def _accept(
    workspace: Workspace, practice: Practice, key: str, ref: Ref | None, quarantined: QuarantinedMail, mail: Mail | Unreadable
) -> Released:
    from ingest.release import finish, release  # noqa: PLC0415
    from recado.clock import now  # noqa: PLC0415
    from recado.store.tasks import find_task  # noqa: PLC0415
    from recado.store.turn import filing_turn  # noqa: PLC0415

    at = now()
    with filing_turn(workspace):
        task = find_task(workspace.client(key), ref)[0] if ref else None
        done = release(workspace, practice, quarantined, mail, client=key, task=task, now=at)
        finish(workspace, quarantined, done, at)
    return done


def _say(workspace: Workspace, quarantined: QuarantinedMail, done: Released) -> None:
    if done.ref is None:
        said = _(
            "{id} cannot be read, so no task was made. The mail as it came is in {file}: open it in your mail program, and "
            "make the task by hand: recado task new {client} …"
        )
        click.echo(said.format(id=quarantined.id, file=workspace.shown(done.kept or quarantined.eml), client=done.client))
        return
    if done.was_filed:
        click.echo(
            _("{id} was filed before, in {ref}; now it is out of the quarantine.").format(id=quarantined.id, ref=done.ref)
        )
    else:
        click.echo(_("{id} is filed in {ref}: {subject}").format(id=quarantined.id, ref=done.ref, subject=quarantined.subject))
    if done.is_reopened:
        click.echo(_("{ref} was done, and is open again.").format(ref=done.ref))
    if done.left_out:
        said = _("Left out, because it could run as a program: {files}. The mail as it came is in {file}.")
        click.echo(said.format(files=", ".join(done.left_out), file=workspace.shown(done.kept) if done.kept else "—"))


def _as_data(workspace: Workspace, quarantined: QuarantinedMail, done: Released) -> dict[str, Any]:
    return {
        "id": quarantined.id,
        "ref": str(done.ref) if done.ref else None,
        "client": done.client,
        "kind": done.kind,
        "was_filed": done.was_filed,
        "reopened": done.is_reopened,
        "left_out": list(done.left_out),
        "kept": workspace.shown(done.kept) if done.kept else None,
    }


@click.command(
    help=_(
        "Say that a mail is not wanted: it is removed from the quarantine.\n"
        "\n"
        "\b\n"
        "One or several:   recado quarantine reject 7f3a91c2 0b1d44e0\n"
        "All the old ones: recado quarantine reject --older-than 30d\n"
        "\n"
        "The mail itself stays in your mailbox, in the folder Recado/Quarantine. A line in portal_src/_quarantine/rejected.csv "
        "remembers it, so that it is not filed if it comes again."
    )
)
@click.argument("named", metavar="[ID...]", nargs=-1)
@click.option("--older-than", "older_than", metavar="AGE", help=_("Those that came longer ago than this: 30d, or 8w."))
@click.option("--yes", is_flag=True, help=_("Do not ask first."))
@workspace_option
@json_option
def reject(named: tuple[str, ...], older_than: str | None, yes: bool, folder: Path | None, as_json: bool) -> None:
    """Remove mails from the quarantine."""
    from recado.clock import now  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415
    from recado.store.quarantine import find_quarantined, note_rejected, quarantined_mails, take_out  # noqa: PLC0415
    from recado.store.turn import filing_turn  # noqa: PLC0415

    if bool(named) is (older_than is not None):
        raise UsageError(_("Say which: one or more IDs, or --older-than 30d."))
    workspace = workspace_at(folder)
    practice = load_practice(workspace)
    at = now()
    waiting = quarantined_mails(workspace)
    chosen = list(dict.fromkeys(find_quarantined(waiting, each) for each in named))
    if older_than is not None:
        before = at - _age(older_than)
        chosen = [mail for mail in waiting if mail.received < before]
    if chosen and not yes and sys.stdin.isatty() and not as_json:
        for mail in chosen:
            click.echo(f"{mail.id}  {mail.received:%Y-%m-%d}  {with_ascii_domains(mail.sender)}  {mail.subject}")
        asked = ngettext(
            "Remove this mail from the quarantine?", "Remove these {number} mails from the quarantine?", len(chosen)
        )
        click.confirm(asked.format(number=len(chosen)), abort=True)
    with filing_turn(workspace):
        for mail in chosen:
            note_rejected(workspace, mail, at)
            take_out(mail)
    if as_json:
        print_json([mail.id for mail in chosen])
    elif not chosen:
        click.echo(_("Nothing in the quarantine is older than that."))
    else:
        said = ngettext(
            "{number} mail is out of the quarantine. The original stays in the mailbox, in {folder}.",
            "{number} mails are out of the quarantine. The originals stay in the mailbox, in {folder}.",
            len(chosen),
        )
        click.echo(said.format(number=len(chosen), folder=practice.mailbox.quarantine))


def _age(text: str) -> timedelta:
    found = _AGE.fullmatch(text.strip())
    if not found:
        raise UsageError(_("--older-than is {age!r}; expected days or weeks, such as 30d or 8w.").format(age=text))
    number = int(found[1])
    return timedelta(weeks=number) if found[2].lower().startswith("w") else timedelta(days=number)

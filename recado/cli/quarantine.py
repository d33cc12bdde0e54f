"""`recado quarantine`: the mail that no one could file, listed and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from recado.cli.frame import json_option, workspace_at, workspace_option
from recado.cli.output import print_json, print_table
from recado.cli.quarantine_senders import ascii_domains, with_ascii_domains
from recado.cli.quarantine_verbs import accept, reject
from recado.speech import _

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.mail import Mail, Unreadable
    from recado.model.practice import Practice
    from recado.store.quarantine import QuarantinedMail
    from recado.store.workspace import Workspace


@click.group(
    help=_(
        "Mail that could not be filed.\n"
        "\n"
        "Nothing is thrown away: each such mail is kept in portal_src/_quarantine as it came (.eml), with a "
        "page beside it (.md) that "
        "says why and what you can do. No client ever sees it.\n"
        "\n"
        "\b\n"
        "What is there:       recado quarantine list\n"
        "One of them:         recado quarantine show 7f3a91c2\n"
        "It is a client's:    recado quarantine accept 7f3a91c2 --client acme\n"
        "Not wanted:          recado quarantine reject 7f3a91c2\n"
        "\n"
        "An ID is the 8 digits at the end of the file's name; its first 4 are enough where no other begins with them."
    )
)
def quarantine() -> None:
    """Group what is done with quarantined mail."""


quarantine.add_command(accept)
quarantine.add_command(reject)


@quarantine.command("list", help=_("List what is in the quarantine, oldest first, each with the reason."))
@workspace_option
@json_option
def list_quarantined(folder: Path | None, as_json: bool) -> None:
    """List the quarantine."""
    from ingest.quarantine_page import short_reason  # noqa: PLC0415
    from recado.store.quarantine import quarantined_mails  # noqa: PLC0415

    workspace = workspace_at(folder)
    found = quarantined_mails(workspace)
    if as_json:
        print_json([_as_data(workspace, mail) for mail in found])
    elif found:
        headings = (_("ID"), _("Received"), _("From"), _("Subject"), _("Why"))
        rows = [
            (
                mail.id,
                f"{mail.received:%Y-%m-%d}",
                with_ascii_domains(mail.sender),
                mail.subject,
                short_reason(mail.reason),
            )
            for mail in found
        ]
        print_table(headings, rows, wrapped=headings[2:])  # no address is cut
        click.echo(_("`recado quarantine show ID` shows one, with what you can do about it."))
    else:
        click.echo(_("The quarantine is empty."))


@quarantine.command(
    help=_(
        "Show one mail: who sent it, why it was not filed, what you can do, and its text as far as it can be read.\n"
        "\n"
        "For example: recado quarantine show 7f3a91c2\n"
        "\n"
        "Only its words are shown: nothing in it is run, opened or fetched."
    )
)
@click.argument("named", metavar="ID")
@workspace_option
@json_option
def show(named: str, folder: Path | None, as_json: bool) -> None:
    """Show one quarantined mail."""
    from ingest.found_words import found_in_words  # noqa: PLC0415 (late: mail parsing, not for --help)
    from ingest.reading import read_mails  # noqa: PLC0415
    from recado.speech import catalogue, terminal_language  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415
    from recado.store.quarantine import find_quarantined, quarantined_mails  # noqa: PLC0415

    workspace = workspace_at(folder)
    practice = load_practice(workspace)
    quarantined = find_quarantined(quarantined_mails(workspace), named)
    (mail,) = read_mails([quarantined.eml.read_bytes()], practice.mailbox.max_message)
    data = _as_data(workspace, quarantined) | _as_read(quarantined, mail, practice)
    if as_json:
        print_json(data)
        return
    click.secho(data["subject"] or _("(no subject)"), bold=True)
    lines = (
        (_("From"), with_ascii_domains(data["from"])),
        (_("To"), ", ".join(data["to"])),
        (_("Received"), f"{quarantined.received.astimezone(practice.business.timezone):%Y-%m-%d %H:%M}"),
        (_("Why"), data["why"]),
        ("", data["what_to_do"]),
        (_("Found"), found_in_words(quarantined.reason, data["detail"], catalogue(terminal_language()))),
        (_("File"), data["file"]),
    )
    for name, value in lines:
        if value:
            click.echo(f"{name}: {value}" if name else value)
    click.echo()
    for command in data["commands"]:
        click.echo(f"  {command}")
    if "KEY" in " ".join(data["commands"]):
        click.echo(_("KEY is one of: {known}.").format(known=", ".join(practice.clients) or "—"))
    click.echo()
    click.echo(data["text"] or _("(no text that can be read)"))
    for attachment in data["attachments"]:
        runs = " · " + _("this could run as a program") if attachment["runs"] else ""
        click.echo(f"  + {attachment['name']} ({_size(attachment['bytes'])}){runs}")


def _as_data(workspace: Workspace, mail: QuarantinedMail) -> dict[str, Any]:
    from recado.model.instant import format_instant  # noqa: PLC0415

    return {
        "id": mail.id,
        "file": workspace.shown(mail.eml),
        "received": format_instant(mail.received),
        "from": mail.sender,
        "ascii_domains": list(ascii_domains(mail.sender)),
        "subject": mail.subject,
        "reason": mail.reason,
        "detail": mail.detail,
    }


def _as_read(quarantined: QuarantinedMail, mail: Mail | Unreadable, practice: Practice) -> dict[str, Any]:
    """Give what the mail itself says, and what can be done about it."""
    from ingest.advice import ready_commands  # noqa: PLC0415
    from ingest.decision import Reason  # noqa: PLC0415
    from ingest.mail import Mail  # noqa: PLC0415
    from ingest.quarantine_page import reason_in_words  # noqa: PLC0415
    from recado.speech import catalogue, terminal_language  # noqa: PLC0415

    why = what_to_do = ""
    if quarantined.reason in set(Reason):
        words = catalogue(terminal_language())
        why, what_to_do = reason_in_words(Reason(quarantined.reason), words, quarantined.detail)
    data: dict[str, Any] = {
        "verified": quarantined.verified,
        "why": why or quarantined.reason,
        "what_to_do": what_to_do,
        "commands": list(ready_commands(quarantined, mail, practice)),
        "to": [],
        "text": "",
        "attachments": [],
    }
    if isinstance(mail, Mail):
        data["to"] = [person.email for person in (*mail.to, *mail.cc)]
        data["text"] = "\n\n".join(part for part in (mail.text.strip(), mail.signature.strip(), mail.quoted.strip()) if part)
        data["attachments"] = [
            {"name": each.name, "type": each.content_type, "bytes": len(each.content), "runs": each.is_executable}
            for each in mail.attachments
        ]
    return data


def _size(number: int) -> str:
    return f"{number / 1_000_000:.1f} MB" if number >= 1_000_000 else f"{max(1, round(number / 1000))} kB"  # noqa: PLR2004

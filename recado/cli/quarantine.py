"""`recado quarantine`: the mail that no one could file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from recado.cli.frame import json_option, workspace_at, workspace_option
from recado.cli.output import print_json, print_table
from recado.speech import _

if TYPE_CHECKING:
    from pathlib import Path


@click.group(
    help=_(
        "Mail that could not be filed.\n"
        "\n"
        "Nothing is thrown away: each such mail is kept in portal_src/_quarantine as it came (.eml), with a "
        "page beside it (.md) that "
        "says why and what you can do. No client ever sees it."
    )
)
def quarantine() -> None:
    """Group what is done with quarantined mail."""


@quarantine.command("list", help=_("List what is in the quarantine, oldest first, each with the reason."))
@workspace_option
@json_option
def list_quarantined(folder: Path | None, as_json: bool) -> None:
    """List the quarantine."""
    from ingest.quarantine_page import short_reason  # noqa: PLC0415
    from recado.store.filing import quarantined_pages  # noqa: PLC0415

    workspace = workspace_at(folder)
    found = [
        {
            "id": eml.stem.rpartition("-")[2],
            "file": workspace.shown(eml),
            "received": said.get("received", ""),
            "from": said.get("from", ""),
            "subject": said.get("subject", ""),
            "reason": said.get("reason", ""),
            "detail": said.get("detail", ""),
        }
        for eml, said in quarantined_pages(workspace)
    ]
    if as_json:
        print_json(found)
    elif found:
        headings = (_("Id"), _("Received"), _("From"), _("Subject"), _("Why"))
        rows = [(q["id"], q["received"][:10], q["from"], q["subject"], short_reason(q["reason"])) for q in found]
        print_table(headings, rows)
        click.echo(
            _("Each has a page that says what you can do, in {folder}.").format(folder=workspace.shown(workspace.quarantine))
        )
    else:
        click.echo(_("The quarantine is empty."))

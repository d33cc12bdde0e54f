"""The list of who has a key to a portal; no key is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from recado.errors import WorkError
from recado.speech import _, pgettext

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from recado.cli.access_words import Access
    from recado.deploy.kept import Kept
    from recado.deploy.keys import Keys
    from recado.model.practice import Practice


class _Row(NamedTuple):
    portal: str
    access: Access
    kept: Kept | None
    is_readable: bool


def print_access(folder: Path | None, *, as_json: bool) -> None:
    """Print the list. Raises WorkError with every key that cannot be read, once the others are printed."""
    from recado.cli.access_words import expect_accesses  # noqa: PLC0415 (late)
    from recado.cli.frame import workspace_at  # noqa: PLC0415
    from recado.cli.output import print_json  # noqa: PLC0415
    from recado.clock import now  # noqa: PLC0415
    from recado.deploy.keys import Keys  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415

    workspace = workspace_at(folder)
    practice = load_practice(workspace)
    at = now()
    keys = Keys(practice, workspace, at)
    errors: list[str] = []
    rows = _rows(practice, keys, at, errors)
    if as_json:
        print_json([_as_data(row) for row in rows])
    elif rows:
        _print_rows(rows, practice, at)
        click.echo(
            _("The keys are kept in {folder}, or in your keyring: see that they are backed up.").format(folder=keys.folder)
        )
    elif not practice.clients:
        click.echo(_("No clients yet. Add one under `clients:` in {file}.").format(file=workspace.practice_file))
    else:
        expect_accesses(practice, next(iter(practice.clients)), None)
        click.echo(_("All of your clients have ended: none of them has a portal."))
    if errors:
        raise WorkError("\n".join(errors))


def _rows(practice: Practice, keys: Keys, at: datetime, errors: list[str]) -> list[_Row]:
    from recado.cli.access_words import accesses  # noqa: PLC0415 (late)
    from recado.deploy.keys import DESK  # noqa: PLC0415

    today = at.astimezone(practice.business.timezone).date()
    rows = []
    for portal in (*(key for key in practice.clients if not practice.record(key).has_ended(today)), DESK):
        for access in accesses(practice, portal):
            try:
                rows.append(_Row(portal, access, keys.kept(portal, access.kind), is_readable=True))
            except WorkError as error:
                rows.append(_Row(portal, access, None, is_readable=False))
                errors.append(str(error))
    return rows


def _print_rows(rows: list[_Row], practice: Practice, at: datetime) -> None:
    from recado.cli.access_words import joined, kind_in_words  # noqa: PLC0415 (late)
    from recado.cli.dates import short_instant  # noqa: PLC0415
    from recado.cli.output import print_table  # noqa: PLC0415

    def when(instant: datetime | None) -> str:
        return short_instant(instant, practice.business.timezone, at) if instant else _("not yet")

    table = []
    for row in rows:
        made, shown = when(row.kept and row.kept.made), when(row.kept and row.kept.shown)
        if not row.is_readable:
            made, shown = _("cannot be read"), ""
        table.append((row.portal, kind_in_words(row.access.kind), joined(row.access.places), made, shown))
    print_table((_("Client"), _("Access"), pgettext("access", "Places"), _("Made"), _("Shown")), table)


def _as_data(row: _Row) -> dict[str, object]:
    from recado.model.instant import format_instant  # noqa: PLC0415 (late)

    kept = row.kept
    return {
        "key": row.portal,
        "access": row.access.kind.value,
        "places": list(row.access.places),
        "made": format_instant(kept.made) if kept else None,
        "shown": format_instant(kept.shown) if kept and kept.shown else None,
        "readable": row.is_readable,
    }

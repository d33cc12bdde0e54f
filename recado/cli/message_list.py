"""`recado message list`: a line a message, the newest first, or those alone that wait for the VA's word."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import click

from recado.cli.frame import json_option, workspace_option
from recado.cli.message_places import chosen_places, message_data
from recado.cli.output import print_json, print_table
from recado.cli.short_words import to_know
from recado.errors import FileError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo
    from pathlib import Path

    from recado.errors import Problem
    from recado.model.message import Message
    from recado.store.message_search import MessagePlace

_NEWEST = 30
_WITHHELD = b"fail"
_HEAD_BYTES = 8192


@click.command(
    "list",
    help=_(
        "List messages, the newest first.\n"
        "\n"
        "\b\n"
        "Kept from the portal: recado message list --withheld\n"
        "Of one client:        recado message list --client acme\n"
        "Of one task:          recado message list --task ACME-42"
    ),
)
@click.option("--withheld", is_flag=True, help=_("Only those that are kept from the portal until you accept or reject them."))
@click.option("--client", "client_key", metavar="KEY", help=_("Only this client's: its key in clients.yml."))
@click.option("--task", "task_ref", metavar="REF", help=_("Only this task's, such as ACME-42."))
@click.option("--limit", type=click.IntRange(min=1), default=_NEWEST, metavar="N", help=_("At most so many (30)."))
@workspace_option
@json_option
def list_messages(
    withheld: bool, client_key: str | None, task_ref: str | None, limit: int, folder: Path | None, as_json: bool
) -> None:
    """List messages."""
    workspace, practice, places = chosen_places(client_key, task_ref, folder)
    problems: list[Problem] = []
    found = list(islice(_read(places, problems, is_withheld=withheld), limit))
    if as_json:
        print_json([message_data(workspace, place, each) for place, each in found])
    elif found:
        _print_list(found, practice.business.timezone)
    elif not problems:
        click.echo(_("No message waits for your word.") if withheld else _("No messages here."))
    if problems:
        raise FileError(problems)


def _print_list(found: Sequence[tuple[MessagePlace, Message]], zone: tzinfo) -> None:
    from recado.cli.dates import short_instant  # noqa: PLC0415 (late: with babel)
    from recado.clock import now  # noqa: PLC0415

    at = now()
    rows = [
        (
            each.id,
            str(place.ref),
            short_instant(each.received, zone, at),
            each.sender.name or each.sender.email,
            each.subject or each.text.partition("\n")[0],
            to_know(each),
        )
        for place, each in found
    ]
    headings = (_("ID"), _("Ref"), _("Received"), _("From"), _("Subject"), _("To know"))
    print_table(headings, rows, cut=headings[3:5], wrapped=headings[5:])


def _read(
    places: Sequence[MessagePlace], problems: list[Problem], *, is_withheld: bool
) -> Iterator[tuple[MessagePlace, Message]]:
    """Read messages one after the other, as far as they are asked for; what cannot be read is added to `problems`."""
    for place in places:
        if is_withheld and not _may_wait(place):
            continue
        try:
            each = place.read()
        except FileError as error:
            problems += error.problems
            continue
        if not is_withheld or each.is_in_check:
            yield place, each


def _may_wait(place: MessagePlace) -> bool:
    """Tell quickly whether a message could be withheld: a practice of years has few of them among very many."""
    try:
        with place.path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError:
        return True  # reading it whole tells what is wrong
    return _WITHHELD in head or len(head) == _HEAD_BYTES

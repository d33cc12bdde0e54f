"""`recado message`: what clients wrote, of all tasks together; and the VA's word on whether a sender is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from recado.cli.frame import json_option, workspace_option
from recado.cli.message_list import list_messages
from recado.cli.message_places import chosen_places, message_data
from recado.cli.message_words import flag_in_words, kind_in_words, verified_in_words
from recado.cli.output import print_json
from recado.cli.withheld_words import withheld_advice
from recado.model.message import Kind, Verified
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from recado.model.message import Message
    from recado.model.practice import Practice
    from recado.store.message_search import MessagePlace


@click.group(
    help=_(
        "Messages, and your word on those kept from the portal.\n"
        "\n"
        "A mail that your mail server says was not sent by whom it names is filed, but no client sees it until you accept it.\n"
        "\n"
        "\b\n"
        "Those that wait for you: recado message list --withheld\n"
        "One of them:             recado message show 7f3a91c2\n"
        "It is really from them:  recado message accept 7f3a91c2\n"
        "It is not:               recado message reject 7f3a91c2\n"
        "\n"
        "An ID is the 8 digits at the end of the file's name; its first 4 are enough where no other begins with them."
    )
)
def message() -> None:
    """Group what is done with messages."""


message.add_command(list_messages)


@message.command(
    help=_(
        "Show one message: who wrote it, how far that is believed, and its text.\n\nFor example: recado message show 7f3a91c2"
    )
)
@click.argument("named", metavar="ID")
@workspace_option
@json_option
def show(named: str, folder: Path | None, as_json: bool) -> None:
    """Show one message."""
    from recado.store.message_search import find_message  # noqa: PLC0415

    workspace, practice, places = chosen_places(None, None, folder)
    place = find_message(places, named)
    each = place.read()
    if as_json:
        print_json(message_data(workspace, place, each) | {"to": each.to, "text": each.text, "quoted": each.quoted})
        return
    click.secho(f"{place.ref} · {each.subject or kind_in_words(each.kind)}", bold=True)
    lines = (
        (_("From"), str(each.sender)),
        (_("To"), ", ".join(each.to)),
        (_("Received"), f"{each.received.astimezone(practice.business.timezone):%Y-%m-%d %H:%M}"),
        (_("Kind"), kind_in_words(each.kind)),
        (_("Sender"), verified_in_words(each.verified)),
        (_("To know"), "; ".join(flag_in_words(flag) for flag in each.flags)),
        (_("File"), workspace.shown(place.path)),
    )
    for name, value in lines:
        if value:
            click.echo(f"{name}: {value}")
    click.echo(f"\n{each.text}")
    for attachment in each.attachments:
        click.echo(f"  + {workspace.shown(place.path.parent / 'files' / attachment)}")
    if advice := withheld_advice(each):
        click.echo("\n" + "\n".join(advice))


@message.command(
    help=_(
        "Believe the sender: the message is shown on the portal, and an answer to what was done opens it again.\n"
        "\n"
        "For example: recado message accept 7f3a91c2\n"
        "\n"
        "Ask the sender first, by another way than mail, where money or passwords are in it."
    )
)
@click.argument("named", metavar="ID...", nargs=-1, required=True)
@workspace_option
@json_option
def accept(named: tuple[str, ...], folder: Path | None, as_json: bool) -> None:
    """Accept messages."""
    _judge(named, Verified.ACCEPTED, folder, as_json=as_json)


@message.command(
    help=_(
        "Keep a message from the portal for good. Its file stays; `recado message accept` takes it back.\n"
        "\n"
        "For example: recado message reject 7f3a91c2"
    )
)
@click.argument("named", metavar="ID...", nargs=-1, required=True)
@workspace_option
@json_option
def reject(named: tuple[str, ...], folder: Path | None, as_json: bool) -> None:
    """Reject messages."""
    _judge(named, Verified.REJECTED, folder, as_json=as_json)


def _judge(named: Sequence[str], verdict: Verified, folder: Path | None, *, as_json: bool) -> None:
    from recado.store.message_search import find_message  # noqa: PLC0415
    from recado.store.turn import filing_turn  # noqa: PLC0415
    from recado.store.verdict import give_verdict  # noqa: PLC0415

    workspace, practice, places = chosen_places(None, None, folder)
    chosen = list(dict.fromkeys(find_message(places, each) for each in named))
    judged: list[dict[str, Any]] = []
    with filing_turn(workspace):
        for place in chosen:
            before = place.read()
            is_believed = verdict is Verified.ACCEPTED and before.verified is Verified.PASS
            # Opened first: a message that is accepted already opens nothing when this runs again.
            opens = verdict is Verified.ACCEPTED and before.is_withheld and _opens(place, before, practice)
            if not is_believed:
                give_verdict(place, verdict)
            judged.append(message_data(workspace, place, before) | {"was": before.verified, "reopened": opens})
            judged[-1]["verified"] = before.verified if is_believed else verdict
            if not as_json:
                _say(place, before, verdict)
                if opens:
                    click.echo(_("{ref} was done, and is open again.").format(ref=place.ref))
                if verdict is Verified.REJECTED and before.kind is Kind.REQUEST:
                    click.echo(
                        _("If {ref}, which it began, is no longer needed: recado task cancel {ref}").format(ref=place.ref)
                    )
    if as_json:
        print_json(judged)
    elif any(each["was"] != each["verified"] for each in judged):
        click.echo(_("`recado build` brings the portal up to date."))


def _opens(place: MessagePlace, each: Message, practice: Practice) -> bool:
    """Open a finished task again where this answer does; tells whether it did."""
    from ingest.reopening import opens_again  # noqa: PLC0415 (late: with mail parsing)
    from recado.clock import now  # noqa: PLC0415
    from recado.model.status import Status  # noqa: PLC0415
    from recado.store.history import last_change  # noqa: PLC0415
    from recado.store.status import change_status  # noqa: PLC0415
    from recado.store.tasks import find_task  # noqa: PLC0415

    task, _content = find_task(place.client, place.ref)
    if not opens_again(each, task, place.client.key, last_change(place.client, place.ref), practice):
        return False
    change_status(place.client, place.ref, Status.NEW, practice.business.owner_key, now())
    return True


def _say(place: MessagePlace, before: Message, verdict: Verified) -> None:
    if verdict is Verified.ACCEPTED and before.verified is Verified.PASS:
        said = _("{id} in {ref} is believed already: the mail server vouches for {sender}.")
    elif before.verified is verdict:
        said = _("{id} in {ref} is {verdict} already.")
    elif verdict is Verified.ACCEPTED:
        said = _("{id} in {ref} is accepted: {sender} is believed, and the portal shows it.")
    else:
        said = _("{id} in {ref} is rejected: the portal never shows it.")
    click.echo(said.format(id=before.id, ref=place.ref, sender=before.sender, verdict=verified_in_words(verdict)))

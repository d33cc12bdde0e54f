"""`recado message`: what clients wrote, of all tasks together; and the VA's word on whether a sender is believed."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from recado.cli.frame import json_option, workspace_at, workspace_option
from recado.cli.message_words import flag_in_words, kind_in_words, verified_in_words
from recado.cli.names import expect_client, task_at
from recado.cli.output import print_json, print_table
from recado.cli.short_words import to_know
from recado.cli.withheld_words import withheld_advice
from recado.errors import FileError, UsageError
from recado.model.message import Kind, Verified
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo
    from pathlib import Path

    from recado.errors import Problem
    from recado.model.message import Message
    from recado.model.practice import Practice
    from recado.store.message_search import MessagePlace
    from recado.store.workspace import Workspace

_NEWEST = 30
_WITHHELD = b"fail"
_HEAD_BYTES = 8192


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


@message.command(
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
    workspace, practice, places = _places(client_key, task_ref, folder)
    problems: list[Problem] = []
    found = list(islice(_read(places, problems, is_withheld=withheld), limit))
    if as_json:
        print_json([_as_data(workspace, place, each) for place, each in found])
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

    workspace, practice, places = _places(None, None, folder)
    place = find_message(places, named)
    each = place.read()
    if as_json:
        print_json(_as_data(workspace, place, each) | {"to": each.to, "text": each.text, "quoted": each.quoted})
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

    workspace, practice, places = _places(None, None, folder)
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
            judged.append(_as_data(workspace, place, before) | {"was": before.verified, "reopened": opens})
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


def _places(
    client_key: str | None, task_ref: str | None, folder: Path | None
) -> tuple[Workspace, Practice, Sequence[MessagePlace]]:
    from recado.store.message_search import message_places  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415
    from recado.store.tasks import find_task  # noqa: PLC0415

    if task_ref is not None:
        workspace, practice, key, ref = task_at(task_ref, folder)
        if client_key not in {None, key}:
            raise UsageError(_("{ref} is a task of {owner}, not of {client}.").format(ref=ref, owner=key, client=client_key))
        places = [place for place in message_places(workspace, practice, [key]) if place.ref == ref]
        if not places:
            find_task(workspace.client(key), ref)  # one without messages is there; else it says that there is none
        return workspace, practice, places
    workspace = workspace_at(folder)
    practice = load_practice(workspace)
    if client_key is not None:
        expect_client(client_key, practice)
    return workspace, practice, message_places(workspace, practice, None if client_key is None else [client_key])


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
        if not is_withheld or each.verified is Verified.FAIL:
            yield place, each


def _may_wait(place: MessagePlace) -> bool:
    """Tell quickly whether a message could be withheld: a practice of years has few of them among very many."""
    try:
        with place.path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError:
        return True  # reading it whole tells what is wrong
    return _WITHHELD in head or len(head) == _HEAD_BYTES


def _as_data(workspace: Workspace, place: MessagePlace, each: Message) -> dict[str, Any]:
    from recado.model.instant import format_instant  # noqa: PLC0415

    return {
        "id": each.id,
        "ref": str(place.ref),
        "client": place.client.key,
        "from": str(each.sender),
        "subject": each.subject,
        "received": format_instant(each.received),
        "kind": each.kind,
        "verified": each.verified,
        "withheld": each.is_withheld,
        "flags": list(each.flags),
        "attachments": list(each.attachments),
        "file": workspace.shown(place.path),
    }

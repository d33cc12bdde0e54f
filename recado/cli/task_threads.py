"""`recado task merge` and `recado task split`: what belongs together, and what does not."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING

import click

from recado.cli.frame import json_option, workspace_option
from recado.cli.names import task_at
from recado.cli.output import print_json
from recado.errors import UsageError
from recado.speech import _, ngettext

if TYPE_CHECKING:
    from pathlib import Path

    from recado.store.message_search import MessagePlace

_LONGEST_TITLE = 100


@click.command(
    help=_(
        "Put one task into another of the same client.\n"
        "\n"
        "For example: recado task merge ACME-43 ACME-42 puts ACME-43 into ACME-42\n"
        "\n"
        "Its messages, its files and your notes move; it is cancelled itself. Nothing is lost or overwritten, and answers to "
        "its mails arrive in the other one, whose text stays as it is."
    )
)
@click.argument("ref", metavar="REF")
@click.argument("into", metavar="INTO")
@workspace_option
@json_option
def merge(ref: str, into: str, folder: Path | None, as_json: bool) -> None:
    """Merge a task into another."""
    from recado.clock import now  # noqa: PLC0415
    from recado.speech import catalogue  # noqa: PLC0415
    from recado.store.merging import merge_tasks  # noqa: PLC0415
    from recado.store.turn import filing_turn  # noqa: PLC0415

    workspace, practice, key, source = task_at(ref, folder)
    _workspace, _practice, other, target = task_at(into, folder)
    if key != other:
        said = _("{source} is {one}'s and {target} is {another}'s: what two clients wrote never stands together.")
        raise UsageError(said.format(source=source, one=key, target=target, another=other))
    record = practice.record(key)
    is_formal = record.client.address_form == "formal"
    words = catalogue(record.language, formal=is_formal, overrides=workspace.templates)
    with filing_turn(workspace):
        merged = merge_tasks(
            workspace.client(key),
            source,
            target,
            note=words.gettext("It goes on in {ref}.").format(ref=target),
            by=practice.business.owner_key,
            now=now(),
        )
    if as_json:
        data = {"ref": str(source), "into": str(target), "messages": merged.messages, "files": merged.files}
        print_json(data | {"was_merged": merged.was_merged})
        return
    if merged.was_merged:
        click.echo(_("{source} was merged into {target} before. Nothing was changed.").format(source=source, target=target))
        return
    said = ngettext(
        "{source} is merged into {target}: {number} message moved. {source} is cancelled.",
        "{source} is merged into {target}: {number} messages moved. {source} is cancelled.",
        merged.messages,
    )
    click.echo(said.format(source=source, target=target, number=merged.messages))
    if not merged.into.is_open:
        click.echo(_("{ref} is closed. If there is something to do: recado task start {ref}").format(ref=target), err=True)


@click.command(
    help=_(
        "Make a task of its own of a message.\n"
        "\n"
        "\b\n"
        "That message alone:    recado task split ACME-42 7f3a91c2\n"
        "And all that followed: recado task split ACME-42 7f3a91c2 --following\n"
        "\n"
        "A message's 8 digits are shown by `recado task show ACME-42`."
    )
)
@click.argument("ref", metavar="REF")
@click.argument("message", metavar="MESSAGE")
@click.option("--title", metavar="TITLE", help=_("What the new task is called; else the message's subject."))
@click.option("--following", is_flag=True, help=_("All messages that came after it, too."))
@workspace_option
@json_option
def split(ref: str, message: str, title: str | None, following: bool, folder: Path | None, as_json: bool) -> None:
    """Split a message off a task."""
    from recado.store.message_search import find_message, message_places  # noqa: PLC0415
    from recado.store.splitting import split_task  # noqa: PLC0415
    from recado.store.turn import filing_turn  # noqa: PLC0415

    workspace, practice, key, source = task_at(ref, folder)
    client = workspace.client(key)
    with filing_turn(workspace):
        places = message_places(workspace, practice, [key])
        # In the task itself first: half a rename, as a power cut leaves it, stands in both.
        own = [each for each in places if each.ref == source and each.is_named(message)]
        place = find_message(own or places, message)
        if place.ref != source and not _was_split_off(place, str(source)):
            raise UsageError(_("{id} is in {other}, not in {ref}.").format(id=place.id, other=place.ref, ref=source))
        made = split_task(
            client,
            source,
            place.name,
            title=title_for(title, place),
            has_following=following,
            by=practice.business.owner_key,
        )
    file = workspace.shown(client.task_file(made.name))
    if as_json:
        print_json({"ref": str(made.ref), "from": str(source), "messages": made.messages, "file": file})
        return
    said = _("It was split off before. Nothing was moved now.")
    if made.messages:
        said = ngettext(
            "{number} message moved from {source} into {ref}.",
            "{number} messages moved from {source} into {ref}.",
            made.messages,
        )
    click.echo(said.format(number=made.messages, source=source, ref=made.ref))
    click.echo(_("{ref} is in {file}").format(ref=made.ref, file=file))


def title_for(told: str | None, place: MessagePlace) -> str:
    """Give the title of a task that a message begins: the one told, its subject without Re: and refs, its first words."""
    from ingest.subjects import bare_subject  # noqa: PLC0415 (late: with mail parsing)

    each = place.read()
    first = next((line.strip(" #>*-\\") for line in each.text.splitlines() if line.strip(" #>*-\\")), "")
    words = (shorten(text, _LONGEST_TITLE, placeholder="…") for text in (told or "", bare_subject(each.subject), first))
    return next((text for text in words if text and text.isprintable()), each.sender.first_name)


def _was_split_off(place: MessagePlace, source: str) -> bool:
    """Tell whether an earlier run, that did not come to its end, moved this message out of that task."""
    from recado.store.filing import UNFINISHED  # noqa: PLC0415
    from recado.store.front_matter import front_of  # noqa: PLC0415

    mark = f"{source} {place.name}"
    files = (place.client.task_file(place.task), place.client.thread(place.task) / UNFINISHED)
    return any(front_of(file).get("split") == mark for file in files if file.is_file())

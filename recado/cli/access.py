"""`recado access`: the keys to the portals, shown to the VA, made anew, and put into words for her clients."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from recado.cli.access_list import print_access
from recado.cli.frame import json_option, workspace_at, workspace_option
from recado.errors import UsageError, WorkError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from recado.cli.access_words import Access
    from recado.deploy.kept import Kept
    from recado.deploy.keys import Keys
    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

F = TypeVar("F", bound="Callable[..., Any]")

_SAMPLE = "xxxxx-xxxxx-xxxxx-xxxxx"


@click.group(
    invoke_without_command=True,
    help=_(
        "The keys to your clients' portals: who has one, and what to send them.\n"
        "\n"
        "Each portal has a key of its own, which the program makes: a passphrase where the place is encrypted, a password "
        "where a web server asks for one. They are kept outside the workspace, in your desktop's keyring or in files that you "
        "alone can read; a password, only until you have seen it.\n"
        "\n"
        "\b\n"
        "Who has what:               recado access\n"
        "A text for a welcome mail:  recado access link acme\n"
        "The key itself:             recado access show acme\n"
        "It fell into wrong hands:   recado access rotate acme, then recado deploy"
    ),
)
@workspace_option
@json_option
@click.pass_context
def access(context: click.Context, folder: Path | None, as_json: bool) -> None:
    """Group what is done with keys; alone, list them."""
    context.obj = folder
    if context.invoked_subcommand is None:
        print_access(folder, as_json=as_json)


def _client_argument(command: F) -> F:
    """Give a command the client whose portal is meant, and the place where there are several."""
    place = click.option("--place", metavar="PLACE", help=_("Only the access that this place of clients.yml asks for."))
    return click.argument("client_key", metavar="CLIENT")(place(workspace_option(command)))


@access.command(
    "list",
    help=_(
        "List your clients with the access to their portals: of which kind, when it was made, and whether you have seen it."
    ),
)
@workspace_option
@json_option
def list_access(folder: Path | None, as_json: bool) -> None:
    """List the keys."""
    print_access(_told(folder), as_json=as_json)


@access.command(
    help=_(
        "Show what opens a client's portal, and where it opens.\n"
        "\n"
        "\b\n"
        "For example:           recado access show acme\n"
        "That of your own desk: recado access show _desk\n"
        "\n"
        "The passphrase of an encrypted portal can be shown again at any time. A password is shown once, and kept "
        "no more: `recado access rotate` makes a new one. Where there is none yet, it is made now."
    )
)
@_client_argument
def show(client_key: str, place: str | None, folder: Path | None) -> None:
    """Show a key."""
    door = _door(client_key, place, folder)
    has_shown = False
    for each in door.accesses:
        kept = door.keys.kept_or_made(client_key, each.kind)
        _show(door, each, kept)
        has_shown |= kept.secret is not None
        _note_shown(door, kept)
    _say_unpublished(door, client_key)
    if not has_shown:
        raise WorkError(_gone(client_key))


@access.command(
    help=_(
        "Make a new key to a client's portal: for one that was lost, or that someone has who should not.\n"
        "\n"
        "\b\n"
        "For example:      recado access rotate acme\n"
        "Then publish it:  recado deploy\n"
        "And send it:      recado access link acme\n"
        "\n"
        "Until it is deployed, the key that the client has still opens the portal; then it opens nothing any more. What they "
        "have already opened or saved on a device stays there."
    )
)
@_client_argument
@click.option("--yes", is_flag=True, help=_("Make it without asking, for use in scripts."))
def rotate(client_key: str, place: str | None, yes: bool, folder: Path | None) -> None:
    """Make a new key."""
    door = _door(client_key, place, folder)
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(_("There is nobody here to answer. With --yes the new key is made without asking."))
        click.echo(_("Once it is deployed, what {client} has now opens nothing any more.").format(client=client_key))
        click.confirm(_("Make a new key for {client}?").format(client=client_key), abort=True)
    door.keys.rotate(client_key, [each.kind for each in door.accesses])
    click.echo(
        _(
            "{client} has a new key. Publish it with `recado deploy`: from then on the old one opens nothing. Then send them "
            "the new one: `{command}` writes the text."
        ).format(client=client_key, command=f"recado access link {client_key}" + (f" --place {place}" if place else ""))
    )


@access.command(
    help=_(
        "Write a text for a client, to paste into a welcome mail of yours: in their language, with the way to their portal.\n"
        "\n"
        "\b\n"
        "For example:          recado access link acme\n"
        "In another language:  recado access link acme --language en\n"
        "\n"
        "The link to an encrypted portal carries its key: whoever has the mail can open it. A password stands apart, below the "
        "text: give it by another way, such as a call or a message. Your own words for it: site_templates/mail/access.txt.j2."
    )
)
@_client_argument
@click.option("--language", metavar="LANGUAGE", help=_("Another language than the client's own, such as en."))
def link(client_key: str, place: str | None, language: str | None, folder: Path | None) -> None:
    """Write the text for a client."""
    from recado.cli.access_letter import letter  # noqa: PLC0415 (late)
    from recado.cli.access_words import address_of, joined, no_address  # noqa: PLC0415
    from recado.deploy.kept import Kind  # noqa: PLC0415
    from recado.deploy.keys import DESK  # noqa: PLC0415
    from recado.model.secret import Revealed  # noqa: PLC0415

    if client_key == DESK:
        raise UsageError(_("The desk is yours, and nobody has to be sent there. `recado access show _desk` shows its key."))
    door = _door(client_key, place, folder)
    if len(door.accesses) > 1:
        choice = joined([name for each in door.accesses for name in each.places])
        raise UsageError(
            _(
                "Your places do not all ask for the same key. Say to which one the text shall lead, with --place: {choice}."
            ).format(choice=choice)
        )
    if door.practice.business.portal_url is None:
        raise UsageError(no_address())
    kind = door.accesses[0].kind
    record, overrides = door.practice.record(client_key), door.workspace.templates
    # What is wrong with the text is said before a key is made, and of an error's words no key can be a part.
    sample = Revealed(_SAMPLE) if kind is Kind.ENCRYPTED else None
    letter(record, door.practice.business.portal_url, sample, language=language, overrides=overrides)
    kept = door.keys.kept_or_made(client_key, kind)
    passphrase = kept.secret if kind is Kind.ENCRYPTED else None
    address = address_of(door.practice.business, kept) or ""
    click.echo(letter(record, address, passphrase, language=language, overrides=overrides), nl=False)
    if kind is Kind.PASSWORD:
        click.echo()
        if kept.secret:
            click.echo(_("---- Not in the same mail: give the password by another way, such as a call or a message. ----"))
            click.echo(kept.secret.reveal())
        else:
            click.echo(_gone(client_key), err=True)
    _note_shown(door, kept)
    _say_unpublished(door, client_key)


def _told(folder: Path | None) -> Path | None:
    """Give the workspace that the command line names: behind the command's name, or before it."""
    before = click.get_current_context().parent
    return folder or (before.obj if before else None)


class _Door(NamedTuple):
    """What a command needs to know of a client's portal."""

    workspace: Workspace
    practice: Practice
    keys: Keys
    accesses: tuple[Access, ...]
    now: datetime


def _door(client_key: str, place: str | None, folder: Path | None) -> _Door:
    """Find what opens a client's portal. Raises UsageError, FileError."""
    from recado.cli.access_words import expect_accesses, expect_current  # noqa: PLC0415 (late)
    from recado.cli.names import expect_client  # noqa: PLC0415
    from recado.clock import now  # noqa: PLC0415
    from recado.deploy.keys import DESK, Keys  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415

    workspace = workspace_at(_told(folder))
    practice = load_practice(workspace)
    at = now()
    if client_key != DESK:
        expect_client(client_key, practice)
    expect_current(practice, client_key, at.astimezone(practice.business.timezone).date())
    found = expect_accesses(practice, client_key, place)
    return _Door(workspace, practice, Keys(practice, workspace, at), found, at)


def _show(door: _Door, each: Access, kept: Kept) -> None:
    from recado.cli.access_words import address_of, joined, kind_in_words, no_address  # noqa: PLC0415 (late)
    from recado.cli.dates import short_instant  # noqa: PLC0415
    from recado.deploy.kept import Kind  # noqa: PLC0415

    zone = door.practice.business.timezone
    address = address_of(door.practice.business, kept)
    is_encrypted = each.kind is Kind.ENCRYPTED
    lines = [(_("Client"), kept.portal), (_("Access"), f"{kind_in_words(each.kind)} ({joined(each.places)})")]
    if address:
        lines.append((_("Address"), address))
    if not is_encrypted:
        lines.append((_("User name"), kept.portal))
    if kept.secret:
        lines.append((_("Passphrase") if is_encrypted else _("Password"), kept.secret.reveal()))
    elif kept.shown:
        said = _("shown on {when}, and not kept since").format(when=short_instant(kept.shown, zone, door.now))
        lines.append((_("Password"), said))
    lines.append((_("Made"), short_instant(kept.made, zone, door.now)))
    widest = max(len(label) for label, _value in lines)
    if each != door.accesses[0]:
        click.echo()
    for label, value in lines:
        click.echo(f"{label.ljust(widest)}  {value}")
    if not address:
        click.echo(no_address(), err=True)
    if kept.unread:
        click.echo(
            _("This password is shown now and never again. Give it to the client, or note it down."),
            err=True,
        )


def _note_shown(door: _Door, kept: Kept) -> None:
    """Note that a key was shown, once it has really left this process: what a broken pipe swallowed was seen by nobody."""
    sys.stdout.flush()
    door.keys.mark_shown(kept)


def _say_unpublished(door: _Door, portal: str) -> None:
    """Say of a key that it opens nothing yet: it was made just now, or after all that is published."""
    from recado.deploy.staging import Staging  # noqa: PLC0415 (late)

    if door.keys.made:
        click.echo(_("It was made just now: it opens the portal once that is published with `recado deploy`."), err=True)
        return
    for each in door.accesses:
        kept = door.keys.kept(portal, each.kind)
        seen = [at for name in each.places if (at := Staging(door.workspace, name).published) is not None]
        if kept is not None and seen and kept.made > min(seen):
            told = _("This key is newer than what is published: it opens the portal once you have run `recado deploy`.")
            click.echo(told, err=True)
            return


def _gone(client_key: str) -> str:
    return _(
        "The password of {client} has been shown, and is kept no more. `recado access rotate {client}` makes a new one, which "
        "opens the portal after `recado deploy`."
    ).format(client=client_key)

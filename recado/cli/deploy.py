"""`recado deploy`: portals go to the places where clients open them."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from recado.cli.frame import json_option, workspace_at, workspace_option
from recado.errors import RecadoError, UsageError, WorkError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from recado.deploy.publishing import PlaceResult
    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

PAUSES = (1.0, 4.0)  # seconds before each further try, where a place does not answer


@click.command(
    help=_(
        "Publish your clients' portals: build what changed, and send it to where they open them.\n"
        "\n"
        "Without PLACE it goes to every place that clients.yml names. Only what changed is sent. Visitors see what was there "
        "or what is new, never half of it. A place that would leave a portal open to anyone is refused.\n"
        "\n"
        "\b\n"
        "See what would be sent:       recado deploy --dry-run\n"
        "Go back to the last release:  recado deploy web --rollback\n"
        "What a client needs to enter: recado access link acme"
    )
)
@click.argument("place", required=False)
@click.option("--dry-run", is_flag=True, help=_("List what would be sent, and send nothing."))
@click.option(
    "--rollback",
    is_flag=True,
    help=_("Show again what was published before; it stays until the next deploy. For places of kind directory and rsync."),
)
@workspace_option
@json_option
def deploy(place: str | None, dry_run: bool, rollback: bool, folder: Path | None, as_json: bool) -> None:
    """Publish."""
    from recado.store.practice_file import load_practice  # noqa: PLC0415 (late: not for --help)

    workspace = workspace_at(folder)
    if dry_run and rollback:
        raise UsageError(_("--dry-run and --rollback do not go together."))
    practice = load_practice(workspace)
    names = _chosen(practice, place)
    if rollback:
        if place is None:
            raise UsageError(_("Say which place is to go back: recado deploy {name} --rollback").format(name=names[0]))
        _roll_back(workspace, practice, place)
        return
    _expect_a_closed_one(practice, names)
    wrong = _built(workspace, is_quiet=as_json)
    results: list[PlaceResult] = []
    notes: set[str] = set()
    for name in names:
        try:
            result = _published(workspace, practice, name, is_dry=dry_run)
        except RecadoError as error:
            wrong.append(error)
            continue
        results.append(result)
        if not as_json:
            _say(result, notes, is_dry=dry_run)
    if as_json:
        _print_data(results)
    _raise(wrong)


def _chosen(practice: Practice, place: str | None) -> tuple[str, ...]:
    """Give the places to publish to. Raises UsageError."""
    if not practice.places:
        told = _(
            "clients.yml names no place to publish to. Write one into it, for example:\n"
            "    places:\n"
            "      web: {kind: directory, path: /srv/portal, access: caddy}\n"
            "      pages: {kind: git, remote: git@host:me/portals.git, branch: pages, access: encrypted}"
        )
        raise UsageError(told)
    if place is None:
        return tuple(practice.places)
    if place not in practice.places:
        told = _("There is no place {place!r} in clients.yml; there are: {known}.")
        raise UsageError(told.format(place=place, known=", ".join(practice.places)))
    return (place,)


def _expect_a_closed_one(practice: Practice, names: Iterable[str]) -> None:
    """Refuse at once where every place is refused: nothing is built for nobody. Raises WorkError."""
    from recado.deploy.refusal import expect_closed  # noqa: PLC0415 (late: not for --help)

    refused: list[RecadoError] = []
    for name in names:
        try:
            expect_closed(name, practice.places[name])
        except WorkError as error:
            refused.append(error)
        else:
            return
    _raise(refused)


def _built(workspace: Workspace, *, is_quiet: bool) -> list[RecadoError]:
    """Build what changed; gives what went wrong. What could not be built stays as it is published."""
    from recado.cli.build import build_portals, processors, say_all  # noqa: PLC0415 (late: not for --help)
    from recado.cli.build_progress import BuildProgress  # noqa: PLC0415
    from recado.cli.build_words import what_went_wrong  # noqa: PLC0415

    begun = time.monotonic()
    with BuildProgress(is_terminal=sys.stdout.isatty() and not is_quiet) as progress:
        done = build_portals(
            workspace, jobs=processors(), begin=progress.begin, tell=lambda _key, _outcome: progress.finished(None)
        )
    if not is_quiet:
        say_all(done, time.monotonic() - begun)
    error = what_went_wrong(done)
    return [error] if error else []


def _published(workspace: Workspace, practice: Practice, name: str, *, is_dry: bool) -> PlaceResult:
    """Publish to one place; where it does not answer, try again. Raises RecadoError."""
    from recado.deploy.publishing import publish  # noqa: PLC0415 (late: not for --help)
    from recado.deploy.tree import AwayError  # noqa: PLC0415
    from recado.reasons import where_and_why  # noqa: PLC0415

    for seconds in (*PAUSES, None):
        try:
            return publish(workspace, practice, name, is_dry=is_dry)
        except AwayError as error:
            if seconds is None:
                told = _("What your clients see there has not changed. Try again later: recado deploy {name}")
                raise WorkError(f"{name}: {error} {told.format(name=name)}") from error
            click.echo(f"{name}: {error} " + _("Trying again in {seconds:.0f} s.").format(seconds=seconds), err=True)
            time.sleep(seconds)
        except WorkError as error:
            raise WorkError(str(error) if str(error).startswith(name) else f"{name}: {error}") from error
        except OSError as error:
            raise WorkError(f"{name}: {where_and_why(error)}") from error
    raise AssertionError  # the last try returns or raises


def _roll_back(workspace: Workspace, practice: Practice, name: str) -> None:
    from recado.deploy.publishing import publishing_at  # noqa: PLC0415 (late: not for --help)

    release = publishing_at(workspace, practice, name).roll_back()
    told = _("{place}: your clients see what was published on {when} again, until the next deploy. (`recado run` deploys too.)")
    click.echo(told.format(place=name, when=_when(release, practice)))


def _when(release: str, practice: Practice) -> str:
    """Say when a release was made, which is how its name begins, in the practice's own time."""
    from recado.cli.dates import short_instant  # noqa: PLC0415 (late: not for --help)
    from recado.clock import now  # noqa: PLC0415
    from recado.deploy.places.release_names import source_of  # noqa: PLC0415

    try:
        made = datetime.strptime(source_of(release).partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return release
    return short_instant(made, practice.business.timezone, now())


def _say(result: PlaceResult, said: set[str], *, is_dry: bool) -> None:
    """Say what became of a place. `said` are the notes that were said of another."""
    from recado.cli.deploy_words import changes_in_words, result_in_words  # noqa: PLC0415 (late: not for --help)

    if is_dry:
        for line in changes_in_words(result):
            click.echo(line)
    click.echo(result_in_words(result, is_dry=is_dry))
    for note in result.notes:
        if note not in said:
            click.echo(note, err=True)
            said.add(note)


def _print_data(results: Iterable[PlaceResult]) -> None:
    from recado.cli.deploy_words import as_data  # noqa: PLC0415 (late: only for programs)
    from recado.cli.output import print_json  # noqa: PLC0415

    print_json([as_data(result) for result in results])


def _raise(wrong: list[RecadoError]) -> None:
    """Raise what went wrong, as one error."""
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        raise WorkError("\n".join(dict.fromkeys(str(error) for error in wrong)))

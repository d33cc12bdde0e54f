"""`recado build`: every client's portal, from the plain text."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recado.cli.frame import json_option, workspace_at, workspace_option
from recado.cli.names import expect_client
from recado.cli.output import print_json
from recado.errors import FileError
from recado.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recado.portal.build import PortalResult, PracticeResult
    from recado.store.workspace import Workspace


@click.command(
    help=_(
        "Build your clients' portals from what stands in your files.\n"
        "\n"
        "Each client gets a folder of their own, site/CLIENT, made from that client's files alone. Visitors "
        "see the old portal or the "
        "new one, never half of one. If something in your files is wrong, it says in which file and line, "
        "and the old portal stays.\n"
        "\n"
        "\b\n"
        "All of them:       recado build\n"
        "One client's only: recado build --client acme\n"
        "Then look at them: recado serve"
    )
)
@click.option(
    "--client", "keys", multiple=True, metavar="KEY", help=_("Only this client's portal; can be given more than once.")
)
@click.option("--full", is_flag=True, help=_("Use nothing that was kept from earlier builds."))
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    metavar="N",
    help=_("How many portals to build at once."),
)
@click.option(
    "--site",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=_("Where to put the portals. Without it: site, in the workspace."),
)
@workspace_option
@json_option
def build(keys: tuple[str, ...], full: bool, jobs: int, site: Path | None, folder: Path | None, as_json: bool) -> None:
    """Build portals."""
    workspace = workspace_at(folder)
    done = build_portals(workspace, keys=keys, full=full, jobs=jobs, site=site)
    if as_json:
        print_json([asdict(portal) for portal in done.portals])
    else:
        say_portals(done, workspace)
    raise_first(done)


def build_portals(
    workspace: Workspace, *, keys: Sequence[str] = (), full: bool = False, jobs: int = 1, site: Path | None = None
) -> PracticeResult:
    """Build the portals of a workspace, now. Raises ConfigurationError, UsageError."""
    from recado.clock import now  # noqa: PLC0415 (late: not for --help)
    from recado.portal.build import BuildOptions, build_practice  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415

    practice = load_practice(workspace)
    for key in keys:
        expect_client(key, practice)
    options = BuildOptions(now=now(), site=site.resolve() if site else None, is_full=full)
    return build_practice(workspace, practice, options, keys=tuple(dict.fromkeys(keys)) or None, jobs=jobs)


def say_portals(done: PracticeResult, workspace: Workspace) -> None:
    """Say what became of each portal; notes go where errors go, so that a list stays a list."""
    for portal in done.portals:
        click.echo(portal_in_words(portal, workspace))
        for note in portal.notes:
            click.echo(note, err=True)
    for key in done.kept:
        click.echo(_("{key}: not built; what was built before stays").format(key=key))


def raise_first(done: PracticeResult) -> None:
    """Raise what kept portals from being built: all mistakes in files at once, else the first of the other troubles."""
    problems = [problem for error in done.errors if isinstance(error, FileError) for problem in error.problems]
    if problems:
        raise FileError(problems)
    for error in done.errors:
        raise error


def portal_in_words(result: PortalResult, workspace: Workspace) -> str:
    """Say what became of one portal."""
    if result.folder is None:
        return _("{key}: withdrawn, for the work with this client has ended").format(key=result.key)
    pages = ngettext("{number} page", "{number} pages", result.pages).format(number=result.pages)
    return f"{result.key}: {pages}, {result.seconds:.1f} s → {workspace.shown(result.folder)}"

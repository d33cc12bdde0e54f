"""`recado build`: every client's portal, from the plain text."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recado.cli.build_progress import BuildProgress
from recado.cli.build_words import all_in_words, as_data, notes_of, outcome_in_words, what_went_wrong
from recado.cli.frame import json_option, workspace_at, workspace_option
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recado.errors import RecadoError
    from recado.portal.build import PortalResult, PracticeResult
    from recado.store.workspace import Workspace


@click.command(
    help=_(
        "Build your clients' portals from what stands in your files.\n"
        "\n"
        "Each client gets a folder of their own, site/CLIENT, made from that client's files alone. Visitors "
        "see the old portal or the "
        "new one, never half of one. If something in your files is wrong, it says in which file and line, "
        "and the old portal stays. Only what changed is built again.\n"
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
    metavar="N",
    help=_("How many processes work at once. Without it: as many as this machine has processors."),
)
@click.option(
    "--site",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=_("Where to put the portals. Without it: site, in the workspace."),
)
@click.option(
    "--keep-going",
    is_flag=True,
    help=_("Build a portal without the tasks and files that cannot be read, and say what was left out (exit status 1)."),
)
@workspace_option
@json_option
def build(
    keys: tuple[str, ...],
    full: bool,
    jobs: int | None,
    site: Path | None,
    keep_going: bool,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Build portals."""
    begun = time.monotonic()
    workspace = workspace_at(folder)
    _expect_apart(workspace, site)
    with BuildProgress(is_terminal=sys.stdout.isatty() and not as_json) as progress:

        def tell(key: str, outcome: PortalResult | RecadoError) -> None:
            progress.finished(None if as_json else outcome_in_words(key, outcome, workspace))

        done = build_portals(
            workspace,
            keys=keys,
            full=full,
            jobs=jobs or processors(),
            site=site,
            keep_going=keep_going,
            begin=progress.begin,
            tell=tell,
        )
    if as_json:
        from recado.cli.output import print_json  # noqa: PLC0415 (late: only for programs)

        print_json(as_data(done))
    else:
        say_all(done, time.monotonic() - begun)
    raise_what_went_wrong(done)


def _expect_apart(workspace: Workspace, site: Path | None) -> None:
    """See that portals do not go among what they are made from. Raises UsageError."""
    if site is not None and site.resolve().is_relative_to(workspace.sources.resolve()):
        from recado.errors import UsageError  # noqa: PLC0415 (late: seldom)

        said = _("{folder} is where your clients' files are; nothing is built there. Choose another folder for --site.")
        raise UsageError(said.format(folder=site))


def build_portals(
    workspace: Workspace,
    *,
    keys: Sequence[str] = (),
    full: bool = False,
    jobs: int = 1,
    site: Path | None = None,
    keep_going: bool = False,
    begin: Callable[[int], None] | None = None,
    tell: Callable[[str, PortalResult | RecadoError], None] | None = None,
) -> PracticeResult:
    """Build the portals of a workspace, now. `begin` and `tell` hear how it goes. Raises ConfigurationError, UsageError."""
    from recado.clock import now  # noqa: PLC0415 (late: not for --help)
    from recado.portal.build import BuildOptions, build_workspace  # noqa: PLC0415

    options = BuildOptions(now=now(), site=site.resolve() if site else None, is_full=full, keep_going=keep_going)
    return build_workspace(workspace, options, keys=keys, jobs=jobs, begin=begin, tell=tell)


def processors() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def say_all(done: PracticeResult, seconds: float) -> None:
    """Say what the whole build did. Notes go where errors go, so that a list stays a list."""
    if len(done.portals) + len(done.kept) != 1:
        click.echo(all_in_words(done, seconds))
    for note in notes_of(done.portals):
        click.echo(note, err=True)


def raise_what_went_wrong(done: PracticeResult) -> None:
    """Raise all that kept portals, or parts of them, from being built, as one error."""
    if (error := what_went_wrong(done)) is not None:
        raise error

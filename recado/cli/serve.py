"""`recado serve`: the portals in a browser of this machine, built again whenever a file changes."""

from __future__ import annotations

import signal
import sys
import time
from contextlib import closing, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, NoReturn

import click

from recado.cli.frame import workspace_at, workspace_option
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import FrameType

DEFAULT_PORT = 8000


@click.command(
    help=_(
        "Build the portals and show them in your browser.\n"
        "\n"
        "Only this machine can open them; it is for you to look at before your clients do. Each client's "
        "portal has its own path, as it "
        "will have on the web.\n"
        "\n"
        "Whenever you save a file, what changed is built again and the open page shows it. If something in a file is wrong, "
        "the page says so, with file and line, until you put it right. Ctrl-C ends it."
    )
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    metavar="PORT",
    help=_("Which port; 0 takes a free one."),
)
@workspace_option
def serve(port: int, folder: Path | None) -> None:
    """Build, serve, and build again what changes."""
    from recado.cli.build import build_portals, processors, say_all  # noqa: PLC0415 (late: not for --help)
    from recado.cli.build_progress import BuildProgress  # noqa: PLC0415
    from recado.cli.build_words import error_lines, outcome_in_words  # noqa: PLC0415
    from recado.cli.live import Live  # noqa: PLC0415
    from recado.cli.live_pages import LivePortals  # noqa: PLC0415
    from recado.cli.preview import serving  # noqa: PLC0415

    workspace = workspace_at(folder)
    begun = time.monotonic()
    with BuildProgress(is_terminal=sys.stdout.isatty()) as progress:
        done = build_portals(
            workspace,
            jobs=processors(),
            begin=progress.begin,
            tell=lambda key, outcome: progress.finished(outcome_in_words(key, outcome, workspace)),
        )
    say_all(done, time.monotonic() - begun)
    for line in dict.fromkeys(line for error in done.errors for line in error_lines(error)):
        click.echo(line, err=True)  # what could be built is worth looking at; the rest is shown as it was
    with _until_stopped():
        live = Live(workspace, done)
        handler = partial(LivePortals, board=live.board)
        with serving(workspace.site, live.board.names, port=port, handler=handler) as address, closing(live.board):
            say_addresses(address, live.board.names)
            live.go_on()


def say_addresses(address: str, names: Mapping[str, str]) -> None:
    """Say where each portal can be opened."""
    click.echo()
    click.echo(_("Open in your browser (Ctrl-C ends it):"))
    width = max((len(name) for name in names.values()), default=0)
    for key, name in names.items():
        click.echo(f"  {name.ljust(width)}  {address}{key}/")


@contextmanager
def _until_stopped() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the block, also in the middle of a build: one that is broken off leaves the old portal."""

    def interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)

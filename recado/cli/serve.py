"""`recado serve`: the portals in a browser of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from recado.cli.frame import workspace_at, workspace_option
from recado.speech import _

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_PORT = 8000


@click.command(
    help=_(
        "Build the portals and show them in your browser.\n"
        "\n"
        "Only this machine can open them; it is for you to look at before your clients do. Each client's "
        "portal has its own path, as it "
        "will have on the web. Ctrl-C ends it."
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
    """Build and serve."""
    from recado.cli.build import build_portals, say_portals  # noqa: PLC0415 (late: not for --help)
    from recado.cli.preview import serving, wait_until_stopped  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415

    workspace = workspace_at(folder)
    done = build_portals(workspace)
    say_portals(done, workspace)
    for error in done.errors:  # what could be built is worth looking at; the rest is shown as it was
        click.echo(str(error), err=True)
    names = {key: client.name for key, client in load_practice(workspace).clients.items() if (workspace.site / key).is_dir()}
    with serving(workspace.site, names, port=port) as address:
        say_addresses(address, names)
        wait_until_stopped()


def say_addresses(address: str, names: dict[str, str]) -> None:
    """Say where each portal can be opened."""
    click.echo()
    click.echo(_("Open in your browser (Ctrl-C ends it):"))
    width = max((len(name) for name in names.values()), default=0)
    for key, name in names.items():
        click.echo(f"  {name.ljust(width)}  {address}{key}/")

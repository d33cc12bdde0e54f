"""`recado status`: how `recado run` stands, for a person, for programs and for monitors."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from recado.cli.frame import json_option, workspace_at, workspace_option
from recado.speech import _

if TYPE_CHECKING:
    from pathlib import Path

    from recado.running.judgement import Life, Wrong
    from recado.running.standing import Standing
    from recado.store.workspace import Workspace


@click.command(
    help=_(
        "Say how `recado run` stands: whether it runs, and what is wrong with mail, portals and places.\n"
        "\n"
        "\b\n"
        "For a monitor:   recado status --check\n"
        "                 one line; exit status 0 where all is well, 1 where it is not"
    )
)
@click.option("--check", is_flag=True, help=_("Say it in one line, and end with 1 where something is wrong or nothing runs."))
@workspace_option
@json_option
def status(check: bool, folder: Path | None, as_json: bool) -> int:
    """Say how the run stands."""
    from recado.cli.status_words import check_line, status_lines  # noqa: PLC0415 (late: not for --help)
    from recado.running.journal import now  # noqa: PLC0415
    from recado.running.judgement import Life, wrongs  # noqa: PLC0415

    workspace = workspace_at(folder)
    standing, life = _look(workspace)
    at = now()
    wrong = wrongs(standing, at) if standing is not None and life is Life.RUNNING else ()
    is_well = life is Life.RUNNING and not wrong
    if as_json:
        _say_json(standing, life, wrong, is_well=is_well)
    elif check:
        click.echo(check_line(standing, life, wrong, at))
    else:
        for line in status_lines(standing, life, wrong, at):
            click.echo(line)
    return 1 if check and not is_well else 0


def _look(workspace: Workspace) -> tuple[Standing | None, Life]:
    """Read what the run keeps, and see whether its lock is held."""
    from recado.running.judgement import life_of  # noqa: PLC0415 (late: as above)
    from recado.running.standing import lock_file, read_standing, standing_file  # noqa: PLC0415
    from recado.store.lock import is_held  # noqa: PLC0415

    is_running = is_held(lock_file(workspace))
    try:
        content = standing_file(workspace).read_bytes()
    except FileNotFoundError:
        return None, life_of(None, is_running=is_running, is_kept=False)
    standing = read_standing(content)
    return standing, life_of(standing, is_running=is_running, is_kept=True)


def _say_json(standing: Standing | None, life: Life, wrong: tuple[Wrong, ...], *, is_well: bool) -> None:
    from recado.cli.output import print_json  # noqa: PLC0415 (late: only for programs)

    told = [each._asdict() for each in wrong]
    print_json({"life": life, "is_well": is_well, "wrong": told, "run": asdict(standing) if standing else None})

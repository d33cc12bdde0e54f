"""What every command shares: the reader's language, errors as sentences with their exit status, the workspace it works in."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from recado.errors import FileError, RecadoError
from recado.reasons import reason_of
from recado.speech import _, speak, terminal_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from recado.store.workspace import Workspace

F = TypeVar("F", bound="Callable[..., Any]")

INTERRUPTED = 130


def run(command: click.Command, *, name: str = "recado") -> None:
    """Run a command as this process, and end it with the status of what happened (DESIGN, section 5)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal without our letters shows ? for them, never a traceback
            stream.reconfigure(errors="replace")
    sys.exit(status_of(command, sys.argv[1:], name=name))


def status_of(command: click.Command, arguments: list[str], *, name: str = "recado") -> int:
    """Run a command and give its exit status: 0 done, 1 it could not be done, 2 wrong usage or configuration."""
    speak(terminal_language())
    try:
        outcome = command.main(args=arguments, prog_name=name, standalone_mode=False)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.Abort:
        click.echo(_("Stopped."), err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except FileError as error:
        # One line a problem and nothing else, so that an editor can jump to each.
        click.echo(str(error), err=True)
        return error.exit_status
    except RecadoError as error:
        click.echo(str(error), err=True)
        return error.exit_status
    except BrokenPipeError:
        # Whoever read us has seen enough (`| head`). Python would complain once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(
            _("{where}{reason}. Nothing was left half done; mend it and run the command again.").format(
                where=where, reason=reason_of(error)
            ),
            err=True,
        )
        return 1
    return outcome if isinstance(outcome, int) else 0


def workspace_option(command: F) -> F:
    """Give a command `--workspace DIR`."""
    option = click.option(
        "--workspace",
        "folder",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help=_("The folder that holds clients.yml. Without it: RECADO_WORKSPACE, else the nearest folder upward that has one."),
    )
    return option(command)


def json_option(command: F) -> F:
    """Give a command `--json`."""
    option = click.option("--json", "as_json", is_flag=True, help=_("Print JSON for other programs, instead of words for you."))
    return option(command)


def workspace_at(folder: Path | None) -> Workspace:
    """Find the workspace a command works in. Raises UsageError."""
    from recado.store.workspace import find_workspace  # noqa: PLC0415 (late: help needs no workspace)

    return find_workspace(folder)

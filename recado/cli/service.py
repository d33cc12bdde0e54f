"""`recado service`: `recado run` as a service of systemd's, for this user and this workspace."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recado.cli.frame import workspace_at, workspace_option
from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from recado.cli.service_unit import Unit
    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

_SECONDS = 30


@click.group(
    help=_(
        "Have `recado run` start with the machine, and start again where it fails (systemd).\n"
        "\n"
        "\b\n"
        "recado service install\n"
        "recado service uninstall"
    )
)
def service() -> None:
    """Have the run start by itself."""


@service.command(
    help=_(
        "Write a systemd unit for this workspace, and say the commands that start it.\n"
        "\n"
        "It runs as you, may write to the workspace, to its keys and to its directory places, and to nothing else. "
        "Run this again after a change of the places in clients.yml. A unit that you changed by hand stays as it is."
    )
)
@click.option("--print", "is_shown", is_flag=True, help=_("Only show the unit; write nothing."))
@click.option("--force", is_flag=True, help=_("Also replace a unit that was changed by hand."))
@workspace_option
def install(is_shown: bool, force: bool, folder: Path | None) -> None:
    """Write the unit."""
    from recado.cli.service_unit import unit_for  # noqa: PLC0415 (late: not for --help)
    from recado.speech import terminal_language  # noqa: PLC0415
    from recado.store.practice_file import load_practice  # noqa: PLC0415

    workspace = workspace_at(folder)
    practice = load_practice(workspace)
    may_separate = _may_make_namespaces()
    unit = unit_for(workspace, practice, _program(), has_namespaces=may_separate, language=terminal_language())
    if is_shown:
        click.echo(unit.text, nl=False)
        return
    if not _has_systemd():
        raise WorkError(_without_systemd(workspace))
    _write(unit, workspace, is_forced=force)
    _run_systemctl("daemon-reload")
    _say_next(unit, practice, may_separate=may_separate)


@service.command(help=_("Stop the service of this workspace and take its unit away. Files and portals stay."))
@click.option("--force", is_flag=True, help=_("Also take a unit away that was changed by hand."))
@workspace_option
def uninstall(force: bool, folder: Path | None) -> None:
    """Take the unit away."""
    from recado.cli.service_unit import unit_name, units_folder  # noqa: PLC0415 (late: not for --help)

    workspace = workspace_at(folder)
    name = unit_name(workspace)
    file = units_folder() / f"{name}.service"
    if not file.exists():
        click.echo(_("There is no service of this workspace: {file} is not there.").format(file=file))
        return
    _expect_ours(file, workspace, is_forced=force)
    if _has_systemd():
        _run_systemctl("disable", "--now", name)
    file.unlink()
    if _has_systemd():
        _run_systemctl("daemon-reload")
    click.echo(_("{file} is gone, and nothing runs any more for this workspace.").format(file=file))


def _write(unit: Unit, workspace: Workspace, *, is_forced: bool) -> None:
    from recado.deploy.key_files import keys_root, make_private  # noqa: PLC0415 (late: as above)
    from recado.store.atomic import write_whole  # noqa: PLC0415

    if unit.file.exists():
        _expect_ours(unit.file, workspace, is_forced=is_forced)
    make_private(keys_root(os.environ))  # what is not there cannot be written by the service
    for folder in unit.writable:
        if not folder.exists():
            click.echo(_("{folder} is not there yet. Make it before the service starts.").format(folder=folder), err=True)
    write_whole(unit.file, unit.text.encode())
    click.echo(_("Written: {file}").format(file=unit.file))


def _expect_ours(file: Path, workspace: Workspace, *, is_forced: bool) -> None:
    """See that a unit is this workspace's, and as it was made. Raises WorkError."""
    from recado.cli.service_unit import is_as_made, is_of  # noqa: PLC0415 (late: as above)

    if is_forced:
        return
    text = file.read_text(encoding="utf-8", errors="replace")
    if not is_as_made(text):
        told = _(
            "{file} was changed by hand, and stays as it is. What you add belongs in a file beside it "
            "(systemctl --user edit {name}); --force replaces it."
        )
        raise WorkError(told.format(file=file, name=file.stem))
    if not is_of(text, workspace):
        told = _("{file} is the service of another workspace, whose folder has the same name. Rename one of the folders.")
        raise WorkError(told.format(file=file))


def _say_next(unit: Unit, practice: Practice, *, may_separate: bool) -> None:
    from recado.cli.service_unit import environment_file, raising_commands  # noqa: PLC0415 (late: as above)

    raising = raising_commands(practice)
    if not may_separate and not raising:
        click.echo(
            _("This system lets nobody make user namespaces: the unit protects files less than it could (ProtectSystem=)."),
            err=True,
        )
    for name in raising:
        told = _(
            "{place}: its command becomes another user (sudo), so that the service can be protected no further. Where another "
            "command does it without (caddy reload), name that one in clients.yml and run this again."
        )
        click.echo(told.format(place=name), err=True)
    click.echo()
    click.echo(_("Next, the mailbox's password (clients.yml says where it is looked up). Where that is {env: …}:"))
    file = environment_file()
    click.echo(f"  install -D -m 600 /dev/null {file}")
    click.echo(f"  echo 'RECADO_IMAP_PASSWORD=…' > {file}")
    click.echo(_("Start it, now and with the machine, also while you are not logged in:"))
    click.echo(f"  systemctl --user enable --now {unit.name}")
    click.echo("  loginctl enable-linger")
    click.echo(_("See how it stands, and what it says:"))
    click.echo("  recado status")
    click.echo(f"  journalctl --user -u {unit.name} -f")


def _without_systemd(workspace: Workspace) -> str:
    told = _(
        "There is no systemd here that runs services for you. Have it started otherwise: in the crontab (crontab -e) by these "
        "lines, the first for the mailbox's password\n"
        "    RECADO_IMAP_PASSWORD=…\n"
        "    @reboot {program} run --workspace {folder}\n"
        "or in a terminal that stays (tmux new -s recado), by: recado run"
    )
    return told.format(program=shlex.join(_program()), folder=shlex.quote(str(workspace.root)))


def _has_systemd() -> bool:
    return shutil.which("systemctl") is not None and Path("/run/systemd/system").is_dir()


def _program() -> tuple[str, ...]:
    """Give the command that is this program's `recado`, by absolute paths."""
    beside = Path(sys.executable).with_name("recado")
    return (str(beside),) if beside.exists() else (sys.executable, "-m", "recado")


def _may_make_namespaces() -> bool:
    """Tell whether this user may make a user namespace, as the unit's protection of files needs."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return True
    command = [unshare, "--user", "--map-root-user", "true"]
    return subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS).returncode == 0  # noqa: S603 (util-linux)


def _run_systemctl(*what: str) -> None:
    """Tell the user's systemd. Raises WorkError with its own words."""
    command = [shutil.which("systemctl") or "systemctl", "--user", *what]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)  # noqa: S603 (systemd's)
    if done.returncode:
        told = _("systemctl --user {what} failed: {said}")
        raise WorkError(told.format(what=" ".join(what), said=done.stderr.strip() or done.stdout.strip()))

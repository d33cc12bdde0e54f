"""The systemd user unit that runs `recado run` for one workspace: what it may do is what it needs, and no more."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from recado.deploy.key_files import KEYS_VARIABLE, keys_root

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

MARK = "# recado-service:"
_AS_IT_IS = re.compile(r"[A-Za-z0-9_./@:+,=-]+", re.ASCII)
_RAISING = frozenset({"sudo", "doas", "su", "pkexec"})

_UNIT = """\
# Made by `recado service install` for {root}. Change it with: systemctl --user edit {name}

[Unit]
Description=Recado: mail, portals and places of {title}
Documentation=man:systemd.exec(5)
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
TimeoutStartSec=30min
ExecStart={program} run --workspace {workspace}
WorkingDirectory={root_path}
# RECADO_IMAP_PASSWORD=… and the like, one a line. The file must be readable by you alone: chmod 600
EnvironmentFile=-{environment}
Environment=PYTHONUNBUFFERED=1{settings}
Restart=on-failure
RestartSec=30
WatchdogSec=300
TimeoutStopSec=15
KillMode=mixed

{protection}[Install]
WantedBy=default.target
"""
_PROTECTION = """\
# Files: all can be read as by you, but for other users' own; written are the workspace, its keys and its directory places.
UMask=0022
NoNewPrivileges=yes
{namespaces}LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
{no_new_code}KeyringMode=private

"""
# Each of the above takes the right away to become another user, which sudo needs.
_UNPROTECTED = """\
# A command of clients.yml becomes another user (sudo): nothing that forbids that may stand here.
UMask=0022
KeyringMode=private

"""
# These need a user namespace. Where the system forbids those, the service would not start with them. ProtectKernelTunables= and
# ProtectKernelLogs= are not here: inside of a container a user's systemd cannot, and who has no such rights loses none.
_NAMESPACES = """\
PrivateUsers=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={writable}
ProtectProc=invisible
ProtectControlGroups=yes
ProtectKernelModules=yes
ProtectClock=yes
ProtectHostname=yes
CapabilityBoundingSet=
RestrictNamespaces=yes
"""


class Unit(NamedTuple):
    """A unit: its name, where it stands, what it says; and the folders that it may write."""

    name: str
    file: Path
    text: str
    writable: tuple[Path, ...]


def unit_for(
    workspace: Workspace, practice: Practice, program: Sequence[str], *, has_namespaces: bool, language: str = ""
) -> Unit:
    """Write the unit of a workspace. `program` is the command that is `recado`, by absolute paths. Raises UsageError."""
    name = unit_name(workspace)
    folders = (workspace.root, keys_root(os.environ), *directories_of(workspace, practice))
    writable = " ".join(f"-{_quoted(str(folder))}" for folder in dict.fromkeys(folders))
    text = _UNIT.format(
        root=_in_comment(str(workspace.root)),
        name=name,
        title=_in_comment(practice.business.name).replace("%", "%%"),
        program=" ".join(_quoted(word, is_command=True) for word in program),
        workspace=_quoted(str(workspace.root), is_command=True),
        root_path=_path(str(workspace.root)),
        environment=_path(str(environment_file())),
        protection=_protection(practice, writable, has_namespaces=has_namespaces),
        settings=_settings(language),
    )
    return Unit(name, units_folder() / f"{name}.service", marked(text), folders)


def unit_name(workspace: Workspace) -> str:
    """Name a workspace's unit by its folder."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", workspace.root.name).strip("-").lower()
    return f"recado-{words}" if words else f"recado-{hashlib.sha256(os.fsencode(workspace.root)).hexdigest()[:8]}"


def marked(text: str) -> str:
    """Put a digest of a unit into its last line: by it one that was changed by hand is known."""
    return f"{text}{MARK} {_digest(text)}\n"


def is_as_made(text: str) -> bool:
    """Tell whether a unit is as this program made it."""
    body, mark, digest = text.rpartition(MARK)
    return bool(mark) and digest.strip() == _digest(body)


def is_of(text: str, workspace: Workspace) -> bool:
    """Tell whether a unit was made for this workspace, and not for another folder of the same name."""
    return f"WorkingDirectory={_path(str(workspace.root))}\n" in text


def units_folder() -> Path:
    """Give the folder of the user's own units."""
    return _home("XDG_CONFIG_HOME", ".config") / "systemd" / "user"


def environment_file() -> Path:
    """Give the file with passwords for the service, as `NAME=value` lines."""
    return _home("XDG_CONFIG_HOME", ".config") / "recado" / "environment"


def directories_of(workspace: Workspace, practice: Practice) -> tuple[Path, ...]:
    """Give the folders of this machine to which portals are published."""
    places = (place for place in practice.places.values() if place.kind == "directory" and place.path)
    return tuple((workspace.root / Path(place.path or "").expanduser()).absolute() for place in places)


def raising_commands(practice: Practice) -> tuple[str, ...]:
    """Give the places whose commands become another user."""
    found = []
    for name, place in practice.places.items():
        commands: Iterable[tuple[str, ...] | None] = (place.reload, place.run)
        if any(command and Path(command[0]).name in _RAISING for command in commands):
            found.append(name)
    return tuple(found)


def _protection(practice: Practice, writable: str, *, has_namespaces: bool) -> str:
    if raising_commands(practice):
        return _UNPROTECTED
    # Programs of others, such as those written for Node, make code while they run.
    no_new_code = "" if _runs_others(practice) else "MemoryDenyWriteExecute=yes\n"
    namespaces = _NAMESPACES.format(writable=writable) if has_namespaces else ""
    return _PROTECTION.format(namespaces=namespaces, no_new_code=no_new_code)


def _runs_others(practice: Practice) -> bool:
    return any(place.run or place.reload for place in practice.places.values())


def _settings(language: str) -> str:
    """Give what the service is to know of this terminal: its language, and where keys are kept."""
    told = {"RECADO_LANGUAGE": language, KEYS_VARIABLE: os.environ.get(KEYS_VARIABLE, "")}
    return "".join(f" {_quoted(f'{name}={value}')}" for name, value in told.items() if value)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _home(variable: str, otherwise: str) -> Path:
    told = os.environ.get(variable, "")
    return Path(told) if told.startswith("/") else Path.home() / otherwise


def _quoted(word: str, *, is_command: bool = False) -> str:
    """Write a word as systemd reads it: % begins what it fills in, and $ too in a command."""
    word = word.replace("%", "%%")
    if is_command:
        word = word.replace("$", "$$")
    if _AS_IT_IS.fullmatch(word):
        return word
    inside = word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{inside}"'


def _path(path: str) -> str:
    """Write a path that stands alone: it is taken as it is, but for what % begins."""
    return path.replace("%", "%%")


def _in_comment(text: str) -> str:
    return " ".join(text.split())

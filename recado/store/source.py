"""Opening one file of a client: inside the client's folder, a real file, UTF-8; otherwise a problem that says which and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.errors import Problem
from recado.speech import _

if TYPE_CHECKING:
    from pathlib import Path

    from recado.store.workspace import ClientFolder


def shown(client: ClientFolder, path: Path) -> str:
    """Write a path as errors show it, from the workspace's root."""
    return path.relative_to(client.workspace).as_posix()


def read_text(client: ClientFolder, path: Path, problems: list[Problem]) -> str | None:
    """Read a file's text; None, and a problem added, where it cannot be read as text of this client's own."""
    file = shown(client, path)
    if not stays_inside(client, path):
        problems.append(Problem(file, 1, _("this link leads out of the client's folder; expected the file itself")))
        return None
    if path.is_dir():
        problems.append(Problem(file, 1, _("this is a folder; expected a file of that name")))
        return None
    try:
        content = path.read_bytes()
    except OSError as error:
        problems.append(Problem(file, 1, _("this file cannot be read: {reason}").format(reason=error.strerror)))
        return None
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.append(Problem(file, line, _("this is not UTF-8 text; expected the file saved as UTF-8")))
        return None


def stays_inside(client: ClientFolder, path: Path) -> bool:
    """Tell whether a path, its links followed, is still in the client's folder (THREATS: links are not followed out of it)."""
    return path.resolve().is_relative_to(client.root.resolve())

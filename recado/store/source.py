"""Opening one file of a client: inside the client's folder, a real file, UTF-8; otherwise a problem that says which and why."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from recado.errors import Problem
from recado.reasons import reason_of
from recado.speech import _

if TYPE_CHECKING:
    from pathlib import Path

    from recado.store.workspace import ClientFolder


def shown(client: ClientFolder, path: Path) -> str:
    """Write a path as errors show it, from the workspace's root."""
    return readable(path.relative_to(client.workspace).as_posix())


def readable(name: str) -> str:
    r"""Write a file's name so that it can be printed: bytes of it that are no UTF-8 as `\\xe9`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def read_text(client: ClientFolder, path: Path, problems: list[Problem]) -> str | None:
    """Read a file's text; None, and a problem added, where it cannot be read as text of this client's own."""
    content = read_content(client, path, problems)
    return None if content is None else text_of(content, shown(client, path), problems)


def read_content(client: ClientFolder, path: Path, problems: list[Problem]) -> bytes | None:
    """Read a file's bytes; None, and a problem added, where it is no readable file of this client's own."""
    file = shown(client, path)
    if not stays_inside(client, path):
        problems.append(Problem(file, 1, _("this link leads out of the client's folder; expected the file itself")))
        return None
    if path.is_dir():
        problems.append(Problem(file, 1, _("this is a folder; expected a file of that name")))
        return None
    if path.exists() and not path.is_file():  # a pipe, which may never say anything
        problems.append(Problem(file, 1, no_file_of_their_own()))
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        problems.append(Problem(file, 1, _("this file cannot be read: {reason}").format(reason=reason_of(error))))
        return None


def text_of(content: bytes, file: str, problems: list[Problem]) -> str | None:
    """Read bytes as UTF-8 text with ends of lines as they are on Unix; None, and a problem added, where they are none."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.append(Problem(file, line, _("this is not UTF-8 text; expected the file saved as UTF-8")))
        return None


def no_file_of_their_own() -> str:
    """Say that what stands under a name cannot be taken for a file of the client's."""
    return _("this is no file of the client's own (a link that leads out, or a folder); expected a file")


def stays_inside(client: ClientFolder, path: Path) -> bool:
    """Tell whether a path, its links followed, is still in the client's folder (THREATS: links are not followed out of it).

    Where nothing on the way is a link, nothing is resolved: this is asked for every file of a build. The client's folder itself
    may not be a link either: it could be another client's.
    """
    on_the_way = [path]
    while on_the_way[-1] != client.root and on_the_way[-1] != on_the_way[-1].parent:
        on_the_way.append(on_the_way[-1].parent)
    if not any(os.path.islink(step) for step in on_the_way):  # noqa: PTH114 (a third of the time of Path.is_symlink)
        return True
    try:
        return path.resolve().is_relative_to(client.root.parent.resolve() / client.key)
    except RuntimeError:  # a link that leads to itself
        return False

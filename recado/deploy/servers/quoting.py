"""Paths in the configuration languages of the two servers: each in quotes that nothing in it can leave, or refused."""

from __future__ import annotations

from recado.errors import WorkError
from recado.speech import _


def nginx_quoted(path: str, variables: str = "") -> str:
    """Quote a path for nginx, with its `variables` behind it. Raises WorkError.

    A `$` begins a variable there, and nothing makes it a plain letter.
    """
    _refuse(path, "$", "nginx")
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}{variables}"'


def caddy_quoted(path: str) -> str:
    """Quote a path for Caddy. Raises WorkError.

    Between backticks all is plain, but braces still hold a placeholder; and a file to import is looked for by a pattern.
    """
    _refuse(path, "`{}*?[\\", "Caddy")
    return f"`{path}`"


def shell_comment_quoted(path: str) -> str:
    """Quote a path for a command line that stands in a comment."""
    return "'" + path.replace("'", "'\\''") + "'"


def _refuse(path: str, letters: str, server: str) -> None:
    for letter in path:
        if letter in letters or not letter.isprintable():
            raise WorkError(
                _("{server} cannot read a path with {letter} in it, as {path} has. Choose another path in clients.yml").format(
                    server=server, letter=ascii(letter), path=ascii(path)
                )
            )

"""What rsync tells of what it sent, or would send (`--out-format='%i %n'`)."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

FORMAT = "--out-format=%i %n"
_DELETED = b"*deleting"
_NEW = b"+++++++++"
_ESCAPED = re.compile(rb"\\#(\d{3})")
_LINE = re.compile(rb"(\*deleting  |[<>ch.][fdLDS][.+?a-zA-Z]{9}) (.*)", re.DOTALL)
_PERMISSIONS = 5


class Items(NamedTuple):
    """What differs, by path. `retimed`: the same content with another time."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    retimed: tuple[str, ...] = ()


def items_of(told: bytes) -> Items:
    """Read what rsync tells. Folders count only where their permissions were changed: then nobody may see what they hold."""
    found: dict[str, list[str]] = {"added": [], "changed": [], "removed": [], "retimed": []}
    for line in told.split(b"\n"):
        if (parts := _LINE.fullmatch(line)) is None:
            continue
        flags, path = parts[1], _path(parts[2])
        if (kind := _kind(flags, path)) is not None:
            found[kind].append(path)
    return Items(**{kind: tuple(paths) for kind, paths in found.items()})


def _kind(flags: bytes, path: str) -> str | None:
    """Tell what a line says of a path; None: nothing that matters."""
    if flags.startswith(_DELETED):
        return None if path.endswith("/") else "removed"
    is_new, is_barred = flags.endswith(_NEW), flags[_PERMISSIONS : _PERMISSIONS + 1] == b"p"
    if flags[1:2] == b"d":
        return "changed" if is_barred and not is_new else None
    if flags[:1] == b".":
        return "changed" if is_barred else "retimed"
    return "added" if is_new else "changed"


def _path(name: bytes) -> str:
    return os.fsdecode(_ESCAPED.sub(lambda found: bytes([int(found[1], 8)]), name))

"""What a changed file means for the portals: nothing, one client's, or all of them. Pure: paths in, what to look at out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recado.store.workspace import PRACTICE_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_SOURCES, _TEMPLATES = "portal_src", "site_templates"
WATCHED = (_SOURCES, _TEMPLATES)  # folders of the workspace that are watched, with all that is in them
_PRIVATE = frozenset({"private", "sent"})
# What editors, browsers and sync programs put beside a file while they write it. Vim tries with 4913 whether it may.
_LITTER = re.compile(r"\..*|.*~|#.*#|4913|.*\.(?:sw[a-z]|tmp|temp|part|crdownload|kate-swp)|.*___jb_(?:tmp|old)___", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Look:
    """What to look at again. `keys` are clients' (none: all of them), `told` the only files that changed (None: not known)."""

    keys: frozenset[str] = frozenset()
    told: frozenset[Path] | None = None


EVERYTHING = Look()


def look_for(paths: Iterable[Path], root: Path, is_file: Callable[[Path], bool]) -> Look | None:
    """Tell what changed paths in or below a workspace's root ask for; None where no portal is made from any of them.

    `is_file` tells whether a path is a file now. Where one is not (a folder that was moved here, or a file that is gone), all
    that client's files are looked at: what is in a folder that comes or goes is told by nobody.
    """
    keys: set[str] = set()
    told: set[Path] = set()
    is_exact = True
    for path in paths:
        parts = path.relative_to(root).parts
        if not _matters(parts):
            continue
        if parts[:1] != (_SOURCES,) or len(parts) == 1:
            return EVERYTHING
        keys.add(parts[1])
        if len(parts) > 2 and is_file(path):  # noqa: PLR2004 (a file in the client's folder)
            told.add(path)
        else:
            is_exact = False
    if not keys:
        return None
    return Look(frozenset(keys), frozenset(told) if is_exact else None)


def _matters(parts: tuple[str, ...]) -> bool:
    """Tell whether a portal may be made from what has this path in the workspace."""
    if any(map(_LITTER.fullmatch, parts)):
        return False
    if len(parts) <= 1 or parts[0] == _TEMPLATES:  # also a logo or a font: it stands beside clients.yml
        return not parts or parts[0] in {PRACTICE_FILE, *WATCHED} or "." in parts[0]
    if parts[0] != _SOURCES or parts[1].startswith("_"):
        return False
    inside = parts[2:]
    is_note = inside[:1] == ("tasks",) and inside[2:] == ("private.md",)
    return not is_note and inside[:1] not in {(name,) for name in _PRIVATE}

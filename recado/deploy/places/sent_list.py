"""What was sent to a place, as far as it can be told from here: a look at each file (size, time, which file it is)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from recado.portal.kept_json import read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_SECOND = 1_000_000_000


class Look(NamedTuple):
    """A file as a look at it tells."""

    size: int
    time: int  # nanoseconds
    number: int

    def is_mistaken_for(self, other: Look) -> bool:
        """Tell whether rsync, which knows seconds, takes the one for the other though it is another."""
        return self != other and self.size == other.size and self.time // _SECOND == other.time // _SECOND


class SentList(NamedTuple):
    """The files of one release, by their paths."""

    release: str
    files: Mapping[str, Look]


def looks_at(root: Path) -> dict[str, Look]:
    """Look at every file below a folder. Raises OSError."""
    found: dict[str, Look] = {}
    folders = [("", str(root))]
    while folders:
        above, folder = folders.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                path = above + entry.name
                if entry.is_dir(follow_symlinks=False):
                    folders.append((f"{path}/", entry.path))
                elif entry.is_file(follow_symlinks=False):
                    state = entry.stat(follow_symlinks=False)
                    found[path] = Look(state.st_size, state.st_mtime_ns, state.st_ino)
    return found


def read_list(file: Path) -> SentList | None:
    """Read what was kept; None where it is gone, or not whole."""
    kept = read_json(file)
    try:
        return SentList(str(kept["release"]), {path: Look(*look) for path, look in kept["files"].items()})
    except (KeyError, TypeError, AttributeError):
        return None


def keep_list(file: Path, sent: SentList) -> None:
    """Keep it; what cannot be kept costs time."""
    write_json(file, {"release": sent.release, "files": sent.files})

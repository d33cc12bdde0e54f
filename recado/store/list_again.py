"""Listing again what was listed before: only what is said to have changed, or only the folders in which a name came or went."""

from __future__ import annotations

import os
import stat
import time
from typing import TYPE_CHECKING

from recado.store.listing import FILES, FOLDER, FOLDERS, PRIVATE, is_closed, listed, look, look_below, stamp_from, stamp_of_link

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from recado.store.listing import Listing, Stamp
    from recado.store.workspace import ClientFolder


def list_as_before(folder: ClientFolder, before: Listing) -> Listing | None:
    """List again, looking into those folders alone in which a name came or went; None where that is not enough."""
    if not before.folders or any(map(is_closed, before.files.values())):
        return None
    begun, again = time.time_ns(), _Again(str(folder.root), before)
    try:
        again.look()
    except OSError:  # what cannot be looked at is told of by who lists it
        return None
    return listed(again.files, begun, again.folders)


class _Again:
    """A second look at what was listed. Its methods raise OSError for what is there and cannot be looked at."""

    def __init__(self, root: str, before: Listing) -> None:
        self._root = root
        self._before = before.folders
        self._inside: dict[str, list[str]] = {}
        for path in before.files:
            self._inside.setdefault(_above(path), []).append(path)
        self.files: dict[str, Stamp] = {}
        self.folders: dict[str, Stamp] = {}

    def look(self) -> None:
        for path, stamp in self._before.items():  # those above come first
            if path in self.folders or (path and _above(path) not in self.folders):
                continue
            found = self._found(path)
            if found is None or not stat.S_ISDIR(found.st_mode):
                continue
            self.folders[path] = stamp_from(found)
            if self.folders[path] == stamp:
                self._look_at_the_same_names(path)
            elif path:
                look_below(f"{self._root}/{path}", f"{path}/", self.files, self.folders, self._before)
            else:
                for name in (*FILES, *FOLDERS):
                    look(self._root, name, self.files, self.folders, self._before)

    def _look_at_the_same_names(self, folder: str) -> None:
        """Look at what stood in a folder that holds the same names. It is done for every file of a client."""
        for name in self._inside.get(folder, ()):
            found = self._found(name)
            if found is None:
                continue
            if stat.S_ISREG(found.st_mode):
                self.files[name] = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
            elif stat.S_ISDIR(found.st_mode):
                self.files[name] = (FOLDER, 0, 0, found.st_ino)
            else:
                self.files[name] = stamp_of_link(found, f"{self._root}/{name}")

    def _found(self, path: str) -> os.stat_result | None:
        try:
            return os.lstat(f"{self._root}/{path}")
        except (FileNotFoundError, NotADirectoryError):
            return None


def _above(path: str) -> str:
    return path[: max(path.rfind("/"), 0)]


def list_again(folder: ClientFolder, before: Listing, told: Iterable[Path]) -> Listing:
    """List again, looking only at the files and folders that are said to have changed, come or gone."""
    begun, root, files = time.time_ns(), str(folder.root), dict(before.files)
    folders = {parent for path in files for parent in _parents(path)}
    for path in told:
        name = path.relative_to(folder.root).as_posix() if path.is_relative_to(folder.root) else ""
        parts = name.split("/")
        if parts[0] not in (*FILES, *FOLDERS) or any(part in PRIVATE or part.startswith(".") for part in parts):
            continue
        name = next((parent for parent in _parents(name) if parent not in folders or os.path.islink(f"{root}/{parent}")), name)  # noqa: PTH114 (as below)
        inside = f"{name}/"
        for known in [known for known in files if known == name or known.startswith(inside)]:
            del files[known]
        look(root, name, files, {})
    return listed(files, begun, {})


def _parents(path: str) -> list[str]:
    """Give the folders on the way to a file, the outermost first."""
    parts = path.split("/")
    return ["/".join(parts[:number]) for number in range(1, len(parts))]

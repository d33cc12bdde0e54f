"""What stands in a folder: every file below it, and by what it would be known if it were another."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


class Stamp(NamedTuple):
    """By what a file is known: whoever changes it changes one of these. Links to it change none of them."""

    size: int
    modified: int  # ns of the epoch
    inode: int

    @property
    def content(self) -> tuple[int, int]:
        """What a copy of the file has in common with it."""
        return self.size, self.modified


def files_in(folder: Path) -> dict[str, Stamp]:
    """Give every file below a folder, by its path from there; none where there is no folder. Links are not followed."""
    return dict(_files(str(folder), ""))


def flat_files(folder: Path) -> dict[str, Stamp]:
    """Give the files that stand in a folder itself; none where it is not there."""
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return {}
    return {entry.name: _stamp(entry) for entry in entries if entry.is_file(follow_symlinks=False)}


def contents_in(folder: Path) -> dict[str, tuple[int, int]]:
    """Give of every file below a folder what a copy of it has in common with it."""
    return {path: stamp.content for path, stamp in files_in(folder).items()}


def folders_in(folder: Path) -> list[str]:
    """Give the names of the folders in a folder; none where it is not there."""
    try:
        return sorted(entry.name for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []


def differences(there: Mapping[str, object], wanted: Mapping[str, object]) -> tuple[list[str], list[str], list[str]]:
    """Tell what is to be added, changed and removed so that what is there becomes what is wanted, each sorted."""
    added = sorted(wanted.keys() - there.keys())
    changed = sorted(path for path in wanted.keys() & there.keys() if wanted[path] != there[path])
    return added, changed, sorted(there.keys() - wanted.keys())


def _files(folder: str, within: str) -> Iterator[tuple[str, Stamp]]:
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, f"{within}{entry.name}/")
        else:
            yield within + entry.name, _stamp(entry)


def _stamp(entry: os.DirEntry[str]) -> Stamp:
    state = entry.stat(follow_symlinks=False)
    return Stamp(state.st_size, state.st_mtime_ns, state.st_ino)

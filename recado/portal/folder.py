"""The folder in which a portal is made: what did not change is linked from the old one, all else is written anew.

A file that was linked is never written again in its place: the old portal would change with it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import BufferedReader, FileIO
    from pathlib import Path

_PIECE = 1 << 20  # bytes


class Folder:
    """A folder that is being filled. `old` is the portal as it stands, None where nothing of it may be used."""

    def __init__(self, made: Path, old: Path | None) -> None:
        """Take the two; both are on one file system."""
        self._made = str(made)
        self._old = str(old) if old else None
        self._there: set[str] = {""}

    def keep(self, path: str) -> bool:
        """Take a file of the old portal over; False where it is not there any more."""
        if self._old is None:
            return False
        self.make_room(path)
        old, new = f"{self._old}/{path}", f"{self._made}/{path}"
        try:
            os.link(old, new)
        except FileExistsError:  # taken over before
            return True
        except FileNotFoundError:
            return False
        except OSError:  # a file system without links, or with as many as it may have
            try:
                shutil.copyfile(old, new)
            except OSError:
                return False
        return True

    def old_content(self, path: str) -> bytes:
        """Read a file of the old portal; nothing where it is not there."""
        if self._old is None:
            return b""
        try:
            with open(f"{self._old}/{path}", "rb") as file:  # noqa: PTH123 (in keeping with the rest)
                return file.read()
        except OSError:
            return b""

    def write(self, path: str, content: bytes) -> None:
        """Write a new file. Raises OSError."""
        self.make_room(path)
        with open(f"{self._made}/{path}", "xb", buffering=0) as file:  # noqa: PTH123 (for each page: half the time)
            _write_all(file, content)

    def copy(self, path: str, source: BufferedReader) -> str:
        """Write a new file of what a stream gives, piece by piece; gives the digest of its content. Raises OSError."""
        self.make_room(path)
        digest = _digest()
        with open(f"{self._made}/{path}", "xb", buffering=0) as file:  # noqa: PTH123 (in keeping with the rest)
            while piece := source.read(_PIECE):
                digest.update(piece)
                _write_all(file, piece)
        return digest.hexdigest()

    def make_room(self, path: str) -> None:
        """Make the folders that a file needs. Raises OSError where the one that is being filled is there no more."""
        folder, _slash, _name = path.rpartition("/")
        if folder not in self._there:
            self.make_room(folder)
            with suppress(FileExistsError):  # another process of this build was first
                os.mkdir(f"{self._made}/{folder}")  # noqa: PTH102 (in keeping with the rest)
            self._there.add(folder)


def content_digest(content: bytes) -> str:
    """Give the digest of a file's content."""
    return _digest(content).hexdigest()


def stream_digest(source: BufferedReader) -> str:
    """Give the digest of all that a stream gives."""
    return hashlib.file_digest(source, _digest).hexdigest()


def _digest(content: bytes = b"") -> hashlib.blake2b:
    return hashlib.blake2b(content, digest_size=16)


def _write_all(file: FileIO, content: bytes) -> None:
    left = memoryview(content)
    while left:  # where the disk is nearly full, or a file huge, one write takes only a part
        left = left[file.write(left) :]

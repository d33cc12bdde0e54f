"""A file of lines that never grows beyond a bound: what is older moves aside, and the oldest goes."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 1_000_000
_KEPT = 4  # files beside the one that is written


class LogFile:
    """Lines appended to a file that its owner alone can read. It is opened for each line: it may be deleted at any time.

    Not for several threads.
    """

    def __init__(self, file: Path, most_bytes: int = _MOST_BYTES, kept: int = _KEPT) -> None:
        """Take the file, how large it may become, and how many older ones are kept beside it."""
        self._file = file
        self._most_bytes = most_bytes
        self._kept = kept
        self._is_torn = False

    def append(self, line: bytes) -> None:
        """Write one line, which ends with a line feed. Raises OSError; then the next line begins anew all the same."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._make_room(len(line))
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self._file, flags, 0o600)
        try:
            whole = b"\n" + line if self._is_torn else line
            written = os.write(descriptor, whole)
            self._is_torn = written < len(whole)
            if self._is_torn:
                os.write(descriptor, whole[written:])  # says why, for instance that the disk is full
                self._is_torn = False
        finally:
            os.close(descriptor)

    def prune(self, days: float) -> None:
        """Delete what was moved aside and is older than so many days. Raises OSError."""
        oldest = time.time() - days * 86400
        for number in range(1, self._kept + 1):
            aside = self._aside(number)
            with suppress(FileNotFoundError):
                if aside.stat().st_mtime < oldest:
                    aside.unlink()

    def _make_room(self, more: int) -> None:
        try:
            size = self._file.stat().st_size
        except FileNotFoundError:
            return
        if size == 0 or size + more <= self._most_bytes:
            return
        for number in range(self._kept, 0, -1):
            with suppress(FileNotFoundError):
                (self._aside(number - 1) if number > 1 else self._file).replace(self._aside(number))

    def _aside(self, number: int) -> Path:
        return self._file.with_name(f"{self._file.name}.{number}")

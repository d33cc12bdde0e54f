"""Watching a workspace's files, in threads of its own: what changes while a build is at work is not lost."""

from __future__ import annotations

import queue
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from recado.cli.live_changes import WATCHED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

_STEP = 30  # milliseconds in which nothing changes: then what changed before is told
_LONGEST = 500  # milliseconds after which it is told in any case
_BEAT = 250  # milliseconds between two looks whether to end
_QUIET = 0.03  # seconds: the other thread may have something of the same save
_GATHERED = 1.0  # seconds: what never comes to rest is told too


class Watch:
    """Gathers which paths changed. A context manager.

    The root itself is among them when watching begins: what changed just before was seen by nobody.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._queue: queue.SimpleQueue[frozenset[Path]] = queue.SimpleQueue()
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._unbegun = 0
        self._folders = watched_folders(root)
        self.failure: str | None = None  # why changes can not be noticed, or no more

    def changes(self, seconds: float) -> frozenset[Path]:
        """Wait until something changes and comes to rest, and give the paths; none where nothing does in so many seconds."""
        paths = more = self._next(seconds)
        end = time.monotonic() + _GATHERED
        while more and time.monotonic() < end:
            more = self._next(_QUIET)
            paths |= more
        return paths

    @property
    def is_outdated(self) -> bool:
        """Tell whether the watched folders are no longer those that stand there: one was made, moved or replaced."""
        return self._folders != watched_folders(self._root)

    def __enter__(self) -> Self:
        watched = [([self._root], False), ([folder for folder, _inode in self._folders], True)]
        self._threads = [
            threading.Thread(target=self._gather, args=args, name="watch", daemon=True) for args in watched if args[0]
        ]
        self._unbegun = len(self._threads)
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def _next(self, seconds: float) -> frozenset[Path]:
        try:
            return self._queue.get(timeout=max(seconds, 0))
        except queue.Empty:
            return frozenset()

    def _gather(self, folders: Sequence[Path], is_recursive: bool) -> None:
        from watchfiles import watch  # noqa: PLC0415 (late: 100 ms, while the first page is looked at)
        from watchfiles._rust_notify import WatchfilesRustInternalError  # noqa: PLC0415

        is_begun = False  # a first look, even of nothing, tells that what changes from now on is noticed
        try:
            for changes in watch(
                *folders,
                watch_filter=None,
                debounce=_LONGEST,
                step=_STEP,
                stop_event=self._ending,
                rust_timeout=_BEAT,
                yield_on_timeout=True,
                recursive=is_recursive,
                ignore_permission_denied=True,
            ):
                if not is_begun:
                    is_begun = True
                    self._note_begun()
                if changes:
                    self._queue.put(frozenset(Path(path) for _kind, path in changes))
        except (OSError, WatchfilesRustInternalError) as error:
            self.failure = str(error)
            self._queue.put(frozenset({self._root}))

    def _note_begun(self) -> None:
        with self._lock:
            self._unbegun -= 1
            if self._unbegun == 0:
                self._queue.put(frozenset({self._root}))


def watched_folders(root: Path) -> tuple[tuple[Path, int], ...]:
    """Give the folders of a workspace that are watched with all that is in them, as they stand now, each with its inode."""
    found = []
    for name in WATCHED:
        try:
            found.append((root / name, (root / name).stat().st_ino))
        except OSError:
            continue
    return tuple(found)

"""Whose turn it is to put mail in its place: the worker's, or a command's of someone at the terminal, one mail at a time."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from recado.store.lock import locked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recado.store.workspace import Workspace


@contextmanager
def filing_turn(workspace: Workspace) -> Iterator[None]:
    """Hold the turn, waiting for whoever has it. Whoever files, or moves messages, holds it for that and no longer.

    A worker may watch the mailbox for weeks: it keeps no one else from filing but while it files itself. What is unfinished
    when nobody has the turn was left by a crash, and by nobody who is still at it. Not for use inside itself.
    """
    with locked(_lock_of(workspace)):
        try:
            yield
        finally:  # a mark for the worker: what it knows of the files is old
            now = time.time_ns()
            with suppress(OSError):
                os.utime(_lock_of(workspace), ns=(now, now))


@contextmanager
def workers_turn(workspace: Workspace) -> Iterator[int]:
    """Hold the turn as the worker. Gives the mark that stands now: not the one of last time, where someone filed meanwhile."""
    with locked(_lock_of(workspace)):
        try:
            mark = _lock_of(workspace).stat().st_mtime_ns
        except FileNotFoundError:  # `.recado` was deleted a moment ago
            mark = -1
        yield mark


def _lock_of(workspace: Workspace) -> Path:
    return workspace.state / "locks" / "filing.lock"

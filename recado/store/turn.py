"""Whose turn it is to put mail in its place: the worker's, or a command's of someone at the terminal, a few mails at a time."""

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

    A worker may watch the mailbox for weeks: it keeps no one else from filing but while it puts a few mails in place. What is
    unfinished when nobody has the turn was left by a crash, and by nobody who is still at it. Not for use inside itself.
    """
    with locked(_lock_of(workspace)):
        leave_mark(workspace)  # also for whoever is killed in the middle of it
        try:
            yield
        finally:
            leave_mark(workspace)


@contextmanager
def workers_turn(workspace: Workspace) -> Iterator[int | None]:
    """Hold the turn as a worker. Gives the mark that stands now: not the one it left itself, where someone filed meanwhile."""
    with locked(_lock_of(workspace)):
        try:
            mark = _lock_of(workspace).stat().st_mtime_ns
        except FileNotFoundError:  # `.recado` was deleted a moment ago
            mark = None
        yield mark


def leave_mark(workspace: Workspace) -> int | None:
    """Leave a mark that something was filed, and give it; None where that cannot be done. For whoever has the turn."""
    with suppress(OSError):
        now = time.time_ns()
        os.utime(_lock_of(workspace), ns=(now, now))
        return _lock_of(workspace).stat().st_mtime_ns
    return None


def _lock_of(workspace: Workspace) -> Path:
    return workspace.state / "locks" / "filing.lock"

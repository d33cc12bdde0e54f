"""The processes that this one began, and those that they began: found and ended. What depends on the system stands here."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

_GLANCE = 0.01
_PARENT = 1  # in /proc/PID/stat, counted after the name in brackets
_STATE = 0
_DEAD = {"Z", "X"}


def end_children(patience: float) -> None:
    """Tell them all to end, and after so many seconds end those that did not. Where there is no /proc, none is known."""
    told = _descendants()
    _send(told, signal.SIGTERM)
    until = time.monotonic() + patience
    while (left := _descendants()) and time.monotonic() < until:
        time.sleep(_GLANCE)
    _send(left | {process for process in told if process in _living()}, signal.SIGKILL)


def _send(processes: set[int], number: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process, number)


def _descendants() -> set[int]:
    parents = _living()
    found = {os.getpid()}
    while more := {process for process, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


def _living() -> dict[int, int]:
    """Give the parent of each process that is at work."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            if fields[_STATE] not in _DEAD:
                found[int(folder.name)] = int(fields[_PARENT])
    return found

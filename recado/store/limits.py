"""What a child process that reads strangers' bytes allows itself: so much memory, so much computing, no file, no trace.

It sets them on itself, after its own start. Linux holds them all; macOS does not hold the memory of a process down.
"""

from __future__ import annotations

import fcntl
import resource
import signal
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# The kernel ends a process whose time is up by this signal, whatever code it is in: no handler has to run.
_TIME_IS_UP: Final = signal.SIGPROF
_IGNORED: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PAGES_OF_DATA: Final = 5  # the sixth field of /proc/self/statm


def bind(more_memory: int) -> None:
    """Hold this process to what it has, and `more_memory` bytes; a library then gets no memory, and Python a MemoryError.

    It writes no file from now on, leaves no core dump (it would hold a mail), and ignores what a terminal or a service manager
    sends to a whole group: it lives as long as its parent wants it.
    """
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    with suppress(OSError, ValueError, IndexError):  # no such file but on Linux
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[_PAGES_OF_DATA])
        _lower(resource.RLIMIT_DATA, pages * resource.getpagesize() + more_memory)


def widen(pipe: int, size: int) -> None:
    """Let a pipe hold so many bytes where the system allows it: who writes and who reads then wait less for each other."""
    with suppress(OSError, AttributeError):  # only Linux knows it, and has a limit of its own
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, size)


@contextmanager
def computing_at_most(seconds: float) -> Iterator[None]:
    """Let the body compute for so many seconds of this process's own time, not of the clock; past them it is ended."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def ended_for_time(status: int) -> bool:
    """Tell from the exit status of a child (negative: the signal that ended it) whether its time was up."""
    return status == -_TIME_IS_UP


def ended_for_memory(status: int) -> bool:
    """Tell whether it gave itself up: what a library that cannot raise an error does when it gets no memory."""
    return status == -signal.SIGABRT


def _lower(limit: int, most: int) -> None:
    _, hard = resource.getrlimit(limit)
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(limit, (allowed, allowed))

"""Ctrl-C and SIGTERM, as something that can be waited for.

A handler may run in the middle of a wait, in the same thread: it takes no lock (a threading.Event set there can wait for itself
for ever), it only leaves a mark. What wakes the wait is a byte that Python's own C handler writes into a pipe at once: a signal
that comes between the last look and the wait is not slept through.
"""

from __future__ import annotations

import os
import select
import signal
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)
_BYTES = 4096


@dataclass(slots=True)
class Stop:
    """Whether this process was told to stop."""

    _pipe: int
    is_told: bool = False

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is told, or so many seconds; tells whether it was. Other signals do not end the wait."""
        end = None if seconds is None else time.monotonic() + seconds
        while not self.is_told:
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                break
            if select.select([self._pipe], [], [], left)[0]:
                os.read(self._pipe, _BYTES)
        return self.is_told

    def wait_for(self, descriptor: int, seconds: float) -> bool:
        """Wait until a file descriptor can be read (True), it is told, or so many seconds have passed."""
        end = time.monotonic() + seconds
        while not self.is_told:
            left = end - time.monotonic()
            if left <= 0:
                break
            ready = select.select([descriptor, self._pipe], [], [], left)[0]
            if self._pipe in ready:
                os.read(self._pipe, _BYTES)
            if descriptor in ready:
                return True
        return False


@contextmanager
def until_told() -> Iterator[Stop]:
    """Give what knows whether SIGTERM or Ctrl-C came. For the main thread.

    Who listened to these signals before hears of them too (not Python itself, which would raise KeyboardInterrupt).
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    stop = Stop(reader)

    def told(number: int, frame: FrameType | None) -> None:
        stop.is_told = True
        earlier = before.get(number)
        if callable(earlier) and earlier is not signal.default_int_handler:
            earlier(number, frame)

    woken_before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    before: dict[int, Any] = {number: signal.getsignal(number) for number in SIGNALS}
    for each in SIGNALS:
        signal.signal(each, told)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(woken_before)
        os.close(reader)
        os.close(writer)

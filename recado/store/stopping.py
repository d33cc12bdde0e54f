"""Ctrl-C and SIGTERM, as something that can be waited for.

A handler may run in the middle of a wait, in the same thread: it takes no lock (a threading.Event set there can wait for itself
for ever), but leaves a mark and a byte in a pipe.
"""

from __future__ import annotations

import os
import select
import signal
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(slots=True)
class Stop:
    """Whether this process was told to stop."""

    _pipe: int
    is_told: bool = False

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is told, or so many seconds; tells whether it was."""
        if not self.is_told:
            select.select([self._pipe], [], [], seconds)
        return self.is_told


@contextmanager
def until_told(and_then: Callable[[], None] | None = None) -> Iterator[Stop]:
    """Give what knows whether SIGTERM or Ctrl-C came; `and_then` is called in the handler, the first time. Main thread only."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    stop = Stop(reader)

    def told(_signal: int, _frame: FrameType | None) -> None:
        is_first, stop.is_told = not stop.is_told, True
        with suppress(OSError):
            os.write(writer, b".")
        if is_first and and_then is not None:
            and_then()

    before = {number: signal.signal(number, told) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(reader)
        os.close(writer)

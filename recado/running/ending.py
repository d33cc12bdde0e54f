"""The end of a run: told by SIGTERM or Ctrl-C, heard in every phase; told once more, it comes at once."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from recado.store.children import end_children
from recado.store.stopping import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

IMPATIENT = 130


class Ending:
    """Whether this process was told to end."""

    def __init__(self) -> None:
        """Begin untold."""
        self.is_told = False
        self._breaks_off = False

    @contextmanager
    def breaking_off(self) -> Iterator[None]:
        """Leave the block where it is once told: what is in it may be left at any point."""
        with suppress(KeyboardInterrupt):
            self._breaks_off = True
            try:
                yield
            finally:
                self._breaks_off = False

    def hear(self, _signal: int, _frame: FrameType | None) -> None:
        """Take a signal. The second ends the process here: nothing that is lasting is ever half done."""
        if self.is_told:
            end_children(0.0)
            os._exit(IMPATIENT)
        self.is_told = True
        if self._breaks_off:
            raise KeyboardInterrupt


@contextmanager
def until_ended() -> Iterator[Ending]:
    """Give what knows whether the end was told. For the main thread; who listens within (`until_told`) passes it on."""
    ending = Ending()
    before = {number: signal.signal(number, ending.hear) for number in SIGNALS}
    try:
        yield ending
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

"""How far a build is, for a person at a terminal: nothing while it is quick, then a bar.

A build makes processes by forking, and makes none where another thread runs. So no thread runs beside it here: the system's
alarm clock rings.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Self

import click

from recado.speech import _

if TYPE_CHECKING:
    from types import FrameType, TracebackType

    from rich.progress import Progress, TaskID

QUICK = 0.5  # seconds; what takes no longer needs no bar
_CLEAR_LINE = b"\r\x1b[K"


class BuildProgress:
    """Prints the lines of a build; on a terminal, once it takes a while, with a bar below them. A context manager."""

    def __init__(self, *, is_terminal: bool) -> None:
        self._is_terminal = is_terminal
        self._number = self._finished = 0
        self._begun = time.monotonic()
        self._is_waiting = self._is_said = False
        self._bar: tuple[Progress, TaskID] | None = None

    def begin(self, number: int) -> None:
        """Learn how many portals there are."""
        self._number = number
        if not self._is_terminal:
            return
        words = click.style(_("Building…"), dim=True).encode(sys.stdout.encoding or "utf-8", errors="replace")

        def say(_signal: int, _frame: FrameType | None) -> None:
            self._is_said = True
            os.write(sys.stdout.fileno(), words)

        self._is_waiting = True
        signal.signal(signal.SIGALRM, say)
        signal.setitimer(signal.ITIMER_REAL, QUICK)  # a process that is forked meanwhile has no such alarm

    def finished(self, line: str | None) -> None:
        """Note that one more portal is finished, and print its line, if any."""
        self._finished += 1
        if self._bar is None and self._is_terminal and time.monotonic() - self._begun > QUICK and self._number > 1:
            self._bar = self._show()
        if self._bar is None:
            if line is not None:
                self._stop_waiting()
                click.echo(line)
            return
        from rich.text import Text  # noqa: PLC0415 (late: loaded with the bar)

        bar, task = self._bar
        if line is not None:
            bar.console.print(Text(line), soft_wrap=True)
        bar.update(task, completed=self._finished)
        bar.refresh()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop_waiting()
        if self._bar is not None:
            self._bar[0].stop()

    def _show(self) -> tuple[Progress, TaskID]:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415 (late: only for a bar)

        self._stop_waiting()
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
        bar = Progress(*columns, transient=True, auto_refresh=False)
        bar.start()
        return bar, bar.add_task(_("Building"), total=self._number)

    def _stop_waiting(self) -> None:
        """Take away the word that says that something is being done."""
        if not self._is_waiting:
            return
        self._is_waiting = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        if self._is_said:
            sys.stdout.buffer.write(_CLEAR_LINE)
            sys.stdout.flush()

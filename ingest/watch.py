"""Looking into the mailbox again and again, until told to stop. What fails once is said, and tried again.

Polling with `schedule`, for every server; one worker a workspace (the caller holds `only_worker`).
"""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import schedule

from recado.errors import RecadoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

    from ingest.intake import Outcome

EVERY_SECONDS = 60
PATIENCE_SECONDS = 0.5


def watch(one_pass: Callable[[], Iterable[Outcome]], say: Callable[[Outcome], None], *, every: int = EVERY_SECONDS) -> None:
    """Make a pass now and one every so many seconds, until SIGTERM or Ctrl-C. One that fails is said, and the next is made.

    Told to stop, it finishes the mail in hand. If that takes longer than half a second (a server that hangs), the mail is
    left as a crash would leave it: to be met again.
    """
    with _until_told_to_stop() as stopping:

        def look() -> None:
            try:
                for outcome in one_pass():
                    say(outcome)
                    if stopping.is_set():  # this mail is filed and moved; the next one waits in its mailbox
                        return
            except (RecadoError, OSError) as error:
                sys.stderr.write(f"{error}\n")

        jobs = schedule.Scheduler()
        jobs.every(every).seconds.do(look)
        jobs.run_all()
        while not stopping.wait(max(0.0, jobs.idle_seconds or 0.0)):
            jobs.run_pending()


class _LeaveItError(BaseException):
    """Raised wherever the work is, once patience has ended. No Exception: nothing that recovers from errors may keep it."""


@contextmanager
def _until_told_to_stop() -> Iterator[threading.Event]:
    """Give an event that SIGTERM and Ctrl-C set; what has not ended half a second later is left where it is."""
    stopping, ended = threading.Event(), threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if not stopping.is_set():
            stopping.set()
            signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS)

    def leave_it(_signal: int, _frame: FrameType | None) -> None:
        if not ended.is_set():
            raise _LeaveItError

    handlers = {signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGALRM: leave_it}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield stopping
    except _LeaveItError:
        pass
    finally:
        ended.set()
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)

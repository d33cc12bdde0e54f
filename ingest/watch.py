"""Looking into the mailbox again and again, until told to stop. What fails once is said, and tried again.

Polling with `schedule`, for every server; one worker a workspace (the caller holds `only_worker`).
"""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import schedule

from recado.errors import RecadoError
from recado.store.stopping import until_told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

    from ingest.intake import Outcome
    from recado.store.stopping import Stop

EVERY_SECONDS = 60
PATIENCE_SECONDS = 0.5


def watch(one_pass: Callable[[], Iterable[Outcome]], say: Callable[[Outcome], None], *, every: int = EVERY_SECONDS) -> None:
    """Make a pass now and one every so many seconds, until SIGTERM or Ctrl-C. One that fails is said, and the next is made.

    Told to stop, it finishes the mail in hand. If that takes longer than half a second (a server that hangs), the mail is
    left as a crash would leave it: to be met again.
    """
    with _until_told_and_no_longer() as stop:

        def look() -> None:
            try:
                for outcome in one_pass():
                    say(outcome)
                    if stop.is_told:  # this mail is filed and moved; the next one waits in its mailbox
                        return
            except (RecadoError, OSError) as error:
                sys.stderr.write(f"{error}\n")

        jobs = schedule.Scheduler()
        jobs.every(every).seconds.do(look)
        jobs.run_all()
        while not stop.wait(max(0.0, jobs.idle_seconds or 0.0)):
            jobs.run_pending()


class _LeaveItError(BaseException):
    """Raised wherever the work is, once patience has ended. No Exception: nothing that recovers from errors may keep it."""


@contextmanager
def _until_told_and_no_longer() -> Iterator[Stop]:
    """Give what knows whether to stop; what has not ended half a second to a second after that is left where it is.

    A clock ticks all the while. A signal that comes just before the system is asked to wait for an answer does not end that
    wait, and its handler would run only when the answer comes: the next tick ends it. And what swallows an exception meets
    another.
    """
    stop: Stop | None = None
    ticks_since = 0

    def tick(_signal: int, _frame: FrameType | None) -> None:
        nonlocal ticks_since
        if stop is not None and stop.is_told:
            ticks_since += 1
            if ticks_since > 1:
                raise _LeaveItError

    before = signal.signal(signal.SIGALRM, tick)
    try:
        with until_told() as stop:
            signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS, PATIENCE_SECONDS)
            yield stop
    except _LeaveItError:
        pass
    finally:
        stop = None
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

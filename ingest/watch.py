"""Looking into the mailbox again and again, until told to stop. What fails once is said, and tried again.

Polling with `schedule`, for every server; one worker a workspace (the caller holds `only_worker`).
"""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

import schedule

from recado.errors import WorkError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType

    from ingest.intake import Outcome

EVERY_SECONDS = 60


def watch(one_pass: Callable[[], Iterable[Outcome]], say: Callable[[Outcome], None], *, every: int = EVERY_SECONDS) -> None:
    """Make a pass now and one every so many seconds, until SIGTERM or Ctrl-C. One that fails is said, and the next is made."""
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    def look() -> None:
        try:
            for outcome in one_pass():
                say(outcome)
                if stopping.is_set():  # this mail is filed and moved; the next one waits in its mailbox
                    return
        except (WorkError, OSError) as error:
            sys.stderr.write(f"{error}\n")

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    jobs = schedule.Scheduler()
    try:
        jobs.every(every).seconds.do(look)
        jobs.run_all()
        while not stopping.wait(max(0.0, jobs.idle_seconds or 0.0)):
            jobs.run_pending()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

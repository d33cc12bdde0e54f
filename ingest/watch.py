"""Looking into the mailbox again and again, until told to stop. What fails once is said, and tried again.

Polling with `schedule`, for every server; one worker a workspace (the caller holds `only_worker`).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import schedule

from recado.errors import RecadoError
from recado.stopping import told_to_stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ingest.intake import Outcome

EVERY_SECONDS = 60
PATIENCE_SECONDS = 0.5


def watch(one_pass: Callable[[], Iterable[Outcome]], say: Callable[[Outcome], None], *, every: int = EVERY_SECONDS) -> None:
    """Make a pass now and one every so many seconds, until SIGTERM or Ctrl-C. One that fails is said, and the next is made.

    Told to stop, it finishes the mail in hand. If that takes longer than half a second (a server that hangs), the mail is
    left as a crash would leave it: to be met again.
    """
    with told_to_stop(patience=PATIENCE_SECONDS) as stopping:

        def look() -> None:
            try:
                for outcome in one_pass():
                    say(outcome)
                    if stopping.is_told:  # this mail is filed and moved; the next one waits in its mailbox
                        return
            except (RecadoError, OSError) as error:
                sys.stderr.write(f"{error}\n")

        jobs = schedule.Scheduler()
        jobs.every(every).seconds.do(look)
        jobs.run_all()
        while not stopping.wait(max(0.0, jobs.idle_seconds or 0.0)):
            jobs.run_pending()

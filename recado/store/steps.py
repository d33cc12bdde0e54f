"""The steps by which a mail becomes files, in their order, each with a name (DESIGN, promise 1 and "The commit point").

A pass over the inbox goes through them one after the other: 1 to 3 for each mail, then those of a request, an answer or a
mail no one can file, then 9 to 12. Requests and answers are made ready one by one and put in place many at once
(recado.store.batch). Whatever dies between two steps, the next pass finds the mail still in the inbox, and finds in the files
themselves how far it got:

 1. LISTED      the inbox is listed: UIDs and sizes, nothing fetched
 2. FETCHED     bytes and INTERNALDATE are here; the mail is not marked as read
 3. DECIDED     where it goes is known; nothing is written yet
    a request:
 4. NUMBERED    the client's highest number is written down, so that it is never given again
 5. MADE_ASIDE  attachments, the message and the finished task (`.task`) are in a folder no one reads; what follows begins
                with having that synced
 6. PLACED      that folder stands under its name, synced: the message exists (the commit point)
 7. RECORDED    the task's first row is in the history
 8. FINISHED    `.task` stands under its name: the build sees the task
    an answer:
 4. REOPENED    a finished task that the answer opens again is open, and its row is in the history
 5. ATTACHED    its attachments stand under their names, synced (once for each)
 6. PLACED      the message's file stands under its name, synced: the message exists (the commit point)
    a mail no one can file:
 4. EXPLAINED   the page that says why is on disk
 5. PLACED      the `.eml` stands beside it: the mail is kept (the commit point)
    then, for every mail:
 9. MOVING      its files, the highest number and the history are on disk and synced; the server has not been asked yet
10. COPIED      (where the server has no MOVE) a copy is in the other folder, the mail still in the inbox
11. FLAGGED     (where the server has no MOVE) the mail is marked as deleted
12. MOVED       it has left the inbox

A test looks on by `observed`, and may stop the process, the connection or the disk there.
"""

from __future__ import annotations

from contextlib import contextmanager
from enum import StrEnum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Step(StrEnum):
    """A step that was just done (MOVING: that is about to be)."""

    LISTED = auto()
    FETCHED = auto()
    DECIDED = auto()
    NUMBERED = auto()
    MADE_ASIDE = auto()
    RECORDED = auto()
    FINISHED = auto()
    REOPENED = auto()
    ATTACHED = auto()
    EXPLAINED = auto()
    PLACED = auto()
    MOVING = auto()
    COPIED = auto()
    FLAGGED = auto()
    MOVED = auto()


def _unobserved(_step: Step) -> None:
    return None


_observer: Callable[[Step], None] = _unobserved


def reached(step: Step) -> None:
    """Say that a step is done."""
    _observer(step)


@contextmanager
def observed(observer: Callable[[Step], None]) -> Iterator[None]:
    """Call `observer` at each step of this process until the block is left; what it raises goes through."""
    global _observer  # noqa: PLW0603 (one process makes one pass: the steps have one onlooker, and only in tests)
    before, _observer = _observer, observer
    try:
        yield
    finally:
        _observer = before

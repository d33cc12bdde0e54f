"""History: every change of status, when it happened and by whom; and what a hand-edited status adds to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recado.model.quick_state import quick_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from recado.model.ref import Ref
    from recado.model.status import Status
    from recado.model.task import Task

BY_HAND = "hand"
BY_INGEST = "ingest"


@quick_state
@dataclass(frozen=True, slots=True)
class Change:
    """One row: at this instant (UTC) the task's status changed. `before` is None on a task's first row."""

    at: datetime
    ref: Ref
    by: str
    before: Status | None
    after: Status


def latest(changes: Iterable[Change]) -> dict[Ref, Change]:
    """Give each task's last row; rows stand in the order in which they were written."""
    return {change.ref: change for change in changes}


def unnoticed(tasks: Sequence[Task], changes: Sequence[Change], now: datetime) -> tuple[Change, ...]:
    """Give the rows that are missing: a task seen for the first time, a status edited by hand (DESIGN, section 4, History).

    The first sight of a task is at its `received`, or now where it has none, and never later than now.
    """
    known = latest(changes)
    rows = []
    for task in sorted(tasks, key=lambda task: task.ref):
        before = known.get(task.ref)
        if before is None:
            at = min(task.received or now, now)
            rows.append(Change(at, task.ref, BY_HAND, None, task.status))
        elif before.after is not task.status:
            rows.append(Change(now, task.ref, BY_HAND, before.after, task.status))
    return tuple(rows)


def reached(ref: Ref, changes: Iterable[Change]) -> Mapping[Status, datetime]:
    """Tell when a task last came to each status it has had."""
    return {change.after: change.at for change in changes if change.ref == ref}

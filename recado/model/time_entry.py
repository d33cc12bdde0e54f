"""Time entries: work that was done, for whom and on what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recado.model.quick_state import quick_state

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime, tzinfo

    from recado.model.ref import Ref


@quick_state
@dataclass(frozen=True, slots=True)
class TimeEntry:
    """One row of `time/2026-11.csv`. `start` keeps its own offset: it is the working day of the person who worked."""

    id: str
    start: datetime
    minutes: int
    task: Ref | None
    person: str
    service: str | None
    note: str
    is_billable: bool
    source: str


def minutes_by_task(entries: Iterable[TimeEntry]) -> Counter[Ref]:
    """Add up the minutes that went into each task, billable or not."""
    minutes: Counter[Ref] = Counter()
    for entry in entries:
        if entry.task:
            minutes[entry.task] += entry.minutes
    return minutes


def billable_by_day(entries: Iterable[TimeEntry], zone: tzinfo) -> Counter[date]:
    """Add up the billable minutes of each day, as `zone` counts days: an entry belongs to the day on which it began."""
    minutes: Counter[date] = Counter()
    for entry in entries:
        if entry.is_billable:
            minutes[entry.start.astimezone(zone).date()] += entry.minutes
    return minutes

"""Time entries: work that was done, for whom and on what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime, tzinfo

    from recado.model.ref import Ref


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


def minutes_on(ref: Ref, entries: Iterable[TimeEntry]) -> int:
    """Add up the minutes that went into one task."""
    return sum(entry.minutes for entry in entries if entry.task == ref)


def billable_minutes(entries: Iterable[TimeEntry], first: date, last: date, zone: tzinfo) -> int:
    """Add up the billable minutes of the days from `first` to `last`, both included, as `zone` counts days."""
    return sum(e.minutes for e in entries if e.is_billable and first <= e.start.astimezone(zone).date() <= last)

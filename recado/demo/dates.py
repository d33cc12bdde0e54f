"""The demo's calendar: its practice is written around one instant, and moved by whole weeks to where the clock stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

# A Tuesday morning in Madrid, a Tuesday evening in Sydney: "now" in every text of the demo practice.
ANCHOR = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
_WEEK = timedelta(weeks=1)
_DAY = re.compile(r"(?<![\d.-])(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?![\d-])", re.ASCII)
_STAMP = re.compile(r"(?<!\d)(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?=T\d{6}Z)", re.ASCII)


def weeks_to(now: datetime) -> timedelta:
    """Give how far the demo practice has to move: whole weeks, so that weekdays stay, to the last such instant up to `now`."""
    return (now - ANCHOR) // _WEEK * _WEEK


def moved_text(text: str, by: timedelta) -> str:
    """Move every day and instant that stands in a text by whole days.

    A day is `2026-11-24`, also where a time follows; a stamp is `20261124T081209Z`. The time of day and its offset stay as they
    are written. What only looks like a date (`2026-13-45`, part of a longer number) is left alone.
    """
    days = _DAY.sub(lambda found: _moved(found, by, "%Y-%m-%d"), text)
    return _STAMP.sub(lambda found: _moved(found, by, "%Y%m%d"), days)


def _moved(found: re.Match[str], by: timedelta, form: str) -> str:
    try:
        moved = date(int(found["year"]), int(found["month"]), int(found["day"])) + by
    except (ValueError, OverflowError):
        return found[0]
    # strftime does not pad a year before 1000.
    return moved.strftime(form) if moved.year >= 1000 else found[0]  # noqa: PLR2004 (four digits)


@dataclass(frozen=True, slots=True)
class Week:
    """The six days up to `now`, for the mail that arrives in them."""

    now: datetime

    def at(self, days_ago: int, clock: str, zone: ZoneInfo) -> datetime:
        """Give a time on someone's clock, one to five days before today (today as UTC counts days)."""
        hour, minute = (int(part) for part in clock.split(":"))
        day = self.now.astimezone(UTC).date() - timedelta(days=days_ago)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)

    def ago(self, minutes: int) -> datetime:
        """Give the instant some minutes before now, in UTC."""
        return self.now.astimezone(UTC).replace(microsecond=0) - timedelta(minutes=minutes)

    def moved(self, written: datetime) -> datetime:
        """Give where an instant of the demo practice stands this week."""
        return written + weeks_to(self.now)

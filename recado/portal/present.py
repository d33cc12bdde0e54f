"""The present of one build: the instant it was given, on the reader's clock, and until when what was said by it stays so.

Whoever asks what day it is, or whether a day is over, leaves here when the answer will be another. So a page knows for how long
it may stand.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_ONE_DAY = timedelta(days=1)


class Present:
    """An instant on a clock. `until` is the first instant at which something said would be said otherwise; None: never."""

    __slots__ = ("_today", "instant", "until", "zone")

    def __init__(self, instant: datetime, zone: ZoneInfo) -> None:
        """Take an instant that knows its zone, and the zone of the clock."""
        self.instant = instant
        self.zone = zone
        self._today = instant.astimezone(zone).date()
        self.until: datetime | None = None

    def begin(self) -> None:
        """Begin to say something else: of what was said before nothing is known any more."""
        self.until = None

    # ---- What is asked ----

    def today(self) -> date:
        """Give today, to whom any other day would make a difference."""
        self._until_day(self._today + _ONE_DAY)
        return self._today

    def is_past(self, due: date | datetime) -> bool:
        """Tell whether a day or an instant is over."""
        if isinstance(due, datetime):
            if due >= self.instant:
                self.until_instant(due + timedelta(microseconds=1))  # at the instant itself it is not yet past
            return due < self.instant
        if due >= self._today:
            self._until_day(due + _ONE_DAY)
        return due < self._today

    def is_other_year(self, day: date) -> bool:
        """Tell whether a day is in another year than today."""
        if day.year >= self._today.year:
            self._until_day(date(max(day.year, self._today.year + 1), 1, 1))
        return day.year != self._today.year

    def is_other_month(self, day: date) -> bool:
        """Tell whether a day is in another month than today."""
        this, other = (self._today.year, self._today.month), (day.year, day.month)
        if other == this:
            self._until_day((day.replace(day=1) + 32 * _ONE_DAY).replace(day=1))
        elif other > this:
            self._until_day(day.replace(day=1))
        return other != this

    def days_to(self, day: date, *, near: int = 1) -> int:
        """Tell how many days away a day is (before today: less than none), to whom only up to `near` of them matter.

        What is further away is given as it is, and stays said so until it comes near.
        """
        away = (day - self._today).days
        if abs(away) <= near:
            self._until_day(self._today + _ONE_DAY)
        elif away > near:
            self._until_day(day - near * _ONE_DAY)
        return away

    def until_instant(self, instant: datetime) -> None:
        """Leave that what is said holds no longer than this."""
        if self.until is None or instant < self.until:
            self.until = instant

    def _until_day(self, day: date) -> None:
        self.until_instant(datetime.combine(day, time.min, self.zone))

"""Instants and days as the files write them: UTC to the second, `2026-11-24T08:12:09Z`; days as `2026-11-28`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from datetime import tzinfo

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]*", re.ASCII)

EARLIEST, LATEST = 1900, 9000
D = TypeVar("D", bound=date)


def parse_instant(text: str) -> datetime:
    """Read an instant that tells its zone and give it in UTC, to the second. Raises ValueError."""
    instant = datetime.fromisoformat(text.strip())
    if instant.tzinfo is None:
        raise ValueError("the zone is missing (end it with Z for UTC, or +01:00)")
    return _in_utc(instant)


def format_instant(instant: datetime) -> str:
    """Write an instant in UTC: `2026-11-24T08:12:09Z`."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def compact_instant(instant: datetime) -> str:
    """Write an instant for a file name: `20261124T081209Z`."""
    return format_instant(instant).replace("-", "").replace(":", "")


def parse_day(text: str) -> date:
    """Read a day, `2026-11-28`, and no other way to write one. Raises ValueError."""
    if not _DAY.fullmatch(text.strip()):
        raise ValueError("a day is written 2026-11-28")
    return date.fromisoformat(text.strip())


def parse_due(text: str) -> date | datetime:
    """Read a due date: a day, or a day and time with its offset or the name of its zone.

    `2026-11-28`, `2026-11-28T17:00+11:00`, `2026-11-28 17:00 Australia/Sydney`. A datetime comes in UTC. Raises ValueError.
    """
    if _DAY.fullmatch(text.strip()):
        return parse_day(text)
    words = text.strip().rsplit(" ", 1)
    if len(words) == 2 and _ZONE.fullmatch(words[1]):  # noqa: PLR2004 (a time and a zone)
        try:
            zone: tzinfo = ZoneInfo(words[1])
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"no time zone is called {words[1]!r}") from error
        if _DAY.fullmatch(words[0].strip()):
            raise ValueError("a zone is given for a day without a time")
        local = datetime.fromisoformat(words[0])
        if local.tzinfo is not None:
            raise ValueError("two zones are given")
        return _in_utc(local.replace(tzinfo=zone))
    return parse_instant(text)


def in_our_times(day: D) -> D:
    """Give back a day or an instant of the years people work in; at the calendar's ends no day has a neighbour.

    Raises ValueError for any other.
    """
    if not EARLIEST <= day.year <= LATEST:
        raise ValueError("the year is out of reach")
    return day


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC).replace(microsecond=0)
    except OverflowError as error:
        raise ValueError("this is outside of the years 1 to 9999") from error


def day_of(due: date | datetime, zone: tzinfo) -> date:
    """Give the calendar day on which something is due, for someone who lives in `zone`."""
    return due.astimezone(zone).date() if isinstance(due, datetime) else due

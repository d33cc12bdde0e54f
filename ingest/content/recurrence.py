"""A meeting that repeats → the days of its next times, which need no language; nothing for a rule that is not simple."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final

_SHOWN: Final = 3  # times after the first
_LONGEST: Final = timedelta(days=6 * 366)
_MOST: Final = 2_500  # daily for as long
_SIMPLE: Final = {
    "DAILY": frozenset({"BYDAY"}),
    "WEEKLY": frozenset({"BYDAY"}),
    "MONTHLY": frozenset({"BYDAY", "BYMONTHDAY"}),
    "YEARLY": frozenset({"BYMONTH", "BYMONTHDAY"}),
}
_ALWAYS: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})
_MOST_INTERVAL: Final = 99
_SHORTEST_MONTH: Final = 28
_WEEKDAY: Final = re.compile(r"[+-]?[1-5]?(?:MO|TU|WE|TH|FR|SA|SU)")


def repeats(event: Any) -> str:
    """Give `2026-12-01, 2026-12-08, 2026-12-15 … 2026-12-29`: the next days, and the last if there is one within six years.

    '' for a rule that is not simple, or is broken. Never raises: a hostile rule is not followed.
    """
    try:
        days, is_all = _days(event)
    except Exception:  # noqa: BLE001 (dateutil raises ValueError, TypeError, OverflowError and more on broken rules)
        return ""
    if len(days) <= _SHOWN + 1:
        return ", ".join(f"{day:%Y-%m-%d}" for day in days) + ("" if is_all else " …" if days else "")
    shown = ", ".join(f"{day:%Y-%m-%d}" for day in days[:_SHOWN])
    return f"{shown} … {days[-1]:%Y-%m-%d}" if is_all else f"{shown} …"


def _days(event: Any) -> tuple[list[date], bool]:
    """Give the days after the first, and whether these are all."""
    from dateutil.rrule import rrulestr  # noqa: PLC0415 (late: for the one invitation in ten that repeats)

    rule = event["RRULE"]
    if isinstance(rule, list):
        return [], False
    frequency = str(rule["FREQ"][0]).upper()
    interval = int(rule.get("INTERVAL", [1])[0])
    start = _plain(event["DTSTART"].dt)
    if not _is_simple(rule, start, frequency, interval):
        return [], False
    until = rule.get("UNTIL", [None])[0]
    last = min(_plain(until, time.max) if until else datetime.max, start + _LONGEST)  # noqa: DTZ901 (compared alone)
    count = int(rule.get("COUNT", [_MOST])[0])
    written = ";".join(
        f"{name}={value}"
        for name, value in (part.split("=", 1) for part in rule.to_ical().decode().split(";"))
        if name.upper() not in {"UNTIL", "COUNT"}
    )
    times = rrulestr(f"{written};UNTIL={last:%Y%m%dT%H%M%S}", dtstart=start)
    found = [moment.date() for moment in islice(times, min(count, _MOST))]
    is_all = (until is not None and last < start + _LONGEST) or ("COUNT" in rule and len(found) == count)
    return [day for day in found if day > start.date()], is_all


def _is_simple(rule: Any, start: date, frequency: str, interval: int) -> bool:
    """Tell whether a rule is one of everyday life, and comes to a day soon: the library looks up to year 9999."""
    if not rule.keys() <= _SIMPLE.get(frequency, frozenset()) | _ALWAYS or not 0 < interval <= _MOST_INTERVAL:
        return False
    weekdays = [str(day).upper() for day in rule.get("BYDAY", [])]
    if "BYDAY" in rule and ("BYMONTHDAY" in rule or (frequency == "DAILY" and interval > 1)):
        return False
    days = [int(day) for day in rule.get("BYMONTHDAY", [])]
    if frequency == "YEARLY":
        return {*days} <= {start.day} and {int(month) for month in rule.get("BYMONTH", [])} <= {start.month}
    if not all(abs(day) <= _SHORTEST_MONTH or day == start.day for day in days):
        return False
    return all(_WEEKDAY.fullmatch(day) for day in weekdays)


def _plain(moment: date, at: time = time.min) -> datetime:
    """Give a moment without its zone: days are counted on the sender's own calendar."""
    return moment.replace(tzinfo=None) if isinstance(moment, datetime) else datetime.combine(moment, at)

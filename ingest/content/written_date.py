"""Dates as mail programs write them into a forwarded mail's block, in seven languages and any order → an instant."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from recado.model.instant import in_our_times

# The first letters that tell a month from every other, in es en pt fr de it nl.
_MONTHS: Final = (
    "jan ene gen",
    "feb fev fév",
    "mar mär mrt mrz maa",
    "apr abr avr",
    "may mai mag mei",
    "jun jui giu",  # juin; juil is told apart before
    "jul lug",
    "aug ago aoû aou",
    "sep set",
    "oct okt out ott",
    "nov",
    "dec dic dez déc",
)
_MONTH_OF: Final = {start: number for number, starts in enumerate(_MONTHS, 1) for start in starts.split()}
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_TIMES: Final = (
    re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?::(\d{2}))?(?![\d:])\s*(?:([ap])\.?\s?m\b\.?)?"),
    re.compile(r"(?<!\d)(\d{1,2})\s?h\s?(\d{2})?(?!\w)()()"),
    re.compile(r"(?<![\d.])(\d{1,2})\.(\d{2})(?![.\d])()()"),
)
_ISO: Final = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_FIGURES: Final = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?!\d)")
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_NUMBER: Final = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_OFFSET: Final = re.compile(r"(?:gmt|utc)?\s*([+\-\u2212])\s?(\d{1,2}):?(\d{2})?(?!\d)")
_ZONES: Final = {
    name: hours
    for hours, names in (
        *((0, "utc gmt wet"), (1, "cet mez bst west"), (2, "cest mesz eet"), (3, "eest msk")),
        *((-3, "brt art"), (-4, "edt"), (-5, "est cdt"), (-6, "cst mdt"), (-7, "mst pdt"), (-8, "pst")),
    )
    for name in names.split()
}
_NOON: Final = 12
_LONGEST: Final = 120
_CENTURY: Final = 100


def read_date(text: str, zone: tzinfo | None) -> datetime | None:
    """Read `lunes, 2 de noviembre de 2026 10:00` and its kin; `zone` is that of a time without one. None if it is no date.

    `02/11/2026` is the 2nd of November, unless the clock goes to twelve (AM, PM), as where months stand first, or no month has
    such a number.
    """
    lowered = " ".join(text.lower().split())[:_LONGEST]
    clock = next((found for pattern in _TIMES if (found := pattern.search(lowered))), None)
    rest = lowered if clock is None else f"{lowered[: clock.start()]} {lowered[clock.end() :]}"
    if (day := _day(rest, is_month_first=bool(clock and clock[4]))) is None:
        return None
    hour, minute, second = _clock(clock)
    written = _zone(lowered[clock.end() :]) if clock else None
    try:
        return datetime(*day, hour, minute, second, tzinfo=written or zone)
    except ValueError:
        return None


def in_utc(date: datetime | None) -> datetime | None:
    """Give an instant in UTC; None for none, and for one outside of the years that the files can hold."""
    try:
        return in_our_times(date.astimezone(UTC)) if date else None
    except (OverflowError, ValueError):  # of the first or the last day of the calendar
        return None


def _clock(found: re.Match[str] | None) -> tuple[int, int, int]:
    if found is None:
        return 0, 0, 0
    hour = int(found[1])
    if found[4]:
        hour = hour % _NOON + (_NOON if found[4] == "p" else 0)
    return hour, int(found[2] or 0), int(found[3] or 0)


def _day(text: str, *, is_month_first: bool) -> tuple[int, int, int] | None:
    if iso := _ISO.search(text):
        return int(iso[1]), int(iso[2]), int(iso[3])
    if figures := _FIGURES.search(text):
        one, two, written = int(figures[1]), int(figures[2]), int(figures[3])
        day, month = (two, one) if (is_month_first and one <= len(_MONTHS)) or two > len(_MONTHS) else (one, two)
        return written if written >= _CENTURY else 2000 + written, month, day
    # The last one: `mar` is Tuesday before it is March.
    number = next((found for word in reversed(_WORD.findall(text)) if (found := _month(word))), 0)
    year = _YEAR.search(text)
    days = [int(found) for found in _NUMBER.findall(text)]
    if not number or not days:
        return None
    if year is None:  # Outlook's March-09-12
        return (2000 + days[1], number, days[0]) if len(days) > 1 else None
    return int(year[1]), number, days[0]


def _month(word: str) -> int:
    return 7 if word.startswith(("juil", "jul")) else _MONTH_OF.get(word[:3], 0)


def _zone(text: str) -> tzinfo | None:
    if (offset := _OFFSET.search(text)) is not None:
        hours, minutes = int(offset[2]), int(offset[3] or 0)
        away = timedelta(hours=hours, minutes=minutes)
        return timezone(away if offset[1] == "+" else -away) if away < timedelta(hours=24) else None
    hours_away = next((_ZONES[word] for word in re.findall(r"[a-z]{3,4}", text) if word in _ZONES), None)
    return None if hours_away is None else timezone(timedelta(hours=hours_away))

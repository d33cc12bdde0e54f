"""The practice's hours as the guide draws them: its days on the client's clock, and the sentences that say the same."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from babel.dates import get_timezone_location

from recado.portal.pages.sentence import once_stopped
from recado.portal.pages.week import DAY, Group, Stretch, groups, meetings, shifted, split, week_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, tzinfo

    from recado.portal.pages.view import View

_A_DAY, _AN_HOUR, _NONE = timedelta(days=1), timedelta(hours=1), timedelta()
_OFFICE = (9 * 60, 17 * 60)  # the day most clients keep; the page calls it by its hours and does not say that it is theirs


class Bar(NamedTuple):
    """A stretch of a drawn day: where it starts and how wide it is, in per cent of the row (SVG lengths)."""

    x: str
    width: str


class DayRow(NamedTuple):
    """A row of the drawing. `kind` is `desk`, `office` (the client's 9 to 5) or `both`."""

    name: str
    kind: str
    bars: tuple[Bar, ...]


class Mark(NamedTuple):
    """An hour on the scale."""

    x: str
    text: str


class DeskHours(NamedTuple):
    """The drawing and, for those who do not see it and for paper, its sentences."""

    rows: tuple[DayRow, ...]
    scale: tuple[Mark, ...]
    sentences: tuple[str, ...]


def desk_hours(view: View) -> DeskHours | None:
    """Draw the practice's week on the client's clock, as the clocks stand now; None where the file gives no hours."""
    hours = view.business.hours
    week = week_of(hours) if hours else ()
    at_home = groups(week) if week else ()
    if not at_home:
        return None
    shift = _shift(view)
    there = tuple(shifted(group, shift) for group in at_home)
    both = meetings(week, shift, _OFFICE) if shift else ()
    start, end, step = _range([part for group in there for part in split(group.stretches)], is_abroad=bool(shift))
    names = [view.reader.weekdays(group.first, group.last, short=True) for group in there] if len(there) > 1 else [view.me]
    rows = [DayRow(name, "desk", _bars(split(group.stretches), start, end)) for name, group in zip(names, there, strict=True)]
    if shift:
        rows.append(DayRow(_office_name(view), "office", _bars((_OFFICE,), start, end)))
        rows += [DayRow(_both_name(group, at_home, both, view), "both", _bars(group.stretches, start, end)) for group in both]
    scale = tuple(
        Mark(_percent(hour * 60 - start, end - start), view.reader.hour(hour)) for hour in range(start // 60, end // 60, step)
    )
    return DeskHours(tuple(rows), scale, tuple(once_stopped(said) for said in _sentences(at_home, there, both, view)))


def _shift(view: View) -> int:
    """Tell how many minutes the reader's clock is ahead of the practice's; negative: behind."""
    present, zones = view.reader.present, (view.reader.zone, view.reader.practice_zone)
    now, later = _ahead(present.instant, *zones), _ahead(present.instant + _A_DAY, *zones)
    # Where a clock is changed within the day, it is looked at again each hour; else once the day is over.
    present.until_instant(present.instant + (_A_DAY if now == later else _AN_HOUR))
    return now


def _ahead(instant: datetime, here: tzinfo, there: tzinfo) -> int:
    ahead = (instant.astimezone(here).utcoffset() or _NONE) - (instant.astimezone(there).utcoffset() or _NONE)
    return round(ahead.total_seconds() / 60)


def _range(stretches: Sequence[Stretch], *, is_abroad: bool) -> tuple[int, int, int]:
    """Choose the drawn part of the day, and every how many hours it is marked."""
    early, late = min(start for start, _ in stretches), max(end for _, end in stretches)
    if is_abroad or early < 6 * 60 or late > 22 * 60:
        return 0, DAY, 6
    return 6 * 60, 22 * 60, 3


def _bars(stretches: Sequence[Stretch], start: int, end: int) -> tuple[Bar, ...]:
    return tuple(Bar(_percent(first - start, end - start), _percent(last - first, end - start)) for first, last in stretches)


def _percent(minutes: int, whole: int) -> str:
    return f"{100 * minutes / whole:.4g}%"


def _office_name(view: View) -> str:
    return view.reader.gettext("You, {start} to {end}").format(
        start=view.reader.hour(_OFFICE[0] // 60), end=view.reader.hour(_OFFICE[1] // 60)
    )


def _both_name(group: Group, at_home: tuple[Group, ...], both: tuple[Group, ...], view: View) -> str:
    name = view.reader.gettext("At once")
    if _go_without_days(both, at_home):
        return name
    return f"{name}, {view.reader.weekdays(group.first, group.last, short=True)}"


def _sentences(at_home: tuple[Group, ...], there: tuple[Group, ...], both: tuple[Group, ...], view: View) -> Iterator[str]:
    reader = view.reader
    home = _by_day(at_home, view)
    if not _shift(view):
        yield reader.gettext("I am at my desk {hours}.").format(hours=home)
        return
    yield reader.gettext("I am at my desk {hours}, {city} time.").format(hours=home, city=_city(reader.practice_zone, view))
    words = reader.gettext("In {city} that is {times}.")
    yield words.format(city=_city(reader.zone, view), times=_shortly(there, at_home, view))
    start, end = (_clock(minute, view) for minute in _OFFICE)
    if both:
        words = reader.gettext("From {start} to {end}, your time, I am there {times}.")
    else:
        words = reader.gettext("From {start} to {end}, your time, I am not at my desk.")
    yield words.format(start=start, end=end, times=_shortly(both, at_home, view))


def _shortly(said: tuple[Group, ...], at_home: tuple[Group, ...], view: View) -> str:
    """Say the times once, where they hold on all the days that were named already; else each with its days."""
    return _times(said[0].stretches, view) if said and _go_without_days(said, at_home) else _by_day(said, view)


def _go_without_days(said: tuple[Group, ...], at_home: tuple[Group, ...]) -> bool:
    """Tell whether the times are the same on all days, and the days those of the practice's own week."""
    days = [frozenset[int]().union(*(group.weekdays for group in some)) for some in (said, at_home)]
    return len({group.stretches for group in said}) == 1 and days[0] == days[1]


def _by_day(said: tuple[Group, ...], view: View) -> str:
    words = view.reader.gettext("{days} {times}")
    return "; ".join(
        words.format(days=view.reader.weekdays(group.first, group.last), times=_times(group.stretches, view)) for group in said
    )


def _times(stretches: Sequence[Stretch], view: View) -> str:
    reader = view.reader
    words = reader.gettext("from {start} to {end}")
    return reader.listing([words.format(start=_clock(start, view), end=_clock(end, view)) for start, end in stretches])


def _clock(minute: int, view: View) -> str:
    return view.reader.clock(time(minute // 60 % 24, minute % 60))


def _city(zone: tzinfo, view: View) -> str:
    return get_timezone_location(zone, locale=view.reader.locale, return_city=True).rpartition("/")[2]

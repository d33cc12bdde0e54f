"""The practice's hours as the guide draws them: its day on the client's clock, and the sentence that says the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from babel.dates import get_timezone_location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, tzinfo

    from recado.model.hours import Span
    from recado.portal.pages.view import View

_DAY = 24 * 60
_OFFICE = (9 * 60, 17 * 60)  # the day most clients keep; the page calls it by its hours and does not say that it is theirs

Stretch = tuple[int, int]  # minutes since midnight, on one clock


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a drawn day: where it starts and how wide it is, in per cent of the row (SVG lengths)."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class DayRow:
    """A row of the drawing. `kind` is `desk`, `office` (the client's 9 to 5) or `both`."""

    name: str
    kind: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """An hour on the scale."""

    x: str
    text: str


@dataclass(frozen=True, slots=True)
class DeskHours:
    """The drawing and, for those who do not see it and for paper, its sentences."""

    rows: tuple[DayRow, ...]
    scale: tuple[Mark, ...]
    sentences: tuple[str, ...]


def desk_hours(view: View) -> DeskHours | None:
    """Draw the practice's week on the client's clock, as the clocks stand this week; None where no hours are given."""
    groups = tuple(_groups(view.business.hours.days))
    if not groups:
        return None
    reader = view.reader
    is_abroad = _offset(reader.zone, reader.now) != _offset(reader.practice_zone, reader.now)
    stretches = [_on_clock(spans, first, view) for first, _, spans in groups]
    shift = [stretch for row in stretches for stretch in row]
    start, end, step = _range(shift, is_abroad=is_abroad)
    rows = [
        DayRow(_row_name(first, last, len(groups), view), "desk", _bars(row, start, end))
        for (first, last, _), row in zip(groups, stretches, strict=True)
    ]
    both = _overlap(stretches[0], _OFFICE)
    if is_abroad:
        rows.append(DayRow(_office_name(view), "office", _bars((_OFFICE,), start, end)))
        if both:
            rows.append(DayRow(reader.gettext("At once"), "both", _bars(both, start, end)))
    scale = tuple(
        Mark(_percent(hour * 60 - start, end - start), view.reader.hour(hour)) for hour in range(start // 60, end // 60, step)
    )
    return DeskHours(tuple(rows), scale, tuple(_sentences(groups, stretches, view, both=both, is_abroad=is_abroad)))


def _groups(days: Sequence[tuple[Span, ...]]) -> Iterator[tuple[int, int, tuple[Span, ...]]]:
    """Give neighbouring weekdays with the same hours as one: first day, last day (Monday is 0), spans."""
    number = 0
    while number < len(days):
        last = number
        while last + 1 < len(days) and days[last + 1] == days[number]:
            last += 1
        if days[number]:
            yield number, last, days[number]
        number = last + 1


def _offset(zone: tzinfo, now: datetime) -> timedelta | None:
    return now.astimezone(zone).utcoffset()


def _on_clock(spans: tuple[Span, ...], weekday: int, view: View) -> tuple[Stretch, ...]:
    """Put a day's spans on the reader's clock; what passes midnight there goes on at the row's beginning."""
    today = view.reader.today
    day = today + timedelta(days=weekday - today.weekday())
    parts = [part for span in spans for part in _split(_minute(day, span.start, view), _minute(day, span.end, view))]
    return tuple(sorted(parts))


def _minute(day: date, clock: time, view: View) -> int:
    there = datetime.combine(day, clock, view.reader.practice_zone).astimezone(view.reader.zone)
    minute = there.hour * 60 + there.minute
    return minute + 1 if clock == time(23, 59) else minute


def _split(start: int, end: int) -> tuple[Stretch, ...]:
    start, end = start % _DAY, end % _DAY
    if start < end:
        return ((start, end),)
    return tuple(part for part in ((start, _DAY), (0, end)) if part[0] < part[1])


def _overlap(stretches: Sequence[Stretch], other: Stretch) -> tuple[Stretch, ...]:
    shared = ((max(start, other[0]), min(end, other[1])) for start, end in stretches)
    return tuple(part for part in shared if part[0] < part[1])


def _range(stretches: Sequence[Stretch], *, is_abroad: bool) -> tuple[int, int, int]:
    """Choose the drawn part of the day, and every how many hours it is marked."""
    early, late = min(start for start, _ in stretches), max(end for _, end in stretches)
    if is_abroad or early < 6 * 60 or late > 22 * 60:
        return 0, _DAY, 6
    return 6 * 60, 22 * 60, 3


def _bars(stretches: Sequence[Stretch], start: int, end: int) -> tuple[Bar, ...]:
    return tuple(Bar(_percent(first - start, end - start), _percent(last - first, end - start)) for first, last in stretches)


def _percent(minutes: int, whole: int) -> str:
    return f"{100 * minutes / whole:.4g}%"


def _row_name(first: int, last: int, groups: int, view: View) -> str:
    return view.me if groups == 1 else view.reader.weekdays(first, last, short=True)


def _office_name(view: View) -> str:
    return view.reader.gettext("You, {start} to {end}").format(
        start=view.reader.hour(_OFFICE[0] // 60), end=view.reader.hour(_OFFICE[1] // 60)
    )


def _sentences(
    groups: tuple[tuple[int, int, tuple[Span, ...]], ...],
    stretches: list[tuple[Stretch, ...]],
    view: View,
    *,
    both: tuple[Stretch, ...],
    is_abroad: bool,
) -> Iterator[str]:
    reader = view.reader
    home = [
        reader.gettext("{days} {times}").format(days=reader.weekdays(first, last), times=_times(_as_stretches(spans), view))
        for first, last, spans in groups
    ]
    if not is_abroad:
        yield reader.gettext("I am at my desk {hours}.").format(hours="; ".join(home))
        return
    here, there = _city(reader.zone, view), _city(reader.practice_zone, view)
    yield reader.gettext("I am at my desk {hours}, {city} time.").format(hours="; ".join(home), city=there)
    words = reader.gettext("In {city} that is {times}.")
    yield words.format(city=here, times=_times(_joined(stretches[0]), view))
    start, end = (_clock(minute, view) for minute in _OFFICE)
    if both:
        words = reader.gettext("From {start} to {end}, your time, I am there {times}.")
    else:
        words = reader.gettext("From {start} to {end}, your time, I am not at my desk.")
    yield words.format(start=start, end=end, times=_times(both, view))


def _as_stretches(spans: tuple[Span, ...]) -> tuple[Stretch, ...]:
    return tuple((_of_day(span.start), _of_day(span.end)) for span in spans)


def _of_day(clock: time) -> int:
    """Give the minute of the day; 23:59 is how clients.yml's 24:00 is kept."""
    return _DAY if clock == time(23, 59) else clock.hour * 60 + clock.minute


def _joined(stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """Say what was cut at midnight as one again: 19:00 to 0:00 and 0:00 to 4:00 is 19:00 to 4:00."""
    if len(stretches) > 1 and stretches[0][0] == 0 and stretches[-1][1] == _DAY:
        return (*stretches[1:-1], (stretches[-1][0], stretches[0][1]))
    late = [part for part in stretches if part[0] >= _DAY // 2]
    return (*late, *(part for part in stretches if part not in late)) if late and stretches[0][0] < 5 * 60 else stretches


def _times(stretches: Sequence[Stretch], view: View) -> str:
    reader = view.reader
    words = reader.gettext("from {start} to {end}")
    return reader.listing([words.format(start=_clock(start, view), end=_clock(end, view)) for start, end in stretches])


def _clock(minute: int, view: View) -> str:
    return view.reader.clock(time(minute // 60 % 24, minute % 60))


def _city(zone: tzinfo, view: View) -> str:
    return get_timezone_location(zone, locale=view.reader.locale, return_city=True).rpartition("/")[2]

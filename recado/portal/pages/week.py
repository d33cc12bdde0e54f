"""A week of desk hours on another clock: what each day's hours are there, and when they meet the hours of an office."""

from __future__ import annotations

from datetime import time
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recado.model.hours import Hours

DAY = 24 * 60
_WEEK = 7

Stretch = tuple[int, int]  # minutes since midnight; the second may lie before the first, for a stretch that passes midnight


class Group(NamedTuple):
    """Neighbouring weekdays with the same hours, both included (Monday is 0); `first` after `last` passes Sunday."""

    first: int
    last: int
    stretches: tuple[Stretch, ...]

    @property
    def weekdays(self) -> frozenset[int]:
        """Give the weekdays that it counts."""
        return frozenset((self.first + number) % _WEEK for number in range((self.last - self.first) % _WEEK + 1))


def week_of(hours: Hours) -> tuple[tuple[Stretch, ...], ...]:
    """Give the stretches of each weekday, in minutes of the practice's clock; 23:59 is how clients.yml's 24:00 is kept."""
    return tuple(tuple((_minute(span.start), _minute(span.end)) for span in spans) for spans in hours.days)


def groups(week: Sequence[tuple[Stretch, ...]]) -> tuple[Group, ...]:
    """Take neighbouring weekdays with the same hours together; closed days are left out."""
    found = []
    for stretches, days in groupby(range(_WEEK), key=lambda day: week[day]):
        if stretches:
            numbers = list(days)
            found.append(Group(numbers[0], numbers[-1], stretches))
    return tuple(found)


def shifted(group: Group, shift: int) -> Group:
    """Say a group on a clock that is `shift` minutes ahead. Its days are those on which its first stretch begins there."""
    days = (group.stretches[0][0] + shift) // DAY
    there = tuple(((start + shift) % DAY, (end + shift) % DAY or DAY) for start, end in group.stretches)
    return Group((group.first + days) % _WEEK, (group.last + days) % _WEEK, there)


def split(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Cut at midnight what passes it, so that it can be drawn in the row of one day: the rest stands at the row's beginning."""
    parts = [part for start, end in stretches for part in ([(start, end)] if start < end else [(start, DAY), (0, end)])]
    return tuple(sorted(parts))


def meetings(week: Sequence[tuple[Stretch, ...]], shift: int, office: Stretch) -> tuple[Group, ...]:
    """Tell when the desk is kept within `office` hours of each weekday, on a clock that is `shift` minutes ahead."""
    there: list[list[Stretch]] = [[] for _ in range(_WEEK)]
    for day, stretches in enumerate(week):
        for start, end in stretches:
            # On that clock it begins yesterday, today or tomorrow, and may go on into the day after.
            for other in (-1, 0, 1, 2):
                part = max(start + shift - other * DAY, office[0]), min(end + shift - other * DAY, office[1])
                if part[0] < part[1]:
                    there[(day + other) % _WEEK].append(part)
    return _round_the_week(groups([tuple(sorted(parts)) for parts in there]))


def _round_the_week(found: tuple[Group, ...]) -> tuple[Group, ...]:
    """Take Sunday and Monday together too, where they are alike."""
    if len(found) > 1 and found[0].first == 0 and found[-1].last == _WEEK - 1 and found[0].stretches == found[-1].stretches:
        return (Group(found[-1].first, found[0].last, found[0].stretches), *found[1:-1])
    return found


def _minute(clock: time) -> int:
    return DAY if clock == time(23, 59) else clock.hour * 60 + clock.minute

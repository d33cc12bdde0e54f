"""How a retainer stands on a day: what was granted, carried over, used and left. Counted from the time entries alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from recado.model.time_entry import billable_by_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

    from recado.model.practice import CarryOver, Retainer
    from recado.model.time_entry import TimeEntry


@dataclass(frozen=True, slots=True)
class Balance:
    """One period, both days included (`last` is None for hours that renew when they are used); all else in minutes.

    `granted` counts the period's own hours and what was carried into it and can still be used, or was. `over` is what was
    worked beyond that.
    """

    first: date
    last: date | None
    granted: int
    carried: int
    used: int
    over: int

    @property
    def left(self) -> int:
        """Give the minutes that are left; never negative, see `over`."""
        return max(self.granted - self.used, 0)


@dataclass(frozen=True, slots=True)
class _Kept:
    """Minutes left from an earlier period; usable until `expires`, that day included, or for good."""

    minutes: int
    expires: date | None

    def is_usable(self, day: date) -> bool:
        return self.expires is None or day <= self.expires


def balance(retainer: Retainer, since: date | None, entries: Iterable[TimeEntry], today: date, zone: tzinfo) -> Balance:
    """Tell how a retainer stands on `today`. Billable work counts, on the day that `zone` (the practice's) gives it.

    Carried hours are used first, the oldest before the others. Hours are carried from the period of the first entry on, not
    from `since`: before it nobody wrote down what was used.
    """
    worked = {
        day: minutes
        for day, minutes in billable_by_day(entries, zone).items()
        if day <= today and (since is None or day >= since)
    }
    start = min(worked, default=today)
    if retainer.renews == "when_used":
        return _in_blocks(retainer.hours * 60, sum(worked.values()), start)
    kept: tuple[_Kept, ...] = ()
    first = period_start(start, retainer)
    while True:
        last = next_period(first, retainer) - timedelta(days=1)
        stand, kept = _period(first, last, retainer, kept, worked=worked, today=today)
        if last >= today:
            return stand
        first = last + timedelta(days=1)


def period_start(day: date, retainer: Retainer) -> date:
    """Give the first day of the period that holds `day`."""
    if retainer.renews == "weekly":
        return day - timedelta(days=(day.isoweekday() - retainer.day) % 7)
    if day.day >= retainer.day:
        return day.replace(day=retainer.day)
    return (day.replace(day=1) - timedelta(days=1)).replace(day=retainer.day)


def next_period(first: date, retainer: Retainer) -> date:
    """Give the first day of the period after the one that begins on `first`."""
    if retainer.renews == "weekly":
        return first + timedelta(days=7)
    return (first.replace(day=1) + timedelta(days=32)).replace(day=retainer.day)


def _in_blocks(block: int, used: int, first: date) -> Balance:
    """Stand in the block of hours in use: a used-up one renews with the next minute of work."""
    blocks = max(-(-used // block), 1) if block else 1
    return Balance(first, None, granted=block, carried=0, used=used - block * (blocks - 1), over=0)


def _period(
    first: date, last: date, retainer: Retainer, kept: tuple[_Kept, ...], *, worked: Mapping[date, int], today: date
) -> tuple[Balance, tuple[_Kept, ...]]:
    """Work through one period: how it stands on its last day or `today`, and what goes on into the next."""
    own = retainer.hours * 60
    own_left, used, from_kept, over = own, 0, 0, 0
    stock = [share for share in kept if share.is_usable(first)]
    for day in sorted(day for day in worked if first <= day <= min(last, today)):
        wanted = worked[day]
        used += wanted
        for number, share in enumerate(stock):
            taken = min(share.minutes, wanted) if share.is_usable(day) else 0
            stock[number] = replace(share, minutes=share.minutes - taken)
            wanted -= taken
            from_kept += taken
        over += max(wanted - own_left, 0)
        own_left = max(own_left - wanted, 0)
    usable = sum(share.minutes for share in stock if share.is_usable(min(last, today)))
    carried = from_kept + usable
    stand = Balance(first, last, granted=own + carried, carried=carried, used=used, over=over)
    return stand, (*(share for share in stock if share.minutes), *_rest(own_left, last, retainer.carry_over))


def _rest(minutes: int, last: date, rule: CarryOver | None) -> tuple[_Kept, ...]:
    if rule is None or not minutes or not rule.limit:
        return ()
    expires = None if rule.expires is None else last + timedelta(days=rule.expires)
    return (_Kept(min(minutes, rule.limit), expires),)

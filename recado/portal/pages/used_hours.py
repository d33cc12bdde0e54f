"""The client's retainer hours, as the home page says and draws them: what is left, of how much, what has been used."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recado.model.money import Money

if TYPE_CHECKING:
    from recado.model.practice import Retainer
    from recado.model.retainer import Balance
    from recado.portal.pages.view import View


class UsedHours(NamedTuple):
    """`figure` is what is left (or beyond), `sentence` goes on from it; `percent` (0 to 100) is how full the gauge is."""

    heading: str
    figure: str
    sentence: str
    percent: int


def used_hours(view: View) -> UsedHours | None:
    """Say how the client's retainer stands; None where there is none."""
    retainer = view.record.client.retainer
    if retainer is None or not retainer.hours:
        return None
    from recado.model.retainer import balance  # noqa: PLC0415 (late: most clients have none)

    reader = view.reader
    today = reader.practice_today
    stand = balance(retainer, view.record.client.since, view.work.time, today, view.business.timezone)
    granted, used = reader.duration(stand.granted), reader.duration(stand.used)
    if not stand.used:
        words = reader.gettext("to use.")
    elif stand.over:
        words = reader.gettext("beyond your {granted}. We have used {used}.")
    else:
        words = reader.gettext("left of {granted}. We have used {used}.")
    sentences = [words.format(granted=granted, used=used), *_carried(stand, view), *_overage(stand, retainer, view)]
    percent = min(round(100 * stand.used / stand.granted), 100) if stand.granted else 100
    return UsedHours(_heading(stand, retainer, view), reader.duration(stand.over or stand.left), " ".join(sentences), percent)


def _heading(stand: Balance, retainer: Retainer, view: View) -> str:
    reader = view.reader
    if stand.last is None:
        return reader.gettext("Your hours")
    if retainer.renews == "weekly":
        return reader.gettext("Your hours this week")
    if retainer.day == 1:
        return reader.gettext("Your {month} hours").format(month=reader.month(stand.first))
    return reader.gettext("Your hours until {day}").format(day=reader.plain_date(stand.last))


def _carried(stand: Balance, view: View) -> tuple[str, ...]:
    if not stand.carried:
        return ()
    words = view.reader.gettext("{carried} of them were left from before.")
    return (words.format(carried=view.reader.duration(stand.carried)),)


def _overage(stand: Balance, retainer: Retainer, view: View) -> tuple[str, ...]:
    if not stand.over or retainer.overage is None:
        return ()
    price = view.reader.money(Money(retainer.overage, view.record.currency))
    return (view.reader.gettext("An hour beyond them costs {price}.").format(price=price),)

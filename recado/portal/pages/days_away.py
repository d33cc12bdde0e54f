"""The days on which the practice is away: its absences as clients.yml says them, and its country's public holidays."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from recado.portal.pages.public_holidays import Asked
from recado.portal.pages.sentence import opening

if TYPE_CHECKING:
    from datetime import date

    from recado.model.practice import Absence
    from recado.portal.pages.view import View


class DayAway(NamedTuple):
    """Days away, as one line: when, and why where a reason is known. `first` is the first of them."""

    first: date
    days: str
    reason: str


def days_away(view: View, until: date) -> tuple[DayAway, ...]:
    """Give the days away from today to `until`, in order; a holiday on a closed day or inside an absence says nothing new."""
    reader, business = view.reader, view.business
    absences = [absence for absence in business.absences if absence.last >= reader.today and absence.first <= until]
    away = [DayAway(a.first, opening(reader.days(max(a.first, reader.today), a.last)), view.text_of(a.note)) for a in absences]
    for day, name in _public_holidays(view, until):
        if business.working_hours.days[day.weekday()] and not _covered(day, business.absences):
            away.append(DayAway(day, opening(reader.day(day)), name))
    return tuple(sorted(away, key=lambda found: found.first))


def _public_holidays(view: View, until: date) -> list[tuple[date, str]]:
    """Give the practice's public holidays from today to `until`, named in the reader's language where a calendar knows it."""
    business, today, language = view.business, view.reader.today, view.reader.language
    years = (Asked(business.country, business.subdivision, language, year) for year in range(today.year, until.year + 1))
    return [(day, name) for year in years for day, name in view.holidays(year) if today <= day <= until]


def _covered(day: date, absences: tuple[Absence, ...]) -> bool:
    return any(absence.first <= day <= absence.last for absence in absences)


def three_months_from(day: date) -> date:
    """Give the last day that the guide looks ahead to."""
    return day + timedelta(days=92)

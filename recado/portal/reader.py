"""The reader of a portal: a client's language, country and clock, and how days, times and amounts are said to them.

Everything a page shows passes through here once, on its way into a page model. Pure: `now` was given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from babel.lists import format_list

from recado.model.instant import day_of
from recado.portal.amounts import format_duration, format_money, format_number, format_percent, format_size
from recado.portal.dates import format_clock, format_day
from recado.portal.locales import locale_of, spoken_language
from recado.portal.present import Present
from recado.speech import catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from babel import Locale

    from recado.model.money import Money
    from recado.model.practice import ClientRecord
    from recado.speech import Catalogue

_WORDED = 10  # numbers up to ten are written out
_COUNTED = 30  # days: what is later than that is said by its date


class When(NamedTuple):
    """A date as it is said and as a machine reads it (`<time datetime>`). `is_late`: it has passed, so it is bold."""

    text: str
    machine: str
    is_late: bool = False

    @property
    def opening(self) -> str:
        """Give it as a line begins: with a capital."""
        return self.text[:1].upper() + self.text[1:]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and when. `zone` is the client's, `practice_zone` the VA's; `present` knows until when what is said holds."""

    language: str
    country: str
    zone: ZoneInfo
    practice_zone: ZoneInfo
    present: Present
    words: Catalogue
    locale: Locale

    @classmethod
    def of(cls, record: ClientRecord, now: datetime, overrides: Path | None = None) -> Reader:
        """Make the reader of a client's portal. `overrides`: a workspace's own `site_templates`, whose words stand first.

        A language of which there is no catalogue is read in English altogether, its dates too.
        """
        formal = record.client.address_form == "formal"
        language = spoken_language(record.language, overrides)
        return cls(
            language=language,
            country=record.country,
            zone=record.timezone,
            practice_zone=record.business.timezone,
            present=Present(now, record.timezone),
            words=catalogue(language, formal=formal, overrides=overrides),
            locale=locale_of(language, record.country),
        )

    # ---- Words ----

    def gettext(self, text: str) -> str:
        """Say a sentence in the reader's language."""
        return self.words.gettext(text)

    def ngettext(self, one: str, many: str, number: int, **values: str) -> str:
        """Say a sentence about `number` things, which stand in it as {number}: in words up to ten. `values` are its others."""
        return self.words.ngettext(one, many, number).format(number=self.count(number), **values)

    def pgettext(self, context: str, text: str) -> str:
        """Say a word that needs its context told."""
        return self.words.pgettext(context, text)

    def count(self, number: int) -> str:
        """Write a count: in words up to ten, where the language has one form for each; else in figures."""
        return _number_words(self.words)[number] if 0 < number <= _WORDED else format_number(number, self.locale)

    def listing(self, things: Sequence[str], *, one_of: bool = False) -> str:
        """Join things as a sentence does: `a, b and c`; `one_of` them: `a, b or c`."""
        return format_list(list(things), style="or" if one_of else "standard", locale=self.locale) if things else ""

    # ---- Days ----

    @property
    def today(self) -> date:
        """Give the calendar day it is where the reader lives."""
        return self.present.today()

    @property
    def practice_today(self) -> date:
        """Give the calendar day it is where the VA works."""
        there = Present(self.present.instant, self.practice_zone)
        day = there.today()
        if there.until:
            self.present.until_instant(there.until)
        return day

    def local(self, instant: datetime) -> datetime:
        """Give an instant on the reader's clock."""
        return instant.astimezone(self.zone)

    def day(self, day: date, *, short: bool = False) -> str:
        """Say a day: `Thursday 26`, with its month once that differs from today's, with its year once that does."""
        if self.present.is_other_year(day):
            return self._dated(day, "weekday day month year", short=short)
        return self._dated(day, "weekday day month" if self.present.is_other_month(day) else "weekday day", short=short)

    def day_with_month(self, day: date, *, short: bool = False) -> str:
        """Say a day with its month in any case, as in lists: `Thu 26 Nov`; with its year once that differs."""
        year = " year" if self.present.is_other_year(day) else ""
        return self._dated(day, f"weekday day month{year}", short=short)

    def full_day(self, day: date) -> str:
        """Say a day as documents do, with everything: `Tuesday 8 December 2026`."""
        return self._dated(day, "weekday day month year", short=False)

    def plain_date(self, day: date, *, short: bool = False, year: bool | None = None) -> str:
        """Say a date without its weekday: `8 December`; `year` as told, or once it differs."""
        with_year = self.present.is_other_year(day) if year is None else year
        return self._dated(day, "day month year" if with_year else "day month", short=short)

    def month(self, day: date, *, year: bool | None = None) -> str:
        """Say the month of a day: `November`; `year` as told, or once it differs: `November 2025`."""
        with_year = self.present.is_other_year(day) if year is None else year
        return self._dated(day, "month year" if with_year else "month", short=False)

    def weekdays(self, first: int, last: int, *, short: bool = False) -> str:
        """Say one weekday or a stretch of them (Monday is 0): `Monday to Thursday`, `Friday`; short: `Mon–Thu`."""
        monday = date(2024, 1, 1)  # a Monday
        names = [self._dated(monday + timedelta(days=number), "weekday", short=short) for number in (first, last)]
        if short:
            return "–".join(dict.fromkeys(names))
        if first == last:
            return self.pgettext("weekdays", "{day}").format(day=names[0])
        return self.pgettext("weekdays", "{first} to {last}").format(first=names[0], last=names[1])

    def days(self, first: date, last: date) -> str:
        """Say a stretch of days, both included: `Thursday 24 December to Wednesday 6 January 2027`."""
        if first == last:
            return self.day(first)
        return self.pgettext("days", "{first} to {last}").format(first=self.day(first), last=self.day(last))

    # ---- Days as they stand to today ----

    def on(self, moment: date | datetime, *, short: bool = False) -> When:
        """Say when something happened: `on Friday 20`, `yesterday`, `today`."""
        day = day_of(moment, self.zone)
        near = self._near(day)
        text = near or self.gettext("on {day}").format(day=self.day(day, short=short))
        return When(text, day.isoformat())

    def since(self, moment: date | datetime) -> str:
        """Say from when on something has been so: `since Fri 20`, `since yesterday`."""
        day = day_of(moment, self.zone)
        if near := self._near(day):
            return self.gettext("since {near}").format(near=near)
        return self.gettext("since {day}").format(day=self.day(day, short=True))

    def on_date(self, day: date) -> When:
        """Say when something happened, without a weekday, in a narrow list: `on 3 Nov`."""
        text = self._near(day) or self.gettext("on {day}").format(day=self.plain_date(day, short=True))
        return When(text, day.isoformat())

    def listed(self, moment: date | datetime) -> When:
        """Say when something happened, in a list: `Fri 20 Nov`."""
        day = day_of(moment, self.zone)
        return When(self.day_with_month(day, short=True), day.isoformat())

    def by(self, due: date | datetime, *, short: bool = False) -> When:
        """Say until when: `by Thursday 26`, `by tomorrow, Wednesday 25`; with its time where it has one. Late: how late."""
        day = day_of(due, self.zone)
        if self.is_past(due):
            return self.late(due)
        name = self.day_with_month(day, short=True) if short else self.day(day)
        if isinstance(due, datetime):
            name = f"{name}, {self.time_of_day(due)}"
        away = self.present.days_to(day)
        if away == 0 and isinstance(due, datetime):
            text = self.gettext("today, by {time}").format(time=self.time_of_day(due))
        elif away == 0:
            text = self.gettext("by today")
        elif away == 1 and not short:
            text = self.gettext("by tomorrow, {day}").format(day=name)
        else:
            text = self.gettext("by {day}").format(day=name)
        return When(text, self._machine(due))

    def due(self, day: date, *, short: bool = False) -> When:
        """Say until when an invoice is to be paid: `due Tuesday 8 December`, in lists `due 8 Dec`. Late: how late."""
        if self.is_past(day):
            return self.late(day)
        name = self.plain_date(day, short=True) if short else self.day(day)
        return When(self.gettext("due {day}").format(day=name), day.isoformat())

    def late(self, due: date | datetime) -> When:
        """Say how long ago something was due: `was due 3 days ago`; long ago, its date: `was due 1 October`."""
        days = -self.present.days_to(day_of(due, self.zone), near=_COUNTED)
        if days == 0 and isinstance(due, datetime):
            text = self.gettext("was due today, {time}").format(time=self.time_of_day(due))
        elif days == 1:
            text = self.gettext("was due yesterday")
        elif days > _COUNTED:
            text = self.gettext("was due {date}").format(date=self.plain_date(day_of(due, self.zone)))
        else:
            text = self.ngettext("was due {number} day ago", "was due {number} days ago", days)
        return When(text, self._machine(due), is_late=True)

    def is_past(self, due: date | datetime) -> bool:
        """Tell whether a due day or instant is over for the reader."""
        return self.present.is_past(due)

    def moment(self, instant: datetime) -> When:
        """Say an instant of a conversation: `today, 6:50 pm`, `Friday 20, 10:14 am`."""
        day = self.local(instant).date()
        text = f"{self._near(day) or self.day(day)}, {self.time_of_day(instant)}"
        return When(text, self._machine(instant))

    def updated(self, moment: date | datetime) -> str:
        """Say when the portal's files last changed: `Tuesday 24 November, 9:40 am`."""
        day = self.day_with_month(day_of(moment, self.zone))
        return f"{day}, {self.time_of_day(moment)}" if isinstance(moment, datetime) else day

    def time_of_day(self, instant: datetime) -> str:
        """Say the time of day of an instant, on the reader's clock."""
        return self.clock(self.local(instant).time())

    def clock(self, clock: time) -> str:
        """Say a time of day: `6:50 pm`, `18:50`."""
        return format_clock(clock, "short", self.locale)

    def hour(self, hour: int) -> str:
        """Say a full hour as a scale is marked: `18`; on a clock of twelve hours `12 pm`, and `6`, which follows from it."""
        if "a" not in self.locale.time_formats["short"].pattern:
            return str(hour)
        pattern = "h" if hour % 12 else "h a"
        return format_clock(time(hour % 24), pattern, self.locale)

    # ---- Amounts ----

    def money(self, money: Money) -> str:
        """Write an amount of money: `A$1,240.00`, `445,20 €`."""
        return format_money(money, self.locale)

    def number(self, number: Decimal | int) -> str:
        """Write a number."""
        return format_number(number, self.locale)

    def percent(self, number: Decimal) -> str:
        """Write a percentage, given in per cent."""
        return format_percent(number, self.locale)

    def size(self, size: int) -> str:
        """Write a size, given in bytes."""
        return format_size(size, self.locale)

    def duration(self, minutes: int) -> str:
        """Write a stretch of work, given in minutes: `3 h 45`."""
        return format_duration(minutes)

    # ---- How ----

    def _near(self, day: date) -> str:
        away = self.present.days_to(day)
        if away not in {-1, 0, 1}:
            return ""
        return self.gettext("today") if away == 0 else self.gettext("yesterday") if away < 0 else self.gettext("tomorrow")

    def _machine(self, moment: date | datetime) -> str:
        return self.local(moment).isoformat(timespec="minutes") if isinstance(moment, datetime) else moment.isoformat()

    def _dated(self, day: date, parts: str, *, short: bool) -> str:
        return format_day(day, parts, self.locale, self.words, short=short)


@lru_cache(maxsize=16)
def _number_words(words: Catalogue) -> tuple[str, ...]:
    pgettext = words.pgettext
    return (
        "",
        pgettext("number", "one"),
        pgettext("number", "two"),
        pgettext("number", "three"),
        pgettext("number", "four"),
        pgettext("number", "five"),
        pgettext("number", "six"),
        pgettext("number", "seven"),
        pgettext("number", "eight"),
        pgettext("number", "nine"),
        pgettext("number", "ten"),
    )

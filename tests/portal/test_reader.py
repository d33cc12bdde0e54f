"""How days, times and amounts are said to a reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.model.money import Money
from recado.portal.amounts import MINUS, NO_BREAK
from recado.portal.locales import locale_of
from recado.portal.present import Present
from recado.portal.reader import Reader
from recado.resources import demo_practice
from recado.speech import catalogue
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)  # a Tuesday
ZONES = {"ES": "Europe/Madrid", "AU": "Australia/Sydney", "GB": "Europe/London", "US": "America/New_York"}


def reader(tag: str, now: datetime = NOW) -> Reader:
    language, country = tag.split("-")
    zone = ZoneInfo(ZONES[country])
    present = Present(now, zone)
    return Reader(
        language, country, zone, ZoneInfo("Europe/Madrid"), present, catalogue(language), locale_of(language, country)
    )


def spaced(text: str) -> str:
    """Write no-break spaces as `~`, so that they are seen."""
    return text.replace(NO_BREAK, "~")


@pytest.mark.parametrize(
    ("tag", "due", "said"),
    [
        ("es-ES", date(2026, 11, 26), "para el jueves 26"),
        ("es-ES", date(2026, 11, 25), "para mañana, miércoles 25"),
        ("es-ES", date(2026, 11, 24), "para hoy"),
        ("es-ES", date(2026, 12, 1), "para el martes 1 de diciembre"),
        ("es-ES", date(2027, 1, 8), "para el viernes 8 de enero de 2027"),
        ("es-ES", date(2026, 11, 23), "venció ayer"),
        ("es-ES", date(2026, 11, 21), "venció hace tres días"),
        ("es-ES", date(2026, 10, 1), "venció el 1 de octubre"),
        ("en-AU", date(2026, 11, 26), "by Thursday 26"),
        ("en-AU", date(2026, 11, 25), "by tomorrow, Wednesday 25"),
        ("en-AU", date(2026, 12, 8), "by Tuesday 8 December"),
        ("en-AU", date(2026, 11, 21), "was due three days ago"),
        ("en-US", date(2026, 12, 8), "by Tuesday, December 8"),
        ("en-AU", datetime(2026, 11, 25, 22, 0, tzinfo=UTC), "by Thursday 26, 9:00~am"),
        ("en-GB", datetime(2026, 11, 24, 17, 0, tzinfo=UTC), "today, by 17:00"),
        ("es-ES", datetime(2026, 11, 24, 7, 0, tzinfo=UTC), "venció hoy, 8:00"),
    ],
)
def test_a_due_date_is_said_by_weekday_and_day_with_month_and_year_once_they_differ(
    tag: str, due: date | datetime, said: str
) -> None:
    assert spaced(reader(tag).by(due).text) == said


def test_a_due_day_is_the_one_it_is_where_the_reader_lives() -> None:
    evening_in_madrid = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
    assert reader("es-ES").by(evening_in_madrid).machine == "2026-11-26T18:00+01:00"
    assert reader("en-AU").by(evening_in_madrid).machine == "2026-11-27T04:00+11:00"


def test_late_is_marked_and_not_yet_late_is_not() -> None:
    assert reader("es-ES").by(date(2026, 11, 23)).is_late
    assert not reader("es-ES").by(date(2026, 11, 24)).is_late


def test_a_day_that_has_begun_for_the_reader_is_today_though_the_practice_has_not_reached_it() -> None:
    late_in_madrid = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)  # Wednesday, 7 am, in Sydney
    assert reader("en-AU", late_in_madrid).by(date(2026, 11, 25)).text == "by today"
    assert reader("es-ES", late_in_madrid).by(date(2026, 11, 25)).text == "para mañana, miércoles 25"


@pytest.mark.parametrize(
    ("tag", "instant", "said"),
    [
        ("en-AU", datetime(2026, 11, 24, 7, 50, tzinfo=UTC), "today, 6:50~pm"),
        ("en-AU", datetime(2026, 11, 22, 23, 14, tzinfo=UTC), "yesterday, 10:14~am"),
        ("es-ES", datetime(2026, 11, 20, 17, 5, tzinfo=UTC), "viernes 20, 18:05"),
        ("es-ES", datetime(2026, 10, 24, 23, 30, tzinfo=UTC), "domingo 25 de octubre, 1:30"),  # summer time still
        ("es-ES", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "domingo 25 de octubre, 2:30"),  # the hour after it ended
        ("es-ES", datetime(2025, 12, 31, 22, 59, tzinfo=UTC), "miércoles 31 de diciembre de 2025, 23:59"),
        ("es-ES", datetime(2025, 12, 31, 23, 0, tzinfo=UTC), "jueves 1 de enero, 0:00"),
        ("en-GB", datetime(2026, 11, 24, 7, 50, tzinfo=UTC), "today, 07:50"),
    ],
)
def test_an_instant_is_said_on_the_readers_clock(tag: str, instant: datetime, said: str) -> None:
    assert spaced(reader(tag).moment(instant).text) == said


@pytest.mark.parametrize(
    ("tag", "past", "listed"),
    [("es-ES", "el vie 20", "vie~20~nov"), ("en-AU", "on Fri 20", "Fri~20~Nov"), ("en-US", "on Fri 20", "Fri,~Nov~20")],
)
def test_what_happened_is_said_short_in_lists(tag: str, past: str, listed: str) -> None:
    friday = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    assert spaced(reader(tag).on(friday, short=True).text).replace("~20", " 20") == past
    assert spaced(reader(tag).listed(friday).text) == listed


def test_the_turn_of_the_year_brings_the_year_of_the_other_side() -> None:
    new_year = reader("es-ES", datetime(2027, 1, 2, 9, 0, tzinfo=UTC))
    assert new_year.day(date(2026, 12, 30)) == "miércoles 30 de diciembre de 2026"
    assert new_year.day(date(2027, 1, 4)) == "lunes 4"
    assert new_year.month(date(2026, 12, 1)) == "diciembre de 2026"
    assert new_year.month(date(2027, 1, 1)) == "enero"


@pytest.mark.parametrize(
    ("tag", "amount", "currency", "written"),
    [
        ("en-AU", "1240.00", "AUD", "A$1,240.00"),
        ("en-AU", "1240.5", "USD", "US$1,240.50"),
        ("en-US", "1240.5", "USD", "$1,240.50"),
        ("en-AU", "-42.40", "EUR", "−€42.40"),
        ("en-GB", "366.20", "GBP", "£366.20"),
        ("en-GB", "12", "CHF", "CHF~12.00"),
        ("en-GB", "2400", "JPY", "¥2,400"),
        ("es-ES", "445.20", "EUR", "445,20~€"),
        ("es-ES", "2400.00", "EUR", "2.400,00~€"),
        ("es-ES", "-63.00", "EUR", "−63,00~€"),
        ("es-ES", "1240", "AUD", "1.240,00~AUD"),
        ("es-ES", "0.0045", "EUR", "0,0045~€"),
        ("es-ES", "1.5", "KWD", "1,500~KWD"),
    ],
)
def test_money_is_written_with_a_symbol_that_only_one_country_has(tag: str, amount: str, currency: str, written: str) -> None:
    assert spaced(reader(tag).money(Money(Decimal(amount), currency))) == written


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.sampled_from(["es-ES", "en-AU", "en-GB", "en-US"]))
def test_money_never_breaks_across_lines_and_keeps_every_cent(amount: Decimal, tag: str) -> None:
    written = reader(tag).money(Money(amount, "EUR"))
    assert " " not in written
    digits = "".join(char for char in written if char.isdigit())
    assert Decimal(digits) / 100 == abs(amount)
    assert written.startswith(MINUS) == (amount < 0) or not amount


@pytest.mark.parametrize(
    ("minutes", "written"), [(225, "3~h~45"), (600, "10~h"), (45, "45~min"), (0, "0~min"), (65, "1~h~05"), (-90, "−1~h~30")]
)
def test_work_is_written_in_hours_and_minutes(minutes: int, written: str) -> None:
    assert spaced(reader("es-ES").duration(minutes)) == written


@pytest.mark.parametrize(
    ("tag", "size", "written"),
    [
        ("es-ES", 1_830_000, "1,8~MB"),
        ("en-AU", 1_830_000, "1.8~MB"),
        ("es-ES", 14_200_000, "14~MB"),
        ("en-AU", 32_100, "32~kB"),
        ("en-AU", 139, "139~B"),
        ("en-AU", 0, "0~B"),
        ("en-AU", 2_000_000_000, "2~GB"),
    ],
)
def test_sizes_are_decimal_and_short(tag: str, size: int, written: str) -> None:
    assert spaced(reader(tag).size(size)) == written


@pytest.mark.parametrize(
    ("tag", "number", "said"), [("es-ES", 3, "tres"), ("en-AU", 10, "ten"), ("es-ES", 11, "11"), ("en-AU", 0, "0")]
)
def test_counts_are_words_up_to_ten(tag: str, number: int, said: str) -> None:
    assert reader(tag).count(number) == said


def test_plural_sentences_hold_their_count_in_words() -> None:
    assert reader("es-ES").ngettext("in {number} day", "in {number} days", 1) == "dentro de un día"
    assert reader("es-ES").ngettext("in {number} day", "in {number} days", 4) == "dentro de cuatro días"
    assert reader("es-ES").ngettext("in {number} day", "in {number} days", 11) == "dentro de 11 días"


@pytest.mark.parametrize(
    ("tag", "week", "stretch"),
    [
        ("es-ES", "de lunes a jueves", "del lunes 7 de diciembre al viernes 1 de enero de 2027"),
        ("en-GB", "Monday to Thursday", "Monday 7 December to Friday 1 January 2027"),
    ],
)
def test_stretches_of_days_are_said_from_first_to_last(tag: str, week: str, stretch: str) -> None:
    assert reader(tag).weekdays(0, 3) == week
    assert reader(tag).days(date(2026, 12, 7), date(2027, 1, 1)) == stretch


@pytest.mark.parametrize(("tag", "six", "eighteen"), [("es-ES", "6", "18"), ("en-AU", "6", "6"), ("en-GB", "6", "18")])
def test_a_scale_is_marked_in_the_readers_hours(tag: str, six: str, eighteen: str) -> None:
    assert (spaced(reader(tag).hour(6)), spaced(reader(tag).hour(18))) == (six, eighteen)


def test_noon_and_midnight_tell_a_clock_of_twelve_hours() -> None:
    assert [spaced(reader("en-AU").hour(hour)) for hour in (0, 12, 24)] == ["12~am", "12~pm", "12~am"]


def test_midnight_and_noon_are_said_on_a_twelve_hour_clock() -> None:
    assert spaced(reader("en-AU").clock(time(0, 0))) == "12:00~am"
    assert spaced(reader("en-AU").clock(time(12, 0))) == "12:00~pm"


@pytest.mark.parametrize(
    ("language", "country", "locale"),
    [
        ("en", "AU", "en_AU"),
        ("es", "AU", "es"),
        ("en-GB", "AU", "en_GB"),
        ("es", "MX", "es_MX"),
        ("xx", "AU", "en"),
        ("en", "ZZ", "en"),
    ],
)
def test_a_locale_is_the_language_as_the_country_uses_it_where_that_is_known(language: str, country: str, locale: str) -> None:
    assert str(locale_of(language, country)) == locale


def test_a_line_may_begin_with_a_date() -> None:
    assert reader("es-ES").by(date(2026, 11, 26)).opening == "Para el jueves 26"


def test_a_language_without_a_catalogue_is_read_in_english_altogether(tmp_path: Path) -> None:
    french = replace(load_practice(Workspace(demo_practice())).record("tomillo"), language="fr", country="FR")
    english = Reader.of(french, NOW)
    assert (english.language, english.by(date(2026, 11, 26)).text) == ("en", "by Thursday 26")
    (tmp_path / "translations").mkdir()
    (tmp_path / "translations" / "fr.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "by {day}"\nmsgstr "pour {day}"\n')
    assert Reader.of(french, NOW, tmp_path).by(date(2026, 11, 26)).text == "pour jeudi 26"

"""How people write instants, days, work, sizes, money, refs and hours: what is read, what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.model.hours import Response, Span, parse_hours, parse_response
from recado.model.instant import compact_instant, day_of, format_instant, parse_day, parse_due, parse_instant
from recado.model.money import Money, is_currency, minor_unit, parse_amount
from recado.model.quantity import format_work, parse_days, parse_percent, parse_size, parse_work
from recado.model.ref import Ref, parse_ref, refs_in_subject
from recado.model.written import Localized, LocalizedList, domain_in, parse_clock

if TYPE_CHECKING:
    from collections.abc import Callable

READ = [
    (parse_instant, "2026-11-24T08:12:09Z", datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)),
    (parse_instant, "2026-11-24 19:12:09.7+11:00", datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)),
    (parse_day, " 2026-02-28 ", date(2026, 2, 28)),
    (parse_day, "2028-02-29", date(2028, 2, 29)),
    (parse_due, "2026-11-28", date(2026, 11, 28)),
    (parse_due, "2026-11-28T17:00+11:00", datetime(2026, 11, 28, 6, tzinfo=UTC)),
    (parse_due, "2026-11-28 17:00 Australia/Sydney", datetime(2026, 11, 28, 6, tzinfo=UTC)),
    (parse_due, "2026-11-28 17:00 UTC", datetime(2026, 11, 28, 17, tzinfo=UTC)),
    (parse_due, "2026-07-01 09:00 Europe/Madrid", datetime(2026, 7, 1, 7, tzinfo=UTC)),
    (parse_due, "2026-12-01 09:00 Europe/Madrid", datetime(2026, 12, 1, 8, tzinfo=UTC)),
    (parse_clock, "9:05", time(9, 5)),
    (parse_clock, "24:00", time(23, 59)),
    (parse_work, "2h30m", 150),
    (parse_work, "2 h 30 min", 150),
    (parse_work, "1.5h", 90),
    (parse_work, "1,5h", 90),
    (parse_work, "45m", 45),
    (parse_days, "60 days", 60),
    (parse_days, "1 day", 1),
    (parse_percent, "50 %", Decimal(50)),
    (parse_percent, "7,5%", Decimal("7.5")),
    (parse_percent, "0 %", Decimal(0)),
    (parse_size, "25 MB", 25_000_000),
    (parse_size, "500kB", 500_000),
    (parse_size, "12 B", 12),
    (parse_amount, "1100.00", Decimal("1100.00")),
    (parse_amount, "-0.5", Decimal("-0.5")),
    (parse_ref, " acme-42 ", Ref("ACME", 42)),
    (parse_ref, "A1-1", Ref("A1", 1)),
    (parse_response, "24h", Response(24, of_desk=False)),
    (parse_response, "8 working hours", Response(8, of_desk=True)),
    (parse_response, "1 working hour", Response(1, of_desk=True)),
]
REFUSED = [
    (parse_instant, ["", "now", "2026-11-24", "2026-11-24T08:12:09", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00",
                     "9999-12-31T23:59:59-10:00"]),
    (parse_day, ["", "20261124", "2026-W48-2", "2026-02-30", "24/11/2026", "2026-11-24T00:00", "２０２６-11-24"]),
    (parse_due, ["", "tomorrow", "2026-02-30", "2026-11-28 17:00", "2026-11-28 17:00 Mars/Base", "2026-11-28 17:00 Europe",
                 "2026-11-28T17:00+01:00 Europe/Madrid", "2026-11-28 Europe/Madrid/../../x", "20261128",
                 "2026-11-28 Europe/Madrid"]),
    (parse_clock, ["", "9", "24:01", "25:00", "09:60", "9h", "noon"]),
    (parse_work, ["", "2", "h", "two hours", "-2h", "2h30", "1.555h"]),
    (parse_days, ["", "60", "2 months", "-1 days"]),
    (parse_percent, ["", "50", "101 %", "-1 %", "half"]),
    (parse_size, ["", "25", "25 megabytes", "0 MB", "-1 MB", "1 TB"]),
    (parse_amount, ["", "1,50", "1 000", "€5", "1e5", "NaN", "Infinity", ".5", "5.", "1.23456", "0x1", "١"]),
    (parse_ref, ["", "42", "ACME", "ACME-0", "ACME-042", "A-1", "TOOLONGCODE-1", "ACME-1234567890", "aß-1", "ıı-1", "ACME-٤"]),
    (parse_response, ["", "24", "0h", "1 day", "soon"]),
]  # fmt: skip


@pytest.mark.parametrize(("read", "text", "expected"), READ, ids=[f"{read.__name__} {text}" for read, text, _expected in READ])
def test_what_people_write_is_read(read: Callable[[str], object], text: str, expected: object) -> None:
    assert read(text) == expected
    assert type(read(text)) is type(expected)


@pytest.mark.parametrize(("read", "text"), [(read, text) for read, texts in REFUSED for text in texts])
def test_what_cannot_be_meant_is_refused(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (its words are for who reads the file to choose)
        read(text)


@given(st.integers(0, 9999 * 60))
def test_work_written_and_read_again_is_the_same(minutes: int) -> None:
    assert parse_work(format_work(minutes)) == minutes


@given(st.integers(-62135500000, 253402200000))
def test_an_instant_written_and_read_again_is_the_same_and_sorts_as_it_passes(seconds: int) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert parse_instant(format_instant(at)) == at
    assert len(compact_instant(at)) == len("20261124T081209Z")
    assert compact_instant(at).replace("T", "").rstrip("Z").isdigit()


def test_a_day_is_that_of_who_lives_there() -> None:
    late = datetime(2026, 11, 27, 22, tzinfo=UTC)
    assert day_of(late, ZoneInfo("Australia/Sydney")) == date(2026, 11, 28)
    assert day_of(late, ZoneInfo("Europe/Madrid")) == date(2026, 11, 27)
    assert day_of(date(2026, 11, 28), ZoneInfo("Australia/Sydney")) == date(2026, 11, 28)


@pytest.mark.parametrize(
    ("subject", "refs"),
    [
        ("Re: [ACME-42] Posts", (Ref("ACME", 42),)),
        ("re: [acme-42] and [ BETA-7 ]", (Ref("ACME", 42), Ref("BETA", 7))),
        ("Posts ACME-42", ()),
        ("[ACME-42", ()),
        ("[[ACME-42]]", (Ref("ACME", 42),)),
        ("[ACME-0] [A-1] [ACME-42x]", ()),
        ("", ()),
    ],
)
def test_refs_are_found_in_brackets_alone(subject: str, refs: tuple[Ref, ...]) -> None:
    assert refs_in_subject(subject) == refs
    assert [str(ref) for ref in refs] == [f"{ref.code}-{ref.number}" for ref in refs]


@pytest.mark.parametrize(("currency", "step"), [("EUR", "0.01"), ("AUD", "0.01"), ("JPY", "1"), ("CLP", "1"), ("KWD", "0.001")])
def test_a_currencys_smallest_step(currency: str, step: str) -> None:
    assert minor_unit(currency) == Decimal(step)


def test_money_is_added_in_one_currency_only_and_exactly() -> None:
    tenth = Money(Decimal("0.1"), "EUR")
    assert tenth + tenth + tenth == Money(Decimal("0.3"), "EUR")
    assert tenth - tenth == Money(Decimal("0.0"), "EUR")
    for wrong in (tenth.__add__, tenth.__sub__):
        with pytest.raises(ValueError, match="EUR and AUD cannot be added"):
            wrong(Money(Decimal(1), "AUD"))
    assert [is_currency(code) for code in ("EUR", "eur", "EURO", "")] == [True, False, False, False]


def test_hours_are_read_by_weekday_and_a_day_left_out_is_closed() -> None:
    hours = parse_hours({"mon-wed": "09:00-14:00 15:00-18:00", "fri": "22:00-24:00"})
    full = (Span(time(9), time(14)), Span(time(15), time(18)))
    assert hours.days == (full, full, full, (), (Span(time(22), time(23, 59)),), (), ())


@pytest.mark.parametrize(
    "value",
    [
        None,
        "9-5",
        [],
        {},
        {"mon": ["09:00-10:00"]},
        {"mon": ""},
        {"mon": "09:00"},
        {"mon": "10:00-09:00"},
        {"mon": "09:00-09:00"},
        {"mon": "09:00-12:00 11:00-13:00"},
        {"monday": "09:00-10:00"},
        {"mon-": "09:00-10:00", "mon": "09:00-10:00"},
        {"mon-fri": "09:00-10:00", "wed": "09:00-10:00"},
        {"fri-mon": "09:00-10:00"},
    ],
)
def test_hours_that_cannot_be_meant_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_hours(value)


@pytest.mark.parametrize(
    ("language", "practice", "expected"),
    [
        ("en", "es", "Design"),
        ("es-MX", "en", "Diseño"),
        ("fr", "es", "Diseño"),
        ("fr", "es-ES", "Diseño"),
        ("fr", "de", "Diseño"),
    ],
)
def test_a_text_is_given_in_the_readers_language_else_the_practices_else_the_first(
    language: str, practice: str, expected: str
) -> None:
    text = Localized.read({"es": "Diseño", "en": "Design"})
    assert text.in_language(language, practice) == expected
    items = LocalizedList.read({"es": ["Diseño"], "en": ["Design"]})
    assert items.in_language(language, practice) == [expected]


def test_one_text_is_for_everyone() -> None:
    assert Localized.read(" Social 12 ").in_language("fr", "es") == "Social 12"
    assert LocalizedList.read(["a", "b"]).in_language("fr", "es") == ["a", "b"]


def test_a_sender_rule_claims_a_domain_or_one_address() -> None:
    assert domain_in("@ACME.example") == "acme.example"
    assert domain_in("jane@acme.example") is None

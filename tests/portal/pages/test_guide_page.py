"""The guide: the hours on the client's clock, prices, channels, days away; nothing that nobody said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_work import NOW, page_at, practice, record, rendered, shown, view

from recado.model.client_work import ClientWork, OwnPage
from recado.model.hours import WEEKDAYS, Hours, Response, parse_hours
from recado.model.practice import Absence, Channel, ClientRecord, Retainer, Terms
from recado.portal.pages import pages_of
from recado.portal.pages.ask import AskForm
from recado.portal.pages.channels import channels
from recado.portal.pages.days_away import days_away, three_months_from
from recado.portal.pages.desk_hours import desk_hours
from recado.portal.pages.guide import Guide
from recado.portal.pages.prices import prices, services
from recado.portal.pages.promise import promised
from recado.portal.pages.sentence import plain, sentence
from recado.portal.pages.terms import terms
from recado.portal.pages.week import DAY, meetings, week_of

if TYPE_CHECKING:
    from recado.portal.pages.view import View


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


def guide(of: ClientRecord, **values: Any) -> Guide:
    model = page_at(ClientWork(of, **values), "welcome.html").model
    assert isinstance(model, Guide)
    return model


def test_hours_at_home_are_said_once() -> None:
    hours = desk_hours(view(ClientWork(record())))
    assert hours is not None
    assert hours.sentences == ("Trabajo de lunes a jueves de 9:00 a 14:00 y de 15:00 a 18:00; el viernes de 9:00 a 15:00.",)
    assert [(row.name, row.kind, [(bar.x, bar.width) for bar in row.bars]) for row in hours.rows] == [
        ("lun–jue", "desk", [("18.75%", "31.25%"), ("56.25%", "18.75%")]),
        ("vie", "desk", [("18.75%", "37.5%")]),
    ]
    assert [mark.text for mark in hours.scale] == ["6", "9", "12", "15", "18", "21"]


def test_hours_far_away_are_put_on_the_clients_clock() -> None:
    hours = desk_hours(view(ClientWork(record("southerly"))))
    assert hours is not None
    assert [spaced(sentence) for sentence in hours.sentences] == [
        (
            "I am at my desk Monday to Thursday from 9:00 am to 2:00 pm and from 3:00 pm to 6:00 pm;"
            " Friday from 9:00 am to 3:00 pm, Madrid time."
        ),
        (
            "In Sydney that is Monday to Thursday from 7:00 pm to 12:00 am and from 1:00 am to 4:00 am;"
            " Friday from 7:00 pm to 1:00 am."
        ),
        "From 9:00 am to 5:00 pm, your time, I am not at my desk.",
    ]
    assert [row.kind for row in hours.rows] == ["desk", "desk", "office"]
    assert [mark.text for mark in hours.scale] == ["12\u00a0am", "6", "12\u00a0pm", "6"]


def test_the_clocks_of_this_week_count() -> None:
    in_july = desk_hours(view(ClientWork(record("southerly")), datetime(2026, 7, 7, 8, 0, tzinfo=UTC)))
    assert in_july is not None
    assert "from 5:00 pm to 10:00 pm and from 11:00 pm to 2:00 am" in spaced(in_july.sentences[1])


def abroad(written: dict[str, str], zone: str, *, practice_zone: str = "Europe/Madrid", **changes: Any) -> View:
    """See a practice's hours from somewhere else."""
    business = {"hours": parse_hours(written), "timezone": ZoneInfo(practice_zone)}
    of = replace(record("southerly", business=business), timezone=ZoneInfo(zone), **changes)
    return view(ClientWork(of))


WEEK = {"mon-thu": "09:00-14:00 15:00-18:00", "fri": "09:00-15:00"}


def test_hours_that_meet_are_drawn_and_said_for_each_weekday() -> None:
    hours = desk_hours(abroad(WEEK, "Europe/London", country="GB"))
    assert hours is not None
    assert [(row.name, row.kind) for row in hours.rows] == [
        ("Mon–Thu", "desk"),
        ("Fri", "desk"),
        ("You, 9 to 17", "office"),
        ("At once, Mon–Thu", "both"),
        ("At once, Fri", "both"),
    ]
    assert hours.sentences[1:] == (
        "In London that is Monday to Thursday from 08:00 to 13:00 and from 14:00 to 17:00; Friday from 08:00 to 14:00.",
        (
            "From 09:00 to 17:00, your time, I am there Monday to Thursday from 09:00 to 13:00 and from 14:00 to 17:00;"
            " Friday from 09:00 to 14:00."
        ),
    )


@pytest.mark.parametrize(
    ("written", "practice_zone", "zone", "here", "together"),
    [
        (
            {"mon": "09:00-14:00", "tue-fri": "14:00-22:00"},
            "Europe/Madrid",
            "America/New_York",
            "Monday from 03:00 to 08:00; Tuesday to Friday from 08:00 to 16:00",
            "I am there Tuesday to Friday from 09:00 to 16:00",
        ),
        ({"mon-fri": "10:00-14:00"}, "Europe/Madrid", "Europe/London", "from 09:00 to 13:00", "I am there from 09:00 to 13:00"),
        (
            {"mon-fri": "09:00-17:00"},
            "Australia/Sydney",
            "America/Los_Angeles",
            "Sunday to Thursday from 14:00 to 22:00",
            "I am there Sunday to Thursday from 14:00 to 17:00",
        ),
        (
            {"mon-fri": "09:00-17:00"},
            "America/Los_Angeles",
            "Australia/Sydney",
            "Tuesday to Saturday from 04:00 to 12:00",
            "I am there Tuesday to Saturday from 09:00 to 12:00",
        ),
        ({"mon": "09:00-10:00", "wed": "09:00-10:00"}, "Europe/Madrid", "Europe/London", "from 08:00 to 09:00", "I am not"),
        ({"mon-sun": "00:00-24:00"}, "Europe/Madrid", "Europe/London", "from 23:00 to 23:00", "I am there from 09:00 to 17:00"),
        ({"fri": "22:00-24:00"}, "Europe/Madrid", "Asia/Tokyo", "Saturday from 06:00 to 08:00", "I am not at my desk"),
    ],
)
def test_what_is_said_of_hours_abroad_is_true_of_each_weekday(
    written: dict[str, str], practice_zone: str, zone: str, here: str, together: str
) -> None:
    hours = desk_hours(abroad(written, zone, practice_zone=practice_zone, country="GB"))
    assert hours is not None
    assert f" that is {here}." in hours.sentences[1]
    assert f", your time, {together}" in hours.sentences[2]
    assert together in hours.sentences[2].replace("at my desk.", "at my desk")


@pytest.mark.parametrize(
    ("at", "practice_zone", "zone"),
    [(NOW, "Europe/Madrid", "America/New_York"), (NOW, "Australia/Sydney", "Europe/Madrid"), (NOW, "Asia/Kolkata", "UTC")],
)
@given(st.lists(st.sampled_from(["", "08:00-12:00", "13:00-24:00", "00:00-05:30 06:00-23:00"]), min_size=7, max_size=7))
def test_meetings_are_the_minutes_that_the_calendar_gives(at: datetime, practice_zone: str, zone: str, days: list[str]) -> None:
    hours = parse_hours({name: spans for name, spans in zip(WEEKDAYS, days, strict=True) if spans} or {"mon": "08:00-12:00"})
    home, away = ZoneInfo(practice_zone), ZoneInfo(zone)
    there = at.astimezone(away).utcoffset()
    here = at.astimezone(home).utcoffset()
    assert there is not None
    assert here is not None
    shift = round((there - here).total_seconds() / 60)
    found = meetings(week_of(hours), shift, (9 * 60, 17 * 60))
    said = {
        (day, minute) for group in found for day in group.weekdays for s, e in group.stretches for minute in range(s, e, 30)
    }
    expected = set()
    for day, clock in product(range(7), range(0, DAY, 30)):
        at_home = day * DAY + clock - shift
        weekday, minute = at_home // DAY % 7, at_home % DAY
        if 9 * 60 <= clock < 17 * 60 and any(start <= minute < end for start, end in week_of(hours)[weekday]):
            expected.add((day, clock))
    assert said == expected


def test_a_sentence_that_ends_in_an_abbreviation_has_one_full_stop() -> None:
    mexican = replace(
        record("tomillo", business={"hours": parse_hours({"mon-fri": "12:00-15:00"})}),
        timezone=ZoneInfo("America/Mexico_City"),
        country="MX",
    )
    hours = desk_hours(view(ClientWork(mexican)))
    assert hours is not None
    assert hours.sentences[1].endswith("8:00\u00a0a.m.")
    assert not any(".." in said for said in hours.sentences)
    assert plain(sentence("Hasta las {time}. Sí.", time="8:00 a.m.")) == "Hasta las 8:00 a.m. Sí."
    assert plain(sentence("Sigue {what}...", what="a.m.")) == "Sigue a.m...."


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"mon-sun": "00:00-24:00"}, "Trabajo de lunes a domingo de 0:00 a 0:00."),
        ({"sat": "10:00-12:00"}, "Trabajo el sábado de 10:00 a 12:00."),
        ({"mon": "10:00-12:00", "wed": "10:00-12:00"}, "Trabajo el lunes de 10:00 a 12:00; el miércoles de 10:00 a 12:00."),
    ],
)
def test_unusual_weeks_are_said_too(written: dict[str, str], said: str) -> None:
    hours = desk_hours(view(ClientWork(record(business={"hours": parse_hours(written)}))))
    assert hours is not None
    assert hours.sentences == (said,)
    assert all(float(bar.x[:-1]) + float(bar.width[:-1]) <= 100.01 for row in hours.rows for bar in row.bars)


def test_no_hours_no_drawing() -> None:
    assert desk_hours(view(ClientWork(record(business={"hours": Hours(((),) * 7)})))) is None


def test_prices_are_those_of_the_client_in_their_currency() -> None:
    assert [(price.name, spaced(price.price), price.per) for price in prices(view(ClientWork(record())))] == [
        ("Bolsa de diez horas al mes", "360,00 €", ""),
        ("Hora fuera de bolsa", "40,00 €", "la hora"),
        ("Redes sociales", "40,00 €", "la hora"),
        ("Tienda en línea", "40,00 €", "la hora"),
        ("Investigación", "45,00 €", "la hora"),
    ]
    assert [(price.name, price.price) for price in prices(view(ClientWork(record("southerly"))))] == [
        ("Social media", "A$66.00"),
        ("Research", "A$70.00"),
    ]


def test_a_rate_of_the_clients_own_is_said_once() -> None:
    of = record("southerly", rate=practice().services["social"].rate["EUR"])
    assert [(price.name, price.price) for price in prices(view(ClientWork(of)))] == [("By the hour", "A$40.00")]


def test_a_service_that_is_priced_in_other_currencies_is_not_offered() -> None:
    assert [service.name for service in services(view(ClientWork(record("southerly"))))] == ["Social media", "Research"]


def test_terms_are_those_of_the_file() -> None:
    assert terms(view(ClientWork(record()))) == (
        "Las horas de cada mes se facturan al empezarlo.",
        "Tienes 15 días para pagar.",
        "En los trabajos grandes, el 50\u00a0% se paga por adelantado.",
    )
    assert terms(view(ClientWork(record("notaria")))) == ()


@pytest.mark.parametrize(
    ("by", "to", "shown_as"),
    [
        ("email", "requests@marta.example", ("Correo", "requests@marta.example", "mailto:requests@marta.example")),
        ("phone", "tel:+34600000000", ("Teléfono", "+34600000000", "tel:+34600000000")),
        ("phone", "+34 600 000 000", ("Teléfono", "+34 600 000 000", "tel:+34600000000")),
        ("slack", "https://x.slack.example/C01", ("Slack", "x.slack.example", "https://x.slack.example/C01")),
        ("zoom", "javascript:alert(1)", ("Zoom", "javascript:alert(1)", "")),
        ("teams", "data:text/html,x", ("Microsoft Teams", "data:text/html,x", "")),
        ("pigeon", "the roof", ("Pigeon", "the roof", "")),
    ],
)
def test_a_channel_links_only_to_what_can_be_trusted_to_be_an_address(by: str, to: str, shown_as: tuple[str, str, str]) -> None:
    channel = Channel.read({"for": "Todo", "by": by, "to": to})
    found = channels(view(ClientWork(record(business={"channels": (channel,)}))))[-1]
    assert (found.name, found.text, found.href) == shown_as


def test_the_request_address_is_a_channel_though_the_file_names_none() -> None:
    found = channels(view(ClientWork(record(business={"channels": ()}))))
    assert [(channel.name, channel.text) for channel in found] == [("Correo", "requests@marta.example")]


def test_days_away_are_absences_and_holidays_on_working_days_in_the_readers_words() -> None:
    until = three_months_from(NOW.date())
    english = [(away.days, away.reason) for away in days_away(view(ClientWork(record("southerly"))), until)]
    assert ("Monday 7 December", "Long weekend in Spain") in english
    assert ("Tuesday 8 December", "Immaculate Conception") in english
    assert not any(day.partition(" ")[2] == "6 December" for day, _ in english)  # Constitution Day, a Sunday
    spanish = [away.reason for away in days_away(view(ClientWork(record())), until)]
    assert "Inmaculada Concepción" in spanish


def test_a_holiday_inside_an_absence_says_nothing_new() -> None:
    away = Absence.read({"from": "2026-11-20", "to": "2026-12-31", "note": "Vacaciones"})
    found = days_away(view(ClientWork(record(business={"absences": (away,)}))), three_months_from(NOW.date()))
    assert (found[0].days, found[0].reason) == ("Del martes 24 al jueves 31 de diciembre", "Vacaciones")
    assert not any("diciembre" in day.days for day in found[1:])


def test_a_country_without_a_known_calendar_has_no_holidays() -> None:
    assert days_away(view(ClientWork(record(business={"country": "EH", "absences": ()}))), three_months_from(NOW.date())) == ()


@pytest.mark.parametrize(
    ("key", "hours", "said"),
    [
        ("tomillo", Response(24, of_desk=False), "antes de 24 horas hábiles"),
        ("tomillo", Response(8, of_desk=True), "antes de ocho horas de trabajo"),
        ("southerly", Response(24, of_desk=False), "within 24 hours on working days"),
    ],
)
def test_the_promise_names_the_hours_it_counts(key: str, hours: Response, said: str) -> None:
    assert promised(view(ClientWork(record(key, business={"response": hours})))) == said


def test_the_steps_say_the_promise_of_the_file() -> None:
    assert plain(guide(record()).steps[1]) == "Te digo qué he entendido y cuándo estará, antes de 24 horas hábiles."


@pytest.mark.parametrize("key", ["tomillo", "southerly", "notaria"])
def test_what_clients_yml_does_not_promise_no_page_promises(key: str) -> None:
    bare = record(key, business={"hours": None, "response": None, "channels": ()}, terms=None, retainer=None)
    of = ClientWork(bare)
    pages = [page for page in pages_of(of, view(of).reader) if page.kind != "missing"]
    text = spaced(" ".join(rendered(page, view(of).reader) for page in pages)).lower()
    for word in (
        "desk",
        "hábil",
        "on working days",
        "trabajo de",
        "i am there",
        "cuándo estoy",
        "horas",
        "r-day",
        " hours",
        "días",
    ):
        assert word not in text.replace("días sin", "").replace("horas de trabajo", ""), word
    assert "qué he entendido" in text or "what i understood" in text


def test_without_a_promised_answer_the_steps_and_the_ask_page_go_without_it() -> None:
    of = record(business={"response": None})
    assert plain(guide(of).steps[1]) == "Te digo qué he entendido y cuándo estará."
    form = page_at(ClientWork(of), "new.html").model
    assert isinstance(form, AskForm)
    assert (form.usual, form.then) == ("Espera su turno", "Te contesto qué he entendido y cuándo estará.")


def test_without_hours_of_the_file_the_guide_draws_none_and_the_first_day_does_not_announce_them() -> None:
    of = record(business={"hours": None})
    assert guide(of).hours is None
    assert "Cuenta cómo trabajamos y cómo encontrarme." in shown(ClientWork(of), "index.html")
    assert "cuándo estoy" in shown(ClientWork(record()), "index.html")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"deposit": "50 %"}, ("En los trabajos grandes, el 50 % se paga por adelantado.",)),
        ({"net": "0"}, ("Las facturas se pagan al recibirlas.",)),
        ({"late_fee": "2 %"}, ("El recargo por pagar tarde es 2 %.",)),
        ({}, ()),
    ],
)
def test_terms_that_the_file_leaves_out_are_not_said(written: dict[str, str], said: tuple[str, ...]) -> None:
    of = record(terms=Terms.read(written), retainer=None)
    assert tuple(spaced(sentence) for sentence in terms(view(ClientWork(of)))) == said


@pytest.mark.parametrize(
    ("written", "name", "billed"),
    [
        ({}, "Una bolsa de diez horas", ()),
        ({"bill": "after"}, "Una bolsa de diez horas", ()),
        ({"renews": "weekly"}, "Bolsa de diez horas a la semana", ()),
        (
            {"renews": "monthly", "bill": "before"},
            "Bolsa de diez horas al mes",
            ("Las horas de cada mes se facturan al empezarlo.",),
        ),
    ],
)
def test_a_retainer_says_its_period_and_its_billing_where_the_file_does(
    written: dict[str, str], name: str, billed: tuple[str, ...]
) -> None:
    of = view(ClientWork(record(retainer=Retainer.read({"hours": "10"} | written), terms=None)))
    assert prices(of)[0].name == name
    assert terms(of) == billed


def test_a_section_without_data_is_not_there() -> None:
    bare = record("notaria", business={"people": {}, "absences": (), "country": "EH"})
    page = shown(ClientWork(bare), "welcome.html")
    for heading in ("Quién es quién", "Días sin", "Tus enlaces", "Cómo hago las cosas", "r-welcome", "Cómo facturo"):
        assert heading not in page
    assert "Le doy la bienvenida, Amparo" in page


def test_welcome_words_and_own_pages_are_shown() -> None:
    of = guide(record(), welcome="# Hola\n\nQué **alegría**.", pages=(OwnPage("como hago", "Devoluciones <b>", "x"),))
    assert "<strong>alegría</strong>" in str(of.welcome)
    assert of.pages[0].url == "pages/como%20hago.html"

"""The retainer as the home page says and draws it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from made_up_work import record, view

from recado.model.client_work import ClientWork
from recado.model.practice import Retainer
from recado.model.time_entry import TimeEntry
from recado.portal.pages.used_hours import used_hours

NOV = date(2026, 11, 3)


def retainer(**values: Any) -> Retainer:
    return Retainer.read({"hours": "10"} | values)


def worked(day: date, minutes: int) -> TimeEntry:
    start = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    return TimeEntry("x", start, minutes, None, "marta", None, "", is_billable=True, source="timer")


def test_the_home_page_says_it_in_words() -> None:
    month = used_hours(view(ClientWork(record(), time=(worked(NOV, 375),))))
    beyond = used_hours(view(ClientWork(record(), time=(worked(NOV, 690),))))
    assert month is not None
    assert beyond is not None
    assert (month.heading, month.figure, month.sentence, month.percent) == (
        "Tus horas de noviembre", "3\u00a0h\u00a045", "quedan de 10\u00a0h. Llevamos 6\u00a0h\u00a015.", 62,
    )  # fmt: skip
    assert (beyond.figure, beyond.sentence, beyond.percent) == (
        "1\u00a0h\u00a030",
        "por encima de las 10\u00a0h. Llevamos 11\u00a0h\u00a030. Cada hora de más cuesta 40,00\u00a0€.",
        100,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "heading"),
    [
        ({"renews": "weekly"}, "Tus horas de esta semana"),
        ({"renews": "when_used"}, "Tus horas"),
        ({"day": "15"}, "Tus horas hasta el 14 de diciembre"),
    ],
)
def test_other_periods_are_named(values: dict[str, str], heading: str) -> None:
    hours = used_hours(view(ClientWork(record(retainer=retainer(**values)))))
    assert hours is not None
    assert hours.heading == heading


def test_without_a_retainer_there_are_no_hours() -> None:
    assert used_hours(view(ClientWork(record("southerly")))) is None
    assert used_hours(view(ClientWork(record(retainer=Retainer(hours=0, price=Decimal(0)))))) is None

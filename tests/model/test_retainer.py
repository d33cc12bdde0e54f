"""How a retainer stands: what is left, what was carried over and for how long, what was worked beyond."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.model.practice import Retainer
from recado.model.retainer import balance, next_period, period_start
from recado.model.time_entry import TimeEntry

MADRID = ZoneInfo("Europe/Madrid")
TODAY = date(2026, 11, 24)


def retainer(**values: Any) -> Retainer:
    return Retainer.read({"hours": "10"} | values)


def worked(day: date, minutes: int, *, is_billable: bool = True) -> TimeEntry:
    start = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    return TimeEntry("x", start, minutes, None, "marta", None, "", is_billable, "timer")


def stand(of: Retainer, *entries: TimeEntry, today: date = TODAY, since: date | None = None) -> tuple[int, int, int, int]:
    found = balance(of, since, entries, today, MADRID)
    return found.granted, found.used, found.left, found.over


NOV, OCT, SEP = date(2026, 11, 3), date(2026, 10, 5), date(2026, 9, 8)
CARRY = {"limit": "3h", "expires": "30 days"}


@pytest.mark.parametrize(
    ("of", "entries", "stands"),
    [
        (retainer(), [], (600, 0, 600, 0)),
        (retainer(), [worked(NOV, 375)], (600, 375, 225, 0)),
        (retainer(), [worked(NOV, 375), worked(OCT, 60)], (600, 375, 225, 0)),
        (retainer(), [worked(NOV, 60, is_billable=False)], (600, 0, 600, 0)),
        (retainer(), [worked(NOV, 690)], (600, 690, 0, 90)),
        (retainer(), [worked(date(2026, 11, 25), 60)], (600, 0, 600, 0)),
        (retainer(carry_over=CARRY), [worked(NOV, 100), worked(OCT, 500)], (700, 100, 600, 0)),
        (retainer(carry_over=CARRY), [worked(NOV, 100), worked(OCT, 60)], (780, 100, 680, 0)),
        (retainer(carry_over=CARRY), [worked(NOV, 100), worked(OCT, 700)], (600, 100, 500, 0)),
        (retainer(carry_over={"limit": "3h", "expires": "10 days"}), [worked(NOV, 100), worked(OCT, 60)], (700, 100, 600, 0)),
        (retainer(carry_over={"limit": "3h", "expires": "60 days"}), [worked(SEP, 60), worked(OCT, 600)], (780, 0, 780, 0)),
        (retainer(carry_over={"limit": "3h"}), [worked(SEP, 60), worked(OCT, 60)], (900, 0, 900, 0)),
        (retainer(renews="weekly"), [worked(date(2026, 11, 23), 60), worked(date(2026, 11, 20), 60)], (600, 60, 540, 0)),
        (retainer(renews="when_used"), [worked(OCT, 600), worked(NOV, 90)], (600, 90, 510, 0)),
        (retainer(renews="when_used"), [worked(OCT, 600)], (600, 600, 0, 0)),
        (retainer(renews="when_used"), [], (600, 0, 600, 0)),
        (retainer(day="25"), [worked(NOV, 60), worked(date(2026, 10, 24), 60)], (600, 60, 540, 0)),
    ],
    ids=[
        "nothing used", "some used", "another month", "not billable", "beyond", "tomorrow", "carried", "carried to the limit",
        "nothing left to carry", "expired", "kept over two months", "kept for good", "weekly", "second block", "block used up",
        "first block", "from the 25th",
    ],
)  # fmt: skip
def test_what_is_left_follows_from_the_hours_and_the_rule(
    of: Retainer, entries: list[TimeEntry], stands: tuple[int, int, int, int]
) -> None:
    assert stand(of, *entries) == stands


def test_no_hours_are_carried_from_before_anyone_wrote_time_down() -> None:
    assert stand(retainer(carry_over={"limit": "5h"}), worked(NOV, 60), since=date(2026, 3, 1)) == (600, 60, 540, 0)


def test_work_belongs_to_the_practices_day() -> None:
    midnight = TimeEntry(
        "x", datetime(2026, 10, 31, 23, 30, tzinfo=UTC), 30, None, "marta", None, "", is_billable=True, source=""
    )
    assert stand(retainer(), midnight) == (600, 30, 570, 0)  # 1 November in Madrid


@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 400)), max_size=30),
    st.sampled_from(["monthly", "weekly"]),
    st.integers(1, 7),
    st.sampled_from([None, {"limit": "3h"}, {"limit": "3h", "expires": "20 days"}]),
)
def test_granted_hours_are_used_or_left_and_never_both(
    entries: list[tuple[int, int]], renews: str, day: int, rule: dict[str, str] | None
) -> None:
    of = retainer(renews=renews, day=str(day), **({"carry_over": rule} if rule else {}))
    found = balance(of, None, [worked(TODAY - timedelta(days=ago), minutes) for ago, minutes in entries], TODAY, MADRID)
    assert found.granted - found.left == found.used - found.over
    assert found.over >= 0
    assert found.granted >= 600
    assert found.last is not None
    assert found.first <= TODAY <= found.last


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 28))
def test_each_day_is_in_one_monthly_period(day: date, starts: int) -> None:
    of = retainer(day=str(starts))
    first = period_start(day, of)
    assert first <= day < next_period(first, of)
    assert first.day == starts

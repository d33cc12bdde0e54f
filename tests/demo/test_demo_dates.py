"""What recado.demo.dates promises: whole weeks, weekdays kept, and nothing moved that is no date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.demo.dates import ANCHOR, Week, moved_text, weeks_to

INSTANTS = st.datetimes(datetime(2001, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (timezones=)


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("due: 2026-11-28", "due: 2026-12-05"),
        ("at: 2026-11-24T08:12:09Z", "at: 2026-12-01T08:12:09Z"),
        ("start: 2026-12-28T10:05:00+01:00", "start: 2027-01-04T10:05:00+01:00"),
        ("{from: 2026-12-24, to: 2027-01-06}", "{from: 2026-12-31, to: 2027-01-13}"),
        ("20261124T081209Z-7f3a91c2.md", "20261201T081209Z-7f3a91c2.md"),
        ("until 2026-11-28.", "until 2026-12-05."),
        ("number: 2026-0031", "number: 2026-0031"),
        ("2026-11.csv", "2026-11.csv"),
        ("sha256:20261124200102031", "sha256:20261124200102031"),
        ("2026-13-45 and 2026-02-30", "2026-13-45 and 2026-02-30"),
        ("12026-11-28 2026-11-281 2026-11-28-2", "12026-11-28 2026-11-281 2026-11-28-2"),
        ("9999-12-31", "9999-12-31"),
        ("0042-december-posts", "0042-december-posts"),
    ],
)
def test_a_week_later_dates_have_moved_and_nothing_else(text: str, moved: str) -> None:
    assert moved_text(text, timedelta(days=7)) == moved


@pytest.mark.parametrize(
    ("now", "weeks"),
    [
        ("2026-11-24T08:40:00+00:00", 0),
        ("2026-11-24T08:39:59+00:00", -1),
        ("2026-11-30T23:00:00+00:00", 0),
        ("2026-12-01T08:40:00+00:00", 1),
        ("2027-11-24T08:40:00+00:00", 52),
    ],
)
def test_the_practice_moves_to_the_last_tuesday_morning(now: str, weeks: int) -> None:
    assert weeks_to(datetime.fromisoformat(now)) == timedelta(weeks=weeks)


@given(INSTANTS)
def test_the_anchor_lands_in_the_seven_days_up_to_now_on_its_own_weekday(now: datetime) -> None:
    landed = ANCHOR + weeks_to(now)
    assert timedelta(0) <= now - landed < timedelta(days=7)
    assert landed.weekday() == ANCHOR.weekday()


@given(INSTANTS, st.integers(-600, 600).map(lambda weeks: timedelta(weeks=weeks)))
def test_every_form_of_an_instant_moves_alike_and_back(instant: datetime, by: timedelta) -> None:
    forms = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "x/%Y%m%dT%H%M%SZ-0a1b2c3d.md", "{due: %Y-%m-%d}")
    text = "\n".join(instant.strftime(form) for form in forms)
    assert moved_text(text, by) == "\n".join((instant + by).strftime(form) for form in forms)
    assert moved_text(moved_text(text, by), -by) == text


@given(st.text())
def test_a_move_by_nothing_changes_nothing(text: str) -> None:
    assert moved_text(text, timedelta(0)) == text


@given(INSTANTS, st.integers(1, 4))
def test_times_of_the_week_are_on_the_writers_clock_and_past(now: datetime, days: int) -> None:
    sydney = ZoneInfo("Australia/Sydney")
    moment = Week(now).at(days, "14:10", sydney)
    assert moment.astimezone(sydney).strftime("%H:%M") == "14:10"
    assert timedelta(0) < now - moment < timedelta(days=6)

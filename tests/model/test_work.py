"""Tasks, statuses, history and time as values: whose turn it is, what is ticked off, what changed, how long it took."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.model.client_work import File
from recado.model.history import Change, latest, reached, unnoticed
from recado.model.ref import Ref
from recado.model.status import Status, Turn, is_open, turn_of
from recado.model.task import Check, Task, number_in_name
from recado.model.time_entry import TimeEntry, billable_by_day, minutes_by_task

NOW = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)
REF, OTHER = Ref("ACME", 42), Ref("ACME", 7)


def task(ref: Ref, status: Status, received: datetime | None = None, body: str = "") -> Task:
    return Task(ref, f"{ref.number:04d}-x", "x", status=status, received=received, body=body)


def test_every_status_says_whose_turn_it_is_and_two_are_the_end() -> None:
    turns = {status.value: turn_of(status) for status in Status}
    assert turns == {
        "new": Turn.LATER,
        "accepted": Turn.LATER,
        "doing": Turn.PRACTICE,
        "waiting": Turn.CLIENT,
        "review": Turn.PRACTICE,
        "approval": Turn.CLIENT,
        "done": Turn.NOBODY,
        "cancelled": Turn.NOBODY,
    }
    assert {status for status in Status if not is_open(status)} == {Status.DONE, Status.CANCELLED}
    assert all((task(REF, status).turn, task(REF, status).is_open) == (turn_of(status), is_open(status)) for status in Status)


@pytest.mark.parametrize(
    ("name", "number"),
    [("0042-december-posts", 42), ("42", 42), ("42-x", 42), ("000000001-x", 1), ("0000-x", None), ("42x", None), ("x-42", None),
     ("-42", None), ("", None), ("٤٢-x", None), ("1234567890-x", None)],
)  # fmt: skip
def test_a_tasks_number_is_read_from_its_name(name: str, number: int | None) -> None:
    assert number_in_name(name) == number


def test_a_checklist_is_read_from_the_body_in_its_order() -> None:
    body = (
        "Words\n- [ ] one\n* [x] two  \n  + [X] three\r\n- [] none\n-[ ] none\n- [y] none\n- [ ]\n- [ ] four `code` [link](x)\n"
    )
    assert task(REF, Status.NEW, body=body).checklist == (
        Check("one", is_done=False),
        Check("two", is_done=True),
        Check("three", is_done=True),
        Check("four `code` [link](x)", is_done=False),
    )


@pytest.mark.parametrize(
    "body", ["\n" * 60_000, "- [ ] a" + " " * 60_000 + "b", " " * 60_000, ("- [ ] " + "\t" * 300 + "\n") * 300]
)
def test_a_body_made_to_hold_the_reader_up_does_not(body: str) -> None:
    # With a pattern that tries the same signs twice each of these takes minutes.
    assert len(task(REF, Status.NEW, body=body).checklist) <= 1


def test_a_task_seen_for_the_first_time_gets_its_first_row() -> None:
    earlier = NOW - timedelta(days=3)
    rows = unnoticed([task(REF, Status.DOING, earlier), task(OTHER, Status.NEW)], [], NOW)
    assert rows == (Change(NOW, OTHER, "hand", None, Status.NEW), Change(earlier, REF, "hand", None, Status.DOING))


def test_only_what_differs_from_the_last_row_is_unnoticed() -> None:
    changes = [
        Change(NOW, REF, "marta", None, Status.NEW),
        Change(NOW, OTHER, "marta", None, Status.NEW),
        Change(NOW, REF, "marta", Status.NEW, Status.DOING),
    ]
    later = NOW + timedelta(hours=1)
    assert unnoticed([task(REF, Status.DOING), task(OTHER, Status.NEW)], changes, later) == ()
    assert unnoticed([task(REF, Status.NEW)], changes, later) == (Change(later, REF, "hand", Status.DOING, Status.NEW),)
    assert latest(changes)[REF].after is Status.DOING


@given(st.lists(st.sampled_from(Status), min_size=1, max_size=8))
def test_what_was_noticed_once_is_not_noticed_again(statuses: list[Status]) -> None:
    changes: tuple[Change, ...] = ()
    for hour, status in enumerate(statuses):
        now = NOW + timedelta(hours=hour)
        changes += unnoticed([task(REF, status, NOW)], changes, now)
        assert unnoticed([task(REF, status, NOW)], changes, now) == ()
    assert changes[-1].after is statuses[-1]
    assert all(later.before is earlier.after is not later.after for earlier, later in pairwise(changes))


def test_when_a_status_was_reached_last() -> None:
    later = NOW + timedelta(hours=1)
    changes = [
        Change(NOW, REF, "m", None, Status.NEW),
        Change(later, REF, "m", Status.DOING, Status.NEW),
        Change(later, OTHER, "m", None, Status.DONE),
    ]
    assert reached(REF, changes) == {Status.NEW: later}


def entry(start: str, minutes: int, *, ref: Ref | None = REF, is_billable: bool = True) -> TimeEntry:
    return TimeEntry("1", datetime.fromisoformat(start), minutes, ref, "marta", None, "", is_billable, "timer")


def test_minutes_are_added_up_by_task() -> None:
    entries = [
        entry("2026-11-24T09:00:00Z", 10),
        entry("2026-11-24T10:00:00Z", 5, ref=OTHER),
        entry("2026-11-25T09:00:00Z", 7, is_billable=False),
    ]
    assert minutes_by_task([*entries, entry("2026-11-25T09:00:00Z", 3, ref=None)]) == {REF: 17, OTHER: 5}


def test_billable_minutes_belong_to_the_day_of_the_zone_that_counts() -> None:
    entries = [
        entry("2026-11-30T23:30:00+00:00", 30),
        entry("2026-11-01T00:30:00+01:00", 20),
        entry("2026-11-15T12:00:00+00:00", 10, is_billable=False),
    ]
    assert billable_by_day(entries, ZoneInfo("Europe/London")) == {date(2026, 11, 30): 30, date(2026, 10, 31): 20}
    assert billable_by_day(entries, ZoneInfo("Europe/Madrid")) == {date(2026, 12, 1): 30, date(2026, 11, 1): 20}


def test_a_file_is_shown_without_the_digits_of_its_message() -> None:
    assert File("7f3a91c2-brief.pdf", 1, "7f3a91c2").shown_name == "brief.pdf"
    assert File("7f3a91c2-brief.pdf", 1, None).shown_name == "7f3a91c2-brief.pdf"

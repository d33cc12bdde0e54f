"""A status edited by hand is noticed: once, with the step it was, and never instead of what a command did meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from recado.model.history import Change
from recado.model.ref import Ref
from recado.model.status import Status
from recado.model.task import Task
from recado.store.history import append_history, read_history
from recado.store.status import change_status, notice_hand_edits
from recado.store.tasks import write_task

if TYPE_CHECKING:
    from recado.store.workspace import ClientFolder

AT = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)
NOW = AT + timedelta(days=1)
REF = Ref("ACME", 42)
FIRST = Change(AT, REF, "ingest", None, Status.NEW)


def task(status: Status, received: datetime | None = AT) -> Task:
    return Task(REF, "0042-x", "x", status=status, received=received)


def noticed(client: ClientFolder, each: Task, now: datetime) -> tuple[Change, ...]:
    """Let the task's file say so, and notice it as a build does."""
    client.task_file(each.name).write_text(write_task(each), encoding="utf-8")
    return notice_hand_edits(client, [each], now)


def test_the_first_sight_of_a_task_is_at_its_received(client: ClientFolder) -> None:
    assert noticed(client, task(Status.DOING), NOW) == (Change(AT, REF, "hand", None, Status.DOING),)
    assert read_history(client) == (Change(AT, REF, "hand", None, Status.DOING),)


@pytest.mark.parametrize("received", [None, NOW + timedelta(days=1)])
def test_the_first_sight_of_a_task_without_received_or_with_one_to_come_is_now(
    client: ClientFolder, received: datetime | None
) -> None:
    assert noticed(client, task(Status.NEW, received=received), NOW)[0].at == NOW


def test_an_edit_by_hand_is_noticed_once(client: ClientFolder) -> None:
    append_history(client, [FIRST])
    expected = Change(NOW, REF, "hand", Status.NEW, Status.DONE)
    assert noticed(client, task(Status.DONE), NOW) == (expected,)
    assert noticed(client, task(Status.DONE), NOW + timedelta(hours=1)) == ()
    assert read_history(client) == (FIRST, expected)


def test_an_edit_there_and_back_again_is_three_rows(client: ClientFolder) -> None:
    for hour, status in enumerate([Status.NEW, Status.WAITING, Status.NEW]):
        noticed(client, task(status), NOW + timedelta(hours=hour))
    assert [change.after for change in read_history(client)] == [Status.NEW, Status.WAITING, Status.NEW]


def test_nothing_to_notice_touches_no_file(client: ClientFolder) -> None:
    append_history(client, [FIRST])
    before = client.history.stat()
    assert noticed(client, task(Status.NEW), NOW) == ()
    after = client.history.stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_size) == (before.st_ino, before.st_mtime_ns, before.st_size)


def test_what_a_command_did_while_the_build_read_is_no_hand_edit(client: ClientFolder) -> None:
    append_history(client, [FIRST])
    noticed(client, task(Status.DOING), NOW)
    as_the_build_read_it = [task(Status.DOING)]
    change_status(client, REF, Status.DONE, "marta", NOW)
    assert notice_hand_edits(client, as_the_build_read_it, NOW + timedelta(minutes=1)) == ()
    assert [change.after for change in read_history(client)] == [Status.NEW, Status.DOING, Status.DONE]


def test_a_task_taken_away_while_the_build_read_gets_no_row(client: ClientFolder) -> None:
    assert notice_hand_edits(client, [task(Status.DONE)], NOW) == ()
    assert read_history(client) == ()


def test_with_a_history_already_read_no_file_is_read_where_nothing_was_edited(
    client: ClientFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    noticed(client, task(Status.NEW), NOW)
    history = read_history(client)
    for name in ("read_history", "read_text", "locked"):
        monkeypatch.setattr(f"recado.store.status.{name}", None)  # whoever calls it fails
    assert notice_hand_edits(client, [task(Status.NEW)], NOW, history) == ()

"""A status changed by a command: the file and one row, and no step missing in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from recado.errors import FileError, UsageError
from recado.model.history import Change
from recado.model.ref import Ref
from recado.model.status import Status
from recado.store.history import append_history, read_history
from recado.store.status import change_status

if TYPE_CHECKING:
    from recado.store.workspace import ClientFolder

REF = Ref("ACME", 42)
THEN = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TEXT = """\
---
# Jane calls about this one
title: December posts   # three of them
status: doing
colour: blue
received: 2026-11-20T08:00:00Z
---
The words.
---
"""


def write(client: ClientFolder, text: str = TEXT) -> None:
    client.task_file("0042-december-posts").write_text(text, encoding="utf-8")


def read(client: ClientFolder) -> str:
    return client.task_file("0042-december-posts").read_text(encoding="utf-8")


def rows(client: ClientFolder) -> list[tuple[str, str | None, str]]:
    return [(change.by, change.before, change.after) for change in read_history(client)]


def test_the_file_changes_in_one_word_and_the_history_by_one_row(client: ClientFolder) -> None:
    write(client)
    append_history(client, [Change(THEN, REF, "hand", None, Status.DOING)])
    before = change_status(client, REF, Status.DONE, "marta", NOW)
    assert before.status is Status.DOING
    assert read(client) == TEXT.replace("status: doing", "status: done")
    assert rows(client) == [("hand", None, "doing"), ("marta", "doing", "done")]
    assert read_history(client)[-1].at == NOW


def test_a_task_never_seen_before_gets_its_first_row_too(client: ClientFolder) -> None:
    write(client)
    change_status(client, REF, Status.DONE, "marta", NOW)
    assert rows(client) == [("hand", None, "doing"), ("marta", "doing", "done")]
    assert read_history(client)[0].at == THEN


def test_a_hand_edit_since_the_last_build_is_noticed_first(client: ClientFolder) -> None:
    write(client)
    append_history(client, [Change(THEN, REF, "marta", None, Status.ACCEPTED)])
    change_status(client, REF, Status.DONE, "marta", NOW)
    assert rows(client) == [("marta", None, "accepted"), ("hand", "accepted", "doing"), ("marta", "doing", "done")]


def test_what_is_so_already_changes_nothing(client: ClientFolder) -> None:
    write(client)
    change_status(client, REF, Status.DONE, "marta", NOW)
    file, history = read(client), client.history.read_bytes()
    change_status(client, REF, Status.DONE, "marta", NOW + timedelta(hours=1))
    assert (read(client), client.history.read_bytes()) == (file, history)


def test_a_file_without_a_status_gets_one(client: ClientFolder) -> None:
    write(client, "---\ntitle: Posts\n---\nThe words.\n")
    assert change_status(client, REF, Status.DOING, "marta", NOW).status is Status.NEW
    assert read(client) == "---\ntitle: Posts\nstatus: doing\n---\nThe words.\n"
    assert rows(client) == [("hand", None, "new"), ("marta", "new", "doing")]


def test_a_task_that_is_not_there_is_said(client: ClientFolder) -> None:
    with pytest.raises(UsageError, match="There is no task ACME-42"):
        change_status(client, REF, Status.DONE, "marta", NOW)
    assert not client.history.exists()


def test_a_history_that_cannot_be_read_is_said_before_the_file_is_touched(client: ClientFolder) -> None:
    write(client)
    client.history.write_text("at,ref,by,from,to\nsoon,ACME-42,me,,done\n", encoding="utf-8")
    with pytest.raises(FileError, match=r"history\.csv:2"):
        change_status(client, REF, Status.DONE, "marta", NOW)
    assert read(client) == TEXT

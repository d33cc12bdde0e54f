"""Time entries: rows found by their columns' names, each mistake with its line."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from recado.model.ref import Ref
from recado.model.time_entry import TimeEntry
from recado.store.time_entries import parse_time, read_time

if TYPE_CHECKING:
    from recado.errors import Problem
    from recado.store.workspace import ClientFolder

HEAD = "id,start,minutes,task,person,service,note,billable,source\n"
ROW = "01JD,2026-11-24T09:05:00+01:00,95,ACME-42,marta,social-media,First drafts,yes,timer\n"
ENTRY = TimeEntry(
    id="01JD",
    start=datetime.fromisoformat("2026-11-24T09:05:00+01:00"),
    minutes=95,
    task=Ref("ACME", 42),
    person="marta",
    service="social-media",
    note="First drafts",
    is_billable=True,
    source="timer",
)


def parse(text: str) -> tuple[list[TimeEntry], list[str]]:
    problems: list[Problem] = []
    return parse_time(text, "time/2026-11.csv", problems), [str(problem) for problem in problems]


def test_a_row_is_read_with_its_own_offset() -> None:
    entries, problems = parse(HEAD + ROW)
    assert (entries, problems) == ([ENTRY], [])
    assert str(entries[0].start.utcoffset()) == "1:00:00"


def test_columns_may_stand_in_another_order_and_beside_others() -> None:
    head = "extra,source,billable,note,service,person,task,minutes,start,id\n"
    row = "x,timer,yes,First drafts,social-media,marta,ACME-42,95,2026-11-24T09:05:00+01:00,01JD\n"
    assert parse(head + row) == ([ENTRY], [])


def test_task_service_and_note_may_be_empty() -> None:
    entries, problems = parse(HEAD + "1,2026-11-24T09:05:00Z,5,,marta,,,no,\n\n")
    assert not problems
    assert (entries[0].task, entries[0].service, entries[0].note, entries[0].is_billable) == (None, None, "", False)


def test_a_note_may_hold_commas_quotes_and_lines() -> None:
    entries, _problems = parse(HEAD + ROW.replace("First drafts", '"a, ""b""\nc"') + ROW)
    assert [entry.note for entry in entries] == ['a, "b"\nc', "First drafts"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2026-11-24T09:05:00+01:00", "2026-11-24T09:05", "`start` is '2026-11-24T09:05'; expected a time with its zone"),
        ("2026-11-24T09:05:00+01:00", "today", "`start` is 'today'; expected a time with its zone"),
        (",95,", ",-5,", "`minutes` is '-5'; expected a whole number of minutes"),
        (",95,", ",1:35,", "`minutes` is '1:35'; expected a whole number of minutes"),
        (",95,", ",,", "`minutes` is ''; expected a whole number of minutes"),
        ("ACME-42", "42", "`task` is '42'; expected a ref such as ACME-42"),
        (",yes,", ",maybe,", "`billable` is 'maybe'; expected yes or no"),
        ("First drafts", "First, drafts", "this row has 10 cells; expected 9"),
        (",timer", "", "this row has 8 cells; expected 9"),
    ],
)
def test_a_mistake_in_a_row_is_told_with_its_line_and_the_others_are_read(old: str, new: str, said: str) -> None:
    entries, problems = parse(HEAD + ROW + ROW.replace(old, new) + ROW)
    assert len(entries) == 2
    assert problems == [problems[0]]
    assert problems[0].startswith(f"time/2026-11.csv:3: {said}")


def test_a_table_without_its_columns_is_told() -> None:
    assert parse("id,start\n1,2\n")[1][0].startswith(
        "time/2026-11.csv:1: the first line names no columns minutes, task, person"
    )
    assert parse("") == ([], [])


def test_months_are_read_in_order_and_other_files_are_none(client: ClientFolder) -> None:
    client.time.mkdir()
    (client.time / "2026-12.csv").write_text(HEAD + ROW.replace("2026-11", "2026-12").replace("01JD", "b"))
    (client.time / "2026-11.csv").write_bytes(b"\xef\xbb\xbf" + (HEAD + ROW).replace("\n", "\r\n").encode())
    (client.time / "running.csv").write_text("id,start\n1,x\n")
    (client.time / "notes.txt").write_text("x")
    problems: list[Problem] = []
    assert [entry.id for entry in read_time(client, problems)] == ["01JD", "b"]
    assert problems == []


def test_no_time_is_none(client: ClientFolder) -> None:
    assert read_time(client, []) == ()


def test_bare_carriage_returns_are_told_with_what_to_do() -> None:
    _entries, (said,) = parse((HEAD + ROW).replace("\n", "\r"))
    assert said.startswith("time/2026-11.csv:1: a line ends with a carriage return alone; expected the file saved with")

"""The demo's workspace: made in a folder, moved in time, replaced when it runs again, and never in place of someone's own."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.demo.dates import ANCHOR
from recado.demo.workspace import MARKER, by_month, make_demo_workspace, with_ports
from recado.errors import UsageError, WorkError
from recado.resources import demo_practice
from recado.store.client_work import load_client_work
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

PRACTICE_TEXT = (demo_practice() / "clients.yml").read_text(encoding="utf-8")
CLIENTS = ("southerly", "hale", "tomillo")


def make(directory: Path, now: datetime = ANCHOR) -> None:
    make_demo_workspace(directory, demo_practice(), now, 2143, 2025)


def contents(directory: Path) -> dict[str, bytes]:
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_at_its_own_instant_the_practice_is_copied_as_it_is_but_for_the_ports(tmp_path: Path) -> None:
    make(tmp_path / "demo")
    copied = contents(tmp_path / "demo" / "portal_src")
    for name in CLIENTS:
        source = contents(demo_practice() / "portal_src" / name)
        assert {path.removeprefix(f"{name}/"): copied[path] for path in copied if path.startswith(f"{name}/")} == source
    practice = load_practice(Workspace(tmp_path / "demo"))
    assert practice.mailbox.port == 2143
    assert practice.outgoing is not None
    assert practice.outgoing.port == 2025


@pytest.mark.parametrize("weeks", [-30, -1, 1, 7, 60])
def test_moved_by_weeks_the_practice_still_reads_and_its_calendar_has_moved(tmp_path: Path, weeks: int) -> None:
    by = timedelta(weeks=weeks)
    make(tmp_path / "demo", ANCHOR + by)
    there, here = Workspace(tmp_path / "demo"), Workspace(demo_practice())
    moved_practice, practice = load_practice(there), load_practice(here)
    for key in CLIENTS:
        moved = load_client_work(there.client(key), moved_practice.record(key))
        work = load_client_work(here.client(key), practice.record(key))
        assert [change.at for change in moved.changes] == [change.at + by for change in work.changes]
        assert [entry.start for entry in moved.time] == [entry.start + by for entry in work.time]
        for one, other in zip(moved.threads, work.threads, strict=True):
            assert one.task.name == other.task.name
            assert [message.received for message in one.messages] == [m.received + by for m in other.messages]
            assert [message.digest for message in one.messages] == [m.digest for m in other.messages]
            for message in one.messages:
                assert message.name.startswith(message.received.strftime("%Y%m%dT%H%M%SZ"))
        for invoice, original in zip(moved.invoices, work.invoices, strict=True):
            assert invoice.number == original.number
            assert invoice.due is not None
            assert original.due is not None
            assert invoice.due == original.due + by


def test_time_entries_stand_in_the_month_they_have_moved_to(tmp_path: Path) -> None:
    make(tmp_path / "demo", ANCHOR + timedelta(weeks=1))
    for path in (tmp_path / "demo" / "portal_src").glob("*/time/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            starts = [row["start"] for row in csv.DictReader(file)]
        assert starts
        assert {start[:7] for start in starts} == {path.stem}
        assert starts == sorted(starts)


def test_a_second_run_replaces_everything_and_leaves_what_is_beside_it(tmp_path: Path) -> None:
    make(tmp_path)
    first = contents(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    for made in ("site/index.html", "portal_src/hale/tasks/0099-x.md", ".recado/cache/index.json", "outbox/1.eml"):
        path = tmp_path / made
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("old")
    make(tmp_path)
    assert contents(tmp_path) == {**first, "notes.txt": b"mine"}
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("taken", ["clients.yml", "portal_src/acme/history.csv", "site/index.html", ".recado/x"])
def test_a_workspace_that_no_demo_made_is_refused_and_untouched(tmp_path: Path, taken: str) -> None:
    path = tmp_path / taken
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    with pytest.raises(UsageError, match=re.escape(taken.partition("/")[0])):
        make(tmp_path)
    assert contents(tmp_path) == {taken: b"mine"}


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("a file")
    with pytest.raises(UsageError, match="is a file"):
        make(tmp_path / "demo")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkError, match="cannot be written"):
        make(tmp_path / "file" / "demo")


def test_the_marker_says_who_made_the_workspace(tmp_path: Path) -> None:
    make(tmp_path)
    assert "recado demo" in (tmp_path / MARKER).read_text(encoding="utf-8")


@given(st.integers(1, 65535), st.integers(1, 65535))
def test_only_the_two_ports_change_in_the_practice_file(imap: int, smtp: int) -> None:
    changed = with_ports(PRACTICE_TEXT, imap, smtp)
    different = [line for line, before in zip(changed.splitlines(), PRACTICE_TEXT.splitlines(), strict=True) if line != before]
    assert set(different) <= {f"  port: {imap}", f"  port: {smtp}"}
    assert changed.count(f"  port: {imap}\n") >= 1


def test_a_practice_without_a_port_is_no_demo_practice() -> None:
    with pytest.raises(ValueError, match="outgoing"):
        with_ports("mailbox:\n  port: 1\nclients:\n  port: 2\n", 3, 4)


def test_rows_are_sorted_into_the_months_in_which_they_start() -> None:
    rows = [["a", "2026-11-30T23:30:00+01:00"], ["b", "2026-12-01T00:10:00+01:00"], ["c", "2026-11-02T09:00:00+01:00"]]
    assert by_month(rows) == {"2026-11": [rows[0], rows[2]], "2026-12": [rows[1]]}


def test_now_before_the_practice_was_written_is_no_problem(tmp_path: Path) -> None:
    make(tmp_path, datetime(2020, 1, 1, tzinfo=UTC))
    assert load_practice(Workspace(tmp_path)).clients.keys() == set(CLIENTS)

"""History: whole rows, each once, from however many writers; edits by hand are noticed once."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.errors import FileError
from recado.model.history import Change
from recado.model.ref import Ref
from recado.model.status import Status
from recado.model.task import Task
from recado.store.history import append_history, parse_history, read_history
from recado.store.workspace import ClientFolder

AT = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)
NOW = AT + timedelta(days=1)
REF = Ref("ACME", 42)
HEAD = "at,ref,by,from,to\n"
ROW = "2026-11-24T08:12:09Z,ACME-42,hand,,new\n"
FIRST = Change(AT, REF, "hand", None, Status.NEW)


def task(status: Status, number: int = 42, received: datetime | None = AT) -> Task:
    return Task(Ref("ACME", number), f"{number:04d}-x", "x", status=status, received=received)


def append_many(workspace: str, by: str, count: int) -> None:
    """Run in a process of its own: append rows one by one."""
    client = ClientFolder(Path(workspace), "acme")
    for number in range(1, count + 1):
        append_history(client, [Change(AT, Ref("ACME", number), by, None, Status.NEW)])


def test_rows_are_appended_and_read_again(client: ClientFolder) -> None:
    rows = (FIRST, Change(NOW, REF, "marta", Status.NEW, Status.DONE))
    append_history(client, rows[:1])
    append_history(client, rows[1:])
    assert client.history.read_text() == HEAD + ROW + "2026-11-25T08:12:09Z,ACME-42,marta,new,done\n"
    assert read_history(client) == rows


def test_no_history_is_an_empty_one_and_nothing_to_write_makes_no_file(client: ClientFolder) -> None:
    assert read_history(client) == ()
    append_history(client, [])
    assert not client.history.exists()


def test_two_processes_at_once_keep_every_row_whole(client: ClientFolder, tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=append_many, args=(str(tmp_path), by, 40)) for by in ("marta", "lucia")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    changes = read_history(client)
    assert client.history.read_text().startswith(HEAD)
    assert client.history.read_text().count(HEAD) == 1
    for by in ("marta", "lucia"):
        assert [change.ref.number for change in changes if change.by == by] == list(range(1, 41))


HALVES = [
    "2026-11-25T08:12:09Z,ACME-42,marta,new,don",
    "2026-11-25T08:12:09Z,ACME-42,marta,new,",
    "2026-11-25T08:12:09Z,ACME-42",
    "2026-11-25T0",
    "2",
]


@pytest.mark.parametrize("half", HALVES)
def test_half_a_last_row_is_not_there_and_never_joins_the_next(client: ClientFolder, half: str) -> None:
    client.history.write_text(HEAD + ROW + half)
    assert read_history(client) == (FIRST,)
    row = Change(NOW, REF, "lucia", Status.NEW, Status.DOING)
    append_history(client, [row])
    assert read_history(client) == (FIRST, row)
    assert client.history.read_text() == HEAD + ROW + "2026-11-25T08:12:09Z,ACME-42,lucia,new,doing\n"


@pytest.mark.parametrize("kept", ["", HEAD, HEAD + ROW])
def test_what_a_power_cut_left_as_zeros_is_not_there(client: ClientFolder, kept: str) -> None:
    client.history.write_text(kept + "\0" * 60)
    assert len(read_history(client)) == kept.count("ACME")
    append_history(client, [FIRST])
    assert read_history(client)[-1] == FIRST
    assert b"\0" not in client.history.read_bytes()


def test_half_a_head_is_written_again(client: ClientFolder) -> None:
    client.history.write_text("at,ref,b")
    assert read_history(client) == ()
    append_history(client, [FIRST])
    assert client.history.read_text() == HEAD + ROW


@pytest.mark.parametrize("text", [HEAD + ROW[:-1], HEAD[:-1], ""])
def test_an_editor_that_leaves_the_last_newline_out_costs_no_row(client: ClientFolder, text: str) -> None:
    client.history.write_text(text)
    before = read_history(client)
    row = Change(NOW, REF, "lucia", Status.NEW, Status.DOING)
    append_history(client, [row])
    assert read_history(client) == (*before, row)
    assert len(before) == text.count("ACME-42")


@given(st.integers(0, len(HEAD + ROW * 2)))
def test_a_file_cut_anywhere_gives_the_rows_before_the_cut(cut: int) -> None:
    whole = (HEAD + ROW * 2).encode()
    changes = parse_history(whole[:cut], "history.csv")
    rows_before = whole[:cut].count(b"ACME-42,hand,,new")
    assert changes == (FIRST,) * rows_before


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("yesterday,ACME-42,hand,,new\n", "`at` is 'yesterday'; expected an instant such as"),
        ("2026-11-24T08:12:09Z,42,hand,,new\n", "expected a ref such as ACME-42"),
        ("2026-11-24T08:12:09Z,ACME-42,hand,,finished\n", "`to` is 'finished'; expected one of new, accepted"),
        ("2026-11-24T08:12:09Z,ACME-42,hand,,\n", "`to` is ''; expected one of"),
        ("2026-11-24T08:12:09Z,ACME-42\n", "this row has 2 cells; expected 5, as the first line names them: at,ref,by,from,to"),
        ("2026-11-24T08:12:09Z,ACME-42,hand,,new,more\n", "this row has 6 cells; expected 5"),
        ("<<<<<<< HEAD\n", "two versions stand here side by side (a merge conflict)"),
        ("2026-11-24T08:12:09Z,ACME-42,hand,gone,new\n", "`from` is 'gone'; expected one of"),
        ("se\xf1al,ACME-42,hand,,new\n", "expected an instant"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_with_its_line(row: str, said: str) -> None:
    content = (HEAD + ROW + row + ROW).encode("latin-1")
    with pytest.raises(FileError) as caught:
        parse_history(content, "acme/history.csv")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("acme/history.csv", 3)
    assert said in problem.text
    assert "Error" not in problem.text
    assert "NoneType" not in problem.text


def test_every_row_that_cannot_be_read_is_told() -> None:
    with pytest.raises(FileError) as caught:
        parse_history((HEAD + "x\n" + ROW + "y\n").encode(), "h.csv")
    assert [problem.line for problem in caught.value.problems] == [2, 4]


def test_rows_are_appended_under_the_columns_as_the_file_has_them(client: ClientFolder) -> None:
    client.history.write_text("ref,at,by,from,to,note\nACME-42,2026-11-24T08:12:09Z,hand,,new,mine")
    row = Change(NOW, REF, "lucia", Status.NEW, Status.DOING)
    append_history(client, [row])
    assert read_history(client) == (FIRST, row)
    assert client.history.read_text().endswith("mine\nACME-42,2026-11-25T08:12:09Z,lucia,new,doing,\n")


def test_a_mistake_in_a_last_row_without_newline_is_told_and_not_cut_off(client: ClientFolder) -> None:
    wrong = "2026-11-25T08:12:09Z,ACME-42,marta,new,finished"
    client.history.write_text(HEAD + ROW + wrong)
    with pytest.raises(FileError, match=r"history\.csv:3: `to` is 'finished'"):
        read_history(client)
    append_history(client, [FIRST])
    assert wrong in client.history.read_text()


def test_a_cell_that_never_ends_is_told(client: ClientFolder) -> None:
    client.history.write_text(HEAD + '"' + "x" * 200_000 + "\n")
    with pytest.raises(FileError, match="this row is too long"):
        read_history(client)


BARE = "a line ends with a carriage return alone; expected the file saved with line ends of Unix"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ((HEAD + ROW).replace("\n", "\r"), 1),
        ((HEAD + ROW * 2)[:-1].replace("\n", "\r"), 1),
        (HEAD + (ROW * 2).replace("\n", "\r"), 2),
        (HEAD + ROW + (ROW * 900).replace("\n", "\r"), 3),
    ],
    ids=["all of it", "without the last one", "all rows", "the rows since someone saved it"],
)
def test_bare_carriage_returns_are_told_and_rows_are_put_below_them(client: ClientFolder, text: str, line: int) -> None:
    client.history.write_bytes(text.encode())
    append_history(client, [FIRST])
    kept = client.history.read_bytes().decode()
    assert kept.startswith(text)
    assert kept.endswith(f"\n{ROW}")
    with pytest.raises(FileError) as caught:
        read_history(client)
    (problem,) = caught.value.problems
    assert (problem.line, problem.text) == (line, f"{BARE} (LF)")
    client.history.write_bytes(kept.replace("\r\n", "\n").replace("\r", "\n").encode())
    assert read_history(client) == (FIRST,) * (text.count("ACME-42") + 1)


def test_a_last_line_that_cannot_be_read_alone_stays(client: ClientFolder) -> None:
    endless = HEAD + ROW + "x" * 140_000
    client.history.write_text(endless)
    append_history(client, [FIRST])
    assert client.history.read_text() == f"{endless}\n{ROW}"


@pytest.mark.parametrize("head", ["ref,at,by,from,to\n", "\ufeffat,ref,by,from,to\n"])
def test_columns_are_found_by_their_names(head: str) -> None:
    row = "ACME-42,2026-11-24T08:12:09Z,hand,,new\n" if head.startswith("ref") else ROW
    assert parse_history((head + row).encode(), "h.csv") == (FIRST,)


@pytest.mark.parametrize("head", ["", "when,what\n", "at;ref;by;from;to\n"])
def test_a_history_without_its_head_is_told_and_not_taken_for_an_empty_one(head: str) -> None:
    with pytest.raises(FileError, match="at,ref,by,from,to"):
        parse_history((head + ROW).encode(), "h.csv")


def test_windows_line_ends_are_read() -> None:
    assert parse_history((HEAD + ROW + ROW).replace("\n", "\r\n").encode(), "h.csv") == (FIRST, FIRST)


def test_a_history_that_is_a_link_out_of_the_folder_is_neither_read_nor_written(client: ClientFolder) -> None:
    theirs = client.root.with_name("theirs.csv")
    theirs.write_text(HEAD + ROW)
    client.history.symlink_to(theirs)
    with pytest.raises(FileError, match=r"portal_src/acme/history\.csv:1: this link leads out of the client's folder"):
        read_history(client)
    with pytest.raises((OSError, FileError)):
        append_history(client, [FIRST])
    assert theirs.read_text() == HEAD + ROW

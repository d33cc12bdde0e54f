"""Putting mail in its place: names that never collide, what a crash leaves, and what the build may see of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.errors import FileError
from recado.model.address import Person
from recado.model.message import Kind, Message, Verified
from recado.model.ref import Ref
from recado.model.status import Status
from recado.model.task import Task
from recado.store.client_work import load_client_work
from recado.store.filing import (
    UNFINISHED,
    Attached,
    complete_unfinished,
    file_by_hand,
    file_into_thread,
    file_new_task,
    file_quarantined,
    slug_of,
)
from recado.store.history import read_history
from recado.store.practice_file import parse_practice
from recado.store.quarantine import quarantined_mails
from recado.store.tasks import read_tasks, write_task
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from recado.errors import Problem
    from recado.model.client_work import ClientWork
    from recado.store.workspace import ClientFolder

NOW = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)
PRACTICE = parse_practice(
    """\
practice: {name: M, owner: Marta Ruiz, email: marta@marta.example, timezone: Europe/Madrid, language: en, country: ES}
mailbox: {address: r@marta.example, host: imap.marta.example, user: r, password: {env: X}}
clients:
  acme: {code: ACME, name: Acme, senders: ["@acme.example"]}
"""
)


def a_message(digest: str = "7f3a91c2" * 8, **more: object) -> Message:
    made = {
        "name": "",
        "sender": Person("Jane", "jane@acme.example"),
        "received": NOW,
        "kind": Kind.REQUEST,
        "digest": f"sha256:{digest}",
    }
    return Message(**(made | more))  # type: ignore[arg-type]


def a_task(number: int, name: str) -> Task:
    return Task(Ref("ACME", number), name, "December posts", received=NOW, body="Please.\n")


def a_request(client: ClientFolder, *files: Attached, digest: str = "7f3a91c2" * 8) -> Task:
    return file_new_task(client, a_task, "december-posts", a_message(digest), files)[0]


def work_of(client: ClientFolder) -> ClientWork:
    return load_client_work(client, PRACTICE.record("acme"))


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("December posts", "december-posts"),
        ("¿Publicación de año nuevo?", "publicacion-de-ano-nuevo"),
        ("../../etc/passwd", "etc-passwd"),
        ("日本語", "request"),
        ("", "request"),
        ("🎉 -- 🎉", "request"),
        ("a" * 100, "a" * 48),
        ("one two three four five six seven eight nine ten eleven", "one-two-three-four-five-six-seven-eight-nine-ten"),
    ],
)
def test_a_slug_says_what_a_task_is_about_in_a_name_valid_everywhere(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@given(st.text())
def test_whatever_the_title_the_slug_is_a_part_of_a_file_name(title: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug_of(title))
    assert len(slug_of(title)) <= 48


def test_a_new_task_stands_there_whole(client: ClientFolder) -> None:
    task = a_request(client, Attached("brief.pdf", b"%PDF"), Attached("empty.txt", b""))
    (thread,) = work_of(client).threads
    assert thread.task == task
    assert [(file.name, file.size, file.message) for file in thread.files] == [
        ("7f3a91c2-brief.pdf", 4, "7f3a91c2"),
        ("7f3a91c2-empty.txt", 0, "7f3a91c2"),
    ]
    assert [(change.at, change.after) for change in read_history(client)] == [(NOW, Status.NEW)]
    assert sorted(path.name for path in client.tasks.iterdir()) == [".highest", task.name, f"{task.name}.md"]


def test_a_folder_without_its_task_file_is_ignored_by_the_build_and_completed_once(client: ClientFolder) -> None:
    task = a_request(client)
    client.task_file(task.name).rename(client.thread(task.name) / UNFINISHED)
    client.history.unlink()
    assert work_of(client).threads == ()
    assert complete_unfinished(client, "ACME") == (task.name,)
    assert [thread.task for thread in work_of(client).threads] == [task]
    assert len(read_history(client)) == 1
    assert complete_unfinished(client, "ACME") == ()
    assert len(read_history(client)) == 1


def test_half_a_row_that_a_crash_left_is_no_row(client: ClientFolder) -> None:
    task = a_request(client)
    client.task_file(task.name).rename(client.thread(task.name) / UNFINISHED)
    client.history.write_text("at,ref,by,from,to\n2026-11-24T08:12:09Z,ACME-1,ing", encoding="utf-8")
    complete_unfinished(client, "ACME")
    assert client.history.read_text(encoding="utf-8") == "at,ref,by,from,to\n2026-11-24T08:12:09Z,ACME-1,ingest,,new\n"


@pytest.mark.parametrize("end", ["", "\n"])
def test_rows_that_cannot_be_read_keep_nothing_unfinished_and_the_row_that_is_there_is_seen(
    client: ClientFolder, end: str
) -> None:
    rows = f"at,ref,by,from,to\nyesterday,ACME-7,me,,new\n2026-11-24T08:12:09Z,ACME-1,ingest,,new\n{end and 'x,y'}{end}"
    client.history.write_text(rows, encoding="utf-8")
    client.thread("0001-posts").mkdir()
    (client.thread("0001-posts") / UNFINISHED).write_text(write_task(a_task(1, "0001-posts")), encoding="utf-8")
    with pytest.raises(FileError):
        read_history(client)
    assert complete_unfinished(client, "ACME") == ("0001-posts",)
    assert client.history.read_text(encoding="utf-8").count("ACME-1,ingest") == 1


def test_what_was_being_made_aside_is_cleared_away_and_nothing_else(client: ClientFolder) -> None:
    (client.tasks / ".0009-posts.part" / "files").mkdir(parents=True)
    (client.tasks / ".0009-posts.part" / "files" / "a.pdf").write_bytes(b"half")
    (client.tasks / ".notes").mkdir()
    (client.tasks / "drafts.part").mkdir()
    complete_unfinished(client, "ACME")
    assert sorted(path.name for path in client.tasks.iterdir()) == [".notes", "drafts.part"]


def test_a_client_without_a_folder_has_nothing_unfinished(tmp_path: Path) -> None:
    assert complete_unfinished(Workspace(tmp_path).client("acme"), "ACME") == ()


def test_the_same_message_filed_again_changes_nothing(client: ClientFolder) -> None:
    task = a_request(client)
    message = a_message("a1b2c3d4" * 8, kind=Kind.REPLY)
    first = file_into_thread(client, task.name, message, [Attached("a.txt", b"1")])
    before = {path: path.stat().st_mtime_ns for path in client.thread(task.name).rglob("*.*")}
    assert len(before) == 3
    assert file_into_thread(client, task.name, message, [Attached("a.txt", b"1")]) == first
    assert {path: path.stat().st_mtime_ns for path in client.thread(task.name).rglob("*.*")} == before


def test_digits_with_a_letter_are_taken_before_those_that_look_like_a_date(client: ClientFolder) -> None:
    task = a_request(client, Attached("a.txt", b"1"), digest="20261124" + "0" * 8 + "f" * 48)
    (thread,) = work_of(client).threads
    assert thread.task == task
    assert thread.messages[0].id == "0000000f"
    assert thread.files[0].name == f"{thread.messages[0].id}-a.txt"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("report.pdf", None),
        ("20261124-report.pdf", None),  # a day, not a message
        ("87654321-invoice.pdf", None),
        ("7f3a91c2-brief.pdf", "7f3a91c2"),
        ("7f3a91c-brief.pdf", None),
        ("7F3A91C2-brief.pdf", None),
    ],
)
def test_a_file_is_its_messages_or_a_delivery(client: ClientFolder, name: str, message: str | None) -> None:
    task = a_request(client)
    files = client.thread(task.name) / "files"
    files.mkdir()
    (files / name).write_bytes(b"x")
    (file,) = work_of(client).threads[0].files
    assert (file.name, file.message) == (name, message)


@pytest.mark.parametrize("name", ["deadbeef-brief.pdf", ".7f3a91c2-brief.pdf.0123456789ab.part"])
def test_a_file_of_a_message_that_is_not_there_yet_is_shown_to_no_one(client: ClientFolder, name: str) -> None:
    task = a_request(client)
    files = client.thread(task.name) / "files"
    files.mkdir()
    (files / name).write_bytes(b"half")
    assert work_of(client).threads[0].files == ()


def test_a_quarantined_mail_is_there_once_its_bytes_are(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert quarantined_mails(workspace) == ()
    workspace.quarantine.mkdir(parents=True)
    (workspace.quarantine / "20261124T081209Z-7f3a91c2.md").write_text("---\nreason: x\n---\n", encoding="utf-8")
    assert quarantined_mails(workspace) == ()
    name = file_quarantined(workspace, NOW, "sha256:" + "7f3a91c2" * 8, "---\nreason: unknown-sender\nflags: []\n---\n", b"raw")
    assert name == "20261124T081209Z-7f3a91c2"
    (kept,) = quarantined_mails(workspace)
    assert (kept.eml.read_bytes(), kept.reason, kept.sender) == (b"raw", "unknown-sender", "")


def test_a_quarantined_mail_whose_page_was_deleted_or_broken_is_still_listed(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    digest = "sha256:" + "7f3a91c2" * 8
    name = file_quarantined(workspace, NOW, digest, "---\nreason: x\n---\n", b"raw")
    for broken in (b"---\nreason: [\n---\n", b"\xff\xfe", b""):
        (workspace.quarantine / f"{name}.md").write_bytes(broken)
        assert [(kept.name, kept.reason) for kept in quarantined_mails(workspace)] == [(name, "")]
    (workspace.quarantine / f"{name}.md").unlink()
    assert len(quarantined_mails(workspace)) == 1
    assert file_quarantined(workspace, NOW, digest, "---\nreason: x\n---\n", b"raw") == name
    assert len(quarantined_mails(workspace)) == 1


def test_another_mail_never_takes_the_place_of_a_quarantined_one(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    names = {
        file_quarantined(workspace, NOW, f"sha256:7f3a91c2{letter * 56}", f"---\nreason: {letter}\n---\n", letter.encode())
        for letter in "abc"
    }
    assert len(names) == 3
    assert {(kept.eml.read_bytes().decode(), kept.reason) for kept in quarantined_mails(workspace)} == {
        (letter, letter) for letter in "abc"
    }


def test_a_task_begun_by_hand_has_a_number_a_file_and_a_row(client: ClientFolder) -> None:
    task = file_by_hand(client, "ACME", "Order: leaflets #1", due=date(2026, 12, 4), service="print", by="marta", now=NOW)
    problems: list[Problem] = []
    assert read_tasks(client, "ACME", problems) == (task,)
    assert problems == []
    assert (task.name, task.status) == ("0001-order-leaflets-1", Status.ACCEPTED)
    (row,) = read_history(client)
    assert (row.by, row.before, row.after) == ("marta", None, Status.ACCEPTED)


def test_a_withheld_messages_files_are_known_as_its_own(client: ClientFolder) -> None:
    task = a_request(client)
    message = a_message("a1b2c3d4" * 8, verified=Verified.FAIL)
    file_into_thread(client, task.name, message, [Attached("a.txt", b"1")])
    (thread,) = work_of(client).threads
    assert [file.message for file in thread.files] == ["a1b2c3d4"]

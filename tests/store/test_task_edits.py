"""Changing a task's front matter: one value, by whole files, and no edit that someone makes meanwhile is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from recado.errors import FileError, UsageError, WorkError
from recado.model.address import Person
from recado.model.ref import Ref
from recado.model.status import Status
from recado.model.task import Task
from recado.store.atomic import replace_if_unchanged
from recado.store.tasks import find_task, set_front

if TYPE_CHECKING:
    from pathlib import Path

    from recado.store.workspace import ClientFolder

RECEIVED = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)
FULL = """\
---
ref: ACME-42
title: December posts
status: new
important: false
urgent: false
service: social-media
received: 2026-11-24T08:12:09Z
due: 2026-11-28
estimate: 2h30m
requester: Jane Doe <jane@acme.example>
assignee: marta
message: <CAF3@mail.acme.example>
---
Posts for December.
"""
TASK = Task(
    ref=Ref("ACME", 42),
    name="0042-december-posts",
    title="December posts",
    service="social-media",
    received=RECEIVED,
    due=date(2026, 11, 28),
    estimate=150,
    requester=Person("Jane Doe", "jane@acme.example"),
    assignee="marta",
    message="<CAF3@mail.acme.example>",
    body="Posts for December.\n",
)


def put(client: ClientFolder, name: str, text: str) -> Path:
    path = client.tasks / name
    path.write_text(text)
    return path


def test_a_task_is_found_by_its_ref_with_its_bytes(client: ClientFolder) -> None:
    put(client, "0042-december-posts.md", FULL)
    assert find_task(client, Ref("ACME", 42)) == (TASK, FULL.encode())


def test_a_task_that_is_not_there_is_wrong_usage_with_the_next_step(client: ClientFolder) -> None:
    with pytest.raises(UsageError, match=r"There is no task ACME-4\. `recado task list --all` shows them all\."):
        find_task(client, Ref("ACME", 4))


@pytest.mark.parametrize("case", ["link", "folder", "broken", "twice"])
def test_a_task_that_cannot_be_read_is_an_error_that_names_its_file(client: ClientFolder, tmp_path: Path, case: str) -> None:
    path = client.tasks / "0042-x.md"
    if case == "link":
        outside = tmp_path / "outside.md"
        outside.write_text(FULL)
        path.symlink_to(outside)
    elif case == "folder":
        path.mkdir()
    elif case == "broken":
        path.write_text("---\nstatus: new\n---\n")
    else:
        path.write_text(FULL)
        put(client, "42-again.md", FULL)
    with pytest.raises(FileError, match=r"portal_src/acme/tasks/.*\.md:\d+: "):
        set_front(client, Ref("ACME", 42), {"status": "done"})
    assert not (tmp_path / "outside.md").exists() or (tmp_path / "outside.md").read_text() == FULL


def test_a_status_is_set_and_all_else_stays(client: ClientFolder) -> None:
    text = FULL.replace("status: new", "status: new     # mine").replace(
        "urgent: false\n", "urgent: false\ncolour: [red,  green]\n"
    )
    path = put(client, "0042-december-posts.md", text)
    path.chmod(0o640)
    before = set_front(client, Ref("ACME", 42), {"status": "done"})
    assert before.status is Status.NEW
    assert path.read_text() == text.replace("status: new", "status: done")
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(client.tasks.iterdir()) == [path]


class Editor:
    """A VA whose editor saves the file just before the program would replace it, some times."""

    def __init__(self, path: Path, saves: int) -> None:
        self.path, self.left, self.saved = path, saves, list[str]()

    def __call__(self, path: Path, read: bytes, content: bytes) -> None:
        if self.left:
            self.left -= 1
            words = f"Her words, save {self.left}.\n"
            self.saved.append(words)
            self.path.write_bytes(self.path.read_bytes() + words.encode())
        replace_if_unchanged(path, read, content)


@pytest.mark.parametrize("saves", [0, 1, 2, 4])
def test_no_edit_made_meanwhile_is_lost(client: ClientFolder, monkeypatch: pytest.MonkeyPatch, saves: int) -> None:
    path = put(client, "0042-december-posts.md", FULL)
    editor = Editor(path, saves)
    monkeypatch.setattr("recado.store.tasks.replace_if_unchanged", editor)
    set_front(client, Ref("ACME", 42), {"status": "approval"})
    assert path.read_text() == FULL.replace("status: new", "status: approval") + "".join(editor.saved)
    assert len(editor.saved) == saves


def test_a_file_that_is_saved_again_and_again_is_left_to_its_editor(
    client: ClientFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(client, "0042-december-posts.md", FULL)
    editor = Editor(path, 1000)
    monkeypatch.setattr("recado.store.tasks.replace_if_unchanged", editor)
    with pytest.raises(WorkError, match="ACME-42 is being changed by another program"):
        set_front(client, Ref("ACME", 42), {"status": "done"})
    assert path.read_text() == FULL + "".join(editor.saved)
    assert not list(client.tasks.glob(".*.part"))


def test_a_status_that_the_va_sets_meanwhile_is_seen(client: ClientFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(client, "0042-december-posts.md", FULL)

    def save_first(target: Path, read: bytes, content: bytes) -> None:
        monkeypatch.setattr("recado.store.tasks.replace_if_unchanged", replace_if_unchanged)
        path.write_text(FULL.replace("status: new", "status: waiting"))
        replace_if_unchanged(target, read, content)

    monkeypatch.setattr("recado.store.tasks.replace_if_unchanged", save_first)
    assert set_front(client, Ref("ACME", 42), {"status": "done"}).status is Status.WAITING
    assert "status: done" in path.read_text()

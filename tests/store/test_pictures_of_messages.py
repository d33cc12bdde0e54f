"""Once a mail is filed, the pictures in its text and in its task point at the files beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from recado.model.address import Person
from recado.model.message import Kind, Message
from recado.model.ref import Ref
from recado.model.status import Status
from recado.model.task import Task
from recado.store.filing import Attached, file_into_thread, file_new_task
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)
TEXT = "Look: ![a b.png](files/a%20b.png)"
FILES = [Attached("a b.png", b"PNG")]


def message(digest: str) -> Message:
    return Message("", Person("", "a@x.example"), AT, Kind.REQUEST, digest=f"sha256:{digest * 8}", text=TEXT, quoted=TEXT)


def make(number: int, name: str) -> Task:
    return Task(ref=Ref("ACME", number), name=name, title="x", status=Status.NEW, received=AT, body=TEXT)


def test_pictures_point_at_the_files_of_the_message(tmp_path: Path) -> None:
    client = Workspace(tmp_path).client("acme")
    task, _ = file_new_task(client, make, "x", message("7f3a91c2"), FILES)
    reply = file_into_thread(client, task.name, message("0badcafe"), FILES)
    assert reply.text == reply.quoted == "Look: ![a b.png](files/0badcafe-a%20b.png)"
    thread = client.thread(task.name)
    assert (thread / "files" / "0badcafe-a b.png").read_bytes() == b"PNG"
    assert "![a b.png](files/7f3a91c2-a%20b.png)" in client.task_file(task.name).read_text()
    (first,) = thread.glob("*-7f3a91c2.md")
    assert first.read_text().count("](files/7f3a91c2-a%20b.png)") == 2

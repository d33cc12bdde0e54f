"""What can go wrong with the machine while mail is filed, and what the program does: a test for each row.

Those of the connection, the power and every single step stand in tests/faults and tests/e2e; docs/threats.md says which.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from mail_line import mail

from ingest.arrived import Arrived
from ingest.intake import Intake
from recado.cli.root import recado
from recado.store.atomic import replace_if_unchanged
from recado.store.messages import message_files
from recado.store.tasks import task_files
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from mail_line import Line


def again(line: Line) -> Intake:
    """Begin anew, as the next process does."""
    return Intake(line.workspace, line.practice)


# ---- Files in the way ----


def test_a_file_in_the_way_leaves_the_mail_unfiled_and_no_half_files(line: Line) -> None:
    line.workspace.sources.mkdir()
    (line.workspace.sources / "acme").write_text("not a folder", encoding="utf-8")
    with pytest.raises(OSError, match=r"directory|exists"):
        line.arrives(mail())
    assert [path.name for path in line.files()] == ["acme"]
    (line.workspace.sources / "acme").unlink()
    assert line.intake.take(Arrived(mail().encode(), datetime(2026, 11, 24, 8, tzinfo=UTC))).where == "ACME-1"


# ---- Two workers ----

HOLDER = """
import os, sys, time
from pathlib import Path
from ingest.reader import Reader
from ingest.worker import only_worker
from recado.store.workspace import Workspace
with only_worker(Workspace(Path(sys.argv[1]))), Reader(1000) as reader:
    reader.start()
    child = os.fork()  # what outlives a killed worker
    if not child:
        os.close(1)
        sys.stdin.read()
        os._exit(0)
    print(child, flush=True)
    time.sleep(60)
"""


def a_port_without_a_server() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_a_second_worker_says_so_and_the_lock_dies_with_its_process_though_its_children_live_on(line: Line) -> None:
    port = a_port_without_a_server()
    text = line.workspace.practice_file.read_text(encoding="utf-8").replace("security: none", f"port: {port}\n  security: none")
    line.workspace.practice_file.write_text(text, encoding="utf-8")
    arguments = [sys.executable, "-c", HOLDER, str(line.workspace.root)]
    said = [sys.executable, "-m", "ingest", "--once", "--workspace", str(line.workspace.root)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:  # noqa: S603 (ours)
        assert holder.stdout is not None
        child = int(holder.stdout.readline())
        second = subprocess.run(said, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
        assert second.returncode == 1
        assert "already at work" in second.stderr
        holder.kill()
        holder.wait(10)
        os.kill(child, 0)  # it lives
        third = subprocess.run(said, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
        # It has the lock, and gets as far as the mailbox: there is none on that port.
        assert third.returncode == 1
        assert f"The mailbox at 127.0.0.1:{port} does not answer (Connection refused)" in third.stderr
        assert holder.stdin is not None
        holder.stdin.close()


# ---- Clocks ----


@pytest.mark.parametrize(
    ("received", "name"),
    [
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "20260329T013000Z"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "20261025T003000Z"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "20261025T013000Z"),
        (datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC), "20280229T235959Z"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "20261231T233000Z"),
        (datetime(1970, 1, 1, tzinfo=UTC), "19700101T000000Z"),
    ],
    ids=[
        "summer time begins",
        "the hour before it ends",
        "the hour twice",
        "leap day",
        "year's end",
        "a clock that was never set",
    ],
)
def test_instants_are_utc_in_files_whatever_the_clock_does(line: Line, received: datetime, name: str) -> None:
    line.intake.take(Arrived(mail().encode(), received))
    client = line.workspace.client("acme")
    (task,) = task_files(client)
    (file,) = message_files(client, task.stem)
    assert file.stem.startswith(f"{name}-")
    assert f"received: {received:%Y-%m-%dT%H:%M:%SZ}" in task.read_text(encoding="utf-8")
    assert again(line).take(Arrived(mail().encode(), received)).became == "repeat"


# ---- The VA's editor ----


def test_the_vas_editor_saves_while_the_worker_files_and_both_are_there(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line.arrives(mail())
    recado.main(["task", "done", "ACME-1", "--workspace", str(line.workspace.root)], standalone_mode=False)
    (task,) = task_files(line.workspace.client("acme"))
    saved = 0

    def saved_just_before(path: Path, read: bytes, content: bytes) -> None:
        nonlocal saved
        if saved < 2:
            saved += 1
            task.write_text(task.read_text(encoding="utf-8") + f"\nHer words {saved}.\n", encoding="utf-8")
        replace_if_unchanged(path, read, content)

    monkeypatch.setattr("recado.store.tasks.replace_if_unchanged", saved_just_before)
    answer = {"subject": "Re: December posts", "head": "In-Reply-To: <1@acme.example>\n"}
    outcome = line.arrives(mail("One more thing: the third text is wrong.", message_id="<2@acme.example>", **answer))
    assert outcome.is_reopened
    text = task.read_text(encoding="utf-8")
    assert all(word in text for word in ("Her words 1.", "Her words 2.", "status: new"))
    assert len(line.messages()) == 2


# ---- What is deleted, and a machine restored from the files alone ----


def test_no_number_is_given_twice_when_the_newest_task_the_state_or_both_are_deleted(line: Line) -> None:
    line.arrives(mail())
    line.arrives(mail(message_id="<2@x>"))
    client = line.workspace.client("acme")
    newest = task_files(client)[-1]
    shutil.rmtree(client.thread(newest.stem))
    newest.unlink()
    shutil.rmtree(line.workspace.state)
    assert again(line).take(Arrived(mail(message_id="<3@x>").encode(), datetime(2026, 11, 25, tzinfo=UTC))).where == "ACME-3"
    client.highest.unlink()
    assert again(line).take(Arrived(mail(message_id="<4@x>").encode(), datetime(2026, 11, 26, tzinfo=UTC))).where == "ACME-4"


def test_a_machine_restored_from_the_files_alone_knows_every_mail_and_every_date(line: Line, tmp_path: Path) -> None:
    line.arrives(mail())
    line.arrives(mail(message_id="<2@x>", sender="who@else.example"))
    recado.main(["task", "done", "ACME-1", "--workspace", str(line.workspace.root)], standalone_mode=False)
    history = line.workspace.client("acme").history.read_bytes()
    elsewhere = tmp_path / "restored"
    shutil.copytree(line.workspace.root, elsewhere, ignore=lambda _folder, names: {"restored", ".recado", "site"} & {*names})
    restored = Intake(Workspace(elsewhere), line.practice)
    for raw in (mail(), mail(message_id="<2@x>", sender="who@else.example")):
        assert restored.take(Arrived(raw.encode(), datetime(2026, 12, 1, tzinfo=UTC))).became == "repeat"
    assert Workspace(elsewhere).client("acme").history.read_bytes() == history


def test_files_spoilt_by_hand_keep_no_mail_waiting(line: Line) -> None:
    line.arrives(mail())
    client = line.workspace.client("acme")
    (task,) = task_files(client)
    (file,) = message_files(client, task.stem)
    task.write_text("<<<<<<< HEAD\ntitle: a\n=======\ntitle: b\n>>>>>>> x\n", encoding="utf-8")
    file.write_bytes(b"\xff\xfe---\nnot: [closed\n")
    answer = {"subject": "Re: [ACME-1] December posts", "head": "In-Reply-To: <1@acme.example>\n"}
    assert (
        again(line)
        .take(Arrived(mail("More.", message_id="<2@x>", **answer).encode(), datetime(2026, 11, 25, tzinfo=UTC)))
        .where
    )

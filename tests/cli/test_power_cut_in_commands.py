"""The power goes while a command moves mail: whatever is left, nothing is lost, and the same command finishes it."""

from __future__ import annotations

import random
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from disk_journal import Journal, cut_before, half, new, old, put_in_place, zeros
from reader_twin import ReaderTwin

from ingest.intake import Arrived, Intake
from recado.store.messages import read_messages
from recado.store.practice_file import load_practice
from recado.store.tasks import read_tasks
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from disk_journal import Cut, Tree

WHEN = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)
BOUNDARY = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n'
FILE = b'\r\n--b\r\nContent-Type: application/pdf; name="brief.pdf"\r\n\r\n%PDF-1.4\r\n--b--\r\n'
MOST_RUNS = 60
COMMANDS = {
    "merge": ("task", "merge", "ACME-1", "ACME-2"),
    "split": ("task", "split", "ACME-1", "{answer}", "--following"),
    "accept as a task": ("quarantine", "accept", "{quarantined}", "--client", "acme"),
    "accept into a task": ("quarantine", "accept", "{quarantined}", "--task", "ACME-1"),
}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.reading.Reader", ReaderTwin)
    monkeypatch.setenv("RECADO_NOW", "2026-11-24T10:00:00Z")


@pytest.fixture
def ids(workspace: Path) -> dict[str, str]:
    """Two tasks of Acme, the first with an answer, and a mail in the quarantine; gives what commands name."""
    space = Workspace(workspace)
    intake = Intake(space, load_practice(space))

    def came(number: int, sender: bytes, more: bytes = b"") -> str:
        head = b"From: %s\r\nSubject: Matter %d\r\nMessage-ID: <%d@x>\r\n%s" % (sender, number % 3, number, more)
        return intake.take(Arrived(head + BOUNDARY + b"Mail %d." % number + FILE, WHEN + timedelta(minutes=number))).where

    for number in (1, 2):
        came(number, b"jane@acme.example")
    came(4, b"jane@acme.example", b"In-Reply-To: <1@x>\r\n")
    quarantined = came(5, b"who@elsewhere.example")
    intake.close()
    (workspace / "portal_src" / "acme" / "tasks" / "0001-matter-1" / "private.md").write_text("Notes.\n", encoding="utf-8")
    answer = next(m for m in read_messages(space.client("acme"), "0001-matter-1", []) if m.message_id == "<4@x>")
    return {"quarantined": quarantined.rpartition("-")[2], "answer": answer.id}


def texts(workspace: Path) -> list[str]:
    client = Workspace(workspace).client("acme")
    found = []
    for task in read_tasks(client, "ACME", []):
        for message in read_messages(client, task.name, []):
            assert all((client.thread(task.name) / "files" / name).read_bytes() == b"%PDF-1.4" for name in message.attachments)
            found.append(message.text)
    return sorted(found)


def states(cut: Cut) -> Iterator[Tree]:
    deeds = cut.deeds
    kept = [[], list(deeds), *([deed] for deed in deeds), *([each for each in deeds if each != deed] for deed in deeds)]
    for selection in kept:
        for data in (old, new, half, zeros) if cut.written else (old,):
            yield cut.left(selection, data)


@pytest.mark.parametrize("command", COMMANDS)
def test_whatever_a_power_cut_leaves_nothing_is_lost_and_the_same_command_finishes_it(
    run: Callable[..., Any], workspace: Path, ids: dict[str, str], command: str
) -> None:
    arguments = [each.format(**ids) for each in COMMANDS[command]]
    sources = workspace / "portal_src"
    journal = Journal(sources, lambda: None)
    with journal:
        assert run(*arguments, "--workspace", workspace).status == 0
    wanted = texts(workspace)
    assert wanted == sorted([f"Mail {number}." for number in ((1, 2, 4, 5) if "accept" in command else (1, 2, 4))])
    everything = [
        (number, tree) for number in range(len(journal.operations) + 1) for tree in states(cut_before(journal, number))
    ]
    chance = random.Random(2026)  # noqa: S311 (a choice of states)
    for number, tree in chance.sample(everything, min(MOST_RUNS, len(everything))):
        put_back(tree, sources)
        said = run(*arguments, "--workspace", workspace)
        is_done = said.status == 2 and "There is no mail" in said.err  # it was out of the quarantine, and must be filed then
        assert said.status == 0 or is_done, (number, said.err)
        assert texts(workspace) == wanted, number
        assert not list((sources / "_quarantine").glob("*.eml")) or "accept" not in command


def put_back(tree: Tree, sources: Path) -> None:
    shutil.rmtree(sources)
    put_in_place(tree, sources)


def test_a_disk_that_syncs_nothing_loses_an_accepted_mail_and_the_replay_shows_it(
    run: Callable[..., Any], workspace: Path, ids: dict[str, str]
) -> None:
    arguments = [each.format(**ids) for each in COMMANDS["accept as a task"]]
    sources = workspace / "portal_src"
    journal = Journal(sources, lambda: None, no_fsync=True)
    with journal:
        assert run(*arguments, "--workspace", workspace).status == 0
    lost = 0
    for tree in states(cut_before(journal, len(journal.operations))):
        put_back(tree, sources)
        run(*arguments, "--workspace", workspace)
        try:
            lost += "Mail 5." not in texts(workspace)
        except FileNotFoundError:  # a message whose attachment is gone
            lost += 1
    assert lost

"""One pass over the inbox: filed first, moved then, and one worker at a time."""

from __future__ import annotations

import itertools
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from imapclient import IMAPClient

from ingest.arrived import Arrived
from ingest.intake import Intake, Outcome
from ingest.mail import Mail, Unreadable
from ingest.mailbox import Mailbox, MailboxError
from ingest.worker import Worker, one_pass, only_worker
from recado.demo.servers import imap_server
from recado.errors import WorkError
from recado.model.secret import Revealed
from recado.store.tasks import task_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

PASSWORD = "only for this test"
RECEIVED = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)


def raw_mail(
    number: int, sender: str = "jane@acme.example", extra: str = "", text: str = "Please.", subject: str = ""
) -> bytes:
    head = f"From: {sender}\r\nSubject: {subject or f'Mail {number}'}\r\nMessage-ID: <{number}@acme.example>\r\n"
    return f"{head}{extra}\r\n{text}\r\n".encode()


def at(practice: Practice, port: int, **more: Any) -> Practice:
    mailbox = replace(practice.mailbox, port=port, **more)
    return replace(practice, mailbox=mailbox)


def password() -> Revealed:
    return Revealed(PASSWORD)


@pytest.fixture
def inbox() -> Iterator[tuple[int, IMAPClient]]:
    with imap_server("requests", PASSWORD) as port, IMAPClient("127.0.0.1", port=port, ssl=False, timeout=20) as client:
        client.login("requests", PASSWORD)
        yield port, client


def count(client: IMAPClient, folder: str) -> int:
    return len(client.search()) if client.folder_exists(folder) and client.select_folder(folder, readonly=True) else 0


@pytest.mark.e2e
def test_every_mail_is_filed_or_quarantined_and_the_inbox_is_empty(
    workspace: Workspace, practice: Practice, inbox: tuple[int, IMAPClient]
) -> None:
    port, client = inbox
    here = at(practice, port)
    mails = [
        raw_mail(1),
        raw_mail(2, extra="In-Reply-To: <1@acme.example>\r\n", subject="Re: Mail 1"),
        raw_mail(1),
        raw_mail(3, sender="who@elsewhere.example"),
        raw_mail(4, extra="Auto-Submitted: auto-replied\r\nIn-Reply-To: <1@acme.example>\r\n"),
        b"no header at all",
    ]
    for raw in mails:
        client.append("INBOX", raw)
    became = [outcome.became for outcome in one_pass(workspace, here, password)]
    assert became == ["request", "reply", "repeat", "quarantine", "note", "quarantine"]
    assert (count(client, "INBOX"), count(client, "Recado/Done"), count(client, "Recado/Quarantine")) == (0, 4, 2)
    assert list(one_pass(workspace, here, password)) == []


@pytest.mark.e2e
def test_a_mail_larger_than_the_practice_takes_is_quarantined_by_its_header(
    workspace: Workspace, practice: Practice, inbox: tuple[int, IMAPClient]
) -> None:
    port, client = inbox
    client.append("INBOX", raw_mail(1, text="x" * 20_000))
    (outcome,) = one_pass(workspace, at(practice, port, max_message=10_000), password)
    assert outcome.became == "quarantine"
    assert outcome.why == "unreadable: too-large: more than 10,000 bytes"
    assert (outcome.sender, outcome.subject) == ("jane@acme.example", "Mail 1")
    assert count(client, "Recado/Quarantine") == 1
    assert sum(path.stat().st_size for path in workspace.quarantine.iterdir()) < 3000


@pytest.mark.e2e
def test_the_same_mail_put_back_into_the_inbox_only_moves_again(
    workspace: Workspace, practice: Practice, inbox: tuple[int, IMAPClient]
) -> None:
    port, client = inbox
    here = at(practice, port)
    client.append("INBOX", raw_mail(1))
    list(one_pass(workspace, here, password))
    client.select_folder("Recado/Done")
    client.move(client.search(), "INBOX")
    (outcome,) = one_pass(workspace, here, password)
    assert (outcome.became, outcome.where) == ("repeat", "ACME-1")
    assert (count(client, "INBOX"), count(client, "Recado/Done")) == (0, 1)


def test_mails_are_filed_before_they_are_moved_and_a_move_that_fails_loses_and_doubles_nothing(
    workspace: Workspace, practice: Practice, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="MOVE")
    server.folders["INBOX"] = {1: raw_mail(1), 2: raw_mail(2)}
    server.hangs_up_at = "UID MOVE"
    here = at(practice, server.port)
    with pytest.raises(MailboxError, match="moving a mail"):
        list(one_pass(workspace, here, password))
    assert [path.name for path in task_files(workspace.client("acme"))] == ["0001-mail-1.md", "0002-mail-2.md"]
    assert len(server.folders["INBOX"]) == 2
    server.hangs_up_at = ""
    assert [outcome.became for outcome in one_pass(workspace, here, password)] == ["repeat", "repeat"]
    assert server.folders["INBOX"] == {}
    assert sorted(server.folders["Recado/Done"]) == [1, 2]


def test_a_mail_that_cannot_be_filed_stays_in_the_inbox_and_those_filed_before_it_are_moved(
    workspace: Workspace, practice: Practice, scripted_imap: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Intake.file

    def full_at_the_second(intake: Intake, arrived: Arrived, mail: Mail | Unreadable) -> Outcome:
        if isinstance(mail, Mail) and mail.subject == "Mail 2":
            raise OSError(28, "No space left on device")
        return file(intake, arrived, mail)

    server = scripted_imap(capabilities="MOVE")
    server.folders["INBOX"] = {n: raw_mail(n) for n in (1, 2, 3)}
    monkeypatch.setattr(Intake, "file", full_at_the_second)
    with pytest.raises(OSError, match="No space left"):
        list(one_pass(workspace, at(practice, server.port), password))
    assert list(server.folders["INBOX"]) == [2, 3]
    monkeypatch.undo()
    assert [outcome.subject for outcome in one_pass(workspace, at(practice, server.port), password)] == ["Mail 2", "Mail 3"]


def test_told_to_stop_it_moves_what_is_filed_and_leaves_the_rest(
    workspace: Workspace, practice: Practice, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="MOVE")
    server.folders["INBOX"] = {n: raw_mail(n) for n in range(1, 40)}
    here = at(practice, server.port)
    glances = itertools.count()
    with Mailbox(here.mailbox, password) as mailbox, Worker(workspace, here) as worker:
        filed = len(list(worker.look(mailbox, lambda: next(glances) > 50)))
        assert 0 < filed < 39
        assert len(server.folders["INBOX"]) == 39 - filed
        assert len(list(worker.look(mailbox))) == 39 - filed


def test_between_two_looks_what_came_to_the_files_is_learnt(
    workspace: Workspace, practice: Practice, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="MOVE")
    here = at(practice, server.port)
    with Mailbox(here.mailbox, password) as mailbox, Worker(workspace, here) as worker:
        server.folders["INBOX"] = {1: raw_mail(1)}
        assert [outcome.became for outcome in worker.look(mailbox)] == ["request"]
        Intake(workspace, here).take(Arrived(raw_mail(2), RECEIVED))  # as `recado quarantine accept` does meanwhile
        server.folders["INBOX"] = {2: raw_mail(2), 3: raw_mail(1)}
        assert [(outcome.became, outcome.where) for outcome in worker.look(mailbox)] == [
            ("repeat", "ACME-2"),
            ("repeat", "ACME-1"),
        ]


def test_a_mail_that_went_away_meanwhile_is_passed_over(
    workspace: Workspace, practice: Practice, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="MOVE")
    server.folders["INBOX"] = {1: raw_mail(1), 2: raw_mail(2)}
    server.went_away = {1}
    assert [outcome.subject for outcome in one_pass(workspace, at(practice, server.port), password)] == ["Mail 2"]


def test_an_empty_inbox_reads_no_files(
    workspace: Workspace, practice: Practice, scripted_imap: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_arguments: object) -> None:
        raise AssertionError("read")

    monkeypatch.setattr("ingest.worker.Intake", never)
    assert list(one_pass(workspace, at(practice, scripted_imap().port), password)) == []


HOLDER = """
import sys
from pathlib import Path
from ingest.worker import only_worker
from recado.store.workspace import Workspace
with only_worker(Workspace(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_worker_says_that_another_one_is_at_work_and_the_lock_dies_with_its_holder(workspace: Workspace) -> None:
    arguments = [sys.executable, "-c", HOLDER, str(workspace.root)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:  # noqa: S603 (ours)
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WorkError, match="`recado run`, is already at work in"), only_worker(workspace):
            pass
        holder.kill()
        holder.wait(10)
    with only_worker(workspace):
        pass

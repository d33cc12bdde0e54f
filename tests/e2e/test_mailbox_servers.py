"""The mailbox on three real servers: Dovecot, Courier (no MOVE, folders under `INBOX.`) and pymap. One suite for all."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from proxy import proxy
from real_server import NAMES, PASSWORD, USER, RealServer, real_server

from ingest.mailbox import LoginRefusedError, Mailbox, MailboxError, SentMark
from ingest.worker import one_pass
from recado.model.secret import Revealed
from recado.store.practice_file import load_practice
from recado.store.tasks import task_files
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from imapclient import IMAPClient

    from ingest.intake import Outcome
    from recado.model.practice import Practice

pytestmark = pytest.mark.e2e

PRACTICE = f"""\
practice:
  name: Marta Ruiz
  owner: Marta Ruiz
  email: marta@marta.example
  timezone: Europe/Madrid
  language: en
  country: ES
mailbox:
  address: requests@marta.example
  host: 127.0.0.1
  port: 11143
  security: none
  user: {USER}
  password: {{env: RECADO_IMAP_PASSWORD}}
clients:
  acme:
    code: ACME
    name: Acme
    contacts:
      - {{name: Jane Doe, email: jane@acme.example}}
"""
MOST = 25_000_000
CAME = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)


def raw_mail(number: int, text: str = "Please.") -> bytes:
    return (
        f"From: Jane Doe <jane@acme.example>\r\nTo: requests@marta.example\r\nSubject: Mail {number}\r\n"
        f"Message-ID: <{number}@acme.example>\r\n\r\n{text}\r\n"
    ).encode()


def number_of(raw: bytes) -> int:
    return int(raw.partition(b"Message-ID: <")[2].partition(b"@")[0])


@pytest.fixture(params=NAMES)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RealServer]:
    with real_server(request.param, tmp_path / "server") as running:
        yield running


@pytest.fixture
def other(server: RealServer) -> Iterator[IMAPClient]:
    """Another mail program at the same mailbox."""
    with server.other_program() as client:
        yield client


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "clients.yml").write_text(PRACTICE, encoding="utf-8")
    return Workspace(folder)


@pytest.fixture
def practice(workspace: Workspace) -> Practice:
    return load_practice(workspace)


def at(practice: Practice, port: int, **more: Any) -> Practice:
    mailbox = practice.mailbox.model_copy(update={"port": port, **more})
    return practice.model_copy(update={"mailbox": mailbox})


def opened(practice: Practice, port: int, *, timeout: float = 10, **more: Any) -> Mailbox:
    return Mailbox(at(practice, port, **more).mailbox, lambda: Revealed(PASSWORD), timeout=timeout)


def a_pass(workspace: Workspace, practice: Practice, port: int, **more: Any) -> list[Outcome]:
    return list(one_pass(workspace, at(practice, port, **more), lambda: Revealed(PASSWORD)))


def fill(client: IMAPClient, mails: int, folder: str = "INBOX", first: int = 0) -> None:
    for number in range(first, first + mails):
        client.append(folder, raw_mail(number), msg_time=CAME + timedelta(seconds=number))


def numbers_in(server: RealServer, folder: str) -> list[int]:
    """List the mails of a folder, as another program sees them; those marked as deleted are not counted."""
    with server.other_program() as client:
        name = folder if folder == "INBOX" else server.folder(folder)
        if not client.folder_exists(name):
            return []
        client.select_folder(name, readonly=True)
        found = client.fetch(client.search(["UNDELETED"]), ["BODY.PEEK[HEADER]"])
        return sorted(number_of(each[b"BODY[HEADER]"]) for each in found.values())


def flags_in(client: IMAPClient, folder: str) -> list[bytes]:
    client.select_folder(folder, readonly=True)
    return [flag for flags in client.get_flags(client.search()).values() for flag in flags]


# ---- Reading ----


def test_an_empty_inbox_has_no_mail_and_its_folders_are_made_as_this_server_names_them(
    practice: Practice, server: RealServer, other: IMAPClient
) -> None:
    with opened(practice, server.port) as mailbox:
        assert mailbox.waiting() == ()
        assert list(mailbox.fetch((), MOST)) == []
        mailbox.move_to_done([])
    names = {name for _flags, _separator, name in other.list_folders()}
    assert {server.folder("Recado/Done"), server.folder("Recado/Quarantine")} <= names


def test_mails_are_listed_in_their_order_with_their_sizes_and_fetched_in_bulk_byte_for_byte(
    practice: Practice, server: RealServer, other: IMAPClient
) -> None:
    fill(other, 130)
    with opened(practice, server.port) as mailbox:
        waiting = mailbox.waiting()
        arrived = [(envelope, mail) for envelope, mail in mailbox.fetch(waiting, MOST)]
    assert [envelope for envelope, _mail in arrived] == list(waiting)
    assert [mail.raw for _envelope, mail in arrived] == [raw_mail(number) for number in range(130)]
    assert [envelope.size for envelope in waiting] == [len(raw_mail(number)) for number in range(130)]


def test_a_mail_is_never_marked_as_read(practice: Practice, server: RealServer, other: IMAPClient) -> None:
    fill(other, 3)
    with opened(practice, server.port) as mailbox:
        waiting = mailbox.waiting()
        list(mailbox.fetch(waiting, MOST))
        list(mailbox.fetch(waiting, 10))
        assert b"\\Seen" not in flags_in(other, "INBOX")
        mailbox.move_to_done([envelope.uid for envelope in waiting])
    assert b"\\Seen" not in flags_in(other, server.folder("Recado/Done"))


@pytest.mark.parametrize("hours", [0, 1, -11])
def test_the_date_of_arrival_is_given_in_utc_wherever_it_came(
    practice: Practice, server: RealServer, other: IMAPClient, hours: int
) -> None:
    other.append("INBOX", raw_mail(1), msg_time=CAME.astimezone(timezone(timedelta(hours=hours))))
    with opened(practice, server.port) as mailbox:
        ((_envelope, arrived),) = mailbox.fetch(mailbox.waiting(), MOST)
    assert arrived.received == CAME
    assert arrived.received.tzinfo is UTC


def test_of_a_mail_that_is_too_large_the_header_alone_is_fetched_and_the_others_whole(
    practice: Practice, server: RealServer, other: IMAPClient
) -> None:
    texts = ["small", "x" * 30_000, "small", "y" * 40_000]
    for number, text in enumerate(texts):
        other.append("INBOX", raw_mail(number, text), msg_time=CAME)
    with opened(practice, server.port) as mailbox:
        arrived = [mail for _envelope, mail in mailbox.fetch(mailbox.waiting(), 20_000)]
    assert [mail.is_cut for mail in arrived] == [False, True, False, True]
    assert [number_of(mail.raw) for mail in arrived] == [0, 1, 2, 3]
    assert max(len(mail.raw) for mail in arrived) < 1000
    assert arrived[1].raw.rstrip() == raw_mail(1).partition(b"\r\n\r\n")[0]


def test_what_came_since_is_listed_on_the_same_connection(practice: Practice, server: RealServer, other: IMAPClient) -> None:
    with opened(practice, server.port) as mailbox:
        assert mailbox.waiting() == ()
        fill(other, 2)
        assert len(mailbox.waiting()) == 2


def test_a_wrong_password_is_said_with_the_place_it_is_kept_in_and_never_itself(practice: Practice, server: RealServer) -> None:
    with pytest.raises(LoginRefusedError) as refused:
        Mailbox(at(practice, server.port).mailbox, lambda: Revealed("guessed"), timeout=10).__enter__()
    assert f"refuses the user {USER}" in str(refused.value)
    assert "{env: RECADO_IMAP_PASSWORD}" in str(refused.value)
    assert "guessed" not in str(refused.value)
    assert refused.value.exit_status == 1


# ---- Moving ----


def test_many_mails_are_moved_at_once_and_what_another_program_deleted_stays_as_it_was(
    practice: Practice, server: RealServer, other: IMAPClient
) -> None:
    fill(other, 520)
    other.select_folder("INBOX")
    kept, marked = other.search()[:2]
    other.delete_messages([marked])
    with opened(practice, server.port) as mailbox:
        waiting = [envelope.uid for envelope in mailbox.waiting()]
        assert marked not in waiting
        mailbox.move_to_done(waiting[1:])
    assert numbers_in(server, "Recado/Done") == list(range(2, 520))
    other.noop()
    assert other.search() == [kept, marked]


def test_filed_mails_and_others_go_to_their_folders_with_their_date(
    practice: Practice, server: RealServer, other: IMAPClient
) -> None:
    fill(other, 4)
    with opened(practice, server.port) as mailbox:
        one, two, three, four = mailbox.waiting()
        mailbox.move_to_done([four.uid, one.uid])
        mailbox.move_to_quarantine([two.uid, three.uid])
        assert mailbox.waiting() == ()
    assert numbers_in(server, "Recado/Done") == [0, 3]
    assert numbers_in(server, "Recado/Quarantine") == [1, 2]
    other.select_folder(server.folder("Recado/Done"), readonly=True)
    dates = [found[b"INTERNALDATE"] for found in other.fetch(other.search(), ["INTERNALDATE"]).values()]
    assert sorted(dates) == [CAME, CAME + timedelta(seconds=3)]


def test_mails_that_another_program_moves_away_meanwhile_are_passed_over(
    practice: Practice, server: RealServer, other: IMAPClient
) -> None:
    fill(other, 6)
    with opened(practice, server.port) as mailbox:
        waiting = mailbox.waiting()
        other.select_folder("INBOX")
        gone = other.search()[1:3]
        other.delete_messages(gone)
        other.expunge()
        fetched = [number_of(mail.raw) for _envelope, mail in mailbox.fetch(waiting, MOST)]
        assert set(fetched) <= set(range(6))
        assert {0, 3, 4, 5} <= set(fetched)  # a server may still give what it held for this connection
        other.delete_messages([waiting[3].uid])
        other.expunge()
        mailbox.move_to_done([envelope.uid for envelope in waiting])
        assert mailbox.waiting() == ()
    assert numbers_in(server, "INBOX") == []
    assert set(numbers_in(server, "Recado/Done")) >= {0, 4, 5}


def test_flags_of_other_programs_hide_no_mail(practice: Practice, server: RealServer, other: IMAPClient) -> None:
    fill(other, 4)
    other.select_folder("INBOX")
    one, two, three, _four = other.search()
    other.add_flags([one], [b"\\Seen", b"\\Answered"])
    other.add_flags([two], [b"\\Flagged"])
    other.add_flags([three], [b"\\Draft"])
    with opened(practice, server.port) as mailbox:
        assert len(mailbox.waiting()) == 4
        other.remove_flags([one], [b"\\Seen"])
        assert len(list(mailbox.fetch(mailbox.waiting(), MOST))) == 4


def test_a_folder_that_another_program_took_away_is_made_again(
    practice: Practice, server: RealServer, other: IMAPClient
) -> None:
    fill(other, 3)
    with opened(practice, server.port) as mailbox:
        waiting = [envelope.uid for envelope in mailbox.waiting()]
        other.delete_folder(server.folder("Recado/Done"))
        mailbox.move_to_done(waiting)
        mailbox.raise_refused()
    assert numbers_in(server, "Recado/Done") == [0, 1, 2]
    assert numbers_in(server, "INBOX") == []


# ---- Filing ----


def test_the_same_mail_twice_is_filed_once_and_both_leave_the_inbox(
    workspace: Workspace, practice: Practice, server: RealServer, other: IMAPClient
) -> None:
    for number in (1, 1, 2):
        other.append("INBOX", raw_mail(number), msg_time=CAME)
    assert [outcome.became for outcome in a_pass(workspace, practice, server.port)] == ["request", "repeat", "request"]
    assert numbers_in(server, "INBOX") == []
    assert numbers_in(server, "Recado/Done") == [1, 1, 2]


def test_an_inbox_that_was_made_anew_gives_its_mails_other_uids_and_nothing_is_filed_twice(
    workspace: Workspace, practice: Practice, server: RealServer, other: IMAPClient
) -> None:
    inbox = server.folder("Requests")
    other.create_folder(inbox)
    fill(other, 3, inbox)
    before = other.select_folder(inbox)[b"UIDVALIDITY"]
    assert len(a_pass(workspace, practice, server.port, inbox="Requests")) == 3
    after = before
    while after == before:  # Courier's is the time, in seconds
        other.select_folder("INBOX")
        other.delete_folder(inbox)
        other.create_folder(inbox)
        after = other.select_folder(inbox)[b"UIDVALIDITY"]
    fill(other, 4, inbox)
    became = [outcome.became for outcome in a_pass(workspace, practice, server.port, inbox="Requests")]
    assert became == ["repeat", "repeat", "repeat", "request"]
    assert len(list(task_files(workspace.client("acme")))) == 4


# ---- The Sent folder ----


def test_the_sent_folder_is_read_from_a_mark_on_and_left_as_it_is(
    practice: Practice, server: RealServer, other: IMAPClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECADO_NOW", "2026-11-24T12:00:00Z")
    sent = server.folder("Enviados/Año 2026")
    other.create_folder(sent)
    other.append(sent, raw_mail(100), msg_time=CAME - timedelta(days=60))
    fill(other, 3, sent)
    fill(other, 2, first=50)
    with opened(practice, server.port, sent="Enviados/Año 2026") as mailbox:
        inbox = mailbox.waiting()
        found = []
        for mark, arrived in mailbox.sent(None, MOST):
            found.append((mark, arrived))
            if len(found) == 1:  # the inbox is worked on in between
                mailbox.move_to_done([inbox[0].uid])
        assert [number_of(arrived.raw) for _mark, arrived in found] == [0, 1, 2]
        assert list(mailbox.sent(found[-1][0], MOST)) == []
        fill(other, 1, sent, first=3)
        assert [number_of(arrived.raw) for _mark, arrived in mailbox.sent(found[-1][0], MOST)] == [3]
        made_anew = SentMark(found[0][0].uidvalidity + 1, 99)
        assert [number_of(arrived.raw) for _mark, arrived in mailbox.sent(made_anew, MOST)] == [0, 1, 2, 3]
        assert [envelope.uid for envelope in mailbox.waiting()] == [inbox[1].uid]
    assert b"\\Seen" not in flags_in(other, sent)
    assert len(other.search()) == 5


def test_without_a_sent_folder_in_clients_yml_nothing_is_looked_into(practice: Practice, server: RealServer) -> None:
    with opened(practice, server.port) as mailbox:
        assert list(mailbox.sent(None, MOST)) == []


def test_a_sent_folder_that_is_not_there_is_an_error_that_names_those_there_are(
    practice: Practice, server: RealServer, other: IMAPClient
) -> None:
    other.create_folder(server.folder("Enviados"))
    with opened(practice, server.port, sent="Sent") as mailbox:
        with pytest.raises(MailboxError, match=r"no folder Sent .*Enviados"):
            list(mailbox.sent(None, MOST))
        assert mailbox.waiting() == ()


# ---- Waiting ----


def test_a_server_that_pushes_wakes_who_waits(practice: Practice, server: RealServer, other: IMAPClient) -> None:
    with opened(practice, server.port) as mailbox:
        mailbox.waiting()
        assert mailbox.can_idle
        deliver = threading.Timer(0.2, fill, [other, 1])
        deliver.start()
        began = time.monotonic()
        came = mailbox.idle(20 if server.pushes else 3)
        took = time.monotonic() - began
        deliver.join()
        # Courier by itself tells nothing for a minute; asked when the time is over, it does.
        assert came
        assert (took < 3) is server.pushes
        assert len(mailbox.waiting()) == 1


def test_a_mail_that_came_just_before_it_waits_is_not_slept_through(
    practice: Practice, server: RealServer, other: IMAPClient
) -> None:
    with opened(practice, server.port) as mailbox:
        mailbox.waiting()
        fill(other, 1)
        began = time.monotonic()
        mailbox.idle(3)
        assert len(mailbox.waiting()) == 1
        if server.pushes:
            assert time.monotonic() - began < 3


def test_waiting_ends_when_its_time_is_over_and_the_connection_goes_on(practice: Practice, server: RealServer) -> None:
    with opened(practice, server.port) as mailbox:
        mailbox.waiting()
        for _again in range(3):
            assert mailbox.idle(0.05) is False
        assert mailbox.waiting() == ()


# ---- Bad lines ----


def test_a_server_that_dies_while_it_is_waited_for_is_noticed_at_once(practice: Practice, server: RealServer) -> None:
    mailbox = opened(practice, server.port)
    mailbox.__enter__()
    mailbox.waiting()
    killer = threading.Timer(0.2, server.stop)
    killer.start()
    began = time.monotonic()
    with pytest.raises(MailboxError, match="failed at waiting for mail"):
        mailbox.idle(30)
    assert time.monotonic() - began < 10
    mailbox.__exit__(MailboxError, None, None)
    killer.join()


SAID = {name: [b"LOGIN", b"SELECT", b"SEARCH", b"RFC822.SIZE", b"BODY.PEEK"] for name in NAMES}
SAID["courier"] += [b"UID COPY", b"STORE", b"UID EXPUNGE"]
SAID["dovecot"] += [b"UID MOVE"]
SAID["pymap"] += [b"UID MOVE"]


@pytest.mark.parametrize(
    ("server", "command"), [(name, command) for name in NAMES for command in SAID[name]], indirect=["server"]
)
def test_a_line_that_is_cut_before_any_command_loses_and_doubles_no_mail(
    workspace: Workspace, practice: Practice, server: RealServer, other: IMAPClient, command: bytes
) -> None:
    fill(other, 5)
    with proxy(server.port) as line:
        line.cut_at = command
        with pytest.raises(MailboxError):
            a_pass(workspace, practice, line.port)
        became = [outcome.became for outcome in a_pass(workspace, practice, line.port)]
    assert "quarantine" not in became
    assert len(list(task_files(workspace.client("acme")))) == 5
    assert numbers_in(server, "INBOX") == []
    assert set(numbers_in(server, "Recado/Done")) == set(range(5))


@pytest.mark.parametrize("passed", [1500, 4500])
def test_a_line_that_is_cut_in_the_middle_of_an_answer_loses_and_doubles_no_mail(
    workspace: Workspace, practice: Practice, server: RealServer, other: IMAPClient, passed: int
) -> None:
    for number in range(5):
        other.append("INBOX", raw_mail(number, "line of text\r\n" * 60), msg_time=CAME)
    with proxy(server.port) as line:
        line.cut_after_answer = passed
        with pytest.raises(MailboxError):
            a_pass(workspace, practice, line.port)
        a_pass(workspace, practice, line.port)
    assert len(list(task_files(workspace.client("acme")))) == 5
    assert numbers_in(server, "INBOX") == []
    assert set(numbers_in(server, "Recado/Done")) == set(range(5))


def test_a_line_that_goes_dead_is_given_up_and_nothing_is_lost(
    workspace: Workspace, practice: Practice, server: RealServer, other: IMAPClient
) -> None:
    fill(other, 2)
    with proxy(server.port) as line:
        mailbox = opened(practice, line.port, timeout=0.5)
        mailbox.__enter__()
        line.is_dead = True
        with pytest.raises(MailboxError, match="failed at listing the inbox"):
            mailbox.waiting()
        mailbox.__exit__(MailboxError, None, None)
        line.is_dead = False
        assert len(a_pass(workspace, practice, line.port)) == 2

"""The mailbox on real servers: Dovecot, Courier (no MOVE, folders under `INBOX.`) and pymap. Listing, fetching, moving."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from real_mailbox import CAME, MOST, a_pass, at, fill, flags_in, number_of, numbers_in, opened, raw_mail
from real_server import USER, RealServer

from ingest.mailbox import LoginRefusedError, Mailbox
from recado.model.secret import Revealed
from recado.store.tasks import task_files

if TYPE_CHECKING:
    from imapclient import IMAPClient

    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

pytestmark = pytest.mark.e2e


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

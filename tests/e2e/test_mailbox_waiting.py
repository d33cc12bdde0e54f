"""The mailbox on three real servers: waiting for mail, and the Sent folder, which is only looked into."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from real_mailbox import CAME, MOST, fill, flags_in, number_of, opened, raw_mail

from ingest.mailbox import MailboxError, SentMark

if TYPE_CHECKING:
    from imapclient import IMAPClient
    from real_server import RealServer

    from recado.model.practice import Practice

pytestmark = pytest.mark.e2e


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

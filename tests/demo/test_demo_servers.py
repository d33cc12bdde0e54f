"""The demo's two servers as a client of them sees them: SMTP in, IMAP out, on loopback, and gone afterwards."""

from __future__ import annotations

import smtplib
import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from recado.demo.exchanger import MailExchanger, MailStore, by_its_own_date
from recado.demo.mailbag import AUTHORISED_HOSTS, deliver, mailbag
from recado.demo.servers import DemoServers, demo_servers, reception_of, smtp_server
from recado.errors import WorkError
from recado.resources import demo_practice
from recado.store.practice_file import parse_practice

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.e2e

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
PRACTICE = parse_practice((demo_practice() / "clients.yml").read_text(encoding="utf-8"))
ADDRESS = PRACTICE.mailbox.address
RECEPTION = reception_of(PRACTICE, AUTHORISED_HOSTS, by_its_own_date(lambda: NOW))
PASSWORD = "only for this test"


@pytest.fixture
def servers() -> Iterator[DemoServers]:
    with demo_servers(PRACTICE, PASSWORD, RECEPTION) as running:
        yield running


def read_inbox(servers: DemoServers) -> list[tuple[bytes, datetime]]:
    with IMAPClient(servers.host, port=servers.imap_port, ssl=False, timeout=20) as client:
        client.normalise_times = False
        client.login(PRACTICE.mailbox.user, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        fetched = client.fetch(client.search(), ["BODY.PEEK[]", "INTERNALDATE"]) if client.search() else {}
    return [(fetched[uid][b"BODY[]"], fetched[uid][b"INTERNALDATE"]) for uid in sorted(fetched)]


def test_every_mail_of_the_bag_arrives_once_at_its_date_with_the_exchangers_verdict(servers: DemoServers) -> None:
    assert read_inbox(servers) == []
    bag = mailbag(NOW)
    assert tuple(deliver(bag, ADDRESS, servers.host, servers.smtp_port)) == bag
    stored = read_inbox(servers)
    assert len(stored) == len(bag)
    for mail, (raw, arrived) in zip(bag, stored, strict=True):
        assert arrived == mail.sent
        head, _, body = raw.partition(b"\r\n\r\n")
        assert body == mail.raw.partition(b"\r\n\r\n")[2]
        top = head.decode().partition("\r\nReturn-Path:")[0]
        assert top.startswith("Authentication-Results: mx.marta.example;")
        assert head.lower().count(b"authentication-results:") == 1
        if mail.key != "two-senders":
            assert f"dmarc={mail.verified}" in top


def test_mail_for_anyone_else_is_refused(servers: DemoServers) -> None:
    with smtplib.SMTP(servers.host, servers.smtp_port) as client, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        client.sendmail("jane@southerly.example", ["marta@elsewhere.example"], b"Subject: relay me\r\n\r\n")
    assert refused.value.recipients["marta@elsewhere.example"][0] == 550
    assert read_inbox(servers) == []


def test_mail_larger_than_the_practice_takes_is_refused() -> None:
    small = replace(PRACTICE, mailbox=replace(PRACTICE.mailbox, max_message=2000))
    reception = reception_of(small, AUTHORISED_HOSTS, by_its_own_date(lambda: NOW))
    with demo_servers(small, PASSWORD, reception) as servers:
        with smtplib.SMTP(servers.host, servers.smtp_port) as client, pytest.raises(smtplib.SMTPResponseException) as refused:
            client.sendmail("a@southerly.example", [ADDRESS], b"Subject: s\r\n\r\n" + b"x\r\n" * 1000)
        assert refused.value.smtp_code == 552
        assert read_inbox(servers) == []


def test_a_mailbox_that_does_not_take_mail_means_try_again_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        closed = unused.getsockname()[1]
    exchanger = MailExchanger(MailStore("127.0.0.1", closed, "requests", PASSWORD), RECEPTION)
    with smtp_server(exchanger) as port, pytest.raises(WorkError, match="451"):
        list(deliver(mailbag(NOW)[:1], ADDRESS, "127.0.0.1", port))


def test_a_wrong_password_opens_nothing(servers: DemoServers) -> None:
    with IMAPClient(servers.host, port=servers.imap_port, ssl=False, timeout=20) as client, pytest.raises(LoginError):
        client.login(PRACTICE.mailbox.user, "guessed")


def test_the_sent_folder_of_the_practice_is_there(servers: DemoServers) -> None:
    with IMAPClient(servers.host, port=servers.imap_port, ssl=False, timeout=20) as client:
        client.login(PRACTICE.mailbox.user, PASSWORD)
        assert client.folder_exists("Sent")


def test_the_mailbox_pushes_new_mail_to_a_client_that_waits(servers: DemoServers) -> None:
    with IMAPClient(servers.host, port=servers.imap_port, ssl=False, timeout=20) as client:
        client.login(PRACTICE.mailbox.user, PASSWORD)
        client.select_folder("INBOX")
        client.idle()
        list(deliver(mailbag(NOW)[:1], ADDRESS, servers.host, servers.smtp_port))
        # Read by itself: the library's way stumbles over half a line, and the server writes in pieces.
        pushed = client.socket()
        pushed.settimeout(10)
        said = b""
        while b"* 1 EXISTS\r\n" not in said:
            said += pushed.recv(4096) or pytest.fail(f"the connection ended after {said!r}")
        client.shutdown()


def test_a_port_that_is_taken_is_said_with_its_number() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(WorkError, match=str(port)), demo_servers(PRACTICE, PASSWORD, RECEPTION, imap_port=port):
            pass


@pytest.mark.parametrize("leaving", [None, KeyboardInterrupt, ValueError])
def test_however_the_block_is_left_no_thread_and_no_port_stays(leaving: type[BaseException] | None) -> None:
    before = set(threading.enumerate())
    waiting: list[socket.socket] = []

    def work() -> None:
        with demo_servers(PRACTICE, PASSWORD, RECEPTION) as servers:
            # Clients that never say goodbye must not keep the servers up.
            waiting.extend(socket.create_connection((servers.host, port)) for port in (servers.imap_port, servers.smtp_port))
            ports.extend((servers.imap_port, servers.smtp_port))
            if leaving is not None:
                raise leaving

    ports: list[int] = []
    if leaving is None:
        work()
    else:
        with pytest.raises(leaving):
            work()
    for client in waiting:
        client.close()
    assert set(threading.enumerate()) == before
    for port in ports:
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", port), timeout=timedelta(seconds=5).total_seconds())

"""The mailbox behind TLS and STARTTLS, on three servers, with a certificate that the test made and alone trusts."""

from __future__ import annotations

import ssl
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from certificate import Certificate, make_certificate
from courier import is_unpacked, running_courier
from dovecot import is_installed, running_dovecot
from imapclient import IMAPClient
from pymap_starttls import pymap_with_starttls
from real_server import PASSWORD, USER, must_be_here

from ingest.mailbox import Mailbox, MailboxError
from recado.model.secret import Revealed
from recado.model.servers import Mailbox as Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

NAMES = ("dovecot tls", "dovecot starttls", "courier starttls", "pymap starttls")


@dataclass(frozen=True, slots=True)
class Protected:
    """A server behind TLS: what it is asked by, and whose certificate it has to show."""

    port: int
    security: str
    authority: Path

    def mailbox(self, security: str = "", *, timeout: float = 10) -> Mailbox:
        settings = {
            "address": "requests@marta.example",
            "host": "localhost",
            "port": str(self.port),
            "security": security or self.security,
            "user": USER,
            "password": {"env": "RECADO_IMAP_PASSWORD"},
        }
        return Mailbox(Settings.read(settings), lambda: Revealed(PASSWORD), timeout=timeout)

    def other_program(self) -> IMAPClient:
        context = ssl.create_default_context(cafile=str(self.authority))
        client = IMAPClient("localhost", port=self.port, ssl=self.security == "tls", ssl_context=context, timeout=20)
        if self.security == "starttls":
            client.starttls(context)
        client.login(USER, PASSWORD)
        return client


@pytest.fixture
def names() -> str:
    """The names in the server's certificate."""
    return "DNS:localhost"


@pytest.fixture
def certificate(tmp_path: Path, names: str) -> Certificate:
    must_be_here("dovecot", is_here=is_installed())  # it brings openssl
    return make_certificate(tmp_path / "certificates", names)


@pytest.fixture(params=NAMES)
def protected(request: pytest.FixtureRequest, tmp_path: Path, certificate: Certificate) -> Iterator[Protected]:
    name, security = request.param.split()
    shown = certificate.chain_and_key
    with ExitStack() as until_left:
        match name:
            case "dovecot":
                running = until_left.enter_context(running_dovecot(USER, PASSWORD, certificate=shown))
                port = running.tls_port if security == "tls" else running.port
            case "courier":
                must_be_here("courier", is_here=is_unpacked())
                port = until_left.enter_context(running_courier(tmp_path / "courier", PASSWORD, certificate=shown)).port
            case _:
                port = until_left.enter_context(pymap_with_starttls(USER, PASSWORD, shown))
        yield Protected(port, security, certificate.authority)


def test_mail_is_fetched_moved_and_waited_for_behind_tls(protected: Protected, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(protected.authority))
    raw = b"From: jane@acme.example\r\nSubject: Posts\r\n\r\n" + b"A line of text.\r\n" * 20_000
    with protected.other_program() as other, protected.mailbox() as mailbox:
        assert mailbox.waiting() == ()
        assert mailbox.idle(0.2) is False
        other.append("INBOX", raw)
        assert mailbox.idle(2)
        ((envelope, arrived),) = mailbox.fetch(mailbox.waiting(), 25_000_000)
        assert arrived.raw == raw
        mailbox.move_to_done([envelope.uid])
        assert mailbox.waiting() == ()


@pytest.mark.parametrize("names", ["DNS:imap.other.example"])
def test_a_certificate_of_another_name_is_refused(protected: Protected, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(protected.authority))
    with pytest.raises(MailboxError, match="could not prove who it is"):
        protected.mailbox().__enter__()


def test_a_certificate_of_an_authority_that_nobody_trusts_is_refused(protected: Protected) -> None:
    with pytest.raises(MailboxError, match=r"could not prove who it is .*certificate"):
        protected.mailbox().__enter__()


def test_the_other_kind_of_protection_is_no_way_in(protected: Protected, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(protected.authority))
    other_kind = "starttls" if protected.security == "tls" else "tls"
    with pytest.raises(MailboxError, match="`security`"):
        protected.mailbox(other_kind, timeout=1).__enter__()

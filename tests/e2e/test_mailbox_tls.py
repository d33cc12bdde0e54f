"""The mailbox behind TLS and STARTTLS, with a certificate that the test made and it alone trusts."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from certificate import make_certificate
from dovecot import Dovecot, is_installed, running_dovecot
from imapclient import IMAPClient
from real_server import PASSWORD, USER, must_be_here

from ingest.mailbox import Mailbox, MailboxError
from recado.model.secret import Revealed
from recado.model.servers import Mailbox as Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e


@contextmanager
def a_dovecot(folder: Path, monkeypatch: pytest.MonkeyPatch, names: str, *, is_trusted: bool = True) -> Iterator[Dovecot]:
    must_be_here("dovecot", is_here=is_installed())
    made = make_certificate(folder / "certificates", names)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
    with running_dovecot(USER, PASSWORD, certificate=made.chain_and_key) as running:
        yield running


def opened(server: Dovecot, security: str, host: str = "localhost", password: str = PASSWORD) -> Mailbox:
    port = server.tls_port if security == "tls" else server.port
    settings = Settings.model_validate(
        {
            "address": "requests@marta.example",
            "host": host,
            "port": str(port),
            "security": security,
            "user": USER,
            "password": {"env": "RECADO_IMAP_PASSWORD"},
        }
    )
    return Mailbox(settings, lambda: Revealed(password), timeout=10)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mail_is_fetched_moved_and_waited_for_behind_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    with a_dovecot(tmp_path, monkeypatch, "DNS:localhost") as server:
        raw = b"From: jane@acme.example\r\nSubject: Posts\r\n\r\n" + b"A line of text.\r\n" * 20_000
        with IMAPClient("127.0.0.1", port=server.port, ssl=False, timeout=20) as other, opened(server, security) as mailbox:
            other.login(USER, PASSWORD)
            assert mailbox.waiting() == ()
            assert mailbox.idle(0.2) is False
            other.append("INBOX", raw)
            assert mailbox.idle(20)
            ((envelope, arrived),) = mailbox.fetch(mailbox.waiting(), 25_000_000)
            assert arrived.raw == raw
            mailbox.move_to_done([envelope.uid])
            assert mailbox.waiting() == ()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_of_another_name_is_refused_before_the_password_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    with a_dovecot(tmp_path, monkeypatch, "DNS:imap.other.example") as server:
        with pytest.raises(MailboxError, match="could not prove who it is"):
            opened(server, security).__enter__()
        assert "Login" not in (server.folder / "log").read_text(encoding="utf-8")


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_of_an_authority_that_nobody_trusts_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    with (
        a_dovecot(tmp_path, monkeypatch, "DNS:localhost", is_trusted=False) as server,
        pytest.raises(MailboxError, match=r"could not prove who it is .*certificate"),
    ):
        opened(server, security).__enter__()


def test_a_port_without_tls_is_no_server_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_dovecot(tmp_path, monkeypatch, "DNS:localhost") as server:
        mailbox = opened(Dovecot(server.folder, server.port, server.port, server.process), "tls")
        with pytest.raises(MailboxError, match="`security`"):
            mailbox.__enter__()

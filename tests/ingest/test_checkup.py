"""What `recado doctor` finds in a mailbox: each step by itself, and what is behind one that fails is skipped, and said so."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from certificate import make_certificate
from imapclient import IMAPClient

from ingest.checkup import check_mailbox
from recado.demo.servers import imap_server
from recado.errors import WorkError
from recado.model.check import Check, Verdict
from recado.model.secret import Revealed
from recado.model.servers import Mailbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scripted_imap import ScriptedImap

PASSWORD = "only for this test"
NOW = datetime.now(UTC)
REQUEST = (
    b"Authentication-Results: mx.marta.example;\r\n spf=pass smtp.mailfrom=acme.example\r\n"
    b"Authentication-Results: evil.example; spf=pass\r\nFrom: a@b.example\r\n\r\nHi.\r\n"
)


def mailbox(port: int, **other: object) -> Mailbox:
    settings = {
        "address": "requests@marta.example",
        "host": "127.0.0.1",
        "port": str(port),
        "security": "none",
        "user": "requests",
        "password": {"env": "RECADO_IMAP_PASSWORD"},
    }
    return Mailbox.read(settings | other)


def checks(
    settings: Mailbox, password: Callable[[], Revealed] = lambda: Revealed(PASSWORD), now: datetime = NOW
) -> list[Check]:
    return list(check_mailbox(settings, password, now, timeout=5))


def verdicts(found: list[Check]) -> dict[str, list[Verdict]]:
    by_subject: dict[str, list[Verdict]] = {}
    for check in found:
        by_subject.setdefault(check.subject, []).append(check.verdict)
    return by_subject


@pytest.mark.e2e
def test_a_mailbox_that_works_is_good_at_every_step_and_nothing_in_it_changes() -> None:
    with imap_server("requests", PASSWORD) as port:
        with IMAPClient("127.0.0.1", port=port, ssl=False, timeout=20) as client:
            client.login("requests", PASSWORD)
            client.append("INBOX", REQUEST)
        found = checks(mailbox(port, trust={"authserv_id": "mx.marta.example"}))
        with IMAPClient("127.0.0.1", port=port, ssl=False, timeout=20) as client:
            client.login("requests", PASSWORD)
            client.select_folder("INBOX", readonly=True)
            assert client.get_flags([*client.search()]).popitem()[1] in {(), (b"\\Recent",)}
            assert not client.folder_exists("Recado/Done")
    assert {check.verdict for check in found} == {Verdict.GOOD}
    assert [check.subject for check in found] == [
        "name", "port", "certificate", "password", "login", *["folders"] * 4, "new mail", "moving mail", "trust",
    ]  # fmt: skip
    assert "on top of 1 of the newest 1 mails" in found[-1].said
    assert PASSWORD not in repr(found)


@pytest.mark.e2e
def test_a_wrong_password_is_said_and_what_is_behind_it_skipped() -> None:
    with imap_server("requests", PASSWORD) as port:
        found = checks(mailbox(port), lambda: Revealed("guessed"))
    by_subject = verdicts(found)
    assert by_subject["login"] == [Verdict.BAD]
    assert by_subject["folders"] == by_subject["trust"] == [Verdict.SKIPPED]
    assert "guessed" not in repr(found)
    assert "app password" in next(check for check in found if check.subject == "login").advice


def test_a_port_where_nobody_listens_is_said_and_the_password_is_looked_for_all_the_same() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    def nowhere() -> Revealed:
        raise WorkError("Set it and try again.")

    by_subject = verdicts(checks(mailbox(port), nowhere))
    assert by_subject["name"] == [Verdict.GOOD]
    assert by_subject["port"] == by_subject["password"] == [Verdict.BAD]
    assert "certificate" not in by_subject
    assert by_subject["login"] == [Verdict.SKIPPED]


def test_a_name_that_is_none_is_said() -> None:
    found = checks(mailbox(993, host="imap.invalid", security="tls"))
    assert (found[0].subject, found[0].verdict) == ("name", Verdict.BAD)
    assert "mailbox.host" in found[0].advice


@contextmanager
def tls_server(chain_and_key: Path) -> Iterator[int]:
    """Answer with a certificate, and then hang up."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain_and_key)
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                plain, _address = listener.accept()
            except OSError:
                return
            with suppress(OSError), context.wrap_socket(plain, server_side=True) as protected:
                protected.recv(1)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


def certificate_of(found: list[Check]) -> Check:
    return next(check for check in found if check.subject == "certificate")


def test_a_certificate_that_nobody_known_vouches_for_is_refused(tmp_path: Path) -> None:
    made = make_certificate(tmp_path, "DNS:localhost,IP:127.0.0.1")
    with tls_server(made.chain_and_key) as port:
        found = checks(mailbox(port, host="localhost", security="tls"))
    assert certificate_of(found).verdict is Verdict.BAD
    assert "could not prove who it is" in certificate_of(found).said
    assert verdicts(found)["login"] == [Verdict.SKIPPED]


@pytest.mark.parametrize(
    ("names", "hours", "verdict", "said"),
    [
        ("DNS:localhost", 12, Verdict.WARNING, "for localhost, from The test's own, good for 1 more day"),
        ("DNS:localhost", 12 - 30 * 24, Verdict.GOOD, "good for 31 more days"),
        ("DNS:other.example", 12, Verdict.BAD, "could not prove who it is"),
    ],
)
def test_a_certificate_is_read_and_what_is_wrong_with_it_said(
    *, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: str, hours: int, verdict: Verdict, said: str
) -> None:
    made = make_certificate(tmp_path, names)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
    with tls_server(made.chain_and_key) as port:
        found = checks(mailbox(port, host="localhost", security="tls"), now=NOW + timedelta(hours=hours))
    check = certificate_of(found)
    assert check.verdict is verdict
    assert said in check.said
    if names != "DNS:localhost":
        assert "`mailbox.host`" in check.advice


def test_a_server_without_tls_on_a_tls_port_and_one_without_starttls_are_told_apart(
    scripted_imap: Callable[..., ScriptedImap],
) -> None:
    server = scripted_imap()
    said = certificate_of(checks(mailbox(server.port, host="localhost", security="tls")))
    assert "does not speak TLS" in said.said
    assert "143 with `security: starttls`" in said.advice
    said = certificate_of(checks(mailbox(server.port, host="localhost", security="starttls")))
    assert "offers no STARTTLS" in said.said
    assert "`port: 993`" in said.advice


@pytest.mark.parametrize(
    ("capabilities", "verdict", "said"),
    [
        ("MOVE", Verdict.GOOD, "MOVE"),
        ("UIDPLUS", Verdict.GOOD, "UIDPLUS"),
        ("", Verdict.WARNING, "neither MOVE nor UIDPLUS"),
    ],
)
def test_how_mail_is_moved_is_told_by_what_the_server_can(
    scripted_imap: Callable[..., ScriptedImap], capabilities: str, verdict: Verdict, said: str
) -> None:
    found = checks(mailbox(scripted_imap(capabilities=capabilities).port))
    check = next(check for check in found if check.subject == "moving mail")
    assert (check.verdict, said in check.said) == (verdict, True)
    assert verdicts(found)["new mail"] == [Verdict.WARNING]


def test_folders_that_are_missing_are_said_under_their_names_on_the_server(scripted_imap: Callable[..., ScriptedImap]) -> None:
    server = scripted_imap(capabilities="NAMESPACE", prefix="INBOX.", separator=".")
    found = [check for check in checks(mailbox(server.port, sent="Sent")) if check.subject == "folders"]
    assert found[1].said == "INBOX.Recado.Done will be made when mail is filed"
    assert (found[-1].verdict, found[-1].said) == (Verdict.BAD, "there is no INBOX.Sent")


@pytest.mark.parametrize("command", ["LIST", "UID SEARCH", "SELECT", "EXAMINE"])
def test_a_server_that_breaks_off_or_refuses_is_told_and_ends_nothing(
    scripted_imap: Callable[..., ScriptedImap], command: str
) -> None:
    for how in ("hangs_up_at", "refuses"):
        server = scripted_imap(capabilities="MOVE")
        setattr(server, how, command)
        found = checks(mailbox(server.port))
        assert found[-1].subject == "trust"
        assert all(check.said for check in found)


def test_a_server_that_hangs_up_at_the_greeting_is_told(scripted_imap: Callable[..., ScriptedImap]) -> None:
    server = scripted_imap()
    server.hangs_up_at = "greeting"
    assert verdicts(checks(mailbox(server.port)))["login"] == [Verdict.BAD]

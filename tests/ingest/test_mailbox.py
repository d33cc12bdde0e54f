"""The mailbox, against the embedded server and against one that does as it is told."""

from __future__ import annotations

import base64
import socket
import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from imapclient import IMAPClient

from ingest.mailbox import Envelope, Mailbox, MailboxError
from recado.demo.servers import imap_server
from recado.errors import WorkError
from recado.model.secret import Revealed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recado.model.practice import Practice
    from recado.model.servers import Mailbox as Settings

PASSWORD = "only for this test"
RAW = b"From: jane@acme.example\r\nSubject: Posts\r\nMessage-ID: <1@acme.example>\r\n\r\nPlease.\r\n"
SENT = datetime(2026, 11, 24, 9, 12, 9, tzinfo=UTC)
MOST = 25_000_000


def password() -> Revealed:
    return Revealed(PASSWORD)


def settings_at(practice: Practice, port: int, **more: Any) -> Settings:
    return practice.mailbox.model_copy(update={"port": port, **more})


def opened(practice: Practice, port: int, *, timeout: float = 5, secret: str = PASSWORD, **more: Any) -> Mailbox:
    return Mailbox(settings_at(practice, port, **more), lambda: Revealed(secret), timeout=timeout)


# ---- The embedded server ----


@pytest.fixture(scope="module")
def embedded_port() -> Iterator[int]:
    with imap_server("requests", PASSWORD) as port:
        yield port


@pytest.fixture
def embedded(embedded_port: int) -> Iterator[IMAPClient]:
    """Another mail program at the same mailbox, emptied for this test."""
    with IMAPClient("127.0.0.1", port=embedded_port, ssl=False, timeout=20) as client:
        client.login("requests", PASSWORD)
        for folder in ("INBOX", "Recado/Done", "Recado/Quarantine"):
            if client.folder_exists(folder):
                client.select_folder(folder)
                if uids := client.search():
                    client.delete_messages(uids)
                    client.expunge()
        yield client


@pytest.mark.e2e
def test_a_mail_is_fetched_with_its_date_in_utc_and_never_marked_as_read(
    practice: Practice, embedded: IMAPClient, embedded_port: int
) -> None:
    embedded.append("INBOX", RAW, msg_time=SENT.astimezone(tz=None) + timedelta(0))
    with opened(practice, embedded_port) as mailbox:
        (envelope,) = mailbox.waiting()
        assert envelope.size == len(RAW)
        ((same, arrived),) = mailbox.fetch([envelope], MOST)
    assert same is envelope
    assert (arrived.raw, arrived.received, arrived.is_cut) == (RAW, SENT, False)
    assert arrived.received.tzinfo is UTC
    embedded.select_folder("INBOX", readonly=True)
    assert [flags for flags in embedded.get_flags(embedded.search()).values() if b"\\Seen" in flags] == []


@pytest.mark.e2e
def test_the_folders_are_made_and_a_mail_moves_into_them_unread(
    practice: Practice, embedded: IMAPClient, embedded_port: int
) -> None:
    for number in range(2):
        embedded.append("INBOX", RAW.replace(b"<1@", b"<%d@" % number), msg_time=SENT)
    with opened(practice, embedded_port) as mailbox:
        one, other = mailbox.waiting()
        mailbox.move_to_done([one.uid])
        mailbox.move_to_quarantine([other.uid])
        assert mailbox.waiting() == ()
    for folder, number in (("Recado/Done", 0), ("Recado/Quarantine", 1)):
        embedded.select_folder(folder, readonly=True)
        (uid,) = embedded.search()
        found = embedded.fetch([uid], ["BODY.PEEK[]", "FLAGS", "INTERNALDATE"])[uid]
        assert b"<%d@" % number in found[b"BODY[]"]
        assert b"\\Seen" not in found[b"FLAGS"]


@pytest.mark.e2e
def test_of_a_mail_that_is_too_large_only_the_header_is_fetched(
    practice: Practice, embedded: IMAPClient, embedded_port: int
) -> None:
    embedded.append("INBOX", RAW + b"x" * 5000, msg_time=SENT)
    with opened(practice, embedded_port) as mailbox:
        (envelope,) = mailbox.waiting()
        ((_same, arrived),) = mailbox.fetch([envelope], 4000)
    assert arrived.is_cut
    assert arrived.raw.rstrip() == RAW.partition(b"\r\n\r\n")[0]


@pytest.mark.e2e
def test_mails_come_in_the_order_of_their_arrival(practice: Practice, embedded: IMAPClient, embedded_port: int) -> None:
    for number in range(12):
        embedded.append("INBOX", RAW.replace(b"<1@", b"<%d@" % number), msg_time=SENT - timedelta(days=number))
    with opened(practice, embedded_port) as mailbox:
        arrived = [each for _envelope, each in mailbox.fetch(mailbox.waiting(), MOST)]
    assert [each.raw.partition(b"<")[2].partition(b"@")[0] for each in arrived] == [b"%d" % n for n in range(12)]


@pytest.mark.e2e
def test_a_wrong_password_is_said_with_the_place_it_is_kept_in_and_never_itself(practice: Practice, embedded_port: int) -> None:
    with pytest.raises(MailboxError) as refused:
        opened(practice, embedded_port, secret="guessed").__enter__()
    assert "refuses the user requests" in str(refused.value)
    assert "{env: RECADO_IMAP_PASSWORD}" in str(refused.value)
    assert "guessed" not in str(refused.value)
    assert refused.value.exit_status == 1


# ---- A server that does as it is told ----


def move_everything(connection: Mailbox) -> None:
    with connection as mailbox:
        mailbox.move_to_done([envelope.uid for envelope in mailbox.waiting()])


def test_nothing_that_listens_is_said_with_where_and_what_to_do(practice: Practice) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(MailboxError, match=rf"127\.0\.0\.1:{port} does not answer .*Check `mailbox.host`"):
        opened(practice, port).__enter__()


def test_a_host_that_does_not_exist_is_said(practice: Practice) -> None:
    with pytest.raises(MailboxError, match=r"mail\.invalid:993 does not answer"):
        opened(practice, 993, host="mail.invalid", security="tls").__enter__()


def test_mail_is_not_fetched_unprotected_from_another_machine(practice: Practice) -> None:
    with pytest.raises(MailboxError, match=r"not fetched unprotected from imap\.marta\.example"):
        opened(practice, 143, host="imap.marta.example").__enter__()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_without_tls_is_no_matter_of_certificates(
    practice: Practice, scripted_imap: Callable[..., Any], security: str
) -> None:
    server = scripted_imap()
    with pytest.raises(MailboxError, match=r"does not answer.*`security`"):
        opened(practice, server.port, security=security).__enter__()
    assert not any(command.startswith("LOGIN") for command in server.commands)


def test_a_certificate_of_no_one_known_is_refused_before_the_password_is_asked(practice: Practice) -> None:
    def never() -> Revealed:
        raise AssertionError("asked for the password")

    certificate_error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    certificate_error.verify_message = "self-signed certificate"
    with pytest.MonkeyPatch.context() as patch:

        def refuse(*_arguments: Any, **_options: Any) -> None:
            raise certificate_error

        patch.setattr("ingest.connection.IMAPClient", refuse)
        with pytest.raises(MailboxError, match=r"could not prove who it is \(self-signed certificate\)"):
            Mailbox(settings_at(practice, 993, security="tls"), never).__enter__()


@pytest.mark.parametrize(
    ("command", "step"),
    [
        ("greeting", "does not answer"),
        ("LOGIN", "failed at logging in"),
        ("NAMESPACE", "failed at asking where folders stand"),
        ("LIST", "failed at making the folder Recado/Done"),
        ("CREATE", "failed at making the folder Recado/Done"),
        ("SELECT", "failed at opening the folder INBOX"),
        ("UID SEARCH", "failed at listing the inbox"),
        ("UID FETCH", "failed at listing the inbox"),
        ("UID MOVE", "failed at moving a mail to Recado/Done"),
    ],
)
def test_a_server_that_hangs_up_is_said_with_the_step_at_which_it_did(
    practice: Practice, scripted_imap: Callable[..., Any], command: str, step: str
) -> None:
    server = scripted_imap(capabilities="NAMESPACE MOVE")
    server.folders["INBOX"][1] = RAW
    server.hangs_up_at = command
    with pytest.raises(MailboxError, match=step) as failed:
        move_everything(opened(practice, server.port))
    assert PASSWORD not in str(failed.value)


def test_a_server_that_says_the_password_again_is_not_quoted(practice: Practice, scripted_imap: Callable[..., Any]) -> None:
    server = scripted_imap()
    server.repeats = "LOGIN"
    with pytest.raises(MailboxError, match="logging in") as failed, opened(practice, server.port):
        pass
    assert PASSWORD not in str(failed.value)


@pytest.mark.parametrize("command", ["CREATE", "SELECT", "UID SEARCH", "UID FETCH", "UID MOVE"])
def test_a_server_that_says_no_is_said_with_its_step(
    practice: Practice, scripted_imap: Callable[..., Any], command: str
) -> None:
    server = scripted_imap(capabilities="NAMESPACE MOVE")
    server.folders["INBOX"][1] = RAW
    server.refuses = command
    with pytest.raises(MailboxError, match=r"failed at .*not here"):
        move_everything(opened(practice, server.port))
    assert server.folders["INBOX"] == {1: RAW}


@pytest.mark.parametrize("command", ["greeting", "LOGIN", "UID SEARCH"])
def test_a_server_that_does_not_answer_is_given_up_once(
    practice: Practice, scripted_imap: Callable[..., Any], command: str
) -> None:
    server = scripted_imap()
    server.hangs_at = command
    with pytest.raises(MailboxError), opened(practice, server.port, timeout=0.3) as mailbox:
        mailbox.waiting()
    assert "LOGOUT" not in server.commands  # it would be waited for again


def test_folders_stand_under_the_servers_own_prefix(practice: Practice, scripted_imap: Callable[..., Any]) -> None:
    server = scripted_imap(capabilities="NAMESPACE UIDPLUS", prefix="INBOX.", separator=".")
    server.folders["INBOX"][7] = RAW
    with opened(practice, server.port) as mailbox:
        mailbox.move_to_done([7])
    assert server.folders == {"INBOX": {}, "INBOX.Recado.Done": {7: RAW}, "INBOX.Recado.Quarantine": {}}


def test_an_inbox_of_another_name_stands_under_the_prefix_too(practice: Practice, scripted_imap: Callable[..., Any]) -> None:
    server = scripted_imap(capabilities="NAMESPACE", prefix="INBOX.", separator=".")
    server.folders["INBOX.Clients.Requests"] = {}
    with opened(practice, server.port, inbox="Clients/Requests"):
        pass
    assert any(command == 'SELECT "INBOX.Clients.Requests"' for command in server.commands)


def test_without_move_a_mail_is_copied_first_and_then_deleted_alone(
    practice: Practice, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="UIDPLUS")
    server.folders["INBOX"] = {7: RAW, 8: RAW}
    with opened(practice, server.port) as mailbox:
        mailbox.move_to_done([7])
    assert server.folders["Recado/Done"] == {7: RAW}
    assert server.folders["INBOX"] == {8: RAW}
    moves = [command.split()[1] for command in server.commands if command.startswith("UID")]
    assert moves == ["COPY", "STORE", "EXPUNGE"]


def test_without_uidplus_nothing_is_expunged_that_another_program_deleted(
    practice: Practice, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap()
    server.folders["INBOX"] = {7: RAW, 8: RAW}
    with opened(practice, server.port) as mailbox:
        mailbox.move_to_done([7])
        mailbox.waiting()
    assert server.deleted == {7}
    assert server.folders["INBOX"] == {7: RAW, 8: RAW}
    assert "UID SEARCH UNDELETED" in server.commands  # so that the one marked is not met again
    assert not any("EXPUNGE" in command for command in server.commands)


def test_a_copy_that_is_refused_deletes_nothing(practice: Practice, scripted_imap: Callable[..., Any]) -> None:
    server = scripted_imap(capabilities="UIDPLUS")
    server.folders["INBOX"] = {7: RAW}
    server.refuses = "UID COPY"
    with pytest.raises(MailboxError, match="not here"), opened(practice, server.port) as mailbox:
        mailbox.move_to_done([7])
    assert (server.folders["INBOX"], server.deleted) == ({7: RAW}, set())


def test_a_mail_the_server_gives_nothing_of_is_gone(practice: Practice, scripted_imap: Callable[..., Any]) -> None:
    server = scripted_imap()
    server.folders["INBOX"] = {7: RAW}
    server.went_away = {7}
    with opened(practice, server.port) as mailbox:
        assert list(mailbox.fetch([Envelope(7, len(RAW))], MOST)) == []


def test_a_password_of_other_letters_than_english_ones_goes_by_another_command(
    practice: Practice, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="AUTH=PLAIN")
    with opened(practice, server.port, secret="contraseña ✓"):
        pass
    told = next(command for command in server.commands if command.startswith("AUTHENTICATE"))
    assert told == "AUTHENTICATE PLAIN"
    answer = server.commands[server.commands.index(told) + 1]
    assert base64.b64decode(answer).decode() == "\0requests\0contraseña ✓"


def test_a_password_of_other_letters_is_not_sent_where_the_server_cannot_take_it(
    practice: Practice, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap()
    with pytest.raises(MailboxError, match="ASCII"):
        opened(practice, server.port, secret="contraseña").__enter__()
    assert not any(command.startswith(("LOGIN", "AUTHENTICATE")) for command in server.commands)


def test_a_secret_that_is_nowhere_is_said_in_its_own_words(practice: Practice, scripted_imap: Callable[..., Any]) -> None:
    def missing() -> Revealed:
        raise WorkError("The environment variable X is not set.")

    server = scripted_imap()
    with pytest.raises(WorkError, match="X is not set"):
        Mailbox(settings_at(practice, server.port), missing, timeout=5).__enter__()

"""The mailbox, at a server that does as it is told: what fails is said with the step at which it did, and what to do."""

from __future__ import annotations

import base64
import socket
import ssl
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from mailbox_at import MOST, PASSWORD, RAW, opened, raws, settings_at

from ingest.mailbox import Envelope, Mailbox, MailboxError
from recado.errors import WorkError

if TYPE_CHECKING:
    from collections.abc import Callable

    from recado.model.practice import Practice
    from recado.model.secret import Revealed

SENT = datetime(2026, 11, 24, 9, 12, 9, tzinfo=UTC)


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


def look_twice_and_move(connection: Mailbox) -> None:
    with connection as mailbox:
        mailbox.waiting()
        waiting = mailbox.waiting()
        fetched = [envelope.uid for envelope, _mail in mailbox.fetch(waiting, MOST)]
        mailbox.move_to_done(fetched)


@pytest.mark.parametrize(
    "command", ["LOGIN", "NAMESPACE", "LIST", "CREATE", "SELECT", "NOOP", "UID SEARCH", "UID FETCH", "UID COPY", "UID STORE"]
)
@pytest.mark.parametrize("how", ["refuses", "hangs_up_at", "hangs_at", "cuts_at"])
def test_whatever_a_server_does_at_any_command_is_an_error_and_no_mail_is_lost(
    practice: Practice, scripted_imap: Callable[..., Any], command: str, how: str
) -> None:
    server = scripted_imap(capabilities="NAMESPACE UIDPLUS")
    server.folders["INBOX"] = raws(1, 2)
    setattr(server, how, command)
    with pytest.raises(MailboxError) as failed:
        look_twice_and_move(opened(practice, server.port, timeout=0.3))
    assert PASSWORD not in str(failed.value)
    everywhere = {uid for folder in server.folders.values() for uid in folder}
    assert everywhere == {1, 2}

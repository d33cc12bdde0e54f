"""The mailbox on three real servers, over lines that are cut or go dead: no mail is lost, none is doubled."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from proxy import proxy
from real_mailbox import CAME, a_pass, fill, numbers_in, opened, raw_mail
from real_server import NAMES, RealServer

from ingest.mailbox import MailboxError
from recado.store.tasks import task_files

if TYPE_CHECKING:
    from imapclient import IMAPClient

    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

pytestmark = pytest.mark.e2e


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

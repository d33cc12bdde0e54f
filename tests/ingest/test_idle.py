"""Waiting by IDLE: no word of the server is lost, and its end is no silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from mailbox_at import opened, raws

from ingest.mailbox import MailboxError

if TYPE_CHECKING:
    from collections.abc import Callable

    from recado.model.practice import Practice


def test_what_comes_just_before_or_with_the_word_that_the_server_waits_is_heard(
    practice: Practice, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="IDLE")
    with opened(practice, server.port) as mailbox:
        mailbox.waiting()
        server.says_before_idling = "* 1 EXISTS"
        assert mailbox.idle(20)
        server.says_before_idling, server.says_with_idling = "", "* 2 EXISTS"
        assert mailbox.idle(20)
        server.says_with_idling = ""
        assert not mailbox.idle(0.05)


def test_what_is_told_while_another_mail_is_moved_is_not_waited_for(
    practice: Practice, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="IDLE MOVE")
    server.folders["INBOX"] = raws(1)
    with opened(practice, server.port) as mailbox:
        (envelope,) = mailbox.waiting()
        server.says_with["UID MOVE"] = "* 1 EXISTS"
        mailbox.move_to_done([envelope.uid])
        assert mailbox.idle(20)
        assert not mailbox.idle(0.05)


def test_what_else_a_server_says_is_no_news_of_mail(practice: Practice, scripted_imap: Callable[..., Any]) -> None:
    server = scripted_imap(capabilities="IDLE")
    with opened(practice, server.port) as mailbox:
        mailbox.waiting()
        for line in ("* OK Still here", "* 3 FETCH (FLAGS (\\Seen))", "* 2 EXPUNGE"):
            server.says_with_idling = line
            assert not mailbox.idle(20)


@pytest.mark.parametrize(
    ("how", "at"),
    [("refuses", "IDLE"), ("hangs_up_at", "IDLE"), ("hangs_up_at", "DONE"), ("hangs_at", "IDLE"), ("hangs_at", "DONE")],
)
def test_a_server_that_fails_while_it_is_waited_for_is_said(
    practice: Practice, scripted_imap: Callable[..., Any], how: str, at: str
) -> None:
    server = scripted_imap(capabilities="IDLE")
    mailbox = opened(practice, server.port, timeout=0.3)
    mailbox.__enter__()
    mailbox.waiting()
    setattr(server, how, at)
    with pytest.raises(MailboxError, match="failed at waiting for mail"):
        mailbox.idle(0.1)
    mailbox.__exit__(MailboxError, None, None)


def test_whoever_is_told_to_stop_does_not_go_on_waiting(practice: Practice, scripted_imap: Callable[..., Any]) -> None:
    server = scripted_imap(capabilities="IDLE")
    asked: list[float] = []

    def told(_descriptor: int, seconds: float) -> bool:
        asked.append(seconds)
        return False

    with opened(practice, server.port) as mailbox:
        mailbox.waiting()
        assert not mailbox.idle(600, told)
    assert len(asked) == 1
    assert 599 < asked[0] <= 600

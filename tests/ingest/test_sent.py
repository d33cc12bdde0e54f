"""The Sent folder is looked into, and the inbox is the inbox again afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from mailbox_at import MOST, opened, raws

from ingest.mailbox import MailboxError, SentMark

if TYPE_CHECKING:
    from collections.abc import Callable

    from recado.model.practice import Practice


def test_an_inbox_made_anew_while_the_sent_folder_was_read_is_not_emptied_by_uids_of_the_old_one(
    practice: Practice, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="MOVE")
    server.folders |= {"INBOX": raws(1, 2), "Sent": raws(7)}
    with opened(practice, server.port, sent="Sent") as mailbox:
        waiting = mailbox.waiting()
        assert len(list(mailbox.sent(None, MOST))) == 1
        server.uidvalidity["INBOX"] = 2
        with pytest.raises(MailboxError, match="made anew"):
            mailbox.move_to_done([envelope.uid for envelope in waiting])
    assert sorted(server.folders["INBOX"]) == [1, 2]


def test_the_sent_folder_is_opened_for_reading_only_and_nothing_in_it_is_changed(
    practice: Practice, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="MOVE")
    server.folders["Sent"] = raws(3, 4, 5)
    with opened(practice, server.port, sent="Sent") as mailbox:
        found = [(mark.uid, arrived.raw) for mark, arrived in mailbox.sent(SentMark(1, 3), MOST)]
    assert found == [(uid, raw) for uid, raw in raws(4, 5).items()]
    assert 'EXAMINE "Sent"' in server.commands
    assert 'SELECT "Sent"' not in server.commands
    assert not any(word in command for command in server.commands for word in ("STORE", "MOVE", "COPY", "EXPUNGE"))


def test_a_sent_folder_of_another_name_is_proposed(practice: Practice, scripted_imap: Callable[..., Any]) -> None:
    server = scripted_imap(capabilities="NAMESPACE", prefix="INBOX.", separator=".")
    server.folders["INBOX.Post.Gesendet"] = {}
    with (
        pytest.raises(MailboxError, match=r"no folder Sent .*`mailbox.sent`.* write `sent: Post/Gesendet`"),
        opened(practice, server.port, sent="Sent") as mailbox,
    ):
        list(mailbox.sent(None, MOST))

"""Many mails at once: in bounded batches, and one that is refused keeps no other back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mailbox_at import MOST, opened, raws

from ingest.fetching import BATCH_BYTES, BATCH_MAILS, in_batches
from ingest.mailbox import Envelope, MailRefusedError
from recado.store.steps import Step, observed

if TYPE_CHECKING:
    from collections.abc import Callable

    from recado.model.practice import Practice


@pytest.mark.parametrize("capabilities", ["MOVE UIDPLUS", "UIDPLUS", ""])
def test_one_mail_that_the_server_will_not_move_keeps_no_other_back(
    practice: Practice, scripted_imap: Callable[..., Any], capabilities: str
) -> None:
    server = scripted_imap(capabilities=capabilities)
    server.folders["INBOX"] = raws(1, 2, 3, 4)
    server.refused_uids = {2}
    with opened(practice, server.port) as mailbox:
        mailbox.move_to_done([1, 2, 3, 4])
        with pytest.raises(MailRefusedError, match=r"moving a mail to Recado/Done .*not here"):
            mailbox.raise_refused()
        mailbox.raise_refused()
        assert [envelope.uid for envelope in mailbox.waiting()] == [2]
    assert sorted(server.folders["Recado/Done"]) == [1, 3, 4]


def test_one_mail_that_the_server_will_not_give_keeps_no_other_back(
    practice: Practice, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap()
    server.folders["INBOX"] = raws(1, 2, 3)
    server.refused_uids = {2}
    with pytest.raises(MailRefusedError, match="fetching a mail"), opened(practice, server.port) as mailbox:
        assert [envelope.uid for envelope, _mail in mailbox.fetch(mailbox.waiting(), MOST)] == [1, 3]


def test_what_a_server_refuses_once_for_a_folder_that_is_gone_is_done_after_all(
    practice: Practice, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="MOVE")
    server.folders["INBOX"] = raws(1, 2)
    with opened(practice, server.port) as mailbox:
        del server.folders["Recado/Done"]
        mailbox.move_to_done([1, 2])
        mailbox.raise_refused()
    assert sorted(server.folders["Recado/Done"]) == [1, 2]


def test_the_steps_of_moving_are_told_in_their_order(practice: Practice, scripted_imap: Callable[..., Any]) -> None:
    steps: list[Step] = []
    for capabilities in ("MOVE UIDPLUS", "UIDPLUS"):
        server = scripted_imap(capabilities=capabilities)
        server.folders["INBOX"] = raws(1, 2)
        with observed(steps.append), opened(practice, server.port) as mailbox:
            mailbox.move_to_done([1, 2])
    assert steps == [Step.MOVED, Step.COPIED, Step.FLAGGED, Step.MOVED]


def test_a_thousand_mails_are_fetched_and_moved_with_few_commands_of_a_bounded_length(
    practice: Practice, scripted_imap: Callable[..., Any]
) -> None:
    server = scripted_imap(capabilities="MOVE")
    server.folders["INBOX"] = raws(*range(1_000_001, 1_001_001))
    with opened(practice, server.port) as mailbox:
        waiting = mailbox.waiting()
        assert len(list(mailbox.fetch(waiting, MOST))) == 1000
        mailbox.move_to_done([envelope.uid for envelope in waiting])
    assert len(server.folders["Recado/Done"]) == 1000
    assert sum(command.startswith("UID") for command in server.commands) == 1 + 2 + 1000 // BATCH_MAILS + 2
    assert max(map(len, server.commands)) < 8000


@given(
    st.lists(st.integers(0, 12_000_000), max_size=200),
    st.integers(1, 30_000_000),
)
def test_batches_hold_every_mail_once_in_order_and_never_more_than_they_may(sizes: list[int], most: int) -> None:
    envelopes = [Envelope(uid, size) for uid, size in enumerate(sizes)]
    batches = list(in_batches(envelopes, most))
    assert [envelope for batch in batches for envelope in batch] == envelopes
    for batch in batches:
        assert 0 < len(batch) <= BATCH_MAILS
        assert len({envelope.size > most for envelope in batch}) == 1
        is_whole = batch[0].size <= most
        assert not is_whole or len(batch) == 1 or sum(envelope.size for envelope in batch) <= BATCH_BYTES

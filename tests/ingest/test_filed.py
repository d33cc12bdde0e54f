"""What is filed already: repeats by id and digest together, threads by id and by number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ingest.filed import Filed, MessageFacts, TaskFacts, ThreadKey
from recado.model.status import Status

if TYPE_CHECKING:
    from pathlib import Path

THREAD = ThreadKey("acme", 1, "0001-posts")
OTHER = ThreadKey("acme", 2, "0002-logo")


def test_a_repeat_has_the_same_id_and_the_same_digest() -> None:
    filed = Filed()
    filed.add_message(THREAD, MessageFacts("<1@a>", "sha256:aa", "ACME-1"))
    assert filed.where("<1@a>", "sha256:aa") == "ACME-1"
    assert filed.where("<1@a>", "sha256:bb") is None
    assert filed.where("<2@a>", "sha256:aa") is None


def test_a_message_written_by_hand_is_never_a_repeat() -> None:
    filed = Filed()
    filed.add_thread(THREAD)
    filed.add_message(THREAD, MessageFacts("<1@a>", "", "ACME-1"))
    assert filed.where("<1@a>", "") is None
    assert filed.threads_of("<1@a>") == (THREAD,)


def test_an_id_that_two_threads_hold_names_both() -> None:
    filed = Filed()
    filed.add_thread(THREAD)
    filed.add_thread(OTHER)
    filed.add_message(THREAD, MessageFacts("<1@a>", "sha256:aa", "ACME-1"))
    filed.add_message(OTHER, MessageFacts("<1@a>", "sha256:bb", "ACME-2"))
    assert filed.threads_of("<1@a>") == (THREAD, OTHER)


def test_no_id_names_no_thread_and_is_never_known() -> None:
    filed = Filed()
    filed.add_thread(THREAD)
    filed.add_message(THREAD, MessageFacts("", "sha256:aa", "ACME-1"))
    filed.add_other("", "sha256:cc", "q")
    assert filed.threads_of("") == ()
    assert not filed.has_message_id("")
    assert filed.where("", "sha256:aa") == "ACME-1"


def test_a_quarantined_mail_is_known_but_leads_to_no_thread() -> None:
    filed = Filed()
    filed.add_other("<1@a>", "sha256:aa", "q")
    assert filed.where("<1@a>", "sha256:aa") == "q"
    assert filed.threads_of("<1@a>") == ()
    assert filed.has_message_id("<1@a>")


def test_a_task_that_was_merged_into_another_goes_on_there() -> None:
    into = {1: 2, 2: 3, 3: 2}
    filed = Filed(task_of=lambda thread: TaskFacts(goes_on_in=into.get(thread.number)))
    for number in (1, 2, 3, 4):
        filed.add_thread(ThreadKey("acme", number, f"{number:04d}-x"))
    found = [filed.numbered("acme", number) for number in (1, 4, 9)]
    assert [thread and thread.number for thread in found] == [3, 4, None]


def test_of_a_thread_is_told_what_its_messages_and_its_task_say() -> None:
    filed = Filed(task_of=lambda _thread: TaskFacts(Status.DONE, "December posts"))
    filed.add_thread(THREAD)
    filed.add_message(THREAD, MessageFacts("<1@a>", "sha256:aa", "ACME-1", "a.md", "Posts", ("jane@a", "marta@m")))
    filed.add_message(THREAD, MessageFacts("<2@m>", "sha256:bb", "ACME-1", "b.md", "Re: Posts", ("marta@m",), is_outgoing=True))
    filed.add_message(OTHER, MessageFacts("<3@a>", "sha256:cc", "ACME-2", "c.md", "Logo", ("bob@a",)))
    about = filed.about(THREAD)
    assert about.status is Status.DONE
    assert set(about.subjects) == {"December posts", "Posts", "Re: Posts"}
    assert about.people == {"jane@a", "marta@m"}
    assert about.outgoing_ids == {"<2@m>"}


def test_what_was_saved_is_there_again_and_what_was_undone_is_not(tmp_path: Path) -> None:
    filed = Filed(tmp_path / "x" / "filed.db")
    filed.add_message(THREAD, MessageFacts("<1@a>", "sha256:aa", "ACME-1"))
    filed.save()
    filed.add_message(THREAD, MessageFacts("<2@a>", "sha256:bb", "ACME-1"))
    filed.undo()
    filed.close()
    again = Filed(tmp_path / "x" / "filed.db")
    assert (again.where("<1@a>", "sha256:aa"), again.where("<2@a>", "sha256:bb")) == ("ACME-1", None)
    again.close()


def test_an_index_that_is_spoilt_anywhere_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "filed.db"
    filed = Filed(file)
    filed.add_message(THREAD, MessageFacts("<1@a>", "sha256:aa", "ACME-1"))
    filed.save()
    filed.close()
    whole = file.read_bytes()
    for at in range(100, len(whole) - 64, 397):  # behind the head, which is looked at first
        file.write_bytes(whole[:at] + b"\xa5" * 64 + whole[at + 64 :])
        filed = Filed(file)
        filed.add_message(THREAD, MessageFacts("<2@a>", "sha256:bb", "ACME-1"))
        assert filed.where("<2@a>", "sha256:bb") == "ACME-1"
        filed.close()


@pytest.mark.parametrize("spoilt", [b"", b"no table at all", b"SQLite format 3\x00" + bytes(4000)])
def test_a_spoilt_index_is_made_anew(spoilt: bytes, tmp_path: Path) -> None:
    (tmp_path / "filed.db").write_bytes(spoilt)
    filed = Filed(tmp_path / "filed.db")
    filed.add_message(THREAD, MessageFacts("<1@a>", "sha256:aa", "ACME-1"))
    filed.save()
    assert filed.where("<1@a>", "sha256:aa") == "ACME-1"
    filed.close()

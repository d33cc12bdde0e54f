"""What is filed already: repeats by id and digest together, threads by id and by number."""

from __future__ import annotations

from ingest.filed import Filed, MessageFacts, ThreadKey

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

"""Answers of people who are not of the thread's client: someone whom its people wrote to, a stranger, another client's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from made_up_mail import LOGO, NOW, POSTS, PRINTER, REQUESTS, a_mail, decided, people, some_filed

from ingest.decision import OTHER_CLIENT_COPIED, OTHER_CLIENTS_REF
from ingest.filed import MessageFacts, TaskFacts, ThreadKey
from ingest.routing import IntoThread, NewTask, Quarantine, Reason
from recado.model.message import THIRD_PARTY, Kind, Verified
from recado.model.status import Status

if TYPE_CHECKING:
    from typing import Any

    from ingest.filed import Filed
    from recado.model.practice import Practice

ANSWER: dict[str, Any] = {"in_reply_to": ("<posts@acme.example>",), "subject": "Re: December posts"}
TO_JANE_TOO = people(REQUESTS, "jane@acme.example")


@pytest.mark.parametrize("sender", [PRINTER, "Paul@Printer.Example", "paul+jobs@printer.example"])
@pytest.mark.parametrize(
    "parts",
    [
        ANSWER,
        {"references": ("<posts@acme.example>", "<lost@x>"), "subject": "Re: December posts"},
        {"subject": "Re: [ACME-42] Posts"},
        {"subject": "Quote", "to": people("requests+acme-42@marta.example")},
    ],
)
def test_whom_a_threads_people_wrote_to_answers_in_it(practice: Practice, sender: str, parts: dict[str, Any]) -> None:
    decision = decided(practice, a_mail(sender, **parts))
    assert isinstance(decision, IntoThread)
    assert (decision.thread, decision.kind, decision.flags) == (POSTS, Kind.REPLY, (THIRD_PARTY,))


def test_a_third_party_begins_no_task_even_with_a_new_subject(practice: Practice) -> None:
    assert isinstance(decided(practice, a_mail(PRINTER)), Quarantine)
    answer = decided(practice, a_mail(PRINTER, in_reply_to=("<posts@acme.example>",), subject="Our new catalogue"))
    assert isinstance(answer, IntoThread)


def test_a_third_party_opens_nothing(practice: Practice) -> None:
    filed = some_filed({POSTS: TaskFacts(Status.DONE, "December posts", NOW)})
    decision = decided(practice, a_mail(PRINTER, **ANSWER), filed=filed)
    assert isinstance(decision, IntoThread)
    assert not decision.reopens


def test_an_automatic_answer_of_a_third_party_is_a_note(practice: Practice) -> None:
    decision = decided(practice, a_mail(PRINTER, **ANSWER, automatic_reason="auto-submitted"))
    assert isinstance(decision, IntoThread)
    assert (decision.kind, decision.flags) == (Kind.NOTE, (THIRD_PARTY,))


@pytest.mark.parametrize(
    "parts",
    [
        ANSWER,
        {"subject": "Re: [ACME-42] Posts"},
        {"subject": "Hello", "to": people("requests+acme-42@marta.example")},
        {"in_reply_to": ("<posts@acme.example>",), "cc": people("jane@acme.example")},
    ],
)
def test_a_stranger_who_answers_in_a_thread_waits_and_the_thread_is_named(practice: Practice, parts: dict[str, Any]) -> None:
    decision = decided(practice, a_mail("eve@elsewhere.example", **parts))
    assert decision == Quarantine(Reason.UNKNOWN_SENDER, "eve@elsewhere.example, answering ACME-42")


def test_a_third_party_of_one_thread_is_a_stranger_in_another(practice: Practice) -> None:
    decision = decided(practice, a_mail(PRINTER, in_reply_to=("<logo@acme.example>",)))
    assert decision == Quarantine(Reason.UNKNOWN_SENDER, f"{PRINTER}, answering ACME-43")


def test_an_id_that_two_of_their_threads_hold_names_neither(practice: Practice) -> None:
    filed = some_filed()
    filed.add_message(LOGO, MessageFacts("<posts@acme.example>", "", "ACME-43", "", "", (PRINTER,)))
    decision = decided(practice, a_mail(PRINTER, **ANSWER), filed=filed)
    assert decision == Quarantine(Reason.UNKNOWN_SENDER, f"{PRINTER}, answering ACME-42")


def test_a_thread_of_a_client_who_is_no_longer_named_leads_nowhere(practice: Practice) -> None:
    filed = some_filed()
    gone = ThreadKey("gone", 1, "0001-gone")
    filed.add_thread(gone)
    filed.add_message(gone, MessageFacts("<gone@x>", "", "GONE-1", "", "", (PRINTER,)))
    decision = decided(practice, a_mail(PRINTER, in_reply_to=("<gone@x>",)), filed=filed)
    assert decision == Quarantine(Reason.UNKNOWN_SENDER, PRINTER)


# ---- People of another client ----


@pytest.fixture
def bob_in_copy() -> Filed:
    """Give what is filed where Jane wrote to Bob of Beta as well, in the thread of Acme's posts."""
    filed = some_filed()
    facts = MessageFacts(
        "<more@acme.example>",
        f"sha256:{44:064}",
        "ACME-42",
        "",
        "Re: December posts",
        ("jane@acme.example", "bob@beta.example"),
    )
    filed.add_message(POSTS, facts)
    return filed


def test_another_clients_person_who_answers_all_is_a_third_party(practice: Practice, bob_in_copy: Filed) -> None:
    decision = decided(practice, a_mail("bob@beta.example", **ANSWER, to=TO_JANE_TOO), filed=bob_in_copy)
    assert isinstance(decision, IntoThread)
    assert (decision.thread, decision.flags, decision.reopens) == (POSTS, (THIRD_PARTY,), False)


def test_what_they_write_to_the_practice_alone_stays_their_own(practice: Practice, bob_in_copy: Filed) -> None:
    decision = decided(practice, a_mail("bob@beta.example", **ANSWER), filed=bob_in_copy)
    assert isinstance(decision, NewTask)
    assert (decision.client, decision.flags) == ("beta", (OTHER_CLIENTS_REF,))


def test_who_is_not_among_the_threads_people_gets_a_task_of_their_own_client(practice: Practice) -> None:
    decision = decided(practice, a_mail("bob@beta.example", **ANSWER, to=TO_JANE_TOO))
    assert isinstance(decision, NewTask)
    assert decision.client == "beta"
    assert set(decision.flags) == {OTHER_CLIENTS_REF, OTHER_CLIENT_COPIED}


def test_their_own_thread_comes_before_another_clients(practice: Practice, bob_in_copy: Filed) -> None:
    mail = a_mail(
        "bob@beta.example",
        in_reply_to=("<more@acme.example>",),
        references=("<shop@beta.example>",),
        subject="Re: The shop's pages",
        to=TO_JANE_TOO,
    )
    decision = decided(practice, mail, filed=bob_in_copy)
    assert isinstance(decision, IntoThread)
    assert decision.thread.client == "beta"


def test_an_out_of_office_of_another_clients_person_waits(practice: Practice, bob_in_copy: Filed) -> None:
    decision = decided(practice, a_mail("bob@beta.example", **ANSWER, automatic_reason="auto-submitted"), filed=bob_in_copy)
    assert decision == Quarantine(Reason.AUTOMATIC, "auto-submitted")


@pytest.mark.parametrize("verified", list(Verified))
def test_a_third_party_is_filed_as_far_as_they_are_believed(practice: Practice, verified: Verified) -> None:
    decision = decided(practice, a_mail(PRINTER, **ANSWER), verified)
    assert isinstance(decision, IntoThread)
    assert decision.verified is None

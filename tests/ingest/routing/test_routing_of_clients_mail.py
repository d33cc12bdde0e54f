"""Where a mail goes: the sender's client, the thread within that client, or the quarantine with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from made_up_mail import EMPTY, POSTS, a_mail, decided

from ingest.attachment import Attachment
from ingest.automatic import OUT_OF_OFFICE
from ingest.decision import FORWARDED, REUSED_MESSAGE_ID
from ingest.filed import Filed, MessageFacts, ThreadKey
from ingest.mail import SenderProblem, Unreadable
from ingest.routing import IntoThread, NewTask, Quarantine, Reason, Repeat
from recado.model.address import Person
from recado.model.message import Kind, Verified

if TYPE_CHECKING:
    from recado.model.practice import Practice


@pytest.mark.parametrize(
    ("sender", "client"),
    [
        ("jane@acme.example", "acme"),
        ("Jane@ACME.Example", "acme"),
        ("jane+work@acme.example", "acme"),
        ("anyone@acme.example", "acme"),
        ("anyone@xn--bcher-kva.example", "acme"),
        ("anyone@BÜCHER.example", "acme"),
        ("bob@beta.example", "beta"),
        ("helper@acme.example", "beta"),  # named at one client, in the domain of another
    ],
)
def test_a_known_sender_begins_a_task_of_their_client(practice: Practice, sender: str, client: str) -> None:
    decision = decided(practice, a_mail(sender))
    assert decision == NewTask(client, "A new thing", (), f"a request from {sender}")


@pytest.mark.parametrize(
    "sender", ["stranger@elsewhere.example", "jane@sub.acme.example", "jane@acme.example.evil.example", "jane@notacme.example"]
)
def test_an_unknown_sender_goes_to_the_quarantine(practice: Practice, sender: str) -> None:
    assert decided(practice, a_mail(sender)) == Quarantine(Reason.UNKNOWN_SENDER, sender)


def test_neither_a_ref_nor_a_thread_nor_a_tag_lets_a_stranger_in(practice: Practice) -> None:
    mail = a_mail(
        "stranger@elsewhere.example",
        subject="Re: [ACME-42] Posts",
        in_reply_to=("<posts@acme.example>",),
        to=(Person("", "requests+acme@marta.example"),),
    )
    assert decided(practice, mail) == Quarantine(Reason.UNKNOWN_SENDER, "stranger@elsewhere.example, answering ACME-42")


def test_a_tag_never_takes_a_sender_of_one_client_to_another(practice: Practice) -> None:
    decision = decided(practice, a_mail(to=(Person("", "requests+beta@marta.example"),)))
    assert isinstance(decision, NewTask)
    assert decision.client == "acme"


def test_an_automatic_answer_is_a_note_of_its_thread(practice: Practice) -> None:
    decision = decided(practice, a_mail(automatic_reason="auto-submitted", in_reply_to=("<posts@acme.example>",)))
    assert isinstance(decision, IntoThread)
    assert (decision.thread, decision.kind) == (POSTS, Kind.NOTE)


@pytest.mark.parametrize("sender", ["jane@acme.example", "stranger@elsewhere.example", "marta@marta.example"])
def test_an_automatic_answer_without_a_thread_goes_to_the_quarantine(practice: Practice, sender: str) -> None:
    assert decided(practice, a_mail(sender, automatic_reason="null-return-path")) == Quarantine(
        Reason.AUTOMATIC, "null-return-path"
    )


def test_a_request_that_is_named_like_a_machines_answer_is_a_request(practice: Practice) -> None:
    named = {"subject": "Out of office: please set it up", "automatic_reason": OUT_OF_OFFICE}
    decision = decided(practice, a_mail(**named))
    assert isinstance(decision, NewTask)
    assert (decision.client, decision.kind) == ("acme", Kind.REQUEST)
    set_aside = Quarantine(Reason.AUTOMATIC, OUT_OF_OFFICE)
    assert decided(practice, a_mail(**named, in_reply_to=("<lost@x>",))) == set_aside
    assert decided(practice, a_mail(**named, references=("<lost@x>",))) == set_aside
    assert decided(practice, a_mail(**(named | {"subject": "Out of office: [BETA-7] The shop"}))) == set_aside
    assert decided(practice, a_mail("stranger@elsewhere.example", **named)) == set_aside
    assert decided(practice, a_mail("marta@marta.example", **named)) == set_aside
    note = decided(practice, a_mail(**named, in_reply_to=("<posts@acme.example>",)))
    assert isinstance(note, IntoThread)
    assert note.kind is Kind.NOTE


@pytest.mark.parametrize("sender", ["jane@acme.example", "stranger@elsewhere.example", "marta@marta.example"])
def test_what_could_run_goes_to_the_quarantine_whoever_sent_it(practice: Practice, sender: str) -> None:
    files = (Attachment("a.pdf", "application/pdf", b"%PDF"), Attachment("bill.exe", "application/octet-stream", b"MZ"))
    mail = a_mail(sender, attachments=files, in_reply_to=("<posts@acme.example>",))
    assert decided(practice, mail) == Quarantine(Reason.EXECUTABLE, "bill.exe")


def test_a_title_made_of_the_text_turns_no_reading_direction(practice: Practice) -> None:
    decision = decided(practice, a_mail(subject="", text="pay \u202egpj\u2066 now"))
    assert isinstance(decision, NewTask)
    assert decision.title == "pay gpj now"


def test_an_unbelieved_sender_is_filed_all_the_same(practice: Practice) -> None:
    decision = decided(practice, a_mail(in_reply_to=("<posts@acme.example>",)), Verified.FAIL)
    assert isinstance(decision, IntoThread)
    assert decision.kind is Kind.REPLY


def test_a_repeat_is_known_before_anything_else_about_it(practice: Practice) -> None:
    again = a_mail("stranger@elsewhere.example", message_id="<posts@acme.example>", digest=f"sha256:{42:064}")
    assert decided(practice, again) == Repeat("ACME-42")


@pytest.mark.parametrize("first", ["the genuine one", "the forged one"])
def test_another_content_under_a_used_id_is_filed_too_and_flagged_in_both_orders(practice: Practice, first: str) -> None:
    genuine = a_mail(message_id="<same@x>", digest="sha256:" + "a" * 64)
    forged = a_mail("anyone@acme.example", message_id="<same@x>", digest="sha256:" + "b" * 64)
    one, other = (genuine, forged) if first == "the genuine one" else (forged, genuine)
    filed = Filed()
    begun = decided(practice, one, Verified.NONE, filed=filed)
    assert isinstance(begun, NewTask)
    assert begun.flags == ()
    filed.add_message(ThreadKey("acme", 1, "0001-a-new-thing"), MessageFacts(one.message_id, one.digest, "ACME-1"))
    decision = decided(practice, other, Verified.NONE, filed=filed)
    assert isinstance(decision, NewTask)
    assert decision.flags == (REUSED_MESSAGE_ID,)


def test_an_id_that_a_stranger_used_first_suppresses_nothing(practice: Practice) -> None:
    filed = Filed()
    filed.add_other("<same@x>", "sha256:" + "b" * 64, "q")
    decision = decided(practice, a_mail(message_id="<same@x>"), Verified.PASS, filed=filed)
    assert isinstance(decision, NewTask)
    assert decision.flags == (REUSED_MESSAGE_ID,)


def test_a_mail_without_an_id_is_filed_and_two_of_them_are_two(practice: Practice) -> None:
    filed = Filed()
    filed.add_message(POSTS, MessageFacts("", "sha256:" + "a" * 64, "ACME-42"))
    other = decided(practice, a_mail(message_id="", digest="sha256:" + "b" * 64), Verified.PASS, filed=filed)
    assert isinstance(other, NewTask)
    assert other.flags == ()
    sent = datetime(2026, 11, 24, 8, tzinfo=UTC)
    same = decided(practice, a_mail(message_id="", digest="sha256:" + "a" * 64, date=sent), Verified.PASS, filed=filed)
    assert same == Repeat("ACME-42")


def test_a_mail_no_one_sent_and_a_mail_no_one_can_read_go_to_the_quarantine(practice: Practice) -> None:
    nobody = replace(EMPTY, from_=SenderProblem("several-from-headers", "a@x | b@y"))
    assert decided(practice, nobody) == Quarantine(Reason.NO_SENDER, "several-from-headers: a@x | b@y")
    unreadable = decided(practice, Unreadable("too-deep", "101 levels"))
    assert unreadable == Quarantine(Reason.UNREADABLE, "too-deep: 101 levels")


def test_the_flags_of_the_mail_and_a_forward_are_kept(practice: Practice) -> None:
    decision = decided(practice, a_mail(flags=("repeated-header", "no-date"), is_forward=True))
    assert decision.flags == ("repeated-header", "no-date", FORWARDED)

"""The practice's own mail: answers in a thread, threads it begins, the Sent folder, and what the VA passes on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from made_up_mail import POSTS, PRINTER, REQUESTS, SHOP, a_mail, decided, people, some_filed

from ingest.attachment import Attachment
from ingest.decision import OTHER_CLIENT_COPIED, REUSED_MESSAGE_ID
from ingest.filed import MessageFacts
from ingest.mail import SenderProblem, Unreadable
from ingest.routing import Ignored, IntoThread, NewTask, Quarantine, Reason, Repeat
from recado.model.address import Person
from recado.model.message import Kind, Verified

if TYPE_CHECKING:
    from recado.model.practice import Practice

MARTA = "marta@marta.example"
JANE = Person("Jane Doe", "jane@acme.example")
ANSWER: dict[str, Any] = {"in_reply_to": ("<posts@acme.example>",), "subject": "Re: December posts"}


@pytest.mark.parametrize(
    "sender", ["marta@marta.example", "Marta+x@marta.example", "requests@marta.example", "luis@marta.example"]
)
def test_the_practices_own_verified_answer_is_outgoing_in_its_thread(practice: Practice, sender: str) -> None:
    mail = a_mail(sender, in_reply_to=("<shop@beta.example>",))
    decision = decided(practice, mail)
    assert isinstance(decision, IntoThread)
    assert (decision.thread, decision.kind) == (SHOP, Kind.OUTGOING)


@pytest.mark.parametrize("verified", [Verified.FAIL, Verified.NONE])
def test_who_only_claims_to_be_the_practice_is_not_believed(practice: Practice, verified: Verified) -> None:
    mail = a_mail("marta@marta.example", in_reply_to=("<shop@beta.example>",))
    assert decided(practice, mail, verified) == Quarantine(Reason.OWN_UNVERIFIED, f"marta@marta.example: {verified.value}")


def test_the_practices_own_mail_outside_any_thread_or_in_two_goes_to_the_quarantine(practice: Practice) -> None:
    outside = decided(practice, a_mail("marta@marta.example"))
    assert outside == Quarantine(Reason.OWN_ADDRESS, "marta@marta.example")
    in_two = decided(practice, a_mail("marta@marta.example", references=("<shop@beta.example>", "<posts@acme.example>")))
    assert in_two == Quarantine(Reason.OWN_SEVERAL, "marta@marta.example answering ACME-42, BETA-7")


@pytest.mark.parametrize(
    "to",
    [
        ("jane@acme.example", REQUESTS),
        ("jane@acme.example",),  # the request address in Bcc
        ("boss@acme.example", PRINTER, REQUESTS),
        (PRINTER, REQUESTS),  # one of the thread's people
        (REQUESTS,),
        ("requests+acme-42@marta.example",),
        (),
    ],
)
def test_her_verified_answer_to_the_threads_people_is_outgoing(practice: Practice, to: tuple[str, ...]) -> None:
    decision = decided(practice, a_mail(MARTA, **ANSWER, to=people(*to)))
    assert isinstance(decision, IntoThread)
    assert (decision.thread, decision.kind, decision.flags, decision.verified) == (POSTS, Kind.OUTGOING, (), None)


@pytest.mark.parametrize(
    ("to", "detail"),
    [
        (("luis@marta.example", REQUESTS), "luis@marta.example"),  # between themselves
        (("bob@beta.example", REQUESTS), "bob@beta.example"),
        (("designer@elsewhere.example", REQUESTS), "designer@elsewhere.example"),
    ],
)
def test_her_words_to_anyone_else_are_not_put_on_the_clients_portal(
    practice: Practice, to: tuple[str, ...], detail: str
) -> None:
    decision = decided(practice, a_mail(MARTA, **ANSWER, to=people(*to)))
    assert decision == Quarantine(Reason.OWN_ELSEWHERE, f"{MARTA} answering ACME-42, to {detail}")


def test_her_words_to_another_clients_person_of_the_thread_alone_are_not_put_there(practice: Practice) -> None:
    filed = some_filed()
    filed.add_message(POSTS, MessageFacts("<more@x>", "", "ACME-42", "", "", ("jane@acme.example", "bob@beta.example")))
    decision = decided(practice, a_mail(MARTA, **ANSWER, to=people("bob@beta.example")), filed=filed)
    assert decision == Quarantine(Reason.OWN_ELSEWHERE, f"{MARTA} answering ACME-42, to bob@beta.example")


def test_of_two_clients_threads_the_people_it_goes_to_decide(practice: Practice) -> None:
    chain = {"references": ("<shop@beta.example>", "<posts@acme.example>")}
    decision = decided(practice, a_mail(MARTA, **chain, to=people("bob@beta.example", REQUESTS)))
    assert isinstance(decision, IntoThread)
    assert decision.thread == SHOP
    both = decided(practice, a_mail(MARTA, **chain, to=people("bob@beta.example", "jane@acme.example", REQUESTS)))
    assert both == Quarantine(Reason.OWN_SEVERAL, f"{MARTA} answering ACME-42, BETA-7")


def test_of_two_threads_of_one_client_the_nearest_counts(practice: Practice) -> None:
    chain = {"references": ("<logo@acme.example>", "<posts@acme.example>")}
    assert decided(practice, a_mail(MARTA, **chain, to=people("jane@acme.example"))).thread == POSTS


def test_a_changed_subject_of_hers_stays_in_the_thread(practice: Practice) -> None:
    mail = a_mail(MARTA, in_reply_to=("<posts@acme.example>",), subject="Your posts are ready", to=people("jane@acme.example"))
    assert decided(practice, mail).thread == POSTS


@pytest.mark.parametrize(
    ("to", "client", "flags"),
    [
        (("jane@acme.example", REQUESTS), "acme", ()),
        (("bob@beta.example",), "beta", ()),
        (("sam@shared.example", "jane@acme.example"), "acme", ()),
        (("sam@shared.example", "requests+beta@marta.example"), "beta", ()),
        (("jane@acme.example", "designer@elsewhere.example", "luis@marta.example"), "acme", ()),
    ],
)
def test_her_mail_to_one_clients_people_begins_a_thread(
    practice: Practice, to: tuple[str, ...], client: str, flags: tuple[str, ...]
) -> None:
    decision = decided(practice, a_mail(MARTA, to=people(*to), subject="Your calendar"))
    assert isinstance(decision, NewTask)
    assert (decision.client, decision.title, decision.kind, decision.flags) == (client, "Your calendar", Kind.OUTGOING, flags)


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        (("jane@acme.example", "bob@beta.example"), Reason.OWN_SEVERAL),
        (("jane@acme.example", "bob@beta.example", "requests+acme@marta.example"), Reason.OWN_SEVERAL),
        (("sam@shared.example", REQUESTS), Reason.OWN_SEVERAL),
        ((REQUESTS,), Reason.OWN_ADDRESS),
        (("requests+acme@marta.example",), Reason.OWN_ADDRESS),
        (("luis@marta.example", REQUESTS), Reason.OWN_ADDRESS),
        (("designer@elsewhere.example", REQUESTS), Reason.OWN_ADDRESS),
        ((), Reason.OWN_ADDRESS),
    ],
)
def test_her_mail_to_several_clients_or_to_none_waits(practice: Practice, to: tuple[str, ...], reason: Reason) -> None:
    decision = decided(practice, a_mail(MARTA, to=people(*to)))
    assert isinstance(decision, Quarantine)
    assert decision.reason is reason


def test_her_out_of_office_is_never_her_word(practice: Practice) -> None:
    mail = a_mail(MARTA, **ANSWER, to=people("jane@acme.example"), automatic_reason="auto-submitted")
    assert decided(practice, mail) == Quarantine(Reason.AUTOMATIC, "auto-submitted")
    assert isinstance(decided(practice, mail, is_sent=True), Ignored)


def test_a_person_of_another_client_in_copy_is_told_of(practice: Practice) -> None:
    decision = decided(practice, a_mail(MARTA, **ANSWER, to=people("jane@acme.example", "bob@beta.example")))
    assert (decision.thread, decision.flags) == (POSTS, (OTHER_CLIENT_COPIED,))


# ---- The Sent folder ----


@pytest.mark.parametrize("verified", [Verified.NONE, Verified.FAIL])
def test_an_answer_in_the_sent_folder_is_hers_without_any_servers_word(practice: Practice, verified: Verified) -> None:
    decision = decided(practice, a_mail(MARTA, **ANSWER, to=people("jane@acme.example")), verified, is_sent=True)
    assert isinstance(decision, IntoThread)
    assert (decision.thread, decision.kind, decision.verified) == (POSTS, Kind.OUTGOING, Verified.PASS)


@pytest.mark.parametrize(
    "mail",
    [
        a_mail(MARTA, to=people("jane@acme.example")),
        a_mail(MARTA, **ANSWER, to=people("bob@beta.example")),
        a_mail(MARTA, **ANSWER, to=people("accountant@elsewhere.example")),
        a_mail(MARTA, **ANSWER, to=people("luis@marta.example")),
        a_mail(MARTA, **ANSWER, to=()),
        a_mail(MARTA, subject="Fwd: December posts", is_forward=True, to=people("accountant@elsewhere.example")),
        a_mail("jane@acme.example", **ANSWER),
        a_mail("marta@private.example", **ANSWER, to=people("jane@acme.example")),
        a_mail(MARTA, references=("<shop@beta.example>", "<posts@acme.example>"), to=people("sam@shared.example")),
        a_mail(
            MARTA,
            **ANSWER,
            to=people("jane@acme.example"),
            attachments=(Attachment("bill.exe", "application/octet-stream", b"MZ"),),
        ),
    ],
)
def test_anything_else_in_the_sent_folder_stays_there(practice: Practice, mail: Any) -> None:
    assert isinstance(decided(practice, mail, is_sent=True), Ignored)


def test_what_cannot_be_read_in_the_sent_folder_stays_there(practice: Practice) -> None:
    assert isinstance(decided(practice, Unreadable("too-large", "26 MB"), is_sent=True), Ignored)
    nobody = replace(a_mail(**ANSWER), from_=SenderProblem("no-from", ""))
    assert isinstance(decided(practice, nobody, is_sent=True), Ignored)


@pytest.mark.parametrize("is_sent", [False, True])
@pytest.mark.parametrize("digest", ["sha256:" + "a" * 64, "sha256:" + "b" * 64])
def test_a_second_copy_of_her_mail_is_a_repeat_whichever_way_it_came(practice: Practice, digest: str, *, is_sent: bool) -> None:
    filed = some_filed()
    facts = MessageFacts("<1@marta.example>", "sha256:" + "a" * 64, "ACME-42", "", "", (MARTA, JANE.email), is_outgoing=True)
    filed.add_message(POSTS, facts)
    copy = a_mail(MARTA, **ANSWER, message_id="<1@marta.example>", digest=digest, to=people("jane@acme.example"))
    decision = decided(practice, copy, filed=filed, is_sent=is_sent)
    assert isinstance(decision, Repeat)
    assert decision.where == "ACME-42"


def test_who_used_her_id_first_suppresses_none_of_her_mail(practice: Practice) -> None:
    filed = some_filed()
    filed.add_message(POSTS, MessageFacts("<1@marta.example>", "sha256:e", "ACME-42", "", "", ("jane@acme.example",)))
    hers = a_mail(MARTA, **ANSWER, message_id="<1@marta.example>", to=people("jane@acme.example"))
    decision = decided(practice, hers, filed=filed)
    assert isinstance(decision, IntoThread)
    assert (decision.kind, decision.flags) == (Kind.OUTGOING, (REUSED_MESSAGE_ID,))


def test_a_clients_mail_under_the_id_of_hers_is_no_repeat(practice: Practice) -> None:
    decision = decided(practice, a_mail(message_id="<answer@marta.example>", **ANSWER))
    assert isinstance(decision, IntoThread)
    forged = decided(practice, a_mail(MARTA, message_id="<answer@marta.example>", **ANSWER), Verified.NONE)
    assert forged == Quarantine(Reason.OWN_UNVERIFIED, f"{MARTA}: none")

"""Which thread an answer belongs to, what a new subject begins, and what becomes of answers to what is done."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from made_up_mail import LOGO, NOW, POSTS, SHOP, a_mail, decided, people, some_filed

from ingest.attachment import Attachment
from ingest.decision import AFTER_CANCELLED, NEW_SUBJECT, OLD_THREAD, OTHER_CLIENT_COPIED, OTHER_CLIENTS_REF
from ingest.filed import MessageFacts, TaskFacts
from ingest.routing import IntoThread, NewTask, Quarantine, Reason
from recado.model.message import Kind, Verified
from recado.model.status import Status

if TYPE_CHECKING:
    from ingest.filed import ThreadKey
    from recado.model.practice import Practice

ANSWER: dict[str, Any] = {"in_reply_to": ("<posts@acme.example>",), "subject": "Re: December posts"}


@pytest.mark.parametrize(
    ("parts", "thread"),
    [
        ({"in_reply_to": ("<posts@acme.example>",)}, POSTS),
        ({"in_reply_to": ("<answer@marta.example>",)}, POSTS),
        ({"references": ("<posts@acme.example>", "<lost@x>", "<lost2@x>")}, POSTS),
        ({"references": ("<lost@x>", "<posts@acme.example>", "<lost2@x>")}, POSTS),
        ({"references": ("<posts@acme.example>", "<logo@acme.example>")}, LOGO),  # the nearest one counts
        ({"in_reply_to": ("<posts@acme.example>",), "references": ("<logo@acme.example>",)}, POSTS),
        ({"subject": "RE: [ACME-42] Posts"}, POSTS),
        ({"subject": "AW: Fwd: [ acme-43 ] Logo"}, LOGO),
        ({"subject": "[ACME-42] and [ACME-43]"}, POSTS),
        ({"subject": "[ACME-43]", "in_reply_to": ("<posts@acme.example>",)}, POSTS),  # the chain before the ref
        ({"subject": "[ACME-42]", "in_reply_to": ("<lost@x>",)}, POSTS),
    ],
)
def test_an_answer_goes_into_its_thread(practice: Practice, parts: dict[str, Any], thread: ThreadKey) -> None:
    decision = decided(practice, a_mail(**parts))
    assert isinstance(decision, IntoThread)
    assert (decision.thread, decision.kind, decision.flags) == (thread, Kind.REPLY, ())


@pytest.mark.parametrize("subject", ["Re: Posts", "ACME-42", "(ACME-42)", "[ACME-999]", "[ACME-0]", "[XACME-42]", "[ACME-042]"])
def test_neither_the_same_subject_nor_what_is_no_ref_finds_a_thread(practice: Practice, subject: str) -> None:
    decision = decided(practice, a_mail(subject=subject))
    assert isinstance(decision, NewTask)
    assert decision.flags == ()


@pytest.mark.parametrize(
    "parts",
    [
        {"in_reply_to": ("<shop@beta.example>",)},
        {"references": ("<lost@x>", "<shop@beta.example>", "<lost2@x>")},
        {"subject": "Re: [BETA-7] Shop"},
        {"subject": "Re: [BETA-8] guessed"},  # whether the number is given or not is not told apart
    ],
)
def test_what_points_at_another_clients_thread_begins_a_flagged_task_of_the_senders(
    practice: Practice, parts: dict[str, Any]
) -> None:
    decision = decided(practice, a_mail(**parts))
    assert isinstance(decision, NewTask)
    assert (decision.client, decision.flags) == ("acme", (OTHER_CLIENTS_REF,))


def test_another_clients_thread_in_the_chain_does_not_hide_the_senders_own(practice: Practice) -> None:
    decision = decided(practice, a_mail(in_reply_to=("<shop@beta.example>",), references=("<posts@acme.example>",)))
    assert isinstance(decision, IntoThread)
    assert (decision.thread, decision.flags) == (POSTS, (OTHER_CLIENTS_REF,))


@pytest.mark.parametrize(
    ("parts", "client"),
    [
        ({"in_reply_to": ("<shop@beta.example>",)}, "beta"),
        ({"in_reply_to": ("<posts@acme.example>",)}, "acme"),
        ({"subject": "[BETA-7]"}, "beta"),
        ({"to": people("requests+acme@marta.example")}, "acme"),
        ({"to": people("Requests+BETA@Marta.example")}, "beta"),
        ({"to": (), "cc": people("requests+beta@marta.example")}, "beta"),
    ],
)
def test_for_one_person_at_two_clients_the_thread_decides_then_the_tag(
    practice: Practice, parts: dict[str, Any], client: str
) -> None:
    decision = decided(practice, a_mail("sam@shared.example", **parts))
    assert (decision.thread.client if isinstance(decision, IntoThread) else decision.client) == client
    assert decision.flags == ()


@pytest.mark.parametrize("to", ["requests@marta.example", "requests+other@marta.example", "else+acme@marta.example"])
def test_for_one_person_at_two_clients_the_quarantine_asks_when_nothing_decides(practice: Practice, to: str) -> None:
    decision = decided(practice, a_mail("sam@shared.example", to=people(to)))
    assert decision == Quarantine(Reason.TWO_CLIENTS, "sam@shared.example: acme, beta")


def test_an_id_that_stands_in_two_threads_finds_neither_and_the_chain_goes_on(practice: Practice) -> None:
    filed = some_filed()
    filed.add_message(LOGO, MessageFacts("<posts@acme.example>", "sha256:" + "e" * 64, "ACME-43"))
    lost = decided(practice, a_mail(in_reply_to=("<posts@acme.example>",)), filed=filed)
    assert isinstance(lost, NewTask)
    chain = a_mail(in_reply_to=("<posts@acme.example>",), references=("<answer@marta.example>",))
    found = decided(practice, chain, filed=filed)
    assert isinstance(found, IntoThread)
    assert found.thread == POSTS


@pytest.mark.parametrize(
    ("parts", "thread"),
    [
        # Exchange gave the answered mail another id; the older ones are still in the chain.
        ({"in_reply_to": ("<AM9PR01@eurprd01.example>",), "references": ("<posts@acme.example>", "<AM9PR01@x>")}, POSTS),
        # Amazon SES too, and the program kept no chain: the tag that Reply-To carried, or the ref in the subject.
        ({"in_reply_to": ("<0102@eu-west-1.amazonses.com>",), "to": people("requests+acme-42@marta.example")}, POSTS),
        ({"in_reply_to": ("<0102@eu-west-1.amazonses.com>",), "subject": "Re: [ACME-43] A new logo"}, LOGO),
        # A customer's own program answers with an id of its own, and the chain says which mail it means.
        ({"in_reply_to": ("<tinycrm-23@erp.example>",), "references": ("<posts@acme.example>",)}, POSTS),
        # The tag, which a program wrote back, before the ref, which a person may have typed.
        ({"to": people("requests+acme-42@marta.example"), "subject": "[ACME-43]"}, POSTS),
        ({"to": people("requests+acme-42@marta.example"), "in_reply_to": ("<logo@acme.example>",)}, LOGO),
    ],
)
def test_an_answer_whose_ids_were_rewritten_finds_its_thread(
    practice: Practice, parts: dict[str, Any], thread: ThreadKey
) -> None:
    decision = decided(practice, a_mail(**parts))
    assert isinstance(decision, IntoThread)
    assert (decision.thread, decision.kind, decision.flags) == (thread, Kind.REPLY, ())


def test_a_ref_in_the_quoted_text_finds_no_thread(practice: Practice) -> None:
    decision = decided(
        practice, a_mail(in_reply_to=("<lost@x>",), quoted="Subject: [ACME-42] December posts", subject="Re: Posts")
    )
    assert isinstance(decision, NewTask)


def test_someone_else_of_the_client_who_was_in_copy_answers_in_the_same_thread(practice: Practice) -> None:
    decision = decided(practice, a_mail("boss@acme.example", **ANSWER))
    assert isinstance(decision, IntoThread)
    assert (decision.thread, decision.flags) == (POSTS, ())


@pytest.mark.parametrize("tag", ["requests+beta-7@marta.example", "requests+BETA-999@marta.example"])
def test_a_tag_of_another_clients_task_begins_a_flagged_task_of_the_senders(practice: Practice, tag: str) -> None:
    decision = decided(practice, a_mail(to=people(tag)))
    assert isinstance(decision, NewTask)
    assert (decision.client, decision.flags) == ("acme", (OTHER_CLIENTS_REF,))


def test_people_of_another_client_in_copy_are_told_of(practice: Practice) -> None:
    begun = decided(practice, a_mail(cc=people("bob@beta.example", "marta@marta.example", "sam@shared.example")))
    assert (begun.client, begun.flags) == ("acme", (OTHER_CLIENT_COPIED,))
    answered = decided(practice, a_mail(cc=people("bob@beta.example"), **ANSWER))
    assert (answered.thread, answered.flags) == (POSTS, (OTHER_CLIENT_COPIED,))
    alone = decided(practice, a_mail(cc=people("sam@shared.example", "boss@acme.example")))
    assert alone.flags == ()


# ---- A new subject in an old thread ----


def test_a_new_subject_in_an_old_thread_begins_a_task(practice: Practice) -> None:
    decision = decided(practice, a_mail(in_reply_to=("<posts@acme.example>",), subject="The invoice of May"))
    assert isinstance(decision, NewTask)
    assert (decision.client, decision.title, decision.flags) == ("acme", "The invoice of May", (NEW_SUBJECT,))
    assert decision.why == "a new subject from jane@acme.example, answering ACME-42"


def test_of_one_person_at_two_clients_the_new_subject_goes_to_the_client_of_the_thread(practice: Practice) -> None:
    mail = a_mail("sam@shared.example", in_reply_to=("<shop@beta.example>",), subject="The invoice of May")
    decision = decided(practice, mail)
    assert isinstance(decision, NewTask)
    assert (decision.client, decision.flags) == ("beta", (NEW_SUBJECT,))


@pytest.mark.parametrize(
    "parts",
    [
        {"subject": "[EXTERNAL] RE: December posts (urgent)"},
        {"subject": "Re:"},
        {"subject": "The invoice [ACME-42]"},
        {"subject": "The invoice", "to": people("requests+acme-42@marta.example")},
        {"subject": "The invoice [ACME-42]", "to": people("requests+acme-43@marta.example")},
    ],
)
def test_the_same_subject_or_a_ref_of_ours_stays_in_the_thread(practice: Practice, parts: dict[str, Any]) -> None:
    decision = decided(practice, a_mail(in_reply_to=("<posts@acme.example>",), **parts))
    assert isinstance(decision, IntoThread)
    assert decision.thread == POSTS


def test_a_new_subject_that_names_another_task_goes_there(practice: Practice) -> None:
    decision = decided(practice, a_mail(in_reply_to=("<posts@acme.example>",), subject="[ACME-43] The logo's colours"))
    assert isinstance(decision, IntoThread)
    assert (decision.thread, decision.flags) == (LOGO, ())


def test_an_automatic_answer_has_its_own_subject_and_stays_a_note(practice: Practice) -> None:
    mail = a_mail(in_reply_to=("<posts@acme.example>",), subject="Out of office", automatic_reason="auto-submitted")
    decision = decided(practice, mail)
    assert isinstance(decision, IntoThread)
    assert (decision.thread, decision.kind, decision.reopens) == (POSTS, Kind.NOTE, False)


def test_in_a_thread_without_subjects_none_is_new(practice: Practice) -> None:
    filed = some_filed()
    filed.add_message(LOGO, MessageFacts("<logo@acme.example>", f"sha256:{43:064}", "ACME-43"))
    decision = decided(practice, a_mail(in_reply_to=("<logo@acme.example>",), subject="Anything"), filed=filed)
    assert isinstance(decision, IntoThread)


# ---- Answers to what is done, or cancelled ----


def posts_are(status: Status, days: int | None = None) -> dict[ThreadKey, TaskFacts]:
    return {POSTS: TaskFacts(status, "December posts", None if days is None else NOW - timedelta(days=days))}


@pytest.mark.parametrize("days", [0, 1, 60, None, -1])
@pytest.mark.parametrize("verified", [Verified.PASS, Verified.NONE])
def test_an_answer_to_what_is_done_opens_it_again(practice: Practice, verified: Verified, days: int | None) -> None:
    decision = decided(practice, a_mail(**ANSWER), verified, filed=some_filed(posts_are(Status.DONE, days)))
    assert isinstance(decision, IntoThread)
    assert (decision.thread, decision.kind, decision.reopens) == (POSTS, Kind.REPLY, True)
    assert decision.why == "an answer from jane@acme.example opens ACME-42 again"


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.DONE])
def test_an_answer_to_what_is_not_done_opens_nothing(practice: Practice, status: Status) -> None:
    decision = decided(practice, a_mail(**ANSWER), filed=some_filed(posts_are(status, 1)))
    assert isinstance(decision, IntoThread)
    assert not decision.reopens
    assert decision.flags == ((AFTER_CANCELLED,) if status is Status.CANCELLED else ())


@pytest.mark.parametrize("days", [1, 400])
def test_thanks_open_nothing_and_begin_nothing(practice: Practice, days: int) -> None:
    mail = a_mail(**ANSWER, text="Thank you so much, Marta!")
    decision = decided(practice, mail, filed=some_filed(posts_are(Status.DONE, days)))
    assert isinstance(decision, IntoThread)
    assert not decision.reopens
    assert decision.why == "thanks from jane@acme.example: ACME-42 stays done"


@pytest.mark.parametrize("text", ["Thanks, Marta!\n\nJane Doe", "Thank you, Luis. Jane"])
def test_thanks_may_be_signed_with_the_name_that_the_practice_knows(practice: Practice, text: str) -> None:
    assert not decided(practice, a_mail(**ANSWER, text=text), filed=some_filed(posts_are(Status.DONE, 1))).reopens
    from_the_boss = a_mail("boss@acme.example", **ANSWER, text=text)
    assert decided(practice, from_the_boss, filed=some_filed(posts_are(Status.DONE, 1))).reopens


def test_thanks_with_a_file_open_what_is_done(practice: Practice) -> None:
    mail = a_mail(**ANSWER, text="Thanks!", attachments=(Attachment("changes.pdf", "application/pdf", b"%PDF"),))
    assert decided(practice, mail, filed=some_filed(posts_are(Status.DONE, 1))).reopens


def test_an_answer_to_what_was_done_long_ago_begins_a_task(practice: Practice) -> None:
    decision = decided(practice, a_mail(**ANSWER), filed=some_filed(posts_are(Status.DONE, 61)))
    assert isinstance(decision, NewTask)
    assert (decision.client, decision.title, decision.flags) == ("acme", "December posts", (OLD_THREAD,))
    assert decision.why == "an answer from jane@acme.example to ACME-42, done 61 days ago"


@pytest.mark.parametrize("days", [1, 400])
def test_who_is_not_believed_opens_nothing(practice: Practice, days: int) -> None:
    decision = decided(practice, a_mail(**ANSWER), Verified.FAIL, filed=some_filed(posts_are(Status.DONE, days)))
    assert isinstance(decision, IntoThread)
    assert not decision.reopens


def test_an_automatic_answer_opens_nothing(practice: Practice) -> None:
    mail = a_mail(**ANSWER, automatic_reason="auto-submitted")
    decision = decided(practice, mail, filed=some_filed(posts_are(Status.DONE, 1)))
    assert isinstance(decision, IntoThread)
    assert (decision.kind, decision.reopens) == (Kind.NOTE, False)


def test_another_clients_thread_is_never_opened(practice: Practice) -> None:
    filed = some_filed({SHOP: TaskFacts(Status.DONE, "The shop's pages", NOW)})
    decision = decided(practice, a_mail(in_reply_to=("<shop@beta.example>",), subject="Re: The shop's pages"), filed=filed)
    assert isinstance(decision, NewTask)
    assert (decision.client, decision.flags) == ("acme", (OTHER_CLIENTS_REF,))

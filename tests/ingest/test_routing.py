"""Where a mail goes: the sender's client, the thread within that client, or the quarantine with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ingest.attachment import Attachment
from ingest.filed import Filed, MessageFacts, ThreadKey
from ingest.mail import Mail, Unreadable
from ingest.routing import (
    FORWARDED,
    LONGEST_TITLE,
    OTHER_CLIENTS_REF,
    REUSED_MESSAGE_ID,
    IntoThread,
    NewTask,
    Quarantine,
    Reason,
    Repeat,
    clients_of,
    decide,
    title_of,
)
from ingest.sender import SenderProblem
from recado.model.address import Person
from recado.model.message import Kind, Verified

if TYPE_CHECKING:
    from recado.model.practice import Practice

POSTS = ThreadKey("acme", 42, "0042-posts")
LOGO = ThreadKey("acme", 43, "0043-logo")
SHOP = ThreadKey("beta", 7, "0007-shop")
EMPTY = Mail(
    message_id="<new@acme.example>",
    digest="sha256:" + "1" * 64,
    from_=Person("Jane Doe", "jane@acme.example"),
    to=(Person("", "requests@marta.example"),),
    cc=(),
    subject="A new thing",
    date=None,
    in_reply_to=(),
    references=(),
    text="Please do it.",
    quoted="",
    signature="",
    attachments=(),
    automatic_reason="",
    is_forward=False,
    flags=(),
    repeated=(),
    authentication_results=(),
    dkim_signatures=(),
)


def a_mail(sender: str = "jane@acme.example", **parts: Any) -> Mail:
    return replace(EMPTY, from_=Person("", sender), **parts)


def some_filed() -> Filed:
    filed = Filed()
    for thread, message_id in ((POSTS, "<posts@acme.example>"), (LOGO, "<logo@acme.example>"), (SHOP, "<shop@beta.example>")):
        filed.add_thread(thread)
        facts = MessageFacts(message_id, f"sha256:{thread.number:064}", f"{thread.client}-{thread.number}")
        filed.add_message(thread, facts)
    filed.add_message(POSTS, MessageFacts("<answer@marta.example>", "", "ACME-42"))
    return filed


def decided(practice: Practice, mail: Mail | Unreadable, verified: Verified = Verified.PASS) -> Any:
    return decide(mail, verified, practice, some_filed())


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
    assert decided(practice, mail) == Quarantine(Reason.UNKNOWN_SENDER, "stranger@elsewhere.example")


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
        ({"to": (Person("", "requests+acme@marta.example"),)}, "acme"),
        ({"to": (Person("", "Requests+BETA@Marta.example"),)}, "beta"),
        ({"to": (), "cc": (Person("", "requests+beta@marta.example"),)}, "beta"),
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
    decision = decided(practice, a_mail("sam@shared.example", to=(Person("", to),)))
    assert decision == Quarantine(Reason.TWO_CLIENTS, "sam@shared.example: acme, beta")


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


@pytest.mark.parametrize("sender", ["jane@acme.example", "stranger@elsewhere.example", "marta@marta.example"])
def test_what_could_run_goes_to_the_quarantine_whoever_sent_it(practice: Practice, sender: str) -> None:
    files = (Attachment("a.pdf", "application/pdf", b"%PDF"), Attachment("bill.exe", "application/octet-stream", b"MZ"))
    mail = a_mail(sender, attachments=files, in_reply_to=("<posts@acme.example>",))
    assert decided(practice, mail) == Quarantine(Reason.EXECUTABLE, "bill.exe")


@pytest.mark.parametrize(
    "sender", ["marta@marta.example", "Marta+x@marta.example", "requests@marta.example", "luis@marta.example"]
)
def test_the_practices_own_verified_answer_is_outgoing_in_its_thread(practice: Practice, sender: str) -> None:
    mail = a_mail(sender, in_reply_to=("<shop@beta.example>",))
    decision = decided(practice, mail)
    assert isinstance(decision, IntoThread)
    assert (decision.thread, decision.kind) == (SHOP, Kind.OUTGOING)


def test_a_title_made_of_the_text_turns_no_reading_direction(practice: Practice) -> None:
    decision = decided(practice, a_mail(subject="", text="pay \u202egpj\u2066 now"))
    assert isinstance(decision, NewTask)
    assert decision.title == "pay gpj now"


@pytest.mark.parametrize("verified", [Verified.FAIL, Verified.NONE])
def test_who_only_claims_to_be_the_practice_is_not_believed(practice: Practice, verified: Verified) -> None:
    mail = a_mail("marta@marta.example", in_reply_to=("<shop@beta.example>",))
    assert decided(practice, mail, verified) == Quarantine(Reason.OWN_ADDRESS, "marta@marta.example")


def test_the_practices_own_mail_outside_any_thread_or_in_two_goes_to_the_quarantine(practice: Practice) -> None:
    for references in ((), ("<shop@beta.example>", "<posts@acme.example>")):
        decision = decided(practice, a_mail("marta@marta.example", references=references))
        assert decision == Quarantine(Reason.OWN_ADDRESS, "marta@marta.example")


def test_an_unbelieved_sender_is_filed_all_the_same(practice: Practice) -> None:
    decision = decided(practice, a_mail(in_reply_to=("<posts@acme.example>",)), Verified.FAIL)
    assert isinstance(decision, IntoThread)
    assert decision.kind is Kind.REPLY


def test_a_repeat_is_known_before_anything_else_about_it(practice: Practice) -> None:
    again = a_mail("stranger@elsewhere.example", message_id="<posts@acme.example>", digest=f"sha256:{42:064}")
    assert decided(practice, again) == Repeat("acme-42")


@pytest.mark.parametrize("first", ["the genuine one", "the forged one"])
def test_another_content_under_a_used_id_is_filed_too_and_flagged_in_both_orders(practice: Practice, first: str) -> None:
    genuine = a_mail(message_id="<same@x>", digest="sha256:" + "a" * 64)
    forged = a_mail("anyone@acme.example", message_id="<same@x>", digest="sha256:" + "b" * 64)
    one, other = (genuine, forged) if first == "the genuine one" else (forged, genuine)
    filed = Filed()
    begun = decide(one, Verified.NONE, practice, filed)
    assert isinstance(begun, NewTask)
    assert begun.flags == ()
    filed.add_message(ThreadKey("acme", 1, "0001-a-new-thing"), MessageFacts(one.message_id, one.digest, "ACME-1"))
    decision = decide(other, Verified.NONE, practice, filed)
    assert isinstance(decision, NewTask)
    assert decision.flags == (REUSED_MESSAGE_ID,)


def test_an_id_that_a_stranger_used_first_suppresses_nothing(practice: Practice) -> None:
    filed = Filed()
    filed.add_other("<same@x>", "sha256:" + "b" * 64, "q")
    decision = decide(a_mail(message_id="<same@x>"), Verified.PASS, practice, filed)
    assert isinstance(decision, NewTask)
    assert decision.flags == (REUSED_MESSAGE_ID,)


def test_an_id_that_stands_in_two_threads_finds_neither_and_the_chain_goes_on(practice: Practice) -> None:
    filed = some_filed()
    filed.add_message(LOGO, MessageFacts("<posts@acme.example>", "sha256:" + "e" * 64, "ACME-43"))
    lost = decide(a_mail(in_reply_to=("<posts@acme.example>",)), Verified.PASS, practice, filed)
    assert isinstance(lost, NewTask)
    found = decide(
        a_mail(in_reply_to=("<posts@acme.example>",), references=("<answer@marta.example>",)), Verified.PASS, practice, filed
    )
    assert isinstance(found, IntoThread)
    assert found.thread == POSTS


def test_a_mail_without_an_id_is_filed_and_two_of_them_are_two(practice: Practice) -> None:
    filed = Filed()
    filed.add_message(POSTS, MessageFacts("", "sha256:" + "a" * 64, "ACME-42"))
    other = decide(a_mail(message_id="", digest="sha256:" + "b" * 64), Verified.PASS, practice, filed)
    assert isinstance(other, NewTask)
    assert other.flags == ()
    same = decide(a_mail(message_id="", digest="sha256:" + "a" * 64), Verified.PASS, practice, filed)
    assert same == Repeat("ACME-42")


def test_a_mail_no_one_sent_and_a_mail_no_one_can_read_go_to_the_quarantine(practice: Practice) -> None:
    nobody = replace(EMPTY, from_=SenderProblem("several-from-headers", "a@x | b@y"))
    assert decided(practice, nobody) == Quarantine(Reason.NO_SENDER, "several-from-headers: a@x | b@y")
    unreadable = decided(practice, Unreadable("too-deep", "101 levels"))
    assert unreadable == Quarantine(Reason.UNREADABLE, "too-deep: 101 levels")


def test_the_flags_of_the_mail_and_a_forward_are_kept(practice: Practice) -> None:
    decision = decided(practice, a_mail(flags=("repeated-header", "no-date"), is_forward=True))
    assert decision.flags == ("repeated-header", "no-date", FORWARDED)


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("December posts", "December posts"),
        ("RE: Fwd: AW: December posts", "December posts"),
        ("Re: RV: Publicaciones", "Publicaciones"),  # Spanish
        ("RES: ENC: Postagens", "Postagens"),  # Portuguese
        ("RE\u00a0: TR\u00a0: Publications", "Publications"),  # French
        ("AW: WG: Beiträge", "Beiträge"),  # German
        ("R: I: RIF: Pubblicazioni", "Pubblicazioni"),  # Italian
        ("Antw: Doorst: Berichten", "Berichten"),  # Dutch
        ("SV: VS: Inlägg", "VS: Inlägg"),
        ("Re[2]: RE [3]: Posts", "Posts"),
        ("re:re:RE:fw: Posts", "Posts"),
        ("Re\uff1a Posts", "Posts"),
        ("Reenviado: Publicaciones", "Publicaciones"),
        ("[ACME-42] Posts", "Posts"),
        ("Re: [ACME-42] Fwd: [ acme-43 ] Posts [BETA-7]", "Posts"),
        ("Posts [draft] for Monday", "Posts [draft] for Monday"),
        ("Regarding: the posts", "Regarding: the posts"),
        ("Reposts: three", "Reposts: three"),
        ("", "Please do it."),
        ("Re:", "Please do it."),
        ("Re: [ACME-42]", "Please do it."),
    ],
)
def test_a_title_is_the_subject_without_prefixes_and_refs(subject: str, title: str) -> None:
    assert title_of(a_mail(subject=subject)) == title


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        ({"text": "\n\n## **Urgent thing**\n\nMore."}, "Urgent thing"),
        ({"text": "> - \n---\nReal words"}, "Real words"),
        ({"text": "", "attachments": (Attachment("logo.png", "image/png", b"x", inline=True),)}, "jane@acme.example"),
        ({"text": "", "attachments": (Attachment("brief.pdf", "application/pdf", b"x"),)}, "brief.pdf"),
        ({"text": ""}, "jane@acme.example"),
    ],
)
def test_without_a_subject_the_first_words_are_the_title(parts: dict[str, Any], title: str) -> None:
    assert title_of(a_mail(subject="", **parts)) == title


def test_a_title_is_never_too_long() -> None:
    title = title_of(a_mail(subject="word " * 500))
    assert len(title) <= LONGEST_TITLE
    assert title.endswith("word…")


def test_the_contacts_of_all_clients_come_before_any_domain(practice: Practice) -> None:
    assert clients_of("helper@acme.example", practice) == ("beta",)
    assert clients_of("sam@shared.example", practice) == ("acme", "beta")
    assert clients_of("nobody@x.example", practice) == ()

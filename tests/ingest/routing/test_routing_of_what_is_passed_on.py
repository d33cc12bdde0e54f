"""What the VA passes on to the request address counts as from its first sender; what a client passes on stays theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from made_up_mail import LOGO, NOW, POSTS, PRINTER, REQUESTS, a_mail, decided, people, some_filed

from ingest.content.forwarded import Forwarded
from ingest.decision import FORWARDED
from ingest.filed import TaskFacts
from ingest.routing import IntoThread, NewTask, Quarantine, Reason
from recado.model.address import Person
from recado.model.message import THIRD_PARTY, Kind, Verified
from recado.model.status import Status

if TYPE_CHECKING:
    from recado.model.practice import Practice

MARTA = "marta@marta.example"
JANE = Person("Jane Doe", "jane@acme.example")


def passed_on(original: Person | None, **parts: Any) -> Any:
    forwarded = None if original is None else Forwarded(original, "A new thing", NOW)
    return a_mail(MARTA, **({"subject": "Fwd: A new thing"} | parts), is_forward=True, forwarded=forwarded)


def test_what_she_forwards_counts_as_from_its_first_sender(practice: Practice) -> None:
    decision = decided(practice, passed_on(JANE))
    assert decision == NewTask(
        "acme",
        "A new thing",
        (FORWARDED,),
        f"a request from jane@acme.example, forwarded by {MARTA}",
        written_by=JANE,
        verified=Verified.NONE,
    )


def test_what_she_forwards_of_a_thread_goes_there(practice: Practice) -> None:
    done = some_filed({POSTS: TaskFacts(Status.DONE, "December posts", NOW)})
    decision = decided(
        practice, passed_on(JANE, in_reply_to=("<posts@acme.example>",), subject="Fwd: December posts"), filed=done
    )
    assert isinstance(decision, IntoThread)
    assert (decision.thread, decision.kind, decision.written_by) == (POSTS, Kind.REPLY, JANE)
    assert (decision.flags, decision.verified, decision.reopens) == ((FORWARDED,), Verified.NONE, True)
    named = decided(practice, passed_on(JANE, subject="Fwd: [ACME-43] the logo"))
    assert named.thread == LOGO


def test_what_she_forwards_of_a_third_party_goes_to_the_thread_of_theirs(practice: Practice) -> None:
    decision = decided(practice, passed_on(Person("", PRINTER), in_reply_to=("<posts@acme.example>",)))
    assert isinstance(decision, IntoThread)
    assert (decision.thread, decision.verified) == (POSTS, Verified.NONE)
    assert set(decision.flags) == {FORWARDED, THIRD_PARTY}


@pytest.mark.parametrize(
    ("original", "reason", "detail"),
    [
        (Person("", "eve@elsewhere.example"), Reason.FORWARD_UNKNOWN, f"eve@elsewhere.example, forwarded by {MARTA}"),
        (Person("", "sam@shared.example"), Reason.TWO_CLIENTS, f"sam@shared.example, forwarded by {MARTA}: acme, beta"),
        (Person("Jane Doe", ""), Reason.FORWARD_UNKNOWN, f"Jane Doe, forwarded by {MARTA}"),
        (Person("", MARTA), Reason.FORWARD_UNKNOWN, f"{MARTA}, forwarded by {MARTA}"),
        (None, Reason.FORWARD_UNKNOWN, f"forwarded by {MARTA}"),
    ],
)
def test_a_forward_whose_first_sender_is_not_known_waits(
    practice: Practice, original: Person | None, reason: Reason, detail: str
) -> None:
    assert decided(practice, passed_on(original)) == Quarantine(reason, detail)


def test_her_own_mail_forwarded_is_no_third_partys(practice: Practice) -> None:
    decision = decided(practice, passed_on(Person("", MARTA), in_reply_to=("<posts@acme.example>",)))
    assert decision == Quarantine(Reason.FORWARD_UNKNOWN, f"{MARTA}, forwarded by {MARTA}")


def test_for_a_first_sender_at_two_clients_her_tag_decides(practice: Practice) -> None:
    mail = passed_on(Person("", "sam@shared.example"), to=people("requests+beta@marta.example"))
    assert decided(practice, mail).client == "beta"


@pytest.mark.parametrize("verified", [Verified.NONE, Verified.FAIL])
def test_no_one_forwards_in_her_name(practice: Practice, verified: Verified) -> None:
    assert decided(practice, passed_on(JANE), verified) == Quarantine(Reason.OWN_UNVERIFIED, f"{MARTA}: {verified.value}")


def test_what_she_forwards_to_a_client_is_her_own_mail(practice: Practice) -> None:
    decision = decided(practice, passed_on(Person("", "eve@elsewhere.example"), to=people("jane@acme.example", REQUESTS)))
    assert isinstance(decision, NewTask)
    assert (decision.client, decision.kind, decision.written_by) == ("acme", Kind.OUTGOING, None)


def test_what_a_client_forwards_stays_theirs(practice: Practice) -> None:
    mail = a_mail(
        is_forward=True, forwarded=Forwarded(Person("", "bob@beta.example"), "Our figures", None), subject="Fwd: figures"
    )
    decision = decided(practice, mail)
    assert isinstance(decision, NewTask)
    assert (decision.client, decision.flags, decision.written_by, decision.verified) == ("acme", (FORWARDED,), None, None)

"""What holds of a decision about any mail at all: it never raises, and never puts a mail where its writer may not write."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_mail import NOW, POSTS, PRINTER, decided, some_filed

from ingest.attachment import Attachment
from ingest.content.forwarded import Forwarded
from ingest.filed import MessageFacts, TaskFacts
from ingest.mail import Mail, SenderProblem
from ingest.routing import Ignored, IntoThread, NewTask, Quarantine, Repeat
from ingest.whose import bare, clients_of, is_own
from recado.model.address import Person
from recado.model.message import Kind, Verified
from recado.model.status import Status

if TYPE_CHECKING:
    from recado.model.practice import Practice

ADDRESSES = (
    "jane@acme.example",
    "Boss+x@ACME.example",
    "bob@beta.example",
    "sam@shared.example",
    "helper@acme.example",
    PRINTER,
    "eve@elsewhere.example",
    "marta@marta.example",
    "luis@marta.example",
    "requests@marta.example",
    "requests+acme@marta.example",
    "requests+acme-42@marta.example",
    "requests+beta-7@marta.example",
    "requests+beta-9@marta.example",
    "x@bücher.example",
    "x@xn--bcher-kva.example",
)
IDS = ("<posts@acme.example>", "<logo@acme.example>", "<shop@beta.example>", "<answer@marta.example>", "<lost@x>", "")
SUBJECTS = ("Re: December posts", "[ACME-42]", "Re: [BETA-7] The shop", "[ACME-999] x", "The invoice", "", "Fwd: A new logo")
TASKS = {
    POSTS: TaskFacts(Status.DONE, "December posts", NOW - timedelta(days=3)),
}
person = st.builds(Person, st.sampled_from(["", "Jane", "Marta"]), st.sampled_from(ADDRESSES))
several = st.lists(person, max_size=3).map(tuple)
ids = st.lists(st.sampled_from(IDS), max_size=3).map(tuple)
anything = st.text(max_size=30)
mails = st.builds(
    Mail,
    message_id=st.sampled_from(IDS),
    digest=st.sampled_from(["sha256:a", f"sha256:{42:064}"]),
    from_=person | st.builds(SenderProblem, st.just("no-from"), anything),
    to=several,
    cc=several,
    subject=st.sampled_from(SUBJECTS) | anything,
    date=st.none(),
    in_reply_to=ids,
    references=ids,
    text=st.sampled_from(["Thanks!", "Please change it."]) | anything,
    quoted=anything,
    signature=anything,
    attachments=st.sampled_from([(), (Attachment("a.pdf", "application/pdf", b"x"),), (Attachment("a.exe", "x/y", b"MZ"),)]),
    automatic_reason=st.sampled_from(["", "auto-submitted"]),
    is_forward=st.booleans(),
    flags=st.just(()),
    repeated=st.just(()),
    authentication_results=st.just(()),
    dkim_signatures=st.just(()),
    forwarded=st.none() | st.builds(Forwarded, person | st.builds(Person, anything, anything), anything, st.none()),
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mail=mails, verified=st.sampled_from(list(Verified)), is_sent=st.booleans(), bob_in_copy=st.booleans())
def test_no_mail_is_put_where_its_writer_may_not_write(
    practice: Practice, mail: Mail, verified: Verified, *, is_sent: bool, bob_in_copy: bool
) -> None:
    filed = some_filed(TASKS)
    if bob_in_copy:
        filed.add_message(POSTS, MessageFacts("<more@x>", "", "ACME-42", "", "", ("jane@acme.example", "bob@beta.example")))
    decision = decided(practice, mail, verified, filed=filed, is_sent=is_sent)
    assert isinstance(decision, NewTask | IntoThread | Quarantine | Repeat | Ignored)
    assert is_sent or not isinstance(decision, Ignored)
    if not isinstance(decision, NewTask | IntoThread):
        return
    assert isinstance(mail.from_, Person)
    writer = decision.written_by or mail.from_
    client = decision.thread.client if isinstance(decision, IntoThread) else decision.client
    if decision.kind is Kind.OUTGOING:
        assert is_own(writer.email, practice)
        assert is_sent or verified is Verified.PASS
        assert not mail.is_automatic
    elif client not in clients_of(writer.email, practice):
        assert isinstance(decision, IntoThread)
        assert bare(writer.email) in {bare(each) for each in filed.about(decision.thread).people}
        assert "third-party" in decision.flags
        assert not decision.reopens
    if decision.written_by is not None:
        assert verified is Verified.PASS
        assert decision.verified is Verified.NONE
    if isinstance(decision, IntoThread) and decision.reopens:
        assert not mail.is_automatic
        assert verified is not Verified.FAIL
        assert decision.kind is Kind.REPLY

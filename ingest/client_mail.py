"""What becomes of a mail that someone outside the practice wrote: whose it is, and in which thread. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ingest.automatic import OUT_OF_OFFICE
from ingest.decision import AFTER_CANCELLED, NEW_SUBJECT, OLD_THREAD, OTHER_CLIENTS_REF, IntoThread, NewTask, Quarantine, Reason
from ingest.subjects import is_new_subject
from ingest.thanks import is_only_thanks
from ingest.threads import find_thread, hints_in
from ingest.titles import title_of
from ingest.whose import bare, names_around, tags_of
from recado.model.message import THIRD_PARTY, Kind, Verified
from recado.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.case import Case
    from ingest.decision import Decision
    from ingest.filed import ThreadFacts, ThreadKey
    from ingest.mail import Mail
    from ingest.threads import Found, Hint
    from recado.model.address import Person

# An answer to what was done longer ago than this begins something new.
OPEN_TO_ANSWERS: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote what a mail says, and how far that is believed: its sender, or the first sender of what the VA passed on."""

    person: Person
    verified: Verified
    forwarded_by: str = ""

    @property
    def shown(self) -> str:
        """Name them for the log and for the quarantine's page."""
        return f"{self.person.email}, forwarded by {self.forwarded_by}" if self.forwarded_by else self.person.email


def decide_client_mail(case: Case, writer: Writer) -> Decision:
    """Decide about a mail of a client's person, of someone of a thread, or of a stranger.

    Their own clients' thread; else, of someone whom a thread's people wrote to, that thread; else a new task. A stranger
    begins nothing.
    """
    decision = _decided(case, writer)
    if writer.forwarded_by and isinstance(decision, NewTask | IntoThread):
        # Nobody vouches for what a forwarded mail says of itself: it can ask, and commands nothing.
        return replace(decision, written_by=writer.person, verified=Verified.NONE)
    return decision


def _decided(case: Case, writer: Writer) -> Decision:
    mail, practice = case.mail, case.practice
    candidates = case.directory.clients_of(writer.person.email)
    hints = hints_in(mail, practice, case.known)
    found = find_thread(hints, candidates)
    if found.thread is not None:
        return _answer(case, writer, found, found.thread)
    if thread := _thread_as_third_party(case, writer, hints, candidates):
        return _third_party(case, writer, thread)
    if mail.is_automatic and not (candidates and _is_asked_of_us(mail, hints)):
        return Quarantine(Reason.AUTOMATIC, mail.automatic_reason)
    if not candidates:
        answered = next((thread for hint in hints for thread in hint.threads), None)
        where = f", answering {case.ref_of(answered)}" if answered else ""
        reason = Reason.FORWARD_UNKNOWN if writer.forwarded_by else Reason.UNKNOWN_SENDER
        return Quarantine(reason, f"{writer.shown}{where}")
    tagged = (tag.client for tag in tags_of(mail, practice) if tag.client in candidates)
    client = candidates[0] if len(candidates) == 1 else next(tagged, None)
    if client is None:
        return Quarantine(Reason.TWO_CLIENTS, f"{writer.shown}: {', '.join(candidates)}")
    why = f"a request from {writer.shown}"
    if found.is_foreign:
        why = f"{why}, who may not write in the thread it points at"
        return NewTask(client, title_of(mail), case.flags(client, OTHER_CLIENTS_REF), why)
    return NewTask(client, title_of(mail), case.flags(client), why)


def _is_asked_of_us(mail: Mail, hints: Sequence[Hint]) -> bool:
    """Tell a request that is named like a machine's answer, `Out of office: please set it up`: it answers nothing."""
    return mail.automatic_reason == OUT_OF_OFFICE and not (hints or mail.in_reply_to or mail.references)


def _answer(case: Case, writer: Writer, found: Found, answered: ThreadKey) -> Decision:
    """Decide about an answer in a thread of the writer's own client."""
    mail, thread = case.mail, answered
    facts = case.known.about(thread)
    more = (OTHER_CLIENTS_REF,) if found.is_foreign else ()
    if mail.is_automatic:
        flags = case.flags(thread.client, *more)
        return IntoThread(thread, Kind.NOTE, flags, f"an automatic answer ({mail.automatic_reason}) in its thread")
    if thread not in found.named and is_new_subject(mail.subject, facts.subjects):
        if not found.named:
            why = f"a new subject from {writer.shown}, answering {case.ref_of(thread)}"
            return NewTask(thread.client, title_of(mail), case.flags(thread.client, *more, NEW_SUBJECT), why)
        # They took an old mail and wrote which task they mean: that counts more than the mail they took.
        thread = found.named[0]
        facts = case.known.about(thread)
    if facts.status is Status.DONE and writer.verified is not Verified.FAIL:
        return _answer_to_done(case, writer, thread, facts, more)
    why = f"an answer in its thread, from {writer.shown}"
    if facts.status is Status.CANCELLED:
        flags = case.flags(thread.client, *more, AFTER_CANCELLED)
        return IntoThread(thread, Kind.REPLY, flags, f"{why}; {case.ref_of(thread)} stays cancelled")
    return IntoThread(thread, Kind.REPLY, case.flags(thread.client, *more), why)


def _answer_to_done(case: Case, writer: Writer, thread: ThreadKey, facts: ThreadFacts, more: Sequence[str]) -> Decision:
    """Open again what was done lately, but not for thanks; what was done long ago is left, and the answer is a new task."""
    mail, where = case.mail, case.ref_of(thread)
    flags = case.flags(thread.client, *more)
    brings_files = any(not attachment.inline for attachment in mail.attachments)
    if is_only_thanks(mail.text, names_around(writer.person, case.practice)) and not brings_files:
        return IntoThread(thread, Kind.REPLY, flags, f"thanks from {writer.shown}: {where} stays done")
    age = case.received - facts.closed_at if facts.closed_at is not None else timedelta()
    if age > OPEN_TO_ANSWERS:
        why = f"an answer from {writer.shown} to {where}, done {age.days} days ago"
        return NewTask(thread.client, title_of(mail), case.flags(thread.client, *more, OLD_THREAD), why)
    return IntoThread(thread, Kind.REPLY, flags, f"an answer from {writer.shown} opens {where} again", reopens=True)


def _thread_as_third_party(case: Case, writer: Writer, hints: Sequence[Hint], candidates: Sequence[str]) -> ThreadKey | None:
    """Find the thread in which someone may write who is no one of its client: they must be among its people already.

    Who is another client's person must also have written to someone of the thread's client: then it was said among them all.
    What they wrote to the practice alone stays theirs, and begins a task of their own client.
    """
    address = bare(writer.person.email)
    for hint in hints:
        open_to = [
            thread
            for thread in hint.threads
            if (not candidates or case.goes_to(thread.client))
            and address in {bare(each) for each in case.known.about(thread).people}
        ]
        if len(open_to) == 1:
            return open_to[0]
    return None


def _third_party(case: Case, writer: Writer, thread: ThreadKey) -> IntoThread:
    """Keep what a third party says in the thread. It never begins, opens or commands anything."""
    kind = Kind.NOTE if case.mail.is_automatic else Kind.REPLY
    why = f"an answer from {writer.shown}, among the people of {case.ref_of(thread)} but not of its client"
    return IntoThread(thread, kind, case.flags(thread.client, THIRD_PARTY), why)

"""What becomes of the practice's own mail: the VA's words in a thread, a thread she begins, what she passes on. Pure.

Words of hers stand on a client's portal only if they went to that client, or to the request address alone: what she says
of a client to someone else is not for the client to read.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from ingest.client_mail import Writer, decide_client_mail
from ingest.decision import Ignored, IntoThread, NewTask, Quarantine, Reason, Repeat
from ingest.threads import hints_in
from ingest.titles import title_of
from ingest.whose import bare, is_request_address, recipients, tags_of
from recado.model.address import Person, is_address
from recado.model.message import Kind, Verified

if TYPE_CHECKING:
    from ingest.case import Case
    from ingest.decision import Decision
    from ingest.filed import ThreadKey


def decide_own_mail(case: Case, sender: Person, verified: Verified) -> Decision:
    """Decide about a mail of the inbox from an own address.

    Anyone can write her name: only what the trusted server vouches for is hers. An out-of-office of hers is never her word.
    """
    if case.mail.is_automatic:
        return Quarantine(Reason.AUTOMATIC, case.mail.automatic_reason)
    if verified is not Verified.PASS:
        return Quarantine(Reason.OWN_UNVERIFIED, f"{sender.email}: {verified.value}")
    if repeat := _copy_of_filed(case):
        return repeat
    if case.is_passed_on and not case.addressed:
        return _passed_on(case, sender)
    return _in_thread(case, sender) or _begun(case, sender)


def decide_sent_mail(case: Case) -> Decision:
    """Decide about a mail that was found in the Sent folder: her answer in a thread, filed already, or no business of ours.

    No server vouched for it, and none needs to: only who has the mailbox's password can put a mail there. So it is written as
    verified. It need not have come to the request address, so here her words must have gone to someone of the thread.
    """
    mail = case.mail
    if where := case.known.where(mail.message_id, mail.digest):
        return Repeat(where)
    if not isinstance(mail.from_, Person) or not case.directory.is_own(mail.from_.email):
        return Ignored("it is not from an address of the practice")
    if mail.is_automatic:
        return Ignored(f"a program sent it: {mail.automatic_reason}")
    if any(attachment.is_executable for attachment in mail.attachments):
        return Ignored("it carries a file that could run")
    if repeat := _copy_of_filed(case):
        return repeat
    threads = _threads(case)
    if not threads:
        return Ignored("it answers no client's thread")
    fitting = [thread for thread in threads if _goes_to_thread(case, thread)]
    if len({thread.client for thread in fitting}) != 1:
        return Ignored("it answers in a thread, and goes to nobody of that client alone")
    why = "the practice's own answer in a thread, found in the Sent folder"
    return IntoThread(fitting[0], Kind.OUTGOING, case.flags(fitting[0].client), why, verified=Verified.PASS)


def _copy_of_filed(case: Case) -> Repeat | None:
    """Know a second copy of her own mail, which may differ from the first: one came in Bcc, the other lay in the Sent folder.

    By its id alone, which is safe here: only her own mail comes so far, and no one else's is taken for a repeat by it.
    """
    message_id = case.mail.message_id
    for thread in case.known.threads_of(message_id):
        if message_id in case.known.about(thread).outgoing_ids:
            return Repeat(case.ref_of(thread), "another copy of the practice's own mail is filed")
    return None


def _passed_on(case: Case, sender: Person) -> Decision:
    """File what she forwards as its first sender's."""
    original = case.mail.forwarded.sender if case.mail.forwarded else None
    if original is None or not is_address(original.email) or case.directory.is_own(original.email):
        shown = f"{original}, " if original else ""
        return Quarantine(Reason.FORWARD_UNKNOWN, f"{shown}forwarded by {sender.email}")
    return decide_client_mail(case, Writer(original, Verified.NONE, sender.email))


def _in_thread(case: Case, sender: Person) -> Decision | None:
    """File her words in the thread they answer, if they may stand there."""
    threads = _threads(case)
    if not threads:
        return None
    fitting = [thread for thread in threads if _goes_to_thread(case, thread)]
    others = [each.email for each in recipients(case.mail) if not is_request_address(each.email, case.practice)]
    if not fitting and not others:  # to the request address alone, or Bcc alone: to the thread
        fitting = threads
    refs = ", ".join(case.ref_of(thread) for thread in fitting or threads)
    if not fitting:
        return Quarantine(Reason.OWN_ELSEWHERE, f"{sender.email} answering {refs}, to {', '.join(others)}")
    if len({thread.client for thread in fitting}) > 1:
        return Quarantine(Reason.OWN_SEVERAL, f"{sender.email} answering {refs}")
    return IntoThread(fitting[0], Kind.OUTGOING, case.flags(fitting[0].client), "the practice's own answer in a thread")


def _begun(case: Case, sender: Person) -> Decision:
    """Let her mail to people of exactly one client begin a thread."""
    theirs = [keys for address in case.addressed if (keys := case.directory.clients_of(address))]
    if not theirs:
        return Quarantine(Reason.OWN_ADDRESS, sender.email)
    common = reduce(lambda some, keys: tuple(key for key in some if key in keys), theirs)
    tagged = (tag.client for tag in tags_of(case.mail, case.practice) if tag.client in common)
    client = common[0] if len(common) == 1 else next(tagged, None)
    if client is None:
        named = ", ".join(dict.fromkeys(key for keys in theirs for key in keys))
        return Quarantine(Reason.OWN_SEVERAL, f"{sender.email}: {named}")
    why = f"the practice's own mail to {client} begins a thread"
    return NewTask(client, title_of(case.mail), case.flags(client), why, kind=Kind.OUTGOING)


def _threads(case: Case) -> list[ThreadKey]:
    """List the threads a mail points at, of all clients, the nearest first; what names several names none."""
    hints = hints_in(case.mail, case.practice, case.known)
    return list(dict.fromkeys(hint.threads[0] for hint in hints if len(hint.threads) == 1))


def _goes_to_thread(case: Case, thread: ThreadKey) -> bool:
    """Tell whether a mail went to someone of a thread: its client's people, or a third party among its people."""
    if case.goes_to(thread.client):
        return True
    outsiders = {bare(address) for address in case.addressed if not case.directory.clients_of(address)}
    return bool(outsiders) and not outsiders.isdisjoint(bare(each) for each in case.known.about(thread).people)

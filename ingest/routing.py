"""Mail + Practice → Decision: whose it is, which thread it belongs to, or why no one can say. Pure.

The rules stand by subject: `own_mail` (the practice's), `client_mail` (everyone else's), `threads`, `subjects`, `whose`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.case import Case
from ingest.client_mail import Writer, decide_client_mail
from ingest.decision import Decision, Ignored, IntoThread, NewTask, Quarantine, Reason, Repeat
from ingest.mail import SenderProblem, Unreadable
from ingest.own_mail import decide_own_mail, decide_sent_mail
from ingest.whose import directory_of
from recado.model.message import Verified

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.filed import Known
    from ingest.mail import Mail
    from recado.model.practice import Practice

__all__ = ["Decision", "Ignored", "IntoThread", "NewTask", "Quarantine", "Reason", "Repeat", "decide"]


def decide(
    mail: Mail | Unreadable,
    verified: Verified,
    practice: Practice,
    known: Known,
    *,
    is_sent: bool = False,
    received: datetime,
) -> Decision:
    """Decide where a mail goes. The first rule that says something counts; never raises, whatever the mail says.

    What cannot be read; a repeat; what has no one sender; what could run; the practice's own; then everyone else's: the
    contacts of every client, then the senders' domains; of two clients the thread decides, then the plus-tag; and within that
    client the thread. `is_sent`: it was found in the Sent folder. `received` (UTC) tells how long ago what it answers was done.
    """
    if isinstance(mail, Unreadable):
        if mail.digest and (where := known.where(mail.message_id, mail.digest)):
            return Repeat(where)
        unreadable = f"{mail.reason}: {mail.detail}"
        return Ignored(unreadable) if is_sent else Quarantine(Reason.UNREADABLE, unreadable)
    case = Case(mail, practice, directory_of(practice), known, received)
    if is_sent:
        return decide_sent_mail(case)
    # Without an id and a date, two mails of the same words are two mails, unless they came at the same instant.
    at = None if mail.message_id or mail.date else received
    where = known.where(mail.message_id, mail.digest, at)
    if where and known.is_believed(mail.message_id, mail.digest):
        return Repeat(where)
    decision = _decide_anew(case, verified)
    if where and not _is_better_founded(decision, verified, is_filed=known.is_filed(mail.message_id, mail.digest)):
        return Repeat(where)
    return decision


def _is_better_founded(decision: Decision, verified: Verified, *, is_filed: bool) -> bool:
    """Tell whether a mail that came before, and was set aside, is now to be filed.

    What decided about the first copy may be no part of what makes it the same mail: a mark of a machine on it, how it was said
    to be read, what the server knew then. Else whoever has a copy of a mail could make the real one disappear by sending it
    first. One that is withheld gives way to one that is vouched for, one in the quarantine to any that belongs to a client.
    """
    if not isinstance(decision, NewTask | IntoThread):
        return False
    return verified is Verified.PASS if is_filed else verified is not Verified.FAIL


def _decide_anew(case: Case, verified: Verified) -> Decision:
    mail = case.mail
    if isinstance(mail.from_, SenderProblem):
        return Quarantine(Reason.NO_SENDER, f"{mail.from_.code}: {mail.from_.shown}")
    runs = [attachment.name for attachment in mail.attachments if attachment.is_executable]
    if runs:
        return Quarantine(Reason.EXECUTABLE, ", ".join(runs))
    if case.directory.is_own(mail.from_.email):
        return decide_own_mail(case, mail.from_, verified)
    return decide_client_mail(case, Writer(mail.from_, verified))

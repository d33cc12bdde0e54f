"""Taking a mail out of the quarantine because the VA says whose it is: filed as the worker would, and only then removed.

 1. the mail's client, thread and kind are known; nothing is written yet
 2. it is filed, in the order of the commit point (recado.store.filing)
 3. the `.eml` is kept in the client's `private/mail`, where it holds more than what was filed
 4. it is out of the quarantine

Whatever dies in between, the same command finds in the files how far it got: the message by the mail's instant and digest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.asked import FormWords
from ingest.decision import FORWARDED, OTHER_CLIENT_COPIED
from ingest.made import files_of, message_of, task_of
from ingest.mail import Mail
from ingest.reopening import opens_again
from ingest.titles import title_of
from ingest.whose import clients_of, is_own, recipients
from recado.model.address import Person
from recado.model.message import THIRD_PARTY, Kind, Verified
from recado.model.ref import Ref
from recado.model.status import Status
from recado.speech import catalogue
from recado.store.filing import complete, file_into_thread, file_new_task, slug_of
from recado.store.history import last_change
from recado.store.message_search import filed_mail, message_places
from recado.store.quarantine import keep_private, note_rejected, take_out
from recado.store.status import change_status
from recado.store.steps import Step, reached

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ingest.mail import Unreadable
    from recado.model.message import Message
    from recado.model.practice import Practice
    from recado.model.task import Task
    from recado.store.quarantine import QuarantinedMail
    from recado.store.workspace import Workspace

PROGRAM_LEFT_OUT = "program-left-out"


@dataclass(frozen=True, slots=True)
class Released:
    """What became of a quarantined mail.

    `ref` is None where nothing could be filed. `was_filed`: an earlier run had filed it already. `left_out` names files
    that were not filed because they could run. `kept` is where its `.eml` is now, None where everything of it is filed.
    """

    ref: Ref | None
    client: str
    kind: Kind | None = None
    was_filed: bool = False
    is_reopened: bool = False
    left_out: tuple[str, ...] = ()
    kept: Path | None = None


def release(
    workspace: Workspace,
    practice: Practice,
    quarantined: QuarantinedMail,
    mail: Mail | Unreadable,
    *,
    client: str,
    task: Task | None,
    now: datetime,
) -> Released:
    """File a mail for a client as a new task, or into one of its tasks; of one that cannot be read, keep the bytes.

    It is as good as verified then: `accepted`, the VA's own word. The caller holds the turn (`filing_turn`), and ends with
    `finish`. Raises OSError, FileError.
    """
    if not isinstance(mail, Mail) or quarantined.is_cut:
        return Released(None, client, kept=keep_private(quarantined, workspace.client(client)))
    places = message_places(workspace, practice)
    place = filed_mail(places, quarantined.received, mail.digest)
    runs = tuple(attachment.name for attachment in mail.attachments if attachment.is_executable)
    if place is not None:
        complete(place.client, place.ref.code, place.task)
        done = Released(place.ref, place.client.key, place.read().kind, was_filed=True, left_out=runs)
    else:
        done = _file(workspace, practice, quarantined, _accepted(mail, client, practice), client=client, task=task, now=now)
    if runs:
        done = replace(done, left_out=runs, kept=keep_private(quarantined, workspace.client(done.client)))
    return done


def finish(workspace: Workspace, quarantined: QuarantinedMail, done: Released, now: datetime) -> None:
    """Take a mail out of the quarantine once `release` is done with it. Raises OSError.

    One that could not be read is in no message, by which it would be known when it comes again: so it is written down.
    """
    if done.ref is None:
        note_rejected(workspace, quarantined, now)
    take_out(quarantined)


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A mail with what the VA's word adds: who counts as its sender, without what could run, with its flags."""

    mail: Mail
    sender: Person
    is_own: bool
    flags: tuple[str, ...]


def _accepted(mail: Mail, client: str, practice: Practice) -> _Accepted:
    original = mail.forwarded.sender if mail.forwarded else None
    if isinstance(mail.from_, Person):
        sender = mail.from_
    else:  # whoever it names, they are no one address: a name, and no way to take it for one
        shown = mail.from_.shown.replace("<", "(").replace(">", ")").strip()
        sender = Person(shown or practice.clients[client].name, "")
    own = bool(sender.email) and is_own(sender.email, practice)
    flags = dict.fromkeys(mail.flags)
    if mail.is_forward or original is not None:
        flags[FORWARDED] = None
    if own and original is not None and not is_own(original.email, practice):  # she passed on what they wrote to her
        sender, own = original, False
    if any(attachment.is_executable for attachment in mail.attachments):
        flags[PROGRAM_LEFT_OUT] = None
    theirs = (clients_of(each.email, practice) for each in recipients(mail) if not is_own(each.email, practice))
    if any(keys and client not in keys for keys in theirs):
        flags[OTHER_CLIENT_COPIED] = None
    safe = tuple(attachment for attachment in mail.attachments if not attachment.is_executable)
    return _Accepted(replace(mail, from_=sender, attachments=safe), sender, own, tuple(flags))


def _file(
    workspace: Workspace,
    practice: Practice,
    quarantined: QuarantinedMail,
    accepted: _Accepted,
    *,
    client: str,
    task: Task | None,
    now: datetime,
) -> Released:
    message = message_of(
        accepted.mail,
        accepted.sender,
        received=quarantined.received,
        kind=_kind(accepted, task),
        verified=Verified.ACCEPTED,
        flags=accepted.flags,
    )
    if task is None:
        return _as_new_task(workspace, practice, accepted.mail, message, client)
    folder = workspace.client(client)
    if not accepted.is_own and client not in clients_of(accepted.sender.email, practice):
        message = replace(message, flags=tuple(dict.fromkeys((*message.flags, THIRD_PARTY))))
    # As when it arrives: opened before the message is there, for one that is there opens nothing when this runs again.
    closed_at = last_change(folder, task.ref) if task.status is Status.DONE else None
    reopens = opens_again(_with_files(message, accepted.mail), task, client, closed_at, practice)
    if reopens:
        change_status(folder, task.ref, Status.NEW, practice.business.owner_key, now)
        reached(Step.REOPENED)
    file_into_thread(folder, task.name, message, files_of(accepted.mail))
    return Released(task.ref, client, message.kind, is_reopened=reopens)


def _as_new_task(workspace: Workspace, practice: Practice, mail: Mail, message: Message, client: str) -> Released:
    record = practice.record(client)
    words = FormWords.of(record, catalogue(record.language, overrides=workspace.templates))
    title = title_of(mail)
    task, _message = file_new_task(
        workspace.client(client),
        lambda number, name: task_of(mail, message, ref=Ref(record.client.code, number), name=name, title=title, words=words),
        slug_of(title),
        message,
        files_of(mail),
    )
    return Released(task.ref, client, message.kind)


def _kind(accepted: _Accepted, task: Task | None) -> Kind:
    if accepted.is_own:
        return Kind.OUTGOING
    if task is None:
        return Kind.REQUEST
    return Kind.NOTE if accepted.mail.is_automatic else Kind.REPLY


def _with_files(message: Message, mail: Mail) -> Message:
    return replace(message, attachments=tuple(each.name for each in mail.attachments if not each.inline))

"""Decision → files, exactly once: what became of a mail, filed in the order of the commit point (recado.store.filing)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.asked import FormWords, read_asked
from ingest.filed import Filed, ThreadKey
from ingest.mail import Mail, Unreadable, parse_mail
from ingest.quarantine_page import Quarantined, quarantine_page
from ingest.routing import IntoThread, NewTask, Quarantine, Repeat, decide
from ingest.sender import verify
from recado.model.address import Person
from recado.model.message import Kind, Message, Verified
from recado.model.ref import Ref
from recado.model.status import Status
from recado.model.task import Task, number_in_name
from recado.speech import catalogue
from recado.store.filing import (
    Attached,
    complete_unfinished,
    file_into_thread,
    file_new_task,
    file_quarantined,
    quarantined_pages,
    slug_of,
)
from recado.store.front_matter import read_front_matter
from recado.store.messages import message_files
from recado.store.tasks import task_files

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ingest.routing import Decision
    from recado.model.practice import Practice
    from recado.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail as the mailbox gives it: its bytes, INTERNALDATE in UTC. `is_cut`: too large, only its header was fetched."""

    raw: bytes
    received: datetime
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mail, for the log and for who watches.

    `became` is request, reply, note, outgoing, quarantine or repeat; `where` is a ref, or the quarantined mail's name; `why`
    says which rule decided. `is_withheld`: filed, but kept from the portal until the VA accepts it.
    """

    became: str
    sender: str
    subject: str
    where: str
    why: str
    client: str = ""
    is_withheld: bool = False

    @property
    def is_quarantined(self) -> bool:
        """Tell whether a person has to look at it."""
        return self.became == "quarantine"


def read_filed(workspace: Workspace, practice: Practice) -> Filed:
    """Learn what is filed from the files of every client, after finishing what a crash left unfinished. Raises OSError."""
    filed = Filed()
    for key, client in practice.clients.items():
        folder = workspace.client(key)
        complete_unfinished(folder, client.code)
        for path in task_files(folder):
            name = path.name.removesuffix(".md")
            number = number_in_name(name)
            if number is None:
                continue
            thread = ThreadKey(key, number, name)
            filed.add_thread(thread, _front(path).get("message", ""))
            for file in message_files(folder, name):
                front = _front(file)
                where = str(Ref(client.code, number))
                filed.add_message(thread, front.get("message_id", ""), front.get("digest", ""), where)
    for eml, said in quarantined_pages(workspace):
        filed.add_quarantined(said.get("message_id", ""), said.get("digest", ""), eml.stem)
    return filed


@dataclass(frozen=True, slots=True)
class _Taken:
    """One mail in hand: as it arrived, as it was read, and how far its sender is believed."""

    arrived: Arrived
    mail: Mail | Unreadable
    verified: Verified


class Intake:
    """Files mails in one workspace. It knows what is filed already, and remembers what it files."""

    def __init__(self, workspace: Workspace, practice: Practice) -> None:
        """Learn what is filed, after finishing what a crash left unfinished. Raises OSError."""
        self._workspace = workspace
        self._practice = practice
        self._filed = read_filed(workspace, practice)

    def take(self, arrived: Arrived) -> Outcome:
        """File one mail and tell what became of it. When this returns, its files are on disk and synced. Raises OSError."""
        settings = self._practice.mailbox
        mail = parse_mail(arrived.raw, max_bytes=settings.max_message)
        verified = verify(mail, settings.trust) if isinstance(mail, Mail) else Verified.NONE
        taken = _Taken(arrived, mail, verified)
        # Of a mail that was cut, the header is read for the page that says who wrote it, and for nothing else.
        whole = Unreadable("too-large", f"more than {_size(settings.max_message)}") if arrived.is_cut else mail
        decision = decide(whole, verified, self._practice, self._filed)
        match decision:
            case Repeat():
                return _outcome("repeat", mail, decision, decision.where)
            case Quarantine():
                return self._quarantine(taken, decision)
            case NewTask():
                return self._new_task(taken, decision)
            case IntoThread():
                return self._into_thread(taken, decision)

    def _new_task(self, taken: _Taken, decision: NewTask) -> Outcome:
        mail = _readable(taken)
        client = self._practice.clients[decision.client]
        message = _message(taken, Kind.REQUEST, decision.flags)
        asked = read_asked(mail.text, self._form_words(decision.client))

        def make(number: int, name: str) -> Task:
            return Task(
                ref=Ref(client.code, number),
                name=name,
                title=decision.title,
                status=Status.NEW,
                important=asked.important,
                urgent=asked.urgent,
                service=asked.service,
                received=taken.arrived.received,
                due=asked.due,
                requester=message.sender,
                message=mail.message_id or None,
                body=f"{mail.text}\n",
            )

        folder = self._workspace.client(decision.client)
        task = file_new_task(folder, make, slug_of(decision.title), message, _attached(mail))
        thread = ThreadKey(decision.client, task.ref.number, task.name)
        self._filed.add_thread(thread, mail.message_id)
        self._filed.add_message(thread, mail.message_id, mail.digest, str(task.ref))
        return _outcome("request", mail, decision, str(task.ref), client=decision.client, is_withheld=message.is_withheld)

    def _form_words(self, client: str) -> FormWords:
        """Give the words in which this client's portal asks."""
        record = self._practice.record(client)
        return FormWords.of(record, catalogue(record.language, overrides=self._workspace.templates))

    def _into_thread(self, taken: _Taken, decision: IntoThread) -> Outcome:
        mail = _readable(taken)
        thread = decision.thread
        message = _message(taken, decision.kind, decision.flags)
        file_into_thread(self._workspace.client(thread.client), thread.name, message, _attached(mail))
        ref = str(Ref(self._practice.clients[thread.client].code, thread.number))
        self._filed.add_message(thread, mail.message_id, mail.digest, ref)
        return _outcome(decision.kind.value, mail, decision, ref, client=thread.client, is_withheld=message.is_withheld)

    def _quarantine(self, taken: _Taken, decision: Quarantine) -> Outcome:
        mail = taken.mail
        # A mail that cannot be read has no digest of its fields: that of its bytes makes a second run give the same name. So
        # with one that was cut: its header alone would make a repeat of every large mail that has the same.
        message_id, digest = "", f"sha256:{hashlib.sha256(taken.arrived.raw).hexdigest()}"
        if isinstance(mail, Mail) and not taken.arrived.is_cut:
            message_id, digest = mail.message_id, mail.digest
        if where := self._filed.where(message_id, digest):
            return _outcome("repeat", mail, Repeat(where), where)
        received = taken.arrived.received
        page = quarantine_page(
            Quarantined(decision, mail, message_id, digest, received, taken.verified), self._practice.business.language
        )
        name = file_quarantined(self._workspace, received, digest, page, taken.arrived.raw)
        self._filed.add_quarantined(message_id, digest, name)
        return _outcome("quarantine", mail, decision, name)


def _size(most: int) -> str:
    return f"{most // 1_000_000} MB" if most >= 1_000_000 else f"{most:,} bytes"  # noqa: PLR2004 (a megabyte)


def _readable(taken: _Taken) -> Mail:
    assert isinstance(taken.mail, Mail)  # noqa: S101 (decide: what cannot be read goes to the quarantine)
    return taken.mail


def _message(taken: _Taken, kind: Kind, flags: tuple[str, ...]) -> Message:
    """Make the message of a mail; its name and its files' names are given when it is filed."""
    mail = _readable(taken)
    assert isinstance(mail.from_, Person)  # noqa: S101 (decide: a mail without one sender goes to the quarantine)
    return Message(
        name="",
        sender=mail.from_,
        received=taken.arrived.received,
        kind=kind,
        verified=taken.verified,
        message_id=mail.message_id,
        digest=mail.digest,
        to=tuple(person.email for person in (*mail.to, *mail.cc)),
        date=mail.date,
        flags=flags,
        text=mail.text,
        quoted="\n\n".join(part for part in (mail.signature, mail.quoted) if part),
    )


def _attached(mail: Mail) -> tuple[Attached, ...]:
    return tuple(Attached(attachment.name, attachment.content) for attachment in mail.attachments)


def _outcome(
    became: str, mail: Mail | Unreadable, decision: Decision, where: str, *, client: str = "", is_withheld: bool = False
) -> Outcome:
    sender = subject = ""
    if isinstance(mail, Mail):
        sender = str(mail.from_) if isinstance(mail.from_, Person) else mail.from_.shown
        subject = mail.subject
    match decision:
        case Quarantine():
            why = f"{decision.reason.value}: {decision.detail}"
        case Repeat():
            why = f"filed before as {decision.where}"
        case _:
            why = decision.why
    return Outcome(became, sender, subject, where, why, client, is_withheld)


def _front(path: Path) -> dict[str, str]:
    """Read a file's front matter; of one that is broken, what can be read: the build tells what is wrong with it."""
    value = read_front_matter(path.read_bytes().decode("utf-8", errors="replace")).front.value
    return {key: said for key, said in value.items() if isinstance(said, str)} if isinstance(value, dict) else {}

"""Mail → decision → files, exactly once: each mail is made ready, and many are put in place together (recado.store.steps)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.arrived import Arrived
from ingest.asked import FormWords
from ingest.books import Books
from ingest.filed import MessageFacts, ThreadKey
from ingest.made import files_of, message_of, task_of
from ingest.mail import Mail, Unreadable
from ingest.passed_on import parted
from ingest.quarantine_page import Quarantined, quarantine_page
from ingest.routing import Ignored, IntoThread, NewTask, Quarantine, Repeat, decide
from ingest.sender import verify
from recado.errors import RecadoError
from recado.model.address import Person, normalise_address
from recado.model.history import BY_INGEST
from recado.model.message import THIRD_PARTY, Kind, Message, Verified
from recado.model.ref import Ref
from recado.model.status import Status
from recado.speech import catalogue
from recado.store.atomic import write_new
from recado.store.filing import file_quarantined
from recado.store.mail_names import slug_of
from recado.store.quarantine import take_out_of
from recado.store.status import change_status
from recado.store.steps import Step, reached

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ingest.routing import Decision
    from recado.model.practice import Practice
    from recado.model.task import Task
    from recado.store.workspace import ClientFolder, Workspace

__all__ = ["Arrived", "Intake", "Outcome"]

NOT_REOPENED = "not-reopened"  # it answers what is done, whose file or history could not be read or changed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mail, for the log and for who watches.

    `became` is request, reply, note, outgoing, quarantine, repeat or ignored; `where` is a ref, or the quarantined mail's name;
    `why` says which rule decided. `is_withheld`: filed, but kept from the portal until the VA accepts it. `is_reopened`: it
    opened a finished task again. `is_new_task`: it began a task.
    """

    became: str
    sender: str
    subject: str
    where: str
    why: str
    client: str = ""
    is_withheld: bool = False
    is_reopened: bool = False
    is_new_task: bool = False

    @property
    def is_quarantined(self) -> bool:
        """Tell whether a person has to look at it."""
        return self.became == "quarantine"


@dataclass(frozen=True, slots=True)
class _Taken:
    """One mail in hand: as it arrived, as it was read, and how far its sender is believed."""

    arrived: Arrived
    mail: Mail | Unreadable
    verified: Verified
    hers: str = ""  # what the VA wrote above a mail that she passed on


class Intake:
    """Files mails in one workspace. It knows what is filed already, and remembers what it files."""

    def __init__(self, workspace: Workspace, practice: Practice, index: Path | None = None) -> None:
        """Learn what is filed, after finishing what a crash left unfinished. Raises OSError.

        `index`: where to keep what was learnt, so that the next process need not read every file again. Only the one worker of
        a workspace may use it.
        """
        self._workspace = workspace
        self._practice = practice
        self._words: dict[str, FormWords] = {}
        self._folders = {key: workspace.client(key) for key in practice.clients}
        self._books = Books(workspace, practice, index)
        # Mails of the quarantine that are filed after all: out of it once they are in place.
        self._superseded: dict[str, None] = {}
        self.look_again()

    def look_again(self) -> None:
        """Learn what came to the files, or went, since the last look. Raises OSError."""
        self._books.look_again()

    def close(self) -> None:
        """Keep what was learnt. It saves work for the next process, and nothing depends on it."""
        self._books.close()

    def take(self, arrived: Arrived) -> Outcome:
        """Read one mail in this process, and file it. Raises OSError, RecadoError."""
        from ingest.parse import parse_mail  # noqa: PLC0415 (late: the worker reads in a child, and need not know the parsers)

        try:
            outcome = self.file(arrived, parse_mail(arrived.raw, max_bytes=self._practice.mailbox.max_message))
        except BaseException:
            self.abandon()
            raise
        self.settle()
        return outcome

    def file(self, arrived: Arrived, mail: Mail | Unreadable) -> Outcome:
        """Make one mail ready to be filed, and tell what becomes of it. Raises OSError, RecadoError.

        It is filed when `settle` returns, which is called once for many, and before any of them is moved. (A mail no one can
        file is in the quarantine at once.)
        """
        self._books.begin()
        outcome = self._file(arrived, mail)
        self._books.made_ready()
        return outcome

    def settle(self) -> int:
        """Put in place what was made ready, and tell how many mails are filed since the last time. Raises OSError."""
        settled = self._books.settle()
        superseded, self._superseded = self._superseded, {}
        for name in superseded:
            take_out_of(self._workspace.quarantine, name)
        return settled

    def abandon(self) -> None:
        """Leave what was made ready and is not in place: its mails are met again."""
        self._superseded = {}
        self._books.abandon()

    def _file(self, arrived: Arrived, mail: Mail | Unreadable) -> Outcome:
        settings = self._practice.mailbox
        verified = verify(mail, settings.trust) if isinstance(mail, Mail) else Verified.NONE
        # Of a mail that was cut, the header is read for the page that says who wrote it, and for nothing else.
        whole = Unreadable("too-large", f"more than {_size(settings.max_message)}") if arrived.is_cut else mail
        decision = self._books.ask(
            lambda known: decide(whole, verified, self._practice, known, is_sent=arrived.is_sent, received=arrived.received)
        )
        reached(Step.DECIDED)
        if isinstance(decision, NewTask | IntoThread) and decision.verified is not None:
            verified = decision.verified
        taken = _without_hers(_Taken(arrived, mail, verified), decision)
        match decision:
            case Ignored():
                return _outcome("ignored", mail, decision, "")
            case Quarantine() if arrived.is_sent:  # it is her own copy, and stays where it is
                return _outcome("ignored", mail, decision, "")
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
        code = self._practice.clients[decision.client].code
        folder = self._folders[decision.client]
        message = _message(taken, decision)
        words = self._form_words(decision.client)

        def make(number: int, name: str) -> Task:
            return task_of(mail, message, ref=Ref(code, number), name=name, title=decision.title, words=words)

        task, filed = self._books.batch.new_task(
            folder, make, slug_of(decision.title), message, files_of(mail), private=taken.hers
        )
        thread = ThreadKey(decision.client, task.ref.number, task.name)
        self._books.learn(lambda known: known.add_thread(thread))
        return self._remembered(thread, filed, task.ref, decision, mail)

    def _form_words(self, client: str) -> FormWords:
        """Give the words in which this client's portal asks."""
        if client not in self._words:
            record = self._practice.record(client)
            self._words[client] = FormWords.of(record, catalogue(record.language, overrides=self._workspace.templates))
        return self._words[client]

    def _into_thread(self, taken: _Taken, decision: IntoThread) -> Outcome:
        mail = _readable(taken)
        thread = decision.thread
        client = self._folders[thread.client]
        ref = Ref(self._practice.clients[thread.client].code, thread.number)
        if decision.reopens:  # before the message: one that is filed is a repeat on the next run, and would open nothing
            decision = self._reopened(decision, client, ref, taken.arrived.received)
        message = self._books.batch.into_thread(client, thread.name, _message(taken, decision), files_of(mail))
        if taken.hers:  # where she has notes of her own already, hers is in the mail in her Done folder alone
            write_new(client.thread(thread.name) / "private.md", f"{taken.hers}\n".encode())
        return self._remembered(thread, message, ref, decision, mail)

    def _reopened(self, decision: IntoThread, client: ClientFolder, ref: Ref, at: datetime) -> IntoThread:
        """Open a task again. One that is spoilt, or in someone's hands, keeps no mail waiting: the message says it."""
        try:
            change_status(client, ref, Status.NEW, BY_INGEST, at)
        except RecadoError:
            return replace(decision, reopens=False, flags=(*decision.flags, NOT_REOPENED))
        reached(Step.REOPENED)
        return decision

    def _remembered(self, thread: ThreadKey, message: Message, ref: Ref, decision: NewTask | IntoThread, mail: Mail) -> Outcome:
        facts = MessageFacts(
            message_id=message.message_id,
            digest=message.digest,
            where=str(ref),
            file=f"{message.name}.md",
            subject=message.subject,
            people=tuple(map(normalise_address, _brought_in(message))),
            is_outgoing=message.kind is Kind.OUTGOING,
            is_withheld=message.is_withheld,
        )
        if message.message_id and not message.is_withheld:
            aside = self._books.ask(lambda known: known.set_aside(message.message_id, message.digest))
            self._superseded |= dict.fromkeys(name for name in aside if (self._workspace.quarantine / f"{name}.eml").exists())
        self._books.learn(lambda known: known.add_message(thread, facts))
        return replace(
            _outcome(message.kind.value, mail, decision, str(ref)),
            client=thread.client,
            is_withheld=message.is_withheld,
            is_reopened=isinstance(decision, IntoThread) and decision.reopens,
            is_new_task=isinstance(decision, NewTask),
        )

    def _quarantine(self, taken: _Taken, decision: Quarantine) -> Outcome:
        mail = taken.mail
        message_id, digest = mail.message_id, mail.digest
        # A mail that cannot be read may have no digest of its fields: that of its bytes makes a second run give the same name.
        # So with one that was cut: its header alone would make a repeat of every large mail that has the same.
        if not digest or taken.arrived.is_cut:
            message_id, digest = "", f"sha256:{hashlib.sha256(taken.arrived.raw).hexdigest()}"
        received = taken.arrived.received
        at = received if isinstance(mail, Mail) and not (mail.message_id or mail.date) else None
        if where := self._books.ask(lambda known: known.where(message_id, digest, at)):
            return _outcome("repeat", mail, Repeat(where), where)
        page = quarantine_page(
            Quarantined(decision, mail, message_id, digest, received, taken.verified), self._practice.business.language
        )
        name = file_quarantined(self._workspace, received, digest, page, taken.arrived.raw)
        self._books.learn(lambda known: known.add_other(message_id, digest, name, stamp="-"))
        return _outcome("quarantine", mail, decision, name)


def _size(most: int) -> str:
    return f"{most // 1_000_000} MB" if most >= 1_000_000 else f"{most:,} bytes"  # noqa: PLR2004 (a megabyte)


def _without_hers(taken: _Taken, decision: Decision) -> _Taken:
    """Take out what the VA wrote above a mail she passes on: it is for herself, and no words of the one who wrote the mail."""
    if not isinstance(taken.mail, Mail) or not isinstance(decision, NewTask | IntoThread) or decision.written_by is None:
        return taken
    parts = parted(taken.mail.text)
    return taken if parts is None else replace(taken, hers=parts[0], mail=replace(taken.mail, text=parts[1]))


def _readable(taken: _Taken) -> Mail:
    assert isinstance(taken.mail, Mail)  # noqa: S101 (decide: what cannot be read goes to the quarantine)
    return taken.mail


def _message(taken: _Taken, decision: NewTask | IntoThread) -> Message:
    mail = _readable(taken)
    sender = decision.written_by or mail.from_
    assert isinstance(sender, Person)  # noqa: S101 (decide: a mail without one sender goes to the quarantine)
    received, verified = taken.arrived.received, taken.verified
    return message_of(mail, sender, received=received, kind=decision.kind, verified=verified, flags=decision.flags)


def _brought_in(message: Message) -> tuple[str, ...]:
    """List whom a message makes people of its thread: its sender and receivers; of a third party's, the sender alone."""
    return (message.sender.email,) if THIRD_PARTY in message.flags else (message.sender.email, *message.to)


def _outcome(became: str, mail: Mail | Unreadable, decision: Decision, where: str) -> Outcome:
    sender = subject = ""
    if isinstance(mail, Mail):
        sender = str(mail.from_) if isinstance(mail.from_, Person) else mail.from_.shown
        subject = mail.subject
    match decision:
        case Quarantine():
            why = f"{decision.reason.value}: {decision.detail}"
        case Repeat():
            why = f"{decision.why}, as {decision.where}"
        case _:
            why = decision.why
    return Outcome(became, sender, subject, where, why)

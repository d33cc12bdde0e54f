"""What a client may see of their own work, sorted by whose turn it is.

Nothing that is withheld is among it, and no password or card number: the files keep the words, a portal shows dots. What the
client has answered is no longer theirs to do.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

from recado.model.client_work import answer_in
from recado.model.message import Kind
from recado.model.secrets_in_text import masked
from recado.model.status import Status, Turn
from recado.model.time_entry import minutes_by_task
from recado.portal.files import published_files
from recado.portal.pages.mailto import mailto
from recado.portal.pages.public_holidays import public_holidays
from recado.portal.program import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from recado.model.client_work import ClientWork, File, Thread
    from recado.model.history import Change
    from recado.model.message import Message
    from recado.model.practice import Business, ClientRecord
    from recado.model.ref import Ref
    from recado.model.task import Task
    from recado.portal.pages.public_holidays import Holidays
    from recado.portal.reader import Reader

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_NO_DUE = datetime.max.replace(tzinfo=UTC)


class ShownThread(NamedTuple):
    """A thread as its client may see it.

    `messages` are all of them, oldest first: a withheld one must leave its line in the conversation. `files` leave out what
    came with a withheld one. `first` and `last` tell when the task first and last came to a status, `since` when it came to
    its present one: None where it had it at first sight, for then nobody knows. `is_reopened`: it was done or cancelled, and
    nobody has read yet why it is open again. `inputs` is the digest of all of this, '' where it is not known from files.
    """

    task: Task
    messages: tuple[Message, ...]
    files: tuple[File, ...]
    first: Mapping[Status, datetime]
    last: Mapping[Status, datetime]
    since: datetime | None
    is_reopened: bool = False
    inputs: str = ""

    @property
    def url(self) -> str:
        """Give the page's place, from the portal's root."""
        return f"requests/{str(self.task.ref).lower()}.html"

    @property
    def shown_messages(self) -> tuple[Message, ...]:
        """Give the messages that are not withheld."""
        return tuple(message for message in self.messages if not message.is_withheld)

    @property
    def request(self) -> Message | None:
        """Give the client's message that began it."""
        return next((message for message in self.shown_messages if message.kind is Kind.REQUEST), None)

    @property
    def begun_with(self) -> Message | None:
        """Give the practice's own message that began it; None where the client asked, or the VA wrote the task herself."""
        first = next(iter(self.shown_messages), None)
        if self.request or first is None or first.kind is not Kind.OUTGOING:
            return None
        began = self.task.message == first.message_id if self.task.message else self.task.body.strip() == first.text.strip()
        return first if began else None

    @property
    def opening(self) -> Message | None:
        """Give the message that began it, whoever wrote it."""
        return self.request or self.begun_with

    @property
    def last_outgoing(self) -> Message | None:
        """Give the last message from the practice."""
        return next((message for message in reversed(self.shown_messages) if message.kind is Kind.OUTGOING), None)

    @property
    def answer(self) -> Message | None:
        """Give the client's answer, while it is their turn; None: not answered."""
        return answer_in(self.task, self.messages, self.since)

    @property
    def turn(self) -> Turn:
        """Tell who moves next. Once the client has answered it is the practice's turn, whatever the file still says."""
        return Turn.PRACTICE if self.answer else self.task.turn

    @property
    def is_answered_again(self) -> bool:
        """Tell whether a message of the client came after it was last done or cancelled."""
        ended = max(filter(None, (self.last.get(Status.DONE), self.last.get(Status.CANCELLED))), default=_LONG_AGO)
        theirs = (message for message in self.shown_messages if message.kind in {Kind.REPLY, Kind.COMMAND})
        return any(message.received > ended for message in theirs)

    def is_said_in_check(self, message: Message) -> bool:
        """Tell whether its page says that a message is being checked: not for ever, where it came before all was over."""
        return message.is_in_check and (self.ended is None or message.received > self.ended)

    @property
    def began(self) -> datetime | None:
        """Tell when it was asked for."""
        return self.task.received or (self.request.received if self.request else self.first.get(Status.NEW))

    @property
    def updated(self) -> datetime | None:
        """Tell when something of it that shows last changed."""
        return max((*(message.received for message in self.shown_messages), *self.last.values()), default=self.task.received)

    @property
    def ended(self) -> datetime | None:
        """Tell when it was done or cancelled; None while it is open, or where no one knows."""
        return None if self.task.is_open else self.last.get(self.task.status, self.began)


class View(NamedTuple):
    """One client's work and the reader it is told to.

    `merged` are those that went into another: each has its page, and is counted and listed nowhere. `withheld` counts the
    requests that are being checked and shown nowhere; `minutes` is the time that went into each task, `urls` the page of each
    that is shown, `by_turn` the threads that are someone's turn, `ended_in` those that have ended, by the first day of their
    month, the latest first; `holidays` knows the public holidays of a country.
    """

    work: ClientWork
    reader: Reader
    threads: tuple[ShownThread, ...]
    merged: tuple[ShownThread, ...]
    withheld: int
    minutes: Mapping[Ref, int]
    urls: Mapping[Ref, str]
    by_turn: Mapping[Turn, tuple[ShownThread, ...]]
    ended_in: Mapping[date, Sequence[ShownThread]]
    holidays: Holidays = public_holidays

    @classmethod
    def of(cls, work: ClientWork, reader: Reader, *, is_masked: bool = False, holidays: Holidays = public_holidays) -> View:
        """Take from a client's files what that client may see. `is_masked`: its threads are those of `masked_thread`."""
        changes: dict[Ref, list[Change]] = defaultdict(list)
        for change in work.changes:
            changes[change.ref].append(change)
        threads = work.threads if is_masked else tuple(map(masked_thread, work.threads))
        minutes = minutes_by_task(work.time)
        shown = [
            _shown(thread, changes[thread.task.ref], minutes.get(thread.task.ref, 0))
            for thread in threads
            if not _is_withheld(thread)
        ]
        open_threads: dict[Turn, list[ShownThread]] = defaultdict(list)
        for thread in shown:
            if thread.task.merged_into is None:
                open_threads[thread.turn].append(thread)
        by_turn = {turn: _in_order(turn, threads, reader) for turn, threads in open_threads.items()}
        return cls(
            work,
            reader,
            threads=tuple(thread for thread in shown if thread.task.merged_into is None),
            merged=tuple(thread for thread in shown if thread.task.merged_into is not None),
            withheld=sum(map(_is_in_check, work.threads)),
            minutes=minutes,
            urls={thread.task.ref: thread.url for thread in shown},
            by_turn=by_turn,
            ended_in=_by_month(by_turn.get(Turn.NOBODY, ()), reader),
            holidays=holidays,
        )

    @property
    def record(self) -> ClientRecord:
        """Give the client's record."""
        return self.work.record

    @property
    def business(self) -> Business:
        """Give the practice as its clients know it."""
        return self.work.record.business

    @property
    def me(self) -> str:
        """Give the VA's first name."""
        return self.business.first_name

    @property
    def reader_name(self) -> str:
        """Give the name to greet: the first contact's first name, else the client's own."""
        contacts = self.record.client.contacts
        return contacts[0].person.first_name if contacts else self.record.client.name

    def turn(self, turn: Turn) -> tuple[ShownThread, ...]:
        """Give the threads that are someone's turn, the soonest due first; of those done, the latest first."""
        return self.by_turn.get(turn, ())

    def asked_last(self, most: int) -> tuple[ShownThread, ...]:
        """Give the open requests that were asked for last, the latest first."""
        still_open = sorted((thread for thread in self.threads if thread.task.is_open), key=lambda thread: thread.task.ref)
        return tuple(reversed(still_open[-most:]))

    def goes_on_in(self, thread: ShownThread) -> ShownThread | None:
        """Give the task in which one that was merged goes on; None where that one is not shown, or not there."""
        by_ref = {each.task.ref: each for each in (*self.threads, *self.merged)}
        passed = {thread.task.ref}
        while thread.task.merged_into is not None:
            found = by_ref.get(thread.task.merged_into)
            if found is None or found.task.ref in passed:
                return None
            passed.add(found.task.ref)
            thread = found
        return thread

    def mail(self, subject: str = "", body: str = "") -> str:
        """Make a link that opens a mail to the request address."""
        return mailto(self.record.request_address, subject, body)

    def text_of(self, localized: object) -> str:
        """Give a text of clients.yml in the reader's language; '' where there is none."""
        in_language = getattr(localized, "in_language", None)
        return str(in_language(self.record.language, self.business.language)) if in_language else ""

    def service_name(self, key: str | None) -> str:
        """Give a service's name in the reader's language; the key where the catalogue does not have it, '' for none."""
        if not key:
            return ""
        service = self.record.services.get(key)
        return self.text_of(service.name) if service else key


def masked_thread(thread: Thread) -> Thread:
    """Give a thread as a portal may show it: dots where a password or a card number stands. The same one where none does."""
    task, messages = thread.task, tuple(map(_masked, thread.messages))
    title, body = masked(task.title), masked(task.body)
    if title is not task.title or body is not task.body:
        task = replace(task, title=title, body=body)
    if task is thread.task and all(one is other for one, other in zip(messages, thread.messages, strict=True)):
        return thread
    return replace(thread, task=task, messages=messages)


def _in_order(turn: Turn, threads: Iterable[ShownThread], reader: Reader) -> tuple[ShownThread, ...]:
    if turn is Turn.NOBODY:
        return tuple(sorted(threads, key=lambda thread: (thread.ended or _LONG_AGO, thread.task.ref), reverse=True))
    return tuple(sorted(threads, key=lambda thread: (_due(thread.task, reader), thread.task.ref)))


def _by_month(ended: Iterable[ShownThread], reader: Reader) -> dict[date, list[ShownThread]]:
    """Sort what has ended by the month it ended in, the latest first. Where no one knows when, it is this month's."""
    months: dict[date, list[ShownThread]] = defaultdict(list)
    for thread in ended:
        day = reader.local(thread.ended).date() if thread.ended else reader.today
        months[day.replace(day=1)].append(thread)
    return dict(sorted(months.items(), reverse=True))


def _due(task: Task, reader: Reader) -> datetime:
    if isinstance(task.due, datetime):
        return task.due
    return datetime.combine(task.due, time.max, reader.zone) if isinstance(task.due, date) else _NO_DUE


def _is_withheld(thread: Thread) -> bool:
    """Tell whether the request itself is withheld; then nothing of the task may show."""
    first = _request(thread)
    return first is not None and first.is_withheld


def _is_in_check(thread: Thread) -> bool:
    """Tell whether a request waits for the VA's word. One that she rejected, or is done with, waits for none."""
    first = _request(thread)
    return first is not None and first.is_in_check and thread.task.is_open and thread.task.merged_into is None


def _request(thread: Thread) -> Message | None:
    return next((message for message in thread.messages if message.kind is Kind.REQUEST), None)


def _shown(thread: Thread, changes: Sequence[Change], minutes: int) -> ShownThread:
    newest = changes[-1] if changes else None
    came = newest if newest and newest.before is not None and newest.after is thread.task.status else None
    is_reopened = came is not None and came.after is Status.NEW and came.before in {Status.DONE, Status.CANCELLED}
    task = thread.task
    return ShownThread(
        task=replace(task, due=None) if is_reopened else task,  # its day was for what was done: for the rest none is named yet
        messages=thread.messages,
        files=published_files(thread),
        first={change.after: change.at for change in reversed(changes)},
        last={change.after: change.at for change in changes},
        since=came.at if came else None,
        is_reopened=is_reopened,
        inputs=digest_of(thread.sources.hex(), "\n".join(map(_told, changes)), str(minutes)) if thread.sources else "",
    )


def _told(change: Change) -> str:
    """Write all that a page can say of a change."""
    return f"{change.at.isoformat()} {change.before} {change.after}"


def _masked(message: Message) -> Message:
    text, quoted = masked(message.text), masked(message.quoted)
    return message if text is message.text and quoted is message.quoted else replace(message, text=text, quoted=quoted)

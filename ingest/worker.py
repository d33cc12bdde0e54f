"""A pass over the inbox: list, fetch, read, decide, file, and only then move (the steps: recado.store.steps).

Mails are fetched and moved many at once, and read in a child while those before them are filed. What stops in between is met
again on the next pass.
"""

from __future__ import annotations

import json
import time
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Self

from ingest.fetching import in_batches
from ingest.intake import Intake
from ingest.mailbox import Mailbox, MailboxError
from ingest.reader import Reader
from ingest.sent import SentMark
from recado.errors import RecadoError, WorkError
from recado.model.message import Kind
from recado.speech import _
from recado.store.atomic import write_whole
from recado.store.lock import locked_or_busy
from recado.store.steps import Step, reached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

    from ingest.arrived import Arrived
    from ingest.intake import Outcome
    from ingest.mail import Mail, Unreadable
    from ingest.mailbox import Envelope
    from recado.model.practice import Practice
    from recado.model.secret import Revealed
    from recado.store.workspace import Workspace

# How many mails, and how much of them, are with the reader while others are filed.
_AHEAD_MAILS = 100
_AHEAD_BYTES = 8_000_000
# How many filed mails are moved at once, and how long the first of them waits for that: a crash in between costs only work.
_TOGETHER = 200
_TOGETHER_SECONDS = 1.0
_GLANCE_SECONDS = 0.2


@contextmanager
def only_worker(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace's ingest lock: one worker at a time. Raises WorkError where another one holds it."""
    with locked_or_busy(workspace.state / "locks" / "ingest.lock") as is_ours:
        if not is_ours:
            raise WorkError(
                _("Another `recado ingest`, or `recado run`, is already at work in {folder}. Wait for it, or stop it.").format(
                    folder=workspace.root
                )
            )
        yield


def one_pass(workspace: Workspace, practice: Practice, password: Callable[[], Revealed]) -> Iterator[Outcome]:
    """File every mail that waits in the inbox, giving what became of each as soon as it is safe. Raises MailboxError, OSError.

    `password` looks the mailbox's password up. The caller holds `only_worker`.
    """
    with Mailbox(practice.mailbox, password) as mailbox, Worker(workspace, practice) as worker:
        yield from worker.look(mailbox)
        yield from worker.look_into_sent(mailbox)


class Worker:
    """What makes passes, and keeps between them what is costly to make: the child that reads, what is filed.

    A context manager; the caller holds `only_worker`.
    """

    def __init__(self, workspace: Workspace, practice: Practice) -> None:
        """Take the workspace. Nothing is read and no child started before the first mail waits."""
        self._workspace = workspace
        self._practice = practice
        self._intake: Intake | None = None
        self._reader: Reader | None = None

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the child, and keep what was learnt for the next process."""
        try:
            self._end_reader()
        finally:
            if self._intake is not None:
                self._intake.close()

    def look(self, mailbox: Mailbox, is_told: Callable[[], bool] = lambda: False) -> Iterator[Outcome]:
        """File every mail that waits, giving what became of each once it is moved. Raises MailboxError, OSError, RecadoError.

        `is_told`: asked between mails; when it says so, those that are filed are moved and the others wait in the inbox.
        """
        envelopes = mailbox.waiting()
        reached(Step.LISTED)
        if not envelopes:
            return
        reader = self._started()
        intake = self._ready()
        hand = _Hand(mailbox, intake)
        refused: RecadoError | None = None
        try:
            for envelope, arrived, mail in _read(reader, self._fetched(hand, envelopes, is_told), hand, is_told):
                try:
                    hand.take(envelope, intake.file(arrived, mail))
                except RecadoError as error:  # of this mail alone: it stays, and keeps no other waiting
                    refused = refused or error
                if hand.is_full:
                    yield from hand.move()
            yield from hand.move()
            if is_told():
                self._end_reader()  # it may still have mails that now wait in the inbox
        except Exception as error:
            self._end_reader()
            yield from hand.rescue(is_connected=not isinstance(error, MailboxError))
            raise
        except BaseException:
            self._end_reader()
            intake.abandon()
            raise
        if refused is not None:
            raise refused

    def look_into_sent(self, mailbox: Mailbox) -> Iterator[Outcome]:
        """File what the VA answered from her mail program, found in the Sent folder; what answers no thread is passed over.

        Nothing there is moved. How far it was read only saves work: without it, the last 30 days are read again, and what is
        filed is a repeat. Raises MailboxError, OSError.
        """
        if self._practice.mailbox.sent is None:
            return
        file = self._workspace.state / "sent.json"
        before = mark = _read_mark(file)
        intake: Intake | None = None
        try:
            for found, arrived in mailbox.sent(before, self._practice.mailbox.max_message):
                if intake is None:
                    reader, intake = self._started(), self._ready()
                reader.ask(arrived.raw)
                outcome = intake.file(replace(arrived, is_sent=True), reader.answer())
                intake.settle()
                mark = found
                if outcome.became == Kind.OUTGOING.value:
                    yield outcome
        except BaseException:
            self._end_reader()
            if intake is not None:
                intake.abandon()
            raise
        finally:
            if mark is not None and mark != before:
                _write_mark(file, mark)

    def _fetched(
        self, hand: _Hand, envelopes: tuple[Envelope, ...], is_told: Callable[[], bool]
    ) -> Iterator[tuple[Envelope, Arrived]]:
        most_bytes = self._practice.mailbox.max_message
        for batch in in_batches(envelopes, most_bytes):
            hand.settle()  # nobody waits for their turn while we wait for the server
            for envelope, arrived in hand.mailbox.fetch(batch, most_bytes):
                reached(Step.FETCHED)
                if is_told():
                    return
                yield envelope, arrived

    def _started(self) -> Reader:
        """Give the child, started now if it is not: it gets ready while we read what is filed."""
        if self._reader is None:
            self._reader = Reader(self._practice.mailbox.max_message)
            self._reader.start()
        return self._reader

    def _end_reader(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()

    def _ready(self) -> Intake:
        if self._intake is None:
            self._intake = Intake(self._workspace, self._practice, self._workspace.state / "filed.db")
        else:
            self._intake.look_again()
        return self._intake


class _Hand:
    """The mails in hand: made ready, then filed, then moved. None is moved whose files are not on disk."""

    def __init__(self, mailbox: Mailbox, intake: Intake) -> None:
        self.mailbox = mailbox
        self._intake = intake
        self._ready: list[tuple[Envelope, Outcome]] = []
        self._filed: list[tuple[Envelope, Outcome]] = []
        self._since = 0.0

    @property
    def is_full(self) -> bool:
        """Tell whether enough mails wait to be moved, or the first of them for long enough."""
        waiting = len(self._ready) + len(self._filed)
        return waiting >= _TOGETHER or (waiting > 0 and time.monotonic() - self._since > _TOGETHER_SECONDS)

    def take(self, envelope: Envelope, outcome: Outcome) -> None:
        """Take a mail that is made ready."""
        if not self._ready and not self._filed:
            self._since = time.monotonic()
        self._ready.append((envelope, outcome))

    def settle(self) -> None:
        """File what is made ready. Raises OSError."""
        ready, self._ready = self._ready, []
        if self._intake.settle() == len(ready):  # else the files of some were dropped, and the error is on its way
            self._filed += ready

    def move(self) -> list[Outcome]:
        """File what is made ready, move all that is filed, and give what became of it. Raises MailboxError, OSError."""
        self.settle()
        if self._filed:
            reached(Step.MOVING)
        if uids := [envelope.uid for envelope, outcome in self._filed if not outcome.is_quarantined]:
            self.mailbox.move_to_done(uids)
        if uids := [envelope.uid for envelope, outcome in self._filed if outcome.is_quarantined]:
            self.mailbox.move_to_quarantine(uids)
        filed, self._filed = self._filed, []
        return [outcome for _envelope, outcome in filed]

    def rescue(self, *, is_connected: bool) -> list[Outcome]:
        """After an error, file what can be filed, move it if the line still stands, and give what became of it."""
        with suppress(OSError):
            self.settle()
        outcomes = [outcome for _envelope, outcome in self._filed]
        if is_connected:
            with suppress(OSError, RecadoError):
                self.move()
        self._intake.abandon()
        return outcomes


def _read(
    reader: Reader, fetched: Iterable[tuple[Envelope, Arrived]], hand: _Hand, is_told: Callable[[], bool]
) -> Iterator[tuple[Envelope, Arrived, Mail | Unreadable]]:
    """Give each mail with what it says, in their order, while the next ones are being read. Told to stop, it ends at once.

    Where the line breaks, those that are here already are given first.
    """
    ahead: deque[tuple[Envelope, Arrived]] = deque()
    weight = 0
    broken: MailboxError | None = None
    try:
        for envelope, arrived in fetched:
            while ahead and (len(ahead) >= _AHEAD_MAILS or weight + len(arrived.raw) > _AHEAD_BYTES):
                if not _is_answered(reader, hand, is_told):
                    return
                weight -= len(ahead[0][1].raw)
                yield (*ahead.popleft(), reader.answer())
            reader.ask(arrived.raw)
            ahead.append((envelope, arrived))
            weight += len(arrived.raw)
    except MailboxError as error:
        broken = error
    while ahead and _is_answered(reader, hand, is_told):
        yield (*ahead.popleft(), reader.answer())
    if broken is not None:
        raise broken


def _is_answered(reader: Reader, hand: _Hand, is_told: Callable[[], bool]) -> bool:
    """Wait until the next answer is there; False where it is told to stop first."""
    while not reader.is_answered(_GLANCE_SECONDS):
        hand.settle()
        if is_told():
            return False
    return not is_told()


def _read_mark(file: Path) -> SentMark | None:
    try:
        return SentMark(**{key: int(value) for key, value in json.loads(file.read_bytes()).items()})
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _write_mark(file: Path, mark: SentMark) -> None:
    with suppress(OSError):
        write_whole(file, json.dumps(asdict(mark)).encode())

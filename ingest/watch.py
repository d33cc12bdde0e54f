"""Watching the mailbox until told to stop: by IDLE, and by looking again; what fails is said, and tried again.

One worker a workspace (the caller holds `only_worker`). The connection stays open between passes.
"""

from __future__ import annotations

import random
import signal
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import schedule

from ingest.backoff import AWAY, REFUSED
from ingest.connection import LoginRefusedError, MailRefusedError
from recado.errors import RecadoError
from recado.model.servers import LOOPBACK
from recado.speech import _, ngettext
from recado.store.stopping import until_told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager
    from types import FrameType

    from ingest.in_force import InForce
    from ingest.intake import Outcome
    from ingest.mailbox import Mailbox
    from recado.model.practice import Practice
    from recado.store.stopping import Stop

PATIENCE_SECONDS = 0.5
# How often clients.yml is looked at while a server is away: whoever mends it there need not wait.
_GLANCE_SECONDS = 2.0
_FRUITLESS_AT_MOST = 3
_LASTING_SECONDS = 60.0


class Looks(Protocol):
    """What files the mail of one practice, and keeps what is costly between passes (ingest.worker.Worker)."""

    def look(self, mailbox: Mailbox, is_told: Callable[[], bool]) -> Iterable[Outcome]:
        """File what waits in the inbox."""

    def look_into_sent(self, mailbox: Mailbox) -> Iterable[Outcome]:
        """File what the VA answered from her mail program."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often is looked, in seconds.

    With IDLE the server tells; the inbox is searched all the same, for some servers lose a word, and IDLE is renewed by it
    long before the 29 minutes of RFC 2177. `beat`: a server on this machine is asked that often as well. It costs nothing
    there, and Dovecot tells of a mail only after half a second, in which it gathers more.
    """

    search: int = 120
    poll: int = 60
    sent: int = 300
    beat: float = 0.2


@dataclass(frozen=True, slots=True)
class Watching:
    """What a watch needs: the practice, how to open its mailbox and its worker, and whom to tell.

    `say` is told each outcome, `note` a line on how the watching goes.
    """

    in_force: InForce
    mailbox: Callable[[Practice], AbstractContextManager[Mailbox]]
    worker: Callable[[Practice], AbstractContextManager[Looks]]
    say: Callable[[Outcome], None]
    note: Callable[[str], None]
    pace: Pace = field(default_factory=Pace)
    chance: Callable[[], float] = random.random  # when to try again is no secret


def watch(watching: Watching, *, was_told: Callable[[], bool] = lambda: False) -> None:
    """File mail as it comes, until SIGTERM or Ctrl-C. What fails is said, and tried again after a pause.

    `was_told` is asked once these signals are listened to: whether who listened before has heard one meanwhile. Told to stop,
    it finishes the mail in hand. If that takes longer than half a second (a server that hangs), the mail is left as a crash
    would leave it: to be met again.
    """
    with _until_told_and_no_longer() as stop:
        if not was_told():
            _Watch(watching, stop).go_on()


class _Watch:
    def __init__(self, watching: Watching, stop: Stop) -> None:
        self._what = watching
        self._stop = stop
        self._backoff = AWAY
        self._failures = 0
        self._is_away = False
        self._has_been_there = False
        self._refusal = ""
        self._trouble = ""

    def go_on(self) -> None:
        in_force = self._what.in_force
        while not self._stop.is_told:
            practice = in_force.practice
            with self._what.worker(practice) as worker:
                while not self._stop.is_told and practice is in_force.practice:
                    self._connect(practice, worker)

    def _connect(self, practice: Practice, worker: Looks) -> None:
        """Watch by one connection, as long as it holds. Without one, wait before the next.

        Only one that lasted is a success: a server that hangs up on whoever just came is not asked every second.
        """
        began = time.monotonic()
        try:
            with self._what.mailbox(practice) as mailbox:
                self._stay(practice, worker, mailbox)
        except (RecadoError, OSError) as error:
            backoff = REFUSED if isinstance(error, LoginRefusedError) else AWAY
            if backoff is not self._backoff or time.monotonic() - began >= _LASTING_SECONDS:
                self._failures = 0
            self._backoff, self._failures, self._is_away = backoff, self._failures + 1, True
            self._pause(error, backoff.pause(self._failures, self._what.chance))

    def _stay(self, practice: Practice, worker: Looks, mailbox: Mailbox) -> None:
        """Look, and look again, until told to stop or another practice is in force."""
        pace, stop = self._what.pace, self._stop
        can_idle = mailbox.can_idle
        period = pace.search if can_idle else pace.poll
        beat = pace.beat if practice.mailbox.host in LOOPBACK else period
        jobs = schedule.Scheduler()
        jobs.every(period).seconds.do(self._look, mailbox, worker)
        if practice.mailbox.sent is not None:
            jobs.every(pace.sent).seconds.do(self._look_into_sent, mailbox, worker)
        jobs.run_all()
        self._went_well(practice, can_idle=can_idle)
        fruitless = 0
        while not stop.is_told and not self._what.in_force.has_changed():
            left = jobs.idle_seconds or 0.0
            if left > period:  # the clock was set back (summer time ends): what is due would have to wait for an hour
                jobs.run_all()
            elif left <= 0:
                jobs.run_pending()
            elif not can_idle:
                stop.wait(left)
            elif not mailbox.idle(min(left, beat), stop.wait_for) or self._look(mailbox, worker):
                fruitless = 0
            else:
                fruitless += 1
                if fruitless >= _FRUITLESS_AT_MOST:  # a server that always says that something came
                    stop.wait(min(left, fruitless))

    def _look(self, mailbox: Mailbox, worker: Looks) -> bool:
        """Make one pass over the inbox; tells whether there was any mail."""
        outcomes = 0
        if not self._stop.is_told:
            for outcome in worker.look(mailbox, lambda: self._stop.is_told):
                self._what.say(outcome)
                outcomes += 1
        self._say_refused(mailbox)
        return outcomes > 0

    def _look_into_sent(self, mailbox: Mailbox, worker: Looks) -> None:
        if self._stop.is_told:
            return
        for outcome in worker.look_into_sent(mailbox):
            self._what.say(outcome)
            if self._stop.is_told:
                return
        self._say_refused(mailbox)

    def _say_refused(self, mailbox: Mailbox) -> None:
        """Say what the server refused of single mails, once: it will refuse it again, and that keeps no other mail back."""
        try:
            mailbox.raise_refused()
        except MailRefusedError as error:
            if str(error) != self._refusal:
                self._refusal = str(error)
                self._what.note(self._refusal)

    def _went_well(self, practice: Practice, *, can_idle: bool) -> None:
        """Say that the watching goes well: once at first, and once after it did not."""
        host = practice.mailbox.host
        if not self._has_been_there:
            how = _("mail is filed as it comes") if can_idle else _("this server has to be asked: every minute")
            said = _("Watching {address} at {host}: {how}. Ctrl-C ends it.")
            self._what.note(said.format(address=practice.mailbox.address, host=host, how=how))
        elif self._is_away:
            self._what.note(_("The mailbox at {host} answers again.").format(host=host))
        self._is_away, self._has_been_there, self._trouble = False, True, ""

    def _pause(self, error: Exception, seconds: float) -> None:
        """Say what failed, and wait; a change of clients.yml ends the wait, for that may be what mends it."""
        whole = max(1, round(seconds))
        if str(error) == self._trouble:  # said at length once: a night without a network is a line a try
            said = ngettext(
                "It is still so. Trying again in {number} second.", "It is still so. Trying again in {number} seconds.", whole
            )
            self._what.note(said.format(number=whole))
        else:
            self._trouble = str(error)
            said = ngettext("Trying again in {number} second.", "Trying again in {number} seconds.", whole)
            self._what.note(f"{error} {said.format(number=whole)}")
        while seconds > 0 and not self._stop.wait(min(seconds, _GLANCE_SECONDS)):
            if self._what.in_force.has_changed():
                return
            seconds -= _GLANCE_SECONDS


class _LeaveItError(BaseException):
    """Raised wherever the work is, once patience has ended. No Exception: nothing that recovers from errors may keep it."""


@contextmanager
def _until_told_and_no_longer() -> Iterator[Stop]:
    """Give what knows whether to stop; what has not ended half a second to a second after that is left where it is.

    A clock ticks all the while. A signal that comes just before the system is asked to wait for an answer does not end that
    wait, and its handler would run only when the answer comes: the next tick ends it. And what swallows an exception meets
    another.
    """
    stop: Stop | None = None
    ticks_since = 0

    def tick(_signal: int, _frame: FrameType | None) -> None:
        nonlocal ticks_since
        if stop is not None and stop.is_told:
            ticks_since += 1
            if ticks_since > 1:
                raise _LeaveItError

    before = signal.signal(signal.SIGALRM, tick)
    try:
        with until_told() as stop:
            signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS, PATIENCE_SECONDS)
            yield stop
    except _LeaveItError:
        pass
    finally:
        stop = None
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

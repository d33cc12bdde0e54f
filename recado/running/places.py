"""Places, published side by side: each in a thread of its own, so that one that is slow or hangs holds nothing else."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from recado.deploy.tree import AwayError
from recado.errors import RecadoError, WorkError
from recado.running.journal import Journal, Level, Part, now
from recado.running.standing import PlaceStands, instant
from recado.running.threads import begin_thread
from recado.running.trouble import SLOWLY, SOON, Trouble, several_lines
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from recado.deploy.publishing import PlaceResult
    from recado.model.practice import Practice
    from recado.running.report import Report


class Publish(Protocol):
    """Publishes what is built to the place of that name."""

    def __call__(self, practice: Practice, name: str, /) -> PlaceResult:
        """Do it. Raises WorkError, AwayError, OSError."""


class Places:
    """The places of the practice in force. For several threads."""

    def __init__(self, publish: Publish, words: Callable[[PlaceResult], str], journal: Journal, report: Report) -> None:
        """Take what publishes a place, and what says in words what became of it. A practice is taken later."""
        self._means = _Means(publish, words, journal, report)
        self._lock = threading.Lock()
        self._places: dict[str, _Place] = {}
        self._is_none_said = False

    def take(self, practice: Practice) -> None:
        """Publish to the places of this practice from now on, and now; those that it names no more are let go."""
        with self._lock:
            for name in self._places.keys() - practice.places.keys():
                self._places.pop(name).end()
            with self._means.report.changing() as standing:
                standing.places = {name: standing.places.get(name) or PlaceStands() for name in practice.places}
            for name in practice.places:
                if name in self._places:
                    self._places[name].take(practice)
                else:
                    self._places[name] = _Place(name, practice, self._means)
        if not practice.places and not self._is_none_said:
            said = _("clients.yml names no places: portals are built, and published nowhere.")
            self._means.journal.tell(Part.PLACE, "no-places", said)
        self._is_none_said = not practice.places

    def news(self) -> None:
        """Publish what is new, everywhere. Where something failed, when it is time to try again."""
        with self._lock:
            for place in self._places.values():
                place.want()

    def end(self) -> list[threading.Thread]:
        """Begin nothing more; gives the threads that may still be at work."""
        with self._lock:
            for place in self._places.values():
                place.end()
            return [place.thread for place in self._places.values()]


class _Means(NamedTuple):
    publish: Publish
    words: Callable[[PlaceResult], str]
    journal: Journal
    report: Report


class _Place:
    """One place, and its thread."""

    def __init__(self, name: str, practice: Practice, means: _Means) -> None:
        self._name = name
        self._publish, self._words, self._journal, self._report = means
        self._trouble = Trouble()
        self._notes: tuple[str, ...] = ()
        self._practice = practice
        self._changed = threading.Condition()
        self._is_wanted = self._is_practice_new = True
        self._is_refused = self._is_ending = False
        self._not_before = 0.0
        self.thread = begin_thread(f"place {name}", self._go_on)

    def take(self, practice: Practice) -> None:
        """Publish by another practice, at once."""
        with self._changed:
            self._practice = practice
            self._is_wanted = self._is_practice_new = True
            self._changed.notify()

    def want(self) -> None:
        """Publish."""
        with self._changed:
            self._is_wanted = True
            self._changed.notify()

    def end(self) -> None:
        """Begin nothing more."""
        with self._changed:
            self._is_ending = True
            self._changed.notify()

    def _go_on(self) -> None:
        while (practice := self._next()) is not None:
            with self._report.changing() as standing:
                self._mine(standing.places).busy = instant(now())
            try:
                self._attempt(practice)
            except Exception as error:  # noqa: BLE001 (a mistake of this program in one place ends nothing)
                if not self._is_ending:
                    self._journal.bug(Part.PLACE, error, {"place": self._name})
                    self._failed(_("This program made a mistake ({kind}).").format(kind=type(error).__name__), is_away=True)
            finally:
                with self._report.changing() as standing:
                    self._mine(standing.places).busy = ""

    def _next(self) -> Practice | None:
        """Wait until there is something to publish; None at the end."""
        with self._changed:
            while not self._is_ending:
                left = self._not_before - time.monotonic()
                if self._is_practice_new or (self._is_wanted and left <= 0 and not self._is_refused):
                    self._is_wanted = self._is_practice_new = self._is_refused = False
                    return self._practice
                self._changed.wait(left if self._is_wanted and left > 0 and not self._is_refused else None)
        return None

    def _attempt(self, practice: Practice) -> None:
        try:
            done = self._publish(practice, self._name)
        except (RecadoError, OSError) as error:
            if self._is_ending:  # its processes were ended
                return
            place = practice.places[self._name]
            if place.access is None and isinstance(error, WorkError) and not isinstance(error, AwayError):
                self._refused(several_lines(error))
            else:
                self._failed(several_lines(error), is_away=isinstance(error, AwayError | OSError))
            return
        self._went_well(done)

    def _refused(self, text: str) -> None:
        """Leave it until clients.yml changes: nothing else mends that."""
        said = self._trouble.refused(text)
        with self._changed:
            self._is_refused = True
        self._note_trouble(0.0)
        if said:
            until = _("It is tried again once clients.yml is another.")
            self._journal.trouble(Part.PLACE, "refused", f"{self._name}: {said} {until}", {"place": self._name})

    def _failed(self, text: str, *, is_away: bool) -> None:
        said, seconds = self._trouble.failed(text, SOON if is_away else SLOWLY)
        with self._changed:
            self._is_wanted, self._not_before = True, time.monotonic() + seconds
        self._note_trouble(seconds)
        self._journal.trouble(
            Part.PLACE, "failed", f"{self._name}: {said}", {"place": self._name, "again_in": round(seconds, 1)}
        )

    def _note_trouble(self, seconds: float) -> None:
        at = now()
        with self._report.changing() as standing:
            mine = self._mine(standing.places)
            mine.trouble = self._trouble.text
            mine.since = mine.since or instant(at)
            mine.next = instant(at + timedelta(seconds=seconds)) if seconds else ""

    def _went_well(self, done: PlaceResult) -> None:
        was_wrong = self._trouble.went_well()
        at = instant(now())
        sent = done.sent
        files = len(sent.added) + len(sent.changed)
        with self._changed:
            self._not_before = 0.0
        with self._report.changing() as standing:
            mine = self._mine(standing.places)
            mine.held, mine.trouble, mine.since, mine.next = at, "", "", ""
            if not sent.is_nothing:
                mine.sent, mine.files = at, files
        counted = {
            "files": files,
            "removed": len(sent.removed),
            "altered": len(sent.altered),
            "bytes": sent.size,
            "seconds": round(done.seconds, 3),
        }
        if not sent.is_nothing or sent.altered:
            level = Level.TROUBLE if sent.altered else Level.INFO
            self._journal.tell(Part.PLACE, "published", self._words(done), {"place": self._name, **counted}, level=level)
        if was_wrong:
            said = _("{place}: it works again.").format(place=self._name)
            self._journal.tell(Part.PLACE, "works-again", said, {"place": self._name})
        for note in done.notes:
            if note not in self._notes:
                self._journal.tell(Part.PLACE, "note", f"{self._name}: {note}", {"place": self._name})
        self._notes = done.notes

    def _mine(self, places: dict[str, PlaceStands]) -> PlaceStands:
        """Give what is reported of this place; nobody reads it where it was let go."""
        return places.get(self._name) or PlaceStands()

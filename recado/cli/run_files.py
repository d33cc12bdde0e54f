"""What `recado run` does with files: it notices what changes, builds it, and tells the places that there is news."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from recado.backoff import Backoff
from recado.cli.live import UNWATCHED, unwatched_in_words, what_stays
from recado.cli.live_changes import EVERYTHING
from recado.cli.live_watch import Watch
from recado.running.journal import Part, now
from recado.running.standing import instant
from recado.running.trouble import SOON, Trouble

if TYPE_CHECKING:
    from pathlib import Path

    from recado.cli.live_build import Building
    from recado.cli.live_changes import Look
    from recado.cli.live_state import News
    from recado.running.journal import Journal
    from recado.running.places import Places
    from recado.running.report import Report

_GLANCE = 0.25  # seconds between two looks whether to end, or whether all is to be looked at
_PASSING = Backoff(first=2, most=60)  # a full disk, or a file that another program holds


class Files:
    """Watches and builds, in the thread of `go_on`. A mistake in a file is told, and what was built before stays."""

    def __init__(self, building: Building, places: Places, journal: Journal, report: Report) -> None:
        """Begin with what a first build did: it is published now."""
        self._building = building
        self._places = places
        self._journal = journal
        self._report = report
        self._ending = threading.Event()
        self._is_due = threading.Event()
        self._is_due.set()  # what changed since the first build was seen by nobody
        self._again_at = 0.0
        self._tries = Trouble()
        self._bugs = Trouble()
        self._practice = building.practice
        self._stamps = self._stamps_now()
        self._is_unwatched_said = False
        self._note_how_it_stands(0.0)
        places.take(building.practice)

    def look_at_everything(self) -> None:
        """Look at all files and all portals soon: the day turns in a client's zone, or a change went unnoticed."""
        self._is_due.set()

    def end(self) -> None:
        """Begin no other build."""
        self._ending.set()

    def go_on(self) -> None:
        """Watch and build until the end."""
        while not self._ending.is_set():
            try:
                with Watch(self._building.workspace.root) as watch:
                    self._while_it_holds(watch)
            except Exception as error:  # noqa: BLE001 (a mistake of this program in one build ends no other)
                self._journal.bug(Part.FILES, error)
                self._is_due.set()
                self._ending.wait(self._bugs.failed(type(error).__name__, SOON).seconds)

    def _while_it_holds(self, watch: Watch) -> None:
        looked = time.monotonic()
        while not self._ending.is_set() and not watch.is_outdated:
            paths = watch.changes(_GLANCE)
            if watch.failure is not None:
                self._say_unwatched(watch.failure)
                if time.monotonic() >= looked + UNWATCHED:
                    self._is_due.set()
            if self._building.may_pass and time.monotonic() >= self._again_at:
                self._is_due.set()
            look = EVERYTHING if self._is_due.is_set() else self._building.look_for(paths)
            if look == EVERYTHING:
                looked = time.monotonic()
                self._is_due.clear()
            if look is not None and not self._ending.is_set():
                self._look(look, paths, watch)
                self._bugs.went_well()

    def _look(self, look: Look, paths: frozenset[Path], watch: Watch) -> None:
        with self._report.changing() as standing:
            standing.builds.busy = instant(now())
        begun = time.monotonic()
        try:
            news = self._building.look(look, paths, watch.changes)
            self._tell(news)
            self._publish_what_changed()
        finally:
            self._note_how_it_stands(time.monotonic() - begun)
        if self._building.may_pass:
            self._again_at = time.monotonic() + self._tries.failed("", _PASSING).seconds
        else:
            self._tries.went_well()

    def _publish_what_changed(self) -> None:
        """Tell the places of news, whoever built it: `recado build` may have done so beside this."""
        stamps, practice = self._stamps_now(), self._building.practice
        is_new_practice, is_news = practice is not self._practice, stamps != self._stamps
        self._stamps, self._practice = stamps, practice
        if is_new_practice:
            self._places.take(practice)
        elif is_news:
            self._places.news()

    def _stamps_now(self) -> dict[str, tuple[int, int]]:
        """Give of each portal what tells one build from the next: each is another folder."""
        found = {}
        for key in self._building.names:
            try:
                state = (self._building.workspace.site / key).stat()
            except OSError:
                continue
            found[key] = (state.st_ino, state.st_ctime_ns)
        return found

    def _tell(self, news: News) -> None:
        for line in news.done:
            self._journal.tell(Part.FILES, "built", line)
        for line in news.wrong:
            self._journal.trouble(Part.FILES, "mistake", line)
        if news.wrong:
            self._journal.tell(Part.FILES, "stays", what_stays())

    def _note_how_it_stands(self, seconds: float) -> None:
        state, at = self._building.state, instant(now())
        with self._report.changing() as standing:
            builds = standing.builds
            builds.at, builds.seconds, builds.busy = at, round(seconds, 3), ""
            builds.everywhere = list(state.everywhere)
            builds.trouble = {key: list(lines) for key, lines in state.trouble.items()}
            builds.since = (builds.since or at) if state.wrong else ""

    def _say_unwatched(self, reason: str) -> None:
        if not self._is_unwatched_said:
            self._is_unwatched_said = True
            self._journal.trouble(Part.FILES, "unwatched", unwatched_in_words(reason))

"""What all parts of a run say of themselves, gathered, and written down as it changes: at most once a second."""

from __future__ import annotations

import copy
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from recado.reasons import reason_of
from recado.running.journal import Journal, Part, now
from recado.running.standing import Standing, instant, written
from recado.running.threads import begin_thread
from recado.speech import _
from recado.store.atomic import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BEAT = 20.0  # seconds after which it is written though nothing changed: the run lives
_REST = 1.0


class Report:
    """How the run stands, changed by all threads."""

    def __init__(self, standing: Standing) -> None:
        """Begin with how it stands now."""
        self._standing = standing
        self._changed = threading.Condition()
        self._version = 0

    @contextmanager
    def changing(self) -> Iterator[Standing]:
        """Give how it stands, to be changed, while no other thread reads or changes it."""
        with self._changed:
            yield self._standing
            self._version += 1
            self._changed.notify_all()

    def wait(self, known: int, seconds: float) -> int:
        """Wait until it is another than the version known, at most so many seconds; gives the version."""
        with self._changed:
            self._changed.wait_for(lambda: self._version != known, seconds)
            return self._version

    def copied(self) -> Standing:
        """Give how it stands, for one thread alone."""
        with self._changed:
            return copy.deepcopy(self._standing)


class Keeper:
    """Writes the report, in a thread of its own. A disk that is full stops nothing: it is told, and told when it is over."""

    def __init__(self, report: Report, file: Path, journal: Journal, beat: Callable[[], None] = lambda: None) -> None:
        """Take what to write, and where. `beat` is called every time, whether it could be written or not."""
        self._report = report
        self._file = file
        self._journal = journal
        self._beat = beat
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin to write, after taking away what a run left that was killed while it wrote."""
        for left in self._file.parent.glob(f".{self._file.name}.*.part"):
            with suppress(OSError):
                left.unlink()
        self._thread = begin_thread("keeper", self._go_on)

    def _go_on(self) -> None:
        known = -1
        while not self._ending.is_set():
            known = self._report.wait(known, BEAT)
            self.write()
            self._beat()
            self._ending.wait(_REST)

    def end(self) -> None:
        """Write for the last time that it ended, and when."""
        self._ending.set()
        with self._report.changing() as standing:
            standing.ended = instant(now())
            standing.mailbox.is_connected = False
        if self._thread is not None:
            self._thread.join(_REST)
        self.write()

    def write(self) -> None:
        """Write how it stands now."""
        standing = self._report.copied()
        standing.at = instant(now())
        was_wrong, standing.trouble = standing.trouble, ""
        try:
            write_whole(self._file, written(standing), is_lasting=False, mode=0o600)
        except OSError as error:
            self._note(_("How the run stands cannot be kept: {reason}.").format(reason=reason_of(error)), was_wrong)
        else:
            self._note("", was_wrong)

    def _note(self, trouble: str, before: str) -> None:
        if trouble == before:
            return
        with self._report.changing() as standing:
            standing.trouble = trouble
        if trouble:
            self._journal.trouble(Part.RUN, "not-kept", trouble)
        else:
            self._journal.tell(Part.RUN, "kept-again", _("How the run stands is kept again."))

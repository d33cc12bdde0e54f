"""The one log of a run: each line is shown to who watches, and kept as JSON for programs and for later.

No secrets and nothing that a client wrote: of a mail, its ref.
"""

from __future__ import annotations

import json
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from recado.reasons import reason_of
from recado.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable

    from recado.running.log_file import LogFile

Data = Mapping[str, object]
NOTHING: Data = MappingProxyType({})


class Level(StrEnum):
    """How much a line matters."""

    INFO = "info"
    TROUBLE = "trouble"
    BUG = "bug"


class Part(StrEnum):
    """Who says a line."""

    RUN = "run"
    MAIL = "mail"
    FILES = "files"
    PLACE = "place"
    JOBS = "jobs"


class Entry(NamedTuple):
    """One line. `event` names what happened for programs, `said` is a sentence for a person, `data` is what belongs to it."""

    at: datetime
    part: Part
    level: Level
    event: str
    said: str
    data: Data

    @property
    def as_json(self) -> str:
        """Give the line for programs."""
        at = self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        values = {"at": at, "level": self.level, "part": self.part, "event": self.event, "said": self.said, **self.data}
        return json.dumps(values, ensure_ascii=False, default=str)


def now() -> datetime:
    """Give the time of this machine: a log tells when things happened, whatever the day is said to be."""
    return datetime.now(UTC)


class Journal:
    """Takes lines from all threads. It never raises: what cannot be written is told once it can be again."""

    def __init__(self, file: LogFile, show: Callable[[Entry], None]) -> None:
        """Take the file of the lines, and what shows each of them to a person."""
        self._file = file
        self._show = show
        self._lock = threading.RLock()
        self._lost = 0

    def tell(self, part: Part, event: str, said: str, data: Data = NOTHING, *, level: Level = Level.INFO) -> None:
        """Say what happened."""
        self._take(Entry(now(), part, level, event, said, data))

    def trouble(self, part: Part, event: str, said: str, data: Data = NOTHING) -> None:
        """Say what failed."""
        self.tell(part, event, said, data, level=Level.TROUBLE)

    def bug(self, part: Part, error: BaseException, data: Data = NOTHING) -> None:
        """Say in a line that this program made a mistake, and keep where.

        What the error itself says is left out: it may hold a mail's own words.
        """
        frames = traceback.extract_tb(error.__traceback__)
        where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
        said = _("This program made a mistake ({kind} at {where}) and goes on. Please report it with the log's last lines.")
        lines = [f"{frame.filename}:{frame.lineno} {frame.name}: {frame.line}" for frame in frames]
        kind = type(error).__name__
        self.tell(part, "bug", said.format(kind=kind, where=where), {"kind": kind, "traceback": lines, **data}, level=Level.BUG)

    def prune(self, days: float) -> None:
        """Delete files of lines that have not been written to for so many days. Raises OSError."""
        with self._lock:
            self._file.prune(days)

    def _take(self, entry: Entry) -> None:
        with self._lock:
            self._shown(entry)
            try:
                self._file.append(f"{entry.as_json}\n".encode(errors="replace"))
            except OSError as error:
                self._lost += 1
                if self._lost == 1:
                    told = _("The log cannot be written ({reason}). What happens is still shown here.")
                    self._shown(_of_the_log("log-lost", told.format(reason=reason_of(error)), Level.TROUBLE))
                return
            if self._lost:
                self._tell_lost()

    def _tell_lost(self) -> None:
        number, self._lost = self._lost, 0
        told = ngettext(
            "The log can be written again; {number} line is missing from it.",
            "The log can be written again; {number} lines are missing from it.",
            number,
        )
        entry = _of_the_log("log-written-again", told.format(number=number), Level.INFO, {"lines": number})
        self._shown(entry)
        try:
            self._file.append(f"{entry.as_json}\n".encode())
        except OSError:
            self._lost = number

    def _shown(self, entry: Entry) -> None:
        with suppress(OSError, ValueError):  # nobody reads any more: that ends no run
            self._show(entry)


def _of_the_log(event: str, said: str, level: Level, data: Data = NOTHING) -> Entry:
    return Entry(now(), Part.RUN, level, event, said, data)

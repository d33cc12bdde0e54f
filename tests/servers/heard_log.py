"""A run's log whose lines are kept, so that a test can wait for one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from recado.running.journal import Journal
from recado.running.log_file import LogFile

if TYPE_CHECKING:
    from pathlib import Path

    from recado.running.journal import Entry

SECONDS = 30


class Heard(Journal):
    """A log whose lines are kept, and can be waited for."""

    def __init__(self, folder: Path) -> None:
        self.entries: list[Entry] = []
        self._came = threading.Condition()
        super().__init__(LogFile(folder / "run.jsonl"), self._hear)

    def _hear(self, entry: Entry) -> None:
        with self._came:
            self.entries.append(entry)
            self._came.notify_all()

    def until(self, words: str, times: int = 1) -> Entry:
        """Wait until a line with these words was said so many times; gives the last."""

        def found() -> list[Entry]:
            return [entry for entry in self.entries if words in entry.said]

        with self._came:
            assert self._came.wait_for(lambda: len(found()) >= times, SECONDS), [entry.said for entry in self.entries]
            return found()[times - 1]

    def said(self) -> list[str]:
        with self._came:
            return [entry.said for entry in self.entries]

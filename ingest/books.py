"""The books of a workspace while mail is filed: what is filed, what is made ready and not yet in place, and whose turn it is.

What is filed is known from the files. An index saves reading them again, and nothing depends on it: where it is spoilt, or the
disk is full, memory keeps what the files say.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from ingest.filed import SPOILT, Filed, forget_index
from ingest.rescan import rescan, task_reader
from recado.store.batch import Batch
from recado.store.turn import leave_mark, workers_turn

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeVar

    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

    Answer = TypeVar("Answer")


class Books:
    """Kept by one worker. The turn is held from the first mail that is made ready until all of them are in place."""

    def __init__(self, workspace: Workspace, practice: Practice, index: Path | None) -> None:
        """Open the index, or make it. Nothing is read before `look_again`."""
        self._workspace = workspace
        self._practice = practice
        self._index = index
        self._filed = self._opened()
        self._turn: ExitStack | None = None
        self._mark: int | None = None
        self._ready = 0
        self.batch = Batch()

    def look_again(self) -> None:
        """Learn what came to the files, or went, since the last look. Raises OSError."""
        with workers_turn(self._workspace) as self._mark:
            self._rescan()

    def begin(self) -> None:
        """Take the turn, unless it is held, and learn what someone at the terminal filed meanwhile. Raises OSError."""
        if self._turn is not None:
            return
        with ExitStack() as turn:
            mark = turn.enter_context(workers_turn(self._workspace))
            if mark is None or mark != self._mark:
                self._mark = mark
                self._rescan()
            self._turn = turn.pop_all()

    def ask(self, question: Callable[[Filed], Answer]) -> Answer:
        """Ask what is filed. Raises OSError."""
        try:
            return question(self._filed)
        except SPOILT:
            self._without_index()
            return question(self._filed)

    def learn(self, lesson: Callable[[Filed], None]) -> None:
        """Remember what is made ready, or filed. Raises OSError."""
        try:
            lesson(self._filed)
        except SPOILT:
            self._without_index()

    def made_ready(self) -> None:
        """Count a mail that is done with, once the others are in place too."""
        self._ready += 1

    def settle(self) -> int:
        """Put in place what was made ready, and tell how many mails are done with since the last time. Raises OSError.

        When this returns, all of it is on disk and synced. Of mails whose files were dropped meanwhile, none is counted.
        """
        is_empty = self.batch.is_empty
        try:
            self.batch.put_in_place()
        except BaseException:
            self.abandon()
            raise
        if not is_empty:
            self._mark = leave_mark(self._workspace)
        ready, self._ready = self._ready, 0
        self._end_turn()
        return ready

    def abandon(self) -> None:
        """Leave what was made ready and is not in place: its mails are met again. What is filed is looked up anew."""
        self.batch.drop()
        with suppress(*SPOILT):
            self._filed.undo()
        self._ready, self._mark = 0, None
        self._end_turn()

    def close(self) -> None:
        """Keep what was learnt, for the next process."""
        self.abandon() if self._ready or not self.batch.is_empty else self._end_turn()
        with suppress(*SPOILT):
            self._filed.save()
        with suppress(*SPOILT):
            self._filed.close()

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.close()

    def _opened(self) -> Filed:
        return Filed(self._index, task_reader(self._workspace, self._practice))

    def _rescan(self) -> None:
        try:
            rescan(self._workspace, self._practice, self._filed)
        except SPOILT:
            self._without_index()

    def _without_index(self) -> None:
        """Go on in memory. What is only made ready is in no file yet: it is put in place first."""
        with suppress(*SPOILT):
            self._filed.close()
        if self._index is not None:
            with suppress(OSError):
                forget_index(self._index)
        self._index = None
        self._filed = self._opened()
        try:
            self.batch.put_in_place()
        except BaseException:
            self.abandon()
            raise
        rescan(self._workspace, self._practice, self._filed)

"""Reads mails in a child process that has so much time and memory for each: no mail, however made, takes the worker down.

The child is warm (one for many mails), gets nothing of this process (no descriptor, no lock, no secret of the environment), and
ends when this process does. What it was asked and did not answer is kept here, so that a new one goes on where it died.
"""

from __future__ import annotations

import os
import pickle
import select
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from ingest.identity import identify
from ingest.mail import TOO_MUCH_MEMORY, TOO_SLOW, Unreadable
from ingest.reader_child import LENGTH, READY
from recado.errors import WorkError
from recado.speech import _
from recado.store.limits import ended_for_memory, ended_for_time, widen

if TYPE_CHECKING:
    from types import TracebackType

    from ingest.mail import Mail

_PIECE: Final = 1 << 20
# The child's own limit is of computing time; this one, of the clock, is for a child that does not compute at all.
_PATIENCE: Final = 60.0  # seconds
_LOOK: Final = 1.0  # seconds: time in which this process itself stood still (a lid closed, Ctrl-Z) counts as one look
_MOST_DEATHS: Final = 2  # a child may die of something else (a kill, a full machine) while it holds a mail: once is forgiven
_START: Final = "import sys; sys.path[:] = sys.argv[2:]; from ingest.reader_child import main; main(int(sys.argv[1]))"
_KEPT_OF_ENVIRONMENT: Final = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ")
# glibc gives the memory of a large mail back at once.
_ALLOCATOR: Final = {"MALLOC_MMAP_THRESHOLD_": "262144", "MALLOC_ARENA_MAX": "1"}


@dataclass(slots=True)
class _Question:
    """A mail that was handed over: its bytes until it is answered, what was answered, how many children died of it."""

    raw: bytes
    answer: bytearray | Unreadable | None = None
    deaths: int = 0


class Reader:
    """A context manager: the child ends with it. Not for several threads."""

    def __init__(self, max_bytes: int) -> None:
        """Take the most bytes of a mail that are read. No child is started yet."""
        self._max_bytes = max_bytes
        self._child: subprocess.Popen[bytes] | None = None
        self._is_ready = False
        self._questions: deque[_Question] = deque()
        self._outgoing: deque[memoryview] = deque()
        self._length = bytearray()
        self._incoming = bytearray()
        self._received = 0
        self._waited = 0.0

    def __enter__(self) -> Self:
        """Begin; a child is started by the first mail, or by `start`."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the child."""
        self.close()

    def start(self) -> None:
        """Start the child now, so that it gets ready while this process does something else. Raises WorkError."""
        if self._child is not None:
            return
        path = [os.path.abspath(each) for each in sys.path]  # noqa: PTH100 (an entry may be a zip or be missing: no Path)
        environment = {name: os.environ[name] for name in _KEPT_OF_ENVIRONMENT if name in os.environ}
        try:
            self._child = subprocess.Popen(  # noqa: S603 (this very Python, and our own program)
                [sys.executable, "-I", "-S", "-c", _START, str(self._max_bytes), *path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                cwd=Path("/"),
                env=environment | _ALLOCATOR,
                process_group=0,  # Ctrl-C in the terminal is for this process: it decides
            )
        except OSError as error:
            raise WorkError(_does_not_start(str(error))) from error
        assert self._child.stdin is not None  # noqa: S101 (a pipe was asked for)
        assert self._child.stdout is not None  # noqa: S101 (the same)
        for pipe in (self._child.stdin, self._child.stdout):
            os.set_blocking(pipe.fileno(), False)
            widen(pipe.fileno(), _PIECE)
        for question in self._questions:
            if question.answer is None:
                self._send(question.raw)

    def ask(self, raw: bytes) -> None:
        """Hand a mail over; the child reads it while this process goes on. Raises WorkError if there can be no child."""
        question = _Question(raw)
        self._questions.append(question)
        if len(raw) > self._max_bytes:
            question.answer = Unreadable("too-large", f"{len(raw)} bytes, at most {self._max_bytes} are read")
            return
        if self._child is None:
            self.start()
        else:
            self._send(raw)
        self._exchange(0)

    def is_answered(self, seconds: float) -> bool:
        """Wait until the next answer is there, at most so many seconds. Raises WorkError, LookupError if nothing was asked."""
        if not self._questions:
            raise LookupError("no mail was handed over")
        left = seconds
        while self._questions[0].answer is None and left >= 0:
            if self._child is None:
                self.start()
            began = time.monotonic()
            self._exchange(min(left, _LOOK))
            took = min(time.monotonic() - began, _LOOK)
            self._waited += took
            left -= max(took, 1e-6)
            if self._waited > _PATIENCE and self._child is not None:
                self._ended(is_hung=True)
        return self._questions[0].answer is not None

    def answer(self) -> Mail | Unreadable:
        """Give what the next mail says, in the order asked. Never fails for what it holds. Raises WorkError, LookupError.

        `Unreadable` for one that takes too long (`too-slow`) or too much memory (`too-much-memory`), or that no child survives
        (`broken`).
        """
        while not self.is_answered(_PATIENCE):
            pass
        answer = self._questions.popleft().answer
        if isinstance(answer, Unreadable):
            return answer
        assert answer is not None  # noqa: S101 (that is what was waited for)
        said: Mail | Unreadable = pickle.loads(answer)  # noqa: S301 (our own child's; it wrote none of the mail's bytes as code)
        return said

    @property
    def pid(self) -> int | None:
        """Give the process id of the child, for who measures it; None while there is none."""
        return None if self._child is None else self._child.pid

    def close(self) -> None:
        """End the child, and forget what was not answered."""
        self._questions.clear()
        self._end_child()

    def _send(self, raw: bytes) -> None:
        self._outgoing.append(memoryview(len(raw).to_bytes(LENGTH, "big")))
        self._outgoing.append(memoryview(raw))

    def _exchange(self, seconds: float) -> None:
        """Write and read what the pipes take and hold, waiting for either at most so long."""
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:
            return
        waiting = select.poll()
        waiting.register(child.stdout.fileno(), select.POLLIN)
        if self._outgoing:
            waiting.register(child.stdin.fileno(), select.POLLOUT)
        if not waiting.poll(seconds * 1000):
            return
        try:
            self._write(child.stdin.fileno())
            is_open = self._read(child.stdout.fileno())
        except BrokenPipeError:  # it died; what it had answered may still be in its pipe
            is_open = self._read(child.stdout.fileno())
        if not is_open:
            self._ended()

    def _write(self, descriptor: int) -> None:
        while self._outgoing:
            try:
                written = os.write(descriptor, self._outgoing[0][:_PIECE])
            except BlockingIOError:
                return
            if written == len(self._outgoing[0]):
                self._outgoing.popleft()
            else:
                self._outgoing[0] = self._outgoing[0][written:]

    def _read(self, descriptor: int) -> bool:
        """Take in what is there; tells whether more may come."""
        while True:
            try:
                if len(self._length) < LENGTH:
                    piece = os.read(descriptor, LENGTH - len(self._length))
                    self._length += piece
                    if len(self._length) == LENGTH:
                        self._incoming = bytearray(int.from_bytes(self._length, "big"))
                    got = len(piece)
                else:
                    got = os.readv(descriptor, [memoryview(self._incoming)[self._received :]])
                    self._received += got
            except BlockingIOError:
                return True
            if not got:
                return False
            if len(self._length) == LENGTH and self._received == len(self._incoming):
                content, self._incoming, self._length, self._received = self._incoming, bytearray(), bytearray(), 0
                self._take(content)

    def _take(self, content: bytearray) -> None:
        self._waited = 0.0
        if not self._is_ready:
            if content != READY:
                self._end_child()
                raise WorkError(_does_not_start(content.decode("utf-8", "replace")))
            self._is_ready = True
            return
        question = next(each for each in self._questions if each.answer is None)
        question.answer, question.raw = content, b""

    def _ended(self, *, is_hung: bool = False) -> None:
        """Say what a child's end means for the mail it had; those behind it are for the next child."""
        was_ready = self._is_ready
        status = self._end_child(0 if is_hung else _LOOK)
        if not was_ready:
            raise WorkError(_does_not_start(f"status {status}"))
        question = next((each for each in self._questions if each.answer is None), None)
        if question is None:
            return
        question.deaths += 1
        if is_hung or ended_for_time(status):
            question.answer = _unreadable(question.raw, *TOO_SLOW)
        elif ended_for_memory(status):
            question.answer = _unreadable(question.raw, *TOO_MUCH_MEMORY)
        elif question.deaths >= _MOST_DEATHS:
            question.answer = _unreadable(question.raw, "broken", f"what reads it ends with status {status}")

    def _end_child(self, grace: float = 0) -> int:
        """End the child, after so many seconds for its own end, and forget the talk with it; gives its exit status."""
        child, self._child = self._child, None
        self._is_ready, self._waited, self._received = False, 0.0, 0
        self._outgoing.clear()
        self._length, self._incoming = bytearray(), bytearray()
        if child is None:
            return 0
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        with suppress(subprocess.TimeoutExpired):
            return child.wait(grace)
        child.kill()
        return child.wait()


def _unreadable(raw: bytes, reason: str, detail: str) -> Unreadable:
    known_by = identify(raw)
    return Unreadable(reason, detail, known_by.message_id, known_by.digest)


def _does_not_start(detail: str) -> str:
    return _("The part of Recado that reads mail does not start ({detail}). No mail was touched. Install Recado again.").format(
        detail=detail
    )

"""Work spread over processes forked from this one: each takes the next thing from a queue, and tells what became of it.

A fork shares what was read and imported before, so that nothing is handed over but the results. What depends on the system
stands here: where no fork is safe (other threads run in this process, or the system is not Linux), this process does it all.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
import threading
from typing import TYPE_CHECKING, Self, TypeVar

from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")
R = TypeVar("R")
_NUMBER = struct.Struct("!I")
_LENGTH = struct.Struct("!Q")
_QUEUE_BYTES = 32_768  # a pipe holds at least so much on Linux before its writer has to wait


def forked(work: Callable[[T], R], things: Sequence[T], jobs: int) -> Iterator[tuple[int, R]]:
    """Do some work for each thing, in at most `jobs` processes; gives each result with its thing's number as it is there.

    Results and errors come back pickled. Raises what the work raised, WorkError where a process died.
    """
    jobs = min(jobs, len(things))
    if jobs <= 1 or not _may_fork() or len(things) * _NUMBER.size > _QUEUE_BYTES:
        for number, thing in enumerate(things):
            yield number, work(thing)
        return
    take, queue = os.pipe()
    os.write(queue, b"".join(map(_NUMBER.pack, range(len(things)))))
    os.close(queue)
    with _Children() as children:
        for _job in range(jobs):
            children.fork(take, work, things)
        os.close(take)
        yield from children.results(len(things))


def _may_fork() -> bool:
    return sys.platform.startswith("linux") and threading.active_count() == 1


class _Children:
    """The processes at work; none outlives the block."""

    def __init__(self) -> None:
        self._by_pipe: dict[int, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for pipe, process in self._by_pipe.items():
            os.close(pipe)
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)

    def fork(self, take: int, work: Callable[[T], R], things: Sequence[T]) -> None:
        """Begin one process, which takes numbers of things from `take`."""
        told, tell = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        process = os.fork()
        if process:
            os.close(tell)
            self._by_pipe[told] = process
            return
        status = 1
        try:
            for other in (told, *self._by_pipe):
                os.close(other)
            _do(take, tell, work, things)
            status = 0
        finally:
            os._exit(status)  # nothing of the parent's is flushed, saved or told twice

    def results(self, number: int) -> Iterator[tuple[int, R]]:
        """Give what they tell, until all is told. Raises what one raised, WorkError where one died."""
        import selectors  # noqa: PLC0415 (late: one process needs none)

        unread = dict.fromkeys(self._by_pipe, b"")
        with selectors.DefaultSelector() as selector:
            for pipe in self._by_pipe:
                selector.register(pipe, selectors.EVENT_READ)
            while self._by_pipe:
                for key, _events in selector.select():
                    pipe = key.fd
                    some = os.read(pipe, 1 << 20)
                    unread[pipe] += some
                    if not some:
                        selector.unregister(pipe)
                        self._end(pipe)
                    while (told := _first(unread[pipe])) is not None:
                        unread[pipe] = unread[pipe][_LENGTH.size + len(told) :]
                        index, result, error = pickle.loads(told)  # noqa: S301 (told by our own child)
                        if error is not None:
                            raise error
                        number -= 1
                        yield index, result
        if number:
            raise _died()

    def _end(self, pipe: int) -> None:
        process = self._by_pipe.pop(pipe)
        os.close(pipe)
        _pid, status = os.waitpid(process, 0)
        if status:
            raise _died()


def _died() -> WorkError:
    return WorkError(_("A process of this command was ended before its work was done. Run it again; fewer at once: --jobs 1."))


def _first(unread: bytes) -> bytes | None:
    if len(unread) < _LENGTH.size:
        return None
    end = _LENGTH.size + _LENGTH.unpack_from(unread)[0]
    return unread[_LENGTH.size : end] if len(unread) >= end else None


def _do(take: int, tell: int, work: Callable[[T], R], things: Sequence[T]) -> None:
    while taken := os.read(take, _NUMBER.size):
        number: int = _NUMBER.unpack(taken)[0]
        result, error = None, None
        try:
            result = work(things[number])
        except Exception as raised:  # noqa: BLE001 (whatever it was, the parent raises it)
            error = raised
        _write_all(tell, _pickled(number, result, error))


def _pickled(number: int, result: object, error: Exception | None) -> bytes:
    try:
        told = pickle.dumps((number, result, error))
    except Exception as unpicklable:  # noqa: BLE001 (an error that holds what cannot travel is told by its words)
        told = pickle.dumps((number, None, RuntimeError(f"{error or unpicklable!r}")))
    return _LENGTH.pack(len(told)) + told


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]

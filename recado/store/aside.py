"""Work done aside: in a process forked from this one, while this one goes on. What it takes of memory ends with it.

What depends on the system stands here: where no fork is safe (other threads run in this process, or the system is not Linux),
and where the other process died or failed, the work is done here, when its result is asked for.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def begin_aside(work: Callable[[], T]) -> Callable[[], T]:
    """Begin some work, and give what waits for its result. The work is pure but for files that may be written twice.

    Its result comes back pickled. Waiting raises what the work raises here: what failed is done once more, here.
    """
    if not sys.platform.startswith("linux") or threading.active_count() > 1:
        return work
    told, tell = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if not process:
        status = 1
        try:
            os.close(told)
            gc.disable()  # it ends soon: a sixth of its time would go into looking for what may be freed
            _write_all(tell, pickle.dumps(work()))
            status = 0
        finally:
            os._exit(status)  # nothing of the parent's is flushed, saved or told twice
    os.close(tell)
    return _Waiting(work, process, told).result


class _Waiting(Generic[T]):
    """A process at work, asked for its result once or never."""

    def __init__(self, work: Callable[[], T], process: int, told: int) -> None:
        self._work = work
        self._process = process
        self._told = told

    def result(self) -> T:
        """Give what the work gives. Asked again, it is done again, here."""
        if not self._process:
            return self._work()
        with os.fdopen(self._told, "rb") as pipe:
            content = pipe.read()
        _pid, status = os.waitpid(self._process, 0)
        self._process = 0
        if status:
            return self._work()
        result: T = pickle.loads(content)  # noqa: S301 (told by our own child)
        return result

    def __del__(self) -> None:
        """Leave no process behind that nobody asked, once it has ended by itself."""
        if self._process:
            os.close(self._told)
            os.waitpid(self._process, 0)


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]

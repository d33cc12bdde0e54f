"""Locks between processes, that die with the process that holds them (flock)."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What this process holds. A forked child shares a lock with its parent until it closes it: one that outlives a killed parent
# would keep the lock, so that it lets go at once.
_held: set[int] = set()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock, waiting for whoever holds it now. The file may be deleted at any time: then it is made again."""
    descriptor = _acquire(path, fcntl.LOCK_EX)
    assert descriptor is not None  # noqa: S101 (a waiting lock always comes back with one)
    try:
        yield
    finally:
        _let_go(descriptor)


@contextmanager
def locked_or_busy(path: Path) -> Iterator[bool]:
    """Try to hold a lock without waiting; gives False where another process holds it."""
    descriptor = _acquire(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            _let_go(descriptor)


def is_held(path: Path) -> bool:
    """Tell whether a process holds a lock. Nothing is made where there is none. Raises OSError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _let_go(descriptor: int) -> None:
    if descriptor in _held:  # not in a child that was forked meanwhile
        _held.discard(descriptor)
        os.close(descriptor)


def _let_go_of_all() -> None:
    for descriptor in tuple(_held):
        _let_go(descriptor)


os.register_at_fork(after_in_child=_let_go_of_all)


def _acquire(path: Path, how: int) -> int | None:
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except (FileNotFoundError, FileExistsError):
            if path.parent.exists() and not path.parent.is_dir():
                raise  # a file stands where the folder should
            continue  # the folder was deleted between two steps
        try:
            fcntl.flock(descriptor, how)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        # `.recado` may have been deleted while we waited: a lock on a file that no one else can open locks nothing.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                _held.add(descriptor)
                return descriptor
        os.close(descriptor)

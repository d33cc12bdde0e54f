"""A process that is killed just before it changes the disk for the nth time, or halfway through writing a file.

Only in a process of its own (`building.apart`): the watch on what the system is asked to do cannot be taken away again.
"""

from __future__ import annotations

import builtins
import io
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import recado

if TYPE_CHECKING:
    from collections.abc import Callable

_PROGRAM = f"{Path(recado.__file__).parent}/"
_CHANGES = frozenset({f"os.{name}" for name in "mkdir link symlink rename remove rmdir truncate chmod utime".split()})
_ELSEWHERE = "portal/generator.py"  # works in a folder of the system's, which no other build ever looks at
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


@dataclass(frozen=True, slots=True)
class Deed:
    """A change of the disk, and the line of the program that asked for it."""

    what: str
    line: str


@dataclass(slots=True)
class Watched:
    """What this process does to the disk from now on. At the deed of number `last` (from 0) it is killed; None: never.

    `in_children`: what counts is what processes forked from this one do, each by itself, and one of those is killed.
    """

    last: int | None = None
    in_children: bool = False
    deeds: list[Deed] = field(default_factory=list)
    _process: int = field(default_factory=os.getpid)

    def begin(self) -> None:
        """Watch from now on."""
        sys.addaudithook(self._hear)
        write = os.write
        _through(os, "write", lambda descriptor, content: self.written(lambda part: write(descriptor, part), content))
        _through(os, "fsync", lambda *_: self._comes("fsync"))
        _through(os, "ftruncate", lambda *_: self._comes("ftruncate"))
        opened = _opener(self)
        builtins.open = opened
        io.open = opened

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CHANGES:
            self._comes(event)
        elif event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
            self._comes("open")
        elif event == "ctypes.dlsym" and arguments[1] == "renameat2":
            self._comes("exchange")

    def written(self, write: Callable[[bytes], object], content: Any) -> None:
        """Die before some content is written, or with half of it written, where it is time."""
        self._comes("write")
        if self._is_last() and not _line().startswith(_ELSEWHERE):
            write(bytes(content)[: len(content) // 2])
        self._comes("half a write")

    def _is_counted(self) -> bool:
        return (os.getpid() != self._process) is self.in_children

    def _is_last(self) -> bool:
        return self._is_counted() and self.last == len(self.deeds)

    def _comes(self, what: str) -> None:
        if not self._is_counted() or (line := _line()).startswith(_ELSEWHERE):
            return
        if self._is_last():
            os.kill(os.getpid(), signal.SIGKILL)
        self.deeds.append(Deed(what, line))


def _line() -> str:
    """Tell which line of the program this is done for."""
    frame = sys._getframe()  # noqa: SLF001 (the cheapest way to know the caller)
    while frame.f_back and not frame.f_code.co_filename.startswith(_PROGRAM):
        frame = frame.f_back
    return f"{frame.f_code.co_filename.removeprefix(_PROGRAM)}:{frame.f_lineno}"


def _through(module: Any, name: str, before: Callable[..., None]) -> None:
    real = getattr(module, name)

    def called(*arguments: Any, **more: Any) -> Any:
        before(*arguments, **more)
        return real(*arguments, **more)

    setattr(module, name, called)


def _opener(watched: Watched) -> Callable[..., Any]:
    real = io.open

    class File(io.FileIO):
        """A file to write, whose content reaches the disk when it is told to, in two halves."""

        def write(self, content: Any, /) -> int:
            watched.written(super().write, content)
            return super().write(content)

    def opened(file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, *more: Any, **others: Any) -> Any:
        if not set(mode) & set("wxa+"):
            return real(file, mode, buffering, encoding, *more, **others)
        raw = File(file, mode.replace("b", "").replace("t", ""), others.get("closefd", True), others.get("opener"))
        if buffering == 0:
            return raw
        buffered = io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding)

    return opened

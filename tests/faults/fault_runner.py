"""A process, warm, that makes passes over the inbox in forked children, each of which meets its fault at a step.

Its standard input takes one order a line and its output gives one answer a line, both JSON (`Order`, `Ended`). A child is ended
as a kill -9 ends it; what the disk and the mailbox hold then is for the test to look at.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Any

import worker_variants
from imap_twin import Break
from mail_kinds import PASSWORD
from reader_twin import read_in_this_process

from ingest.worker import only_worker
from recado.errors import RecadoError
from recado.model.secret import Revealed
from recado.store.practice_file import load_practice
from recado.store.steps import Step, observed
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from recado.model.practice import Practice

_SECONDS = 30.0
_FEW_BYTES = 100
_CHANGES = ("mkdir", "link", "rename", "replace", "symlink", "truncate", "ftruncate")
_REMOVALS = ("unlink", "rmdir", "remove")


class Fault(StrEnum):
    """What happens at a step."""

    NONE = auto()
    KILLED = auto()
    FULL = auto()  # nothing new can be made on the disk
    FULL_MIDWAY = auto()  # a file takes its first bytes alone
    READ_ONLY = auto()  # nothing can be made, changed or removed
    NO_PERMISSION = auto()
    READER_KILLED = auto()  # the child that reads mails
    CUT = auto()
    CUT_AFTER = auto()
    CUT_WITHIN = auto()
    CUT_CHANGE = auto()
    REFUSED = auto()
    NO_CHANGE = auto()


@dataclass(frozen=True, slots=True)
class Order:
    """A pass to make: where, and the fault that comes when a step is reached for the nth time (from 1).

    `variant` names a worker of `worker_variants`; `reads_apart`: mails are read in a child of the worker, as they are at home.
    """

    root: str
    port: int
    fault: str = Fault.NONE
    step: str = ""
    nth: int = 1
    variant: str = "one_pass"
    reads_apart: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """How a pass ended: `done`, `killed`, `refused` (an error for its reader), `crashed` (any other), or `hung`.

    `steps` were reached, in order; `said` is the error's text; `children` were its own processes when it was killed.
    """

    how: str
    steps: tuple[str, ...]
    became: tuple[str, ...] = ()
    said: str = ""
    children: tuple[int, ...] = ()


class Runner:
    """The process, as a test sees it."""

    def __init__(self) -> None:
        here = Path(__file__).parent
        # A file that is run stands in no package: its neighbours are found beside it, the program above.
        environment = os.environ | {"PYTHONPATH": f"{here}{os.pathsep}{here.parents[1]}", "RECADO_IMAP_PASSWORD": PASSWORD}
        import subprocess  # noqa: PLC0415 (the process itself has no use for it)

        self._process = subprocess.Popen(  # noqa: S603 (this very file)
            [sys.executable, str(here / "fault_runner.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )

    def run(self, order: Order) -> Ended:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(asdict(order))}\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return Ended(answer["how"], tuple(answer["steps"]), tuple(answer["became"]), answer["said"], tuple(answer["children"]))

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(_SECONDS)
        self._process.stdout.close()


# ---- In the process ----


def _serve() -> None:
    # What was made so far stays where it is: a collector that looks at it would copy every page into each child.
    gc.disable()
    gc.freeze()
    for line in sys.stdin:
        order = Order(**json.loads(line))
        sys.stdout.write(f"{json.dumps(asdict(_made(order)))}\n")
        sys.stdout.flush()


def _made(order: Order) -> Ended:
    reader, writer = os.pipe()
    practice = load_practice(Workspace(Path(order.root)))  # here: what is imported for it is imported once
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            _pass(order, practice, writer)
        finally:
            os._exit(0)
    os.close(writer)
    written, in_time = _read_to_the_end(reader)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    lines = [json.loads(line) for line in written.splitlines()]
    steps = tuple(value for kind, value in lines if kind == "step")
    became = tuple(value for kind, value in lines if kind == "became")
    children = next((tuple(value) for kind, value in lines if kind == "children"), ())
    how, said = next(((kind, value) for kind, value in lines if kind in {"done", "refused", "crashed"}), ("killed", ""))
    if not in_time or (how == "killed" and not os.WIFSIGNALED(status)):
        how = "hung"
    return Ended(how, steps, became, said, children)


def _read_to_the_end(reader: int) -> tuple[bytes, bool]:
    """Read until the child has ended. Its own child inherits no pipe of ours, and so cannot hold this open."""
    written, until = b"", time.monotonic() + _SECONDS
    try:
        while select.select([reader], [], [], max(0.0, until - time.monotonic()))[0]:
            some = os.read(reader, 65536)
            if not some:
                return written, True
            written += some
        return written, False
    finally:
        os.close(reader)


def _pass(order: Order, practice: Practice, writer: int) -> None:
    """Make one pass and write down how far it got. What it says goes to the pipe by os.write: no buffer dies with us."""
    real_write = os.write

    def say(kind: str, value: object) -> None:
        real_write(writer, f"{json.dumps([kind, value])}\n".encode())

    if not order.reads_apart:
        read_in_this_process()
    counted: Counter[str] = Counter()

    def observer(step: Step) -> None:
        counted[step] += 1
        say("step", step)
        if step == order.step and counted[step] == order.nth:
            if order.fault == Fault.KILLED:
                say("children", _children())
            _strike(Fault(order.fault), order.port)

    workspace = Workspace(Path(order.root))
    try:
        make = getattr(worker_variants, order.variant)
        with observed(observer), only_worker(workspace):
            for outcome in make(workspace, practice, lambda: Revealed(PASSWORD)):
                say("became", outcome.became)
    except (RecadoError, OSError) as error:
        say("refused", f"{type(error).__name__}: {error}")
    except BaseException as error:  # noqa: BLE001 (told to the test, which fails for it)
        import traceback  # noqa: PLC0415

        say("crashed", "".join(traceback.format_exception(error)))
    else:
        say("done", "")


def _strike(fault: Fault, port: int) -> None:
    match fault:
        case Fault.KILLED:
            os.kill(os.getpid(), signal.SIGKILL)
        case Fault.FULL:
            _fail(errno.ENOSPC, _CHANGES, opens_new_only=True)
        case Fault.FULL_MIDWAY:
            resource.setrlimit(resource.RLIMIT_FSIZE, (_FEW_BYTES, _FEW_BYTES))
        case Fault.READ_ONLY:
            _fail(errno.EROFS, _CHANGES + _REMOVALS, opens_new_only=False)
        case Fault.NO_PERMISSION:
            _fail(errno.EACCES, _CHANGES + _REMOVALS, opens_new_only=False)
        case Fault.READER_KILLED:
            for child in _children():
                os.kill(child, signal.SIGKILL)
        case Fault.NONE:
            pass
        case _:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as control:
                control.sendall(f"x FAULT {Break(fault.value)}\r\n".encode())
                while control.recv(1024):
                    pass


def _children() -> list[int]:
    return [int(child) for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


def _fail(number: int, names: tuple[str, ...], *, opens_new_only: bool) -> None:
    """Let what changes the disk fail from now on, as the system would."""

    def failing(*_arguments: Any, **_more: Any) -> None:
        raise OSError(number, os.strerror(number))

    for name in names:
        setattr(os, name, failing)
    os.open = _opening(os.open, number, os.O_CREAT if opens_new_only else os.O_CREAT | os.O_WRONLY | os.O_RDWR)


def _opening(real: Callable[..., int], number: int, refused: int) -> Callable[..., int]:
    def opening(path: Any, flags: int, *more: Any, **others: Any) -> int:
        is_new = not (flags & os.O_CREAT) or bool(flags & os.O_EXCL) or not Path(path).exists()
        if flags & refused and (is_new or refused != os.O_CREAT):
            raise OSError(number, os.strerror(number), str(path))
        return real(path, flags, *more, **others)

    return opening


if __name__ == "__main__":
    _serve()

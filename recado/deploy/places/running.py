"""Running another program (git, ssh, rsync) that asks nothing, speaks English and is ended with us."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, NamedTuple

from recado.deploy.strange_text import plainly

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_SECONDS_TO_END = 3.0


class Ended(NamedTuple):
    """How a program ended: its status, what it gave, what it complained of."""

    status: int
    output: bytes
    complaint: str

    @property
    def last_words(self) -> str:
        """Give the last line of the complaint, without the program's own name before it."""
        lines = [line.strip() for line in self.complaint.splitlines() if line.strip()]
        return lines[-1].removeprefix("fatal: ").removeprefix("error: ") if lines else f"exit status {self.status}"


def environment(without: str, keep: Iterable[str] = ()) -> dict[str, str]:
    """Give our environment, less the variables whose names begin with `without` (but those in `keep`), in plain English."""
    kept = frozenset(keep)
    given = {name: value for name, value in os.environ.items() if name in kept or not name.startswith(without)}
    for name in ("LANGUAGE", "SSH_ASKPASS"):  # the one speaks over LC_ALL, the other opens a window
        given.pop(name, None)
    return given | {"LC_ALL": "C"}


def run(command: Sequence[str], variables: Mapping[str, str], *, given: bytes = b"", folder: Path | None = None) -> Ended:
    """Run a program to its end. Raises FileNotFoundError where it is not installed.

    It has no terminal, so that nothing in it can ask. What it says goes into files: a program that it leaves behind (ssh's
    shared connection) may hold them open for as long as it likes. Whatever ends our waiting ends it, with its children.
    """
    with TemporaryFile() as told, TemporaryFile() as output, TemporaryFile() as complaint:
        told.write(given)
        told.seek(0)
        process = subprocess.Popen(  # noqa: S603 (git, ssh, rsync, or what she names instead; no shell reads it)
            list(command), env=dict(variables), stdin=told, stdout=output, stderr=complaint, cwd=folder, start_new_session=True
        )
        try:
            status = process.wait()
        except BaseException:
            end(process)
            raise
        output.seek(0)
        complaint.seek(0)
        return Ended(status, output.read(), plainly(complaint.read().decode(errors="replace")))


def end(process: subprocess.Popen[bytes]) -> None:
    """End it and its children: gently first, so that they clear away what is half done."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_SECONDS_TO_END)
            return

"""A shell on a server that stays for as long as a deploy: beginning one takes longer than most of what is asked of it."""

from __future__ import annotations

import re
import subprocess
from contextlib import suppress
from tempfile import TemporaryFile
from threading import Timer
from typing import TYPE_CHECKING

from recado.deploy.places.running import Ended, end
from recado.deploy.strange_text import plainly

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PATIENCE = 60.0  # seconds until it first answers; where nobody answers at all, ssh gives up sooner
_GREETING, _HELLO = b"printf 'recado:hello\\n'\n", b"recado:hello\n"
_ENDED = re.compile(rb"recado:ended (\d{1,3})\n")
# In a shell of its own, which ends with it. What it complains of comes in its place among what it tells.
_ASKED = b"""(
%s
) 2>&1
printf 'recado:ended %%s\\n' "$?"
"""


class FarShell:
    """A shell that is begun with the first script."""

    def __init__(self, command: Sequence[str], variables: Mapping[str, str]) -> None:
        """Take the command that begins it."""
        self._command = command
        self._variables = variables
        self._complaint = TemporaryFile()  # noqa: SIM115 (closed by `close`)
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting = Timer(PATIENCE, self._give_up)
        self._is_given_up = False

    def ask(self, script: bytes) -> Ended:
        """Have it run a script to its end. Raises FileNotFoundError where the program that reaches it is not installed.

        Where the shell ends before the script does, what is given is how the shell ended.
        """
        process = self._process or self._begun()
        try:
            told, status = self._told(process, _ASKED % script)
            if status is None:
                status = process.wait()
                self._process = None
        except BaseException:
            end(process)
            raise
        finally:
            if process.returncode is not None:
                _close(process)
        complaint = b"".join(line for line in told if not line.startswith(b"recado:"))
        if self._process is None:
            self._complaint.seek(0)
            complaint += self._complaint.read()
        # One that never answered did nothing, and complained of nothing.
        return Ended(0 if self._is_given_up else status, b"".join(told), plainly(complaint.decode(errors="replace")))

    def close(self) -> None:
        """Let it end."""
        process, self._process = self._process, None
        self._waiting.cancel()
        self._complaint.close()
        if process is None:
            return
        _close(process)
        try:
            process.wait()
        except BaseException:
            end(process)
            raise

    def _told(self, process: subprocess.Popen[bytes], asked: bytes) -> tuple[list[bytes], int | None]:
        """Ask, and hear what it tells; also the status with which the script ended, None where the shell itself did."""
        told: list[bytes] = []
        if process.stdin is None or process.stdout is None:  # it has both
            return told, None
        with suppress(BrokenPipeError):  # why, it says on the other side
            process.stdin.write(asked)
            process.stdin.flush()
        for line in process.stdout:
            if line == _HELLO:
                self._waiting.cancel()
            elif ended := _ENDED.fullmatch(line):
                return told, int(ended[1])
            else:
                told.append(line)
        return told, None

    def _begun(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(  # noqa: S603 (ssh, or what she names instead; no shell reads it)
            list(self._command),
            env=dict(self._variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaint,
            start_new_session=True,
        )
        self._waiting.start()
        if self._process.stdin is not None:
            self._process.stdin.write(_GREETING)
        return self._process

    def _give_up(self) -> None:
        """End a shell whose start files wait for input: they would take what it is asked for that, and never answer."""
        if self._process is not None:
            self._is_given_up = True
            self._process.kill()


def _close(process: subprocess.Popen[bytes]) -> None:
    """Tell it that nothing more is asked."""
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(BrokenPipeError):
                stream.close()

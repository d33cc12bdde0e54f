"""Whole processes, measured from outside: how long they take, and the highest memory of any one of them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(__file__).parent.parent
# PYTHONPATH: what is measured is this program, also where the environment has another one installed.
_SETTINGS = {"NO_MKDOCS_2_WARNING": "1", "RECADO_NOW": "2026-11-24T08:40:00Z", "PYTHONPATH": str(PROGRAM)}
# As on anyone's machine: what Python compiled once is there the next time.
_NOT_USED = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}


@dataclass(frozen=True, slots=True)
class Taken:
    """What a process took: seconds, and the highest memory of it or of one of its children, in MB (10⁶ bytes)."""

    seconds: float
    megabytes: float
    out: str


def python(*arguments: str | Path) -> Taken:
    """Run Python with these arguments, and measure. Raises CalledProcessError where it fails; it says on stderr why.

    What was written before is on the disk when it begins: no process pays for another's.
    """
    command = [sys.executable, *map(str, arguments)]
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_USED} | _SETTINGS
    os.sync()
    begun = time.perf_counter()
    with subprocess.Popen(command, env=environment, cwd=PROGRAM, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        out = process.stdout.read() if process.stdout else ""
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, out)
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Taken(seconds, kilobytes * 1024 / 1e6, out)


def expect_this_program() -> None:
    """See that both ways in which processes are begun (a module, a script) find this program. Raises ValueError where not."""
    place = PROGRAM / "recado" / "__init__.py"
    for way in (("-c", "import recado; print(recado.__file__)"), (Path(__file__).with_name("which_program.py"),)):
        if (found := Path(python(*way).out.strip())) != place:
            raise ValueError(f"{found} would be measured, not {place}")

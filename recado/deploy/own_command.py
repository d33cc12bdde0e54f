"""Commands of the VA's own, as clients.yml names them: run without a shell, and what they say when they fail is told."""

from __future__ import annotations

import subprocess
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from recado.deploy.tree import AwayError
from recado.errors import WorkError
from recado.reasons import reason_of
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PATIENCE = 900.0  # seconds: a first upload of some hundred megabytes
_LAST_LINES = 5  # of what it said, where it failed


def run_own(command: Sequence[str], home: Path) -> None:
    """Run a command in a folder. Raises AwayError where it fails or does not end, WorkError where it cannot be run.

    It stays in our session, unlike what `places.running` runs: at a terminal, sudo may ask for her password. What it says goes
    into a file, which a program that it leaves behind may hold open for as long as it likes.
    """
    name = command[0]
    try:
        with TemporaryFile() as output:
            done = subprocess.run(  # noqa: S603 (her own configuration names the program; no shell reads it)
                command,
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=_PATIENCE,
                check=False,
            )
            output.seek(0)
            words = output.read().decode(errors="replace")
    except subprocess.TimeoutExpired:
        told = _("The command {name} did not end within {minutes} minutes, and was stopped.")
        raise AwayError(told.format(name=name, minutes=int(_PATIENCE // 60))) from None
    except OSError as error:
        told = _("The command {name} cannot be run: {reason}. Install it, or mend its line in clients.yml.")
        raise WorkError(told.format(name=name, reason=reason_of(error))) from error
    if done.returncode:
        said = words.strip().splitlines()[-_LAST_LINES:]
        told = _("The command {name} failed with exit status {status}.").format(name=name, status=done.returncode)
        raise AwayError("\n".join([told, *(f"    {line}" for line in said)]))

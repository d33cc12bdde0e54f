"""Commands of the VA's own, as clients.yml names them: run without a shell, and what they say when they fail is told."""

from __future__ import annotations

import os
import subprocess
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from recado.deploy.strange_text import plainly
from recado.deploy.tree import AwayError
from recado.errors import WorkError
from recado.reasons import reason_of
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from recado.model.practice import Practice

_PATIENCE = 900.0  # seconds: a first upload of some hundred megabytes
_LAST_LINES = 5  # of what it said, where it failed


def secret_variables(practice: Practice) -> frozenset[str]:
    """Give the variables in which the passwords of this practice are kept: no program that publishes needs them."""
    kept = (practice.mailbox.password, practice.outgoing.password if practice.outgoing else None)
    return frozenset(place.env for place in kept if place is not None and place.env is not None)


def run_own(command: Sequence[str], home: Path, secrets: Collection[str] = ()) -> None:
    """Run a command in a folder, without the variables of the environment that hold `secrets` of ours.

    It stays in our session, unlike what `places.running` runs: at a terminal, sudo may ask for her password. What it says goes
    into a file, which a program that it leaves behind may hold open for as long as it likes.
    Raises AwayError where it fails or does not end, WorkError where it cannot be run.
    """
    name = command[0]
    try:
        with TemporaryFile() as output:
            done = subprocess.run(  # noqa: S603 (her own configuration names the program; no shell reads it)
                command,
                cwd=home,
                env={name: value for name, value in os.environ.items() if name not in secrets},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=_PATIENCE,
                check=False,
            )
            output.seek(0)
            words = plainly(output.read().decode(errors="replace"))
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

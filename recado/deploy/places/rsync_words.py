"""What rsync's and ssh's failures mean, in words, and whether another try may help."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recado.deploy.places.ssh import trouble_of
from recado.deploy.tree import AwayError
from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from recado.deploy.places.running import Ended

_OLD = ("unknown option", "unrecognized option", "unrecognised option", "invalid option")
_UNCLEAN = ("is your shell clean", "protocol version mismatch")
_NO_COMMANDS = ("sftp connections only", "administratively prohibited", "no shell access", "account is currently not available")
_FULL = ("no space left", "quota exceeded")
_NO_RIGHTS = ("permission denied", "operation not permitted", "read-only file system")
_VANISHED = 24
_A_PROGRAM = re.compile(r"(?!Warning:|WARNING:)[\w.-]+(\[\d+\])?: ")
_AWAY = frozenset({10, 12, 30, 35, 255, 20, -15, -9})
_NO_RSYNC = re.compile(r"rsync['\"]?: (command )?not found|unknown command:? '?rsync")


def not_installed(program: str) -> WorkError:
    """Say that a program is missing on this machine."""
    package = {"ssh": "openssh-client"}.get(program, program)
    return WorkError(
        _("{program} is not installed here. Install it (the package is called {package}), and try again.").format(
            program=program, package=package
        )
    )


def no_shell(place: str) -> WorkError:
    """Say that what was asked of the far side was not done, though nothing was complained of."""
    return WorkError(
        _(
            "The account at {place} does not run what it is asked to. It needs a usual shell, whose start files (~/.profile)"
            " read nothing and end nothing when one logs in without a terminal."
        ).format(place=place)
    )


def refusal_of(ended: Ended, place: str) -> WorkError:
    """Say why a command on the far side, or rsync, failed."""
    if (trouble := trouble_of(ended.complaint, place)) is not None:
        return trouble
    said = ended.complaint.lower()
    words = _telling_line(ended)
    if any(mark in said for mark in _OLD):
        return WorkError(
            _(
                "The rsync here, or the one at {place}, is too old, or another program of that name ({words}). Install rsync"
                " 3.1 or a newer one."
            ).format(place=place, words=words)
        )
    if _NO_RSYNC.search(said):
        return WorkError(
            _("There is no rsync at {place}. Install it there (the package is called rsync), and try again.").format(
                place=place
            )
        )
    if any(mark in said for mark in _UNCLEAN):
        return WorkError(
            _(
                "The shell at {place} prints something when one logs in without a terminal, which rsync cannot read. Let its"
                " start files (~/.bashrc) print only in a terminal, and try again."
            ).format(place=place)
        )
    if any(mark in said for mark in _NO_COMMANDS):
        return WorkError(
            _("{place} runs no commands for this account ({words}). A place of kind rsync needs a shell account there.").format(
                place=place, words=words
            )
        )
    if any(mark in said for mark in _FULL):
        return WorkError(
            _("{place} has no room left: {words}. Make room there, and try again.").format(place=place, words=words)
        )
    if any(mark in said for mark in _NO_RIGHTS):
        return WorkError(
            _("{place} cannot be written: {words}. Give this account the right to, or check the path in clients.yml.").format(
                place=place, words=words
            )
        )
    if ended.status in _AWAY:
        return AwayError(_("{place} does not answer, or broke off ({words}). Try again.").format(place=place, words=words))
    if ended.status == _VANISHED:
        return AwayError(_("Files changed while they were sent to {place}. Try again.").format(place=place))
    return WorkError(_("{place} did not take the pages: {words}.").format(place=place, words=words))


def _telling_line(ended: Ended) -> str:
    """Give the first line in which a program says why: servers greet before it, and rsync sums up after it."""
    lines = [line.strip() for line in ended.complaint.splitlines() if _A_PROGRAM.match(line.strip())]
    return (lines or [ended.last_words])[0].removeprefix("rsync: ").rstrip(".")

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

_OLD = re.compile(r"unknown option|unrecogni[sz]ed option|invalid option")
_UNCLEAN = re.compile(r"is your shell clean|protocol version mismatch")
_NO_COMMANDS = re.compile(
    r"sftp connections only|administratively prohibited|no shell access|account is currently not available"
)
_FULL = re.compile(r"no space left|quota exceeded")
_NO_RIGHTS = re.compile(r"permission denied|operation not permitted|read-only file system")
_VANISHED = 24
_TAKEN_AWAY = re.compile(r"releases/\.\d{8}t\d{6}z-[^\n]*: no such file")
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
            " neither wait for input nor exit when one logs in without a terminal."
        ).format(place=place)
    )


def refusal_of(ended: Ended, place: str) -> WorkError:
    """Say why a command on the far side, or rsync, failed."""
    if (trouble := trouble_of(ended.complaint, place)) is not None:
        return trouble
    said = ended.complaint.lower()
    words = _telling_line(ended)
    if _TAKEN_AWAY.search(said):
        return AwayError(_("Somebody else deployed to {place} at the same moment. Try again.").format(place=place))
    for marks, sentence in _meanings():
        if marks.search(said):
            return WorkError(sentence.format(place=place, words=words))
    if ended.status in _AWAY:
        return AwayError(_("{place} does not answer, or broke off ({words}).").format(place=place, words=words))
    if ended.status == _VANISHED:
        return AwayError(_("Files changed while they were sent to {place}.").format(place=place))
    return WorkError(_("{place} did not take the pages: {words}.").format(place=place, words=words))


def _meanings() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Give what another try does not help against: by what it is known, and what is said of it."""
    return (
        (
            _OLD,
            _(
                "The rsync here, or the one at {place}, is too old, or another program of that name ({words}). Install rsync"
                " 3.1 or a newer one."
            ),
        ),
        (_NO_RSYNC, _("There is no rsync at {place}. Install it there (the package is called rsync), and try again.")),
        (
            _UNCLEAN,
            _(
                "The shell at {place} prints something when one logs in without a terminal, which rsync cannot read. Let its"
                " start files (~/.bashrc) print only in a terminal, and try again."
            ),
        ),
        (
            _NO_COMMANDS,
            _("{place} runs no commands for this account ({words}). A place of kind rsync needs a shell account there."),
        ),
        (_FULL, _("{place} has no room left: {words}. Make room there, and try again.")),
        (
            _NO_RIGHTS,
            _("{place} cannot be written: {words}. Give this account the right to, or check the path in clients.yml."),
        ),
    )


def _telling_line(ended: Ended) -> str:
    """Give the first line in which a program says why: servers greet before it, and rsync sums up after it."""
    lines = [line.strip() for line in ended.complaint.splitlines() if _A_PROGRAM.match(line.strip())]
    return (lines or [ended.last_words])[0].removeprefix("rsync: ").rstrip(".")

"""What git's refusals mean, in words, and whether another try may help. No password in an address is ever shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recado.deploy.places.ssh import trouble_of
from recado.deploy.strange_text import in_one_line
from recado.deploy.tree import AwayError
from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from recado.deploy.places.running import Ended

_CREDENTIALS = re.compile(r"//[^/@\s]+@")

_ASKED = (
    "terminal prompts disabled",
    "could not read username",
    "could not read password",
    "authentication failed",
    "error: 403",
)
_NOT_THERE = ("does not appear to be a git repository", "repository not found", "' not found", "does not exist", "error: 404")
_NO_RIGHTS = (
    "insufficient permission",
    "permission denied",
    "read-only file system",
    "permission to ",
    "write access",
    "denied to",
)
_FULL = ("no space left", "quota exceeded")
_MEANWHILE = ("stale info", "cannot lock ref", "fetch first", "reference already exists")
_NO_FORCE = ("non-fast-forward", "force push", "force-push", "protected branch", "gh006", "denynonfastforwards")
_CHECKED_OUT = ("refusing to update checked out branch", "branch is currently checked out")
_AWAY = (
    "could not resolve host",
    "failed to connect",
    "couldn't connect",
    "timed out",
    "unexpected disconnect",
    "early eof",
    "hung up unexpectedly",
    "rpc failed",
    "connection reset",
    "connection refused",
    "error: 5",
    "recv failure",
    "send failure",
    "empty reply",
    "operation too slow",
    "unable to connect",
)


def without_credentials(text: str) -> str:
    """Leave out who and with what password an address says to be."""
    return _CREDENTIALS.sub("//", text)


def not_installed() -> WorkError:
    """Say that there is no git."""
    return WorkError(_("git is not installed here. Install it (the package is called git), and try again."))


def not_ours(remote: str, branch: str) -> WorkError:
    """Say that the branch is somebody's work."""
    return WorkError(
        _(
            "The branch {branch} of {remote} was not made by Recado, and a deploy would replace all of it. Name another branch"
            " for this place in clients.yml (`branch: recado-pages`, say), or delete that one if nobody needs it."
        ).format(branch=branch, remote=without_credentials(remote))
    )


def anothers_branch(remote: str, branch: str) -> WorkError:
    """Say that another practice publishes there."""
    return WorkError(
        _(
            "The branch {branch} of {remote} was published to by another practice, or by yours with another mailbox address: a"
            " deploy would withdraw every portal there. Name another branch for this place in clients.yml. If those portals may"
            " go, delete that branch first."
        ).format(branch=branch, remote=without_credentials(remote))
    )


def no_old_release() -> WorkError:
    """Say that git keeps no release to go back to."""
    return WorkError(
        _(
            "A git place keeps no old release, so that what was withdrawn cannot come back. Put the workspace's files back to"
            " what they were, build and deploy again."
        )
    )


def broken_here(ended: Ended) -> WorkError:
    """Say that git does not work on this machine."""
    return WorkError(
        _("git could not put the pages together on this machine: {words}. Mend that, and try again.").format(
            words=without_credentials(ended.last_words)
        )
    )


def refusal_of(ended: Ended, remote: str, branch: str) -> WorkError:
    """Say why the remote could not be read, or would not take the branch."""
    place, words = without_credentials(remote), without_credentials(_telling_line(ended))
    said = ended.complaint.lower() + ended.output.decode(errors="replace").lower()
    if (trouble := trouble_of(ended.complaint, place)) is not None:
        return trouble
    for marks, error in (
        (_FULL, _("{place} has no room left: {words}. Make room there, and try again.")),
        (
            _ASKED,
            _(
                "{place} asks who you are, and nothing here answers for you. Set up a credential helper or a token"
                " (`git push` by hand must work without asking), or use an address over SSH."
            ),
        ),
        (
            _NO_FORCE,
            _(
                "{place} does not let the branch {branch} be replaced ({words}). Allow force pushes to this branch there: it"
                " holds one state and no history, on purpose."
            ),
        ),
        (
            _CHECKED_OUT,
            _(
                "{place} has the branch {branch} checked out, and so takes no push to it. Use a bare repository, or"
                " another branch."
            ),
        ),
        (_NO_RIGHTS, _("You may not write to {place}: {words}. Ask for the right to, or check the address.")),
        (_NOT_THERE, _("There is no git repository at {place}, or you may not see it. Create it there, or check `remote`.")),
    ):
        if any(mark in said for mark in marks):
            return WorkError(error.format(place=place, branch=branch, words=words))
    if any(mark in said for mark in _MEANWHILE):
        return AwayError(
            _("Somebody else wrote to the branch {branch} of {place} at the same moment.").format(branch=branch, place=place)
        )
    if any(mark in said for mark in _AWAY):
        return AwayError(_("{place} does not answer, or broke off ({words}).").format(place=place, words=words))
    return WorkError(
        _("{place} did not take the pages: {words}. Ask whoever runs it, or choose another place.").format(
            place=place, words=words
        )
    )


def _telling_line(ended: Ended) -> str:
    """Give the line that says most: what the remote said, else git's last but the advice it gives on every failure."""
    lines = [line.strip() for line in ended.complaint.splitlines() if line.strip()]
    advice = ("Please make sure", "and the repository exists", "fatal: Could not read from remote")
    telling = [line for line in lines if not line.startswith(advice) and not line.startswith(("To ", "hint:"))]
    remote = [line for line in telling if line.startswith(("remote: error", "remote: fatal", "remote: ERROR"))]
    if not remote and "hook declined" in ended.output.decode(errors="replace"):  # a rule of the host's own, in its own words
        remote = [line for line in telling if line.startswith("remote: ")]
    refused = [line for line in ended.output.decode(errors="replace").splitlines() if line.startswith("!")]
    found = (remote or [line.split("\t")[-1] for line in refused] or telling or lines or [ended.last_words])[0]
    return in_one_line(found).removeprefix("remote: ").removeprefix("fatal: ").removeprefix("error: ").rstrip(".")

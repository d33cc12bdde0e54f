"""How ssh is called, by git and by rsync alike, and what its complaints mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recado.deploy.tree import AwayError
from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterable

# Nothing is asked, a line that is dead is noticed within a minute, and the far side is lent neither keys nor screen.
OPTIONS = (
    *("-oForwardAgent=no", "-oForwardX11=no", "-oBatchMode=yes"),
    *("-oConnectTimeout=20", "-oServerAliveInterval=15", "-oServerAliveCountMax=4"),
)

_NOT_LET_IN = re.compile(r"permission denied \([a-z]")  # (publickey,password); a file's denial has a number there
_AWAY = (
    "connection refused",
    "connection timed out",
    "operation timed out",
    "no route to host",
    "network is unreachable",
    "connection closed by",
    "connection to ",  # … closed by remote host
    "connection reset",
    "broken pipe",
    "kex_exchange_identification",
    "client_loop",
    "timeout, server",
    "temporary failure in name resolution",
)


def trouble_of(complaint: str, place: str) -> WorkError | None:
    """Say in words what ssh complained of; None where it is nothing of ssh's."""
    said = complaint.lower()
    if "remote host identification has changed" in said:
        return WorkError(
            _(
                "{place} shows another host key than it used to: the server was set up anew, or somebody stands in between. Ask"
                " whoever runs it; then mend the line in ~/.ssh/known_hosts, and try again."
            ).format(place=place)
        )
    if "host key verification failed" in said:
        return WorkError(
            _(
                "The host key of {place} is not known here yet, so nothing was sent. Connect once by hand (`ssh` and the same"
                " address), compare the key and confirm it; then try again."
            ).format(place=place)
        )
    if _NOT_LET_IN.search(said) or "too many authentication failures" in said:
        return WorkError(
            _(
                "{place} lets nobody in with the keys of this account. Add your public key there (`ssh-copy-id`, or the host's"
                " own page); a key with a passphrase has to be in ssh-agent. Then try again."
            ).format(place=place)
        )
    if "could not resolve hostname" in said and "temporary failure" not in said:
        return AwayError(
            _("{place} cannot be found: no such host, or this machine is not on the network. Check the address.").format(
                place=place
            )
        )
    if _has(said, ("bad configuration option", "bad owner or permissions", "terminating,")):
        return WorkError(
            _("ssh does not accept its own configuration: {words}. Mend ~/.ssh/config, and try again.").format(
                words=complaint.strip().splitlines()[0]
            )
        )
    if _has(said, _AWAY):
        return AwayError(_("{place} does not answer, or broke off ({words}).").format(place=place, words=_line(complaint)))
    return None


def _line(complaint: str) -> str:
    """Give the first line that tells why the line is dead."""
    lines = [line.strip() for line in complaint.splitlines() if _has(line.lower(), _AWAY)]
    return lines[0].rstrip(".")


def _has(said: str, words: Iterable[str]) -> bool:
    return any(each in said for each in words)

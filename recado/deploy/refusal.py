"""Which places are refused: those that would leave a portal open to anyone who has, or guesses, its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from recado.model.servers import Place

_WITH_A_SERVER = frozenset({"directory", "rsync"})


def expect_closed(name: str, place: Place) -> None:
    """See that something stands in front of the portals in a place. Raises WorkError, before anything is written."""
    if place.access is None:
        told = _(
            "{place} was not published: it has no `access`, and anyone could open your clients' portals there. Write in "
            "clients.yml, under `places:`, at {place}:\n"
            "    access: encrypted   on any host; each client opens their portal with a link or a passphrase\n"
            "    access: nginx       on a server of yours that runs nginx, which asks for a password\n"
            "    access: caddy       on a server of yours that runs Caddy, which asks for a password"
        )
        if place.kind not in _WITH_A_SERVER:
            told = _(
                "{place} was not published: it has no `access`, and anyone could open your clients' portals there. Write in "
                "clients.yml, under `places:`, at {place}:\n"
                "    access: encrypted   each client opens their portal with a link or a passphrase"
            )
        raise WorkError(told.format(place=name))
    if place.access != "encrypted" and place.kind not in _WITH_A_SERVER:
        told = _(
            "{place} was not published: no {server} of yours stands in front of a place of kind {kind}, so that nobody would "
            "ask for a password there. Write access: encrypted, or choose the kind directory or rsync."
        )
        raise WorkError(told.format(place=name, server={"nginx": "nginx", "caddy": "Caddy"}[place.access], kind=place.kind))

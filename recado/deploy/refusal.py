"""Which places are refused: those that would leave a portal open to anyone, and those in the way of what is there already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from recado.model.practice import Practice
    from recado.model.servers import Place
    from recado.store.workspace import Workspace

_ON_THIS_MACHINE = ("/", "./", "../", "~/")
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


def expect_apart(workspace: Workspace, practice: Practice, name: str) -> None:
    """See that a place is neither the workspace's own folders nor another place's. Raises WorkError."""
    here = _folder(workspace, practice.places[name])
    root = workspace.root.resolve()
    if here is not None:
        own = (workspace.sources, workspace.site, workspace.state, root / "site_templates", root / ".git")
        if root.is_relative_to(here) or any(here.is_relative_to(folder.resolve()) for folder in own):
            told = _(
                "{place} was not published: {folder} belongs to your workspace, and a deploy would mix other files in. "
                "Choose a folder for it alone, such as /srv/portal."
            )
            raise WorkError(told.format(place=name, folder=here))
    for other, place in practice.places.items():
        there = _folder(workspace, place)
        is_one = _target(place) == _target(practice.places[name])
        is_within = here is not None and there is not None and (here.is_relative_to(there) or there.is_relative_to(here))
        if other != name and (is_one or is_within):
            told = _(
                "{place} was not published: it goes to where the place {other} goes, and each would take away what the other "
                "put there. Give each a folder, or a branch, of its own in clients.yml."
            )
            raise WorkError(told.format(place=name, other=other))


def _folder(workspace: Workspace, place: Place) -> Path | None:
    """Give the folder of this machine to which a place goes; None where it goes elsewhere."""
    if place.kind == "directory":
        return (workspace.root / Path(place.path or "").expanduser()).resolve()
    to = place.to or ""
    return Path(to).expanduser().resolve() if place.kind == "rsync" and to.startswith(_ON_THIS_MACHINE) else None


def _target(place: Place) -> tuple[str | None, ...]:
    """Tell where a place goes, as it is written; a command's hosts are known to it alone."""
    if place.kind == "command":
        return ("command", *(place.run or ()))
    return (place.kind, place.path, (place.to or "").rstrip("/"), place.remote, place.branch or "pages")

"""Which module stands behind which kind of place. What only one kind needs is loaded for that kind alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from recado.deploy.own_command import secret_variables
from recado.deploy.whose import mark_of

if TYPE_CHECKING:
    from recado.deploy.tree import Publisher
    from recado.model.practice import Practice
    from recado.store.workspace import Workspace

_BRANCH = "pages"


def publisher_of(workspace: Workspace, practice: Practice, name: str) -> Publisher:
    """Give what publishes to a place."""
    place, mark = practice.places[name], mark_of(practice)
    if place.kind == "directory":
        from recado.deploy.places.directory import DirectoryPlace  # noqa: PLC0415 (late: as the module says)

        return DirectoryPlace(workspace.root / Path(place.path or "").expanduser(), mark)
    if place.kind == "command":
        from recado.deploy.places.command import CommandPlace  # noqa: PLC0415

        return CommandPlace(place.run or (), workspace.root, secret_variables(practice))
    if place.kind == "git":
        from recado.deploy.places.git import GitPlace  # noqa: PLC0415

        return GitPlace(_remote(workspace, place.remote or ""), place.branch or _BRANCH, mark)
    from recado.deploy.places.rsync import RsyncPlace  # noqa: PLC0415

    return RsyncPlace(place.to or "", mark)


def _remote(workspace: Workspace, remote: str) -> str:
    """Give the address of a repository; one on this machine, from where clients.yml stands."""
    is_here = remote.startswith(("./", "../", "~/")) or (":" not in remote and (workspace.root / remote).is_dir())
    return str(workspace.root / Path(remote).expanduser()) if is_here else remote

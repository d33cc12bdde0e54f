"""The place of a portal: a folder that is exchanged whole, marked as built here, and the litter that a killed build leaves."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Collection
    from contextlib import AbstractContextManager
    from pathlib import Path

    from recado.store.workspace import Workspace

MARKER = ".portal"  # in each portal: this folder was built here, and may be replaced or taken away
_MARKED = "Built by Recado, and replaced whole by the next build.\n"
_UNFINISHED = re.compile(r"\.([a-z0-9-]+)\.(?:new|old|gone)-[0-9a-f]{8}", re.ASCII)


def marker(site: str) -> bytes:
    """Write the marker of a portal whose content has this digest."""
    return f"{_MARKED}{site}\n".encode()


def marked_site(place: Path) -> str:
    """Read the digest of the content that a portal was built with; '' where there is no portal, or one of an older program."""
    try:
        said = (place / MARKER).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
    return said.removeprefix(_MARKED).strip()


def is_portal(place: Path) -> bool:
    """Tell whether a folder was built here. A link is none: it may lead to another client's portal, or anywhere."""
    return not place.is_symlink() and (place / MARKER).is_file()


def locked_place(workspace: Workspace, key: str) -> AbstractContextManager[None]:
    """Hold the lock of one portal: one build of it at a time."""
    from recado.store.lock import locked  # noqa: PLC0415 (late: a build with nothing to do needs none of this)

    return locked(workspace.state / "locks" / f"site-{key}.lock")


def beside(place: Path) -> Path:
    """Make a folder beside a portal, under a name that no client can have, to build in."""
    import secrets  # noqa: PLC0415 (late: as above)

    made = place.with_name(f".{place.name}.new-{secrets.token_hex(4)}")
    made.mkdir(parents=True)
    return made


def exchange(made: Path, place: Path) -> None:
    """Put a finished folder in a portal's place. Raises WorkError where something else stands there, OSError."""
    if place.is_symlink() or (place.exists() and not is_portal(place)):
        told = _("{folder} is in the way: it was not built here. Move it elsewhere, then build again.")
        raise WorkError(told.format(folder=place))
    from recado.store.exchange import put_in_place  # noqa: PLC0415 (late: as above)

    put_in_place(made, place)


def withdraw(place: Path) -> None:
    """Take a portal away, where there is one. Raises OSError."""
    if is_portal(place):
        from recado.store.exchange import remove_whole  # noqa: PLC0415 (late: as above)

        remove_whole(place)


def clear_unfinished(place: Path) -> None:
    """Take away what a build of this portal left that was killed. The caller holds the portal's lock: none is at work.

    Where folders cannot be exchanged at one stroke, it may have been killed between two renames: then the old portal, which
    stands aside, is put back. A process of it that still writes finds its folder gone at one stroke, and fails: of what is left
    of it no portal is made.
    """
    import secrets  # noqa: PLC0415 (late: as above)

    for aside in place.parent.glob(f".{place.name}.old-*"):
        if is_portal(aside) and not place.exists():
            aside.rename(place)
    for left in place.parent.glob(f".{place.name}.new-*"):
        with suppress(OSError):
            left.rename(place.with_name(f".{place.name}.gone-{secrets.token_hex(4)}"))
    for kind in ("old", "gone"):
        for left in place.parent.glob(f".{place.name}.{kind}-*"):
            discard(left)


def discard(made: Path) -> None:
    """Take away a folder that was made beside and is not needed; what resists is taken away by the next build."""
    import shutil  # noqa: PLC0415 (late: as above)

    shutil.rmtree(made, ignore_errors=True)


def clear_left_over(workspace: Workspace, keys: Collection[str]) -> None:
    """Take away the portals of clients who are no more, and what a killed build left of one."""
    for key in left_over(workspace, keys):
        with locked_place(workspace, key):
            clear_unfinished(workspace.site / key)
            withdraw(workspace.site / key)


def left_over(workspace: Workspace, keys: Collection[str]) -> list[str]:
    """List the keys of clients who are no more and of whom something is left in the site."""
    site = workspace.site
    gone = {name for name in _names(site) if not name.startswith(".") and name not in keys and is_portal(site / name)}
    return sorted((unfinished(site) | gone).difference(keys))


def unfinished(site: Path) -> set[str]:
    """Give the keys of the portals beside which something stands that a build left, or is about to finish."""
    return {found[1] for name in _names(site) if (found := _UNFINISHED.fullmatch(name))}


def _names(site: Path) -> list[str]:
    try:
        return os.listdir(site)  # noqa: PTH208 (for every build: a tenth of the time)
    except OSError:
        return []

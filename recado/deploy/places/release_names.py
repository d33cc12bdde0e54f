"""The names of releases: when they were made, in an order that holds whatever the clocks say, and what they are copies of."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KEPT = 5
_FORMAT = "%Y%m%dT%H%M%SZ"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_NAME = r"\d{8}T\d{6}Z-[a-z0-9]{4}"
_RELEASE = re.compile(rf"{_NAME}(-as-{_NAME})?")
_UNFINISHED = re.compile(rf"\.(gone)?{_NAME}(-as-{_NAME})?")
_AS = "-as-"


class Releases(NamedTuple):
    """What a folder of releases holds: those that are whole, oldest first; what was left half done; which is shown.

    `portals` are the portals in each that is whole.
    """

    whole: tuple[str, ...]
    unfinished: tuple[str, ...]
    current: str | None
    portals: Mapping[str, frozenset[str]] = {}

    def next_name(self, now: datetime) -> str:
        """Name a release that comes after all that are there."""
        moment = now.astimezone(UTC)
        newest = self.whole[-1].split("-")[0] if self.whole else ""
        if newest >= moment.strftime(_FORMAT):
            moment = datetime.strptime(newest, _FORMAT).replace(tzinfo=UTC) + timedelta(seconds=1)
        return f"{moment.strftime(_FORMAT)}-{''.join(secrets.choice(_LETTERS) for _ in range(4))}"

    def before_current(self) -> str | None:
        """Give the release that was shown before the one that is; of one that was put back, before its original."""
        shown = source_of(self.current or "")
        earlier = [name for name in self.whole if name < shown and _AS not in name]
        return earlier[-1] if earlier else None

    def surplus(
        self, coming: str | None = None, *, wanted: frozenset[str] | None = None, is_last: bool = False
    ) -> tuple[str, ...]:
        """List what nobody needs any more once `coming` is shown (None: the current one stays).

        `wanted` are the portals that anyone may still see: a release with another is not kept. `is_last`: no older one is.
        """
        shown = coming or self.current
        whole = self.whole if coming is None else (*self.whole, coming)
        kept = {shown} if is_last else {*whole[-KEPT:], shown}
        if wanted is not None:
            kept -= {name for name in self.whole if name != shown and self.portals.get(name, frozenset()) - wanted}
        return (*self.unfinished, *(name for name in self.whole if name not in kept))


def is_release(name: str) -> bool:
    """Tell whether a name is one of ours."""
    return _RELEASE.fullmatch(name) is not None


def releases(names: Iterable[str], current: str | None, folders: Iterable[str] = ()) -> Releases:
    """Sort what stands in a folder of releases; `folders` are the folders in them. What is not ours is left alone."""
    found = sorted(names)
    return Releases(
        tuple(name for name in found if _RELEASE.fullmatch(name)),
        tuple(name for name in found if _UNFINISHED.fullmatch(name)),
        current,
        _portals(folders),
    )


def _portals(folders: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for folder in folders:
        release, _slash, portal = folder.partition("/")
        found.setdefault(release, set()).add(portal)
    return {release: frozenset(portals) for release, portals in found.items()}


def copy_name(name: str, source: str) -> str:
    """Name a release that shows an older one again."""
    return f"{name}{_AS}{source_of(source)}"


def source_of(name: str) -> str:
    """Give the release that this one shows again, or its own name."""
    return name.split(_AS)[-1]

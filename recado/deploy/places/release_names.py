"""The names of releases: when they were made, in an order that holds whatever the clocks say, and what they are copies of."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

KEPT = 5
_FORMAT = "%Y%m%dT%H%M%SZ"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_NAME = r"\d{8}T\d{6}Z-[a-z0-9]{4}"
_RELEASE = re.compile(rf"{_NAME}(-as-{_NAME})?")
_UNFINISHED = re.compile(rf"\.(gone)?{_NAME}(-as-{_NAME})?")
_AS = "-as-"


class Releases(NamedTuple):
    """What a folder of releases holds: those that are whole, oldest first; what was left half done; which is shown."""

    whole: tuple[str, ...]
    unfinished: tuple[str, ...]
    current: str | None

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

    def surplus(self, coming: str | None = None) -> tuple[str, ...]:
        """List what nobody needs any more once `coming` is shown (None: the current one stays)."""
        whole = self.whole if coming is None else (*self.whole, coming)
        kept = {*whole[-KEPT:], coming or self.current}
        return (*self.unfinished, *(name for name in self.whole if name not in kept))


def releases(names: Iterable[str], current: str | None) -> Releases:
    """Sort what stands in a folder of releases. What is not ours is left alone."""
    found = sorted(names)
    return Releases(
        tuple(name for name in found if _RELEASE.fullmatch(name)),
        tuple(name for name in found if _UNFINISHED.fullmatch(name)),
        current,
    )


def copy_name(name: str, source: str) -> str:
    """Name a release that shows an older one again."""
    return f"{name}{_AS}{source_of(source)}"


def source_of(name: str) -> str:
    """Give the release that this one shows again, or its own name."""
    return name.split(_AS)[-1]

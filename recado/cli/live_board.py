"""What open pages are told while `recado serve` runs: to load again, or what keeps their portal from being built.

One thread builds and puts it here; each open page has a thread that waits here.
"""

from __future__ import annotations

import json
import threading
import zlib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LIST = ""  # in a key's place: the list of all portals
_LOOK = 1.0  # seconds between two looks whether a portal was built by another process, or the page is gone


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be seen: the name of each portal by its key, and the lines that say what is wrong, in the VA's language.

    `everywhere` is wrong for all portals (clients.yml), `trouble` for one; `advice` stands above the lines.
    """

    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    everywhere: tuple[str, ...] = ()
    trouble: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    advice: str = ""

    def wrong_for(self, key: str) -> tuple[str, ...]:
        """Give the lines that a page of this portal shows; the list shows all of them."""
        if key != LIST:
            return self.everywhere + self.trouble.get(key, ())
        return self.everywhere + tuple(line for lines in self.trouble.values() for line in lines)


class Board:
    """The newest of what is to be seen, for many readers. `site` is the folder of the portals."""

    def __init__(self, site: Path, shown: Shown | None = None) -> None:
        self._site = site
        self._shown = shown or Shown()
        self._changed = threading.Condition()
        self._is_closed = False

    @property
    def names(self) -> Mapping[str, str]:
        """The name of each portal that can be opened, by its key."""
        return self._shown.names

    def show(self, shown: Shown) -> None:
        """Tell all that wait; also where only a portal was built anew."""
        with self._changed:
            self._shown = shown
            self._changed.notify_all()

    def close(self) -> None:
        """Let all go that wait."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def version(self, key: str) -> str:
        """Name what a portal is built as now, whoever built it: each build is another folder. '' where it is not there."""
        if key == LIST:
            return f"{zlib.crc32(json.dumps(list(self.names.items())).encode()):x}"
        try:
            found = (self._site / key).stat()
        except (OSError, ValueError):
            return ""
        return f"{found.st_ino:x}-{found.st_ctime_ns:x}"

    def messages(self, key: str, version: str) -> Iterator[str | None]:
        """Give what a page showing this version of a portal is to be told: JSON; None now and then, to see if it is there."""
        told = None
        while not self._is_closed:
            message = self._message(key, version)
            yield message if message != told else None
            told = message
            with self._changed:
                if not self._is_closed:
                    self._changed.wait(_LOOK)

    def _message(self, key: str, version: str) -> str:
        now = self.version(key)
        lines = self._shown.wrong_for(key)
        is_stale = bool(now) and now != version  # one that is being exchanged, or was withdrawn, stays on the screen
        return json.dumps({"load": is_stale, "advice": self._shown.advice, "lines": lines})

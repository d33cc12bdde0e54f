"""A small practice on a disk: edited, saved, built, and compared with what a full build makes of the same files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from building import built, differing, expect_each_change_once, in_full, tick
from portal_builds import site_of
from small_practice import put, small_office

if TYPE_CHECKING:
    from pathlib import Path

    from recado.portal.build import PracticeResult

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)


class Desk:
    """A workspace below `folder`. `office` is edited, and on the disk once it is saved."""

    def __init__(self, folder: Path) -> None:
        """Save it for the first time."""
        self.root = folder / "practice"
        self.site = self.root / "site"
        self.office = small_office()
        self.now = NOW
        self.files: dict[str, bytes] = {}
        self._aside = folder / "aside"
        self.root.mkdir()
        self.save()

    def save(self, *, in_place: bool = False) -> frozenset[Path]:
        """Write what was edited, as `put` does; gives the files that were touched."""
        before, self.files = self.files, self.office.files()
        return put(self.root, before, self.files, in_place=in_place)

    def build(self) -> PracticeResult:
        """Build what changed, in this process."""
        return built(self.root, self.now)

    def in_full(self) -> dict[str, bytes]:
        """Give the site that a full build makes of the same files."""
        return in_full(self.root, self.now, self._aside)

    def expect_right(self) -> None:
        """See that what stands is what a full build makes, and nothing else; and no row of a history twice."""
        assert differing(site_of(self.site), self.in_full()) == []
        expect_each_change_once(self.root)

    def settle(self) -> None:
        """Let the clock tick, and build: what stands counts as unchanged from now on."""
        tick(self.root)
        self.build()

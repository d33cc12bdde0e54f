"""A workspace that goes from one state to another, as often as a test asks, and builds in it that are killed on the way."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from building import Killed, apart, built, differing, in_full, portals_of, tick
from dying import Watched
from portal_builds import site_of
from small_practice import Job, Said, picture, put, small_office

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from dying import Deed

IS_NIGHTLY = bool(os.environ.get("RECADO_NIGHTLY"))
NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class State:
    """What stands in a workspace once it is built: the files of the practice, the histories too, and the site."""

    files: dict[str, bytes]
    site: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Scene:
    """A workspace that goes from one state to another, as often as it is asked to."""

    root: Path
    old: State
    new: State
    edited: dict[str, bytes]

    def stand_at(self, state: State) -> None:
        """Build a state, with a history that knows of no other; of the VA's own pages nothing is kept from another."""
        shutil.rmtree(self.root / ".recado" / "portals" / "acme" / "own", ignore_errors=True)
        put(self.root, self.now_there(), state.files)
        built(self.root, NOW)
        assert differing(site_of(self.root / "site"), state.site) == []

    def begin_anew(self) -> None:
        """Leave of all builds nothing: no site, nothing kept, no history."""
        for name in ("site", ".recado"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        put(self.root, self.now_there(), self.edited)

    def edit(self) -> None:
        """Change the files by hand from the old state; what the build itself writes is not yet there."""
        put(self.root, self.now_there(), self.edited | self.histories)
        tick(self.root)

    def deeds_of_the_edit(self, *, jobs: int = 1) -> list[Deed]:
        """Tell what the build does that brings the old state to the new one, where all has long come to rest."""
        self.stand_at(self.old)
        self.stand_at(self.new)
        self.stand_at(self.old)
        self.edit()
        deeds = deeds_of(self.root, jobs=jobs)
        self.expect_new()
        return deeds

    @property
    def histories(self) -> dict[str, bytes]:
        """Give the histories of the old state."""
        return {path: content for path, content in self.old.files.items() if path.endswith("history.csv")}

    def now_there(self) -> dict[str, bytes]:
        """Give the files as they stand."""
        return files_of(self.root)

    def expect_whole(self, *states: State) -> None:
        """See that each portal is one of these states', byte for byte; no state: or that there is none."""
        there = portals_of(site_of(self.root / "site"))
        for key in ("acme", "bolt"):
            allowed = [portals_of(state.site)[key] for state in states]
            if len(states) == 1:
                allowed.append({})
            assert there.get(key, {}) in allowed, key

    def expect_new(self) -> None:
        """See that the new state stands, and nothing else: no litter in the site, no row of the history twice."""
        assert differing(site_of(self.root / "site"), self.new.site) == []
        assert differing(self.now_there(), self.new.files) == []


def files_of(root: Path) -> dict[str, bytes]:
    """Give what stands in a workspace besides what is built of it and kept."""
    return {path: content for path, content in site_of(root).items() if path.startswith(("clients.yml", "portal_src/"))}


def whole_scene(root: Path, aside: Path) -> Scene:
    """Make one: a task's words and another's status change, one goes, one comes, a file, a photo, a message, a page."""
    office = small_office()
    put(root, {}, office.files())
    built(root, NOW)
    old = State(files_of(root), site_of(root / "site"))
    acme = office.clients["acme"]
    acme.jobs[1].title, acme.jobs[1].files["report.pdf"] = "January posts", b"%PDF another"
    acme.jobs[2].status, acme.jobs[2].files["more.jpg"] = "doing", picture(2)
    acme.jobs[2].messages["bbbbbbb3"] = Said("2026-11-24T08:00:00Z", "reply", "Blue.")
    del acme.jobs[3]
    acme.jobs[4] = Job("travel", "A hotel in Lisbon")
    acme.pages["prices"] = "# What it costs\n"
    edited = office.files()
    put(root, files_of(root), edited | {path: old.files[path] for path in old.files if path.endswith("history.csv")})
    built(root, NOW)
    new = State(files_of(root), site_of(root / "site"))
    assert differing(new.site, in_full(root, NOW, aside)) == []
    assert differing(old.files, new.files)
    return Scene(root, old, new, edited)


class Survived(Exception):  # noqa: N818 (no mistake)
    """A build came to its end before the deed at which it was to be killed."""


def deeds_of(root: Path, *, jobs: int = 1, is_full: bool = False) -> list[Deed]:
    """Build, and tell each deed of it."""

    def work() -> list[Deed]:
        watched = Watched()
        watched.begin()
        built(root, NOW, jobs=jobs, is_full=is_full)
        return watched.deeds

    return apart(work)


def kill_at(number: int, root: Path, *, jobs: int = 1, is_full: bool = False) -> None:
    """Begin to build, and be killed at the deed of this number. Raises Survived where that was never reached."""

    def work() -> None:
        Watched(number).begin()
        built(root, NOW, jobs=jobs, is_full=is_full)

    try:
        apart(work)
    except Killed:
        return
    raise Survived


def spread(deeds: Sequence[Deed], step: int, but: Iterable[Deed] = ()) -> list[int]:
    """Choose every so many deeds, and one of each kind that a line of the program does, but for some kinds. At night: all."""
    if IS_NIGHTLY:
        return list(range(len(deeds)))
    first = {deed: number for number, deed in reversed(list(enumerate(deeds))) if deed not in set(but)}
    return sorted({*range(0, len(deeds), step), *first.values()})

"""A build that is killed, at any point: what stands is whole, old or new, and the next build is right and leaves no litter."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from building import Killed, apart, built, differing, forget, in_full, portals_of
from dying import Watched
from portal_builds import site_of
from small_practice import Job, Said, picture, put, small_office

from recado.portal import making
from recado.portal.build import BuildOptions, build_workspace
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from dying import Deed

    from recado.portal.build import PracticeResult

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
        return {path: content for path, content in self.old.files.items() if path.endswith("history.csv")}

    def now_there(self) -> dict[str, bytes]:
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
    return {path: content for path, content in site_of(root).items() if path.startswith(("clients.yml", "portal_src/"))}


@pytest.fixture(autouse=True)
def _nothing_is_synced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Save the time: what a process wrote outlives it in any case."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture
def scene(whole_scene: Scene) -> Scene:
    """Give it as no build has seen it."""
    whole_scene.begin_anew()
    return whole_scene


@pytest.fixture(scope="module")
def whole_scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A task's words and another's status changed, one gone, one come, a file replaced, a photo, a page and a message more."""
    root, aside = tmp_path_factory.mktemp("scene"), tmp_path_factory.mktemp("aside")
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
    assert differing(new.site, in_full(root, NOW, aside / "full")) == []
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
    """Choose every so many deeds, and one of each kind that each line of the program does, but for some kinds."""
    first = {deed: number for number, deed in reversed(list(enumerate(deeds))) if deed not in set(but)}
    return sorted({*range(0, len(deeds), step), *first.values()})


def test_a_first_build_killed_at_any_point_leaves_whole_portals_or_none(scene: Scene) -> None:
    deeds = deeds_of(scene.root)
    first = State(files_of(scene.root), site_of(scene.root / "site"))
    for number in spread(deeds, 20):
        scene.begin_anew()
        kill_at(number, scene.root)
        scene.expect_whole(first)
        apart(lambda: built(scene.root, NOW))
        assert differing(site_of(scene.root / "site"), first.site) == [], deeds[number]
        assert differing(files_of(scene.root), first.files) == [], deeds[number]


def test_a_rebuild_killed_at_any_point_leaves_whole_portals_old_or_new(scene: Scene) -> None:
    deeds = scene.deeds_of_the_edit()
    assert {"exchange", "os.link", "os.rename", "os.remove", "half a write", "fsync"} <= {deed.what for deed in deeds}
    for number in spread(deeds, 5):
        scene.stand_at(scene.old)
        scene.edit()
        kill_at(number, scene.root)
        scene.expect_whole(scene.old, scene.new)
        apart(lambda: built(scene.root, NOW))
        scene.expect_new()


def test_and_so_does_one_killed_while_it_recovers(scene: Scene) -> None:
    deeds = scene.deeds_of_the_edit()
    for number in range(7, len(deeds), 16):
        scene.stand_at(scene.old)
        scene.edit()
        kill_at(number, scene.root)
        for again in range(number // 2, 200, 40):
            with suppress(Survived):
                kill_at(again, scene.root)
            scene.expect_whole(scene.old, scene.new)
        apart(lambda: built(scene.root, NOW))
        scene.expect_new()


def test_a_full_build_killed_at_any_point_leaves_nothing_about(scene: Scene) -> None:
    scene.stand_at(scene.new)
    scene.stand_at(scene.new)
    deeds = deeds_of(scene.root, is_full=True)
    for number in range(3, len(deeds), 12):
        kill_at(number, scene.root, is_full=True)
        scene.expect_whole(scene.new)
        apart(lambda: built(scene.root, NOW))
        scene.expect_new()


# ---- Several processes at work ----


@pytest.fixture
def pages_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let even a small portal be made by several processes."""
    monkeypatch.setattr(making, "_WORTH_A_PROCESS", 2)
    monkeypatch.setattr(making, "_AT_ONCE", 2)


@pytest.mark.usefixtures("pages_apart")
def test_a_build_by_several_processes_killed_at_any_point_leaves_whole_portals(scene: Scene) -> None:
    others = scene.deeds_of_the_edit()
    deeds = scene.deeds_of_the_edit(jobs=2)
    assert any(deed.line.startswith("store/forked.py") for deed in deeds)
    for number in spread(deeds, 9, but=others):
        scene.stand_at(scene.old)
        scene.edit()
        with suppress(Survived):  # what its children make, and when, is not the same each time
            kill_at(number, scene.root, jobs=2)
        scene.expect_whole(scene.old, scene.new)
        apart(lambda: built(scene.root, NOW, jobs=2))
        scene.expect_new()


@pytest.mark.usefixtures("pages_apart")
def test_where_a_process_of_a_build_is_killed_that_is_told_and_the_next_build_is_right(scene: Scene) -> None:
    for number in range(6):
        scene.stand_at(scene.old)
        scene.edit()
        result = apart(lambda number=number: child_killed_at(number, scene.root))  # type: ignore[misc] # (a default binds it)
        assert [str(error) for error in result.errors if "ended before its work was done" in str(error)], result
        assert result.kept == ("acme",)
        scene.expect_whole(scene.old)
        assert set(os.listdir(scene.root / "site")) == {"acme", "bolt"}  # noqa: PTH208 (names)
        apart(lambda: built(scene.root, NOW))
        scene.expect_new()


def child_killed_at(number: int, root: Path) -> PracticeResult:
    Watched(number, in_children=True).begin()
    return build_workspace(Workspace(root), BuildOptions(NOW), jobs=2)


# ---- What is kept, spoilt ----


def emptied(_content: bytes) -> bytes:
    return b""


def halved(content: bytes) -> bytes:
    return content[: len(content) // 2]


def garbled(content: bytes) -> bytes:
    return bytes(byte ^ 0x55 for byte in content)


def flipped(content: bytes) -> bytes:
    """Spoil one byte, in such a way that a text stays a text."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def zeroed(content: bytes) -> bytes:
    return bytes(len(content))


SPOILT = [emptied, halved, garbled, flipped, zeroed]


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_is_kept_may_be_spoilt_after_a_kill(scene: Scene, spoil: Callable[[bytes], bytes]) -> None:
    deeds = scene.deeds_of_the_edit()
    for number in range(20, len(deeds), 50):
        scene.stand_at(scene.old)
        scene.edit()
        kill_at(number, scene.root)
        for file in kept_files(scene.root):
            file.write_bytes(spoil(file.read_bytes()) if file.stat().st_size else b"")
        apart(lambda: (forget(), built(scene.root, NOW)))
        scene.expect_new()


def test_all_that_is_kept_may_be_gone_after_a_kill(scene: Scene) -> None:
    deeds = scene.deeds_of_the_edit()
    for number in range(5, len(deeds), 20):
        scene.stand_at(scene.old)
        scene.edit()
        kill_at(number, scene.root)
        shutil.rmtree(scene.root / ".recado")
        apart(lambda: built(scene.root, NOW))
        scene.expect_new()


@pytest.mark.parametrize("spoil", [*SPOILT, None])
def test_each_file_that_is_kept_may_be_spoilt_or_gone(scene: Scene, spoil: Callable[[bytes], bytes] | None) -> None:
    scene.stand_at(scene.new)
    names = [file.relative_to(scene.root) for file in kept_files(scene.root) if file.suffix != ".lock"]
    assert {name.parts[1] for name in names} >= {"practice", "portals", "thumbnails", "shells"}
    for name in names:
        scene.stand_at(scene.old)
        scene.edit()
        file = scene.root / name
        if spoil is None:
            file.unlink(missing_ok=True)
        elif file.exists():
            file.write_bytes(spoil(file.read_bytes()))
        apart(lambda: (forget(), built(scene.root, NOW)))
        scene.expect_new()


def kept_files(root: Path) -> list[Path]:
    return [path for path in sorted((root / ".recado").rglob("*")) if path.is_file()]

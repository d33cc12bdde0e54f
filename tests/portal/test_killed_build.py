"""A build that is killed, at any point: what stands is whole, old or new, and the next build is right and leaves no litter."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from building import apart, built, differing, forget
from dying import Watched
from killed_scene import IS_NIGHTLY, NOW, State, Survived, deeds_of, files_of, kill_at, spread
from portal_builds import site_of

from recado.portal import making
from recado.portal.build import BuildOptions, build_workspace
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from killed_scene import Scene

    from recado.portal.build import PracticeResult

pytestmark = [pytest.mark.timeout(3600 if IS_NIGHTLY else 240), pytest.mark.usefixtures("nothing_is_synced")]


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


def test_and_so_does_one_whose_edits_are_taken_back_after_it(scene: Scene) -> None:
    deeds = scene.deeds_of_the_edit()
    exchanged = next(number for number, deed in enumerate(deeds) if deed.what == "exchange")
    for number in (*range(3, exchanged, 30), exchanged + 1, len(deeds) - 3, len(deeds) - 1):
        scene.stand_at(scene.old)
        scene.edit()
        kill_at(number, scene.root)
        scene.stand_at(scene.old)


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


def test_where_the_process_that_makes_the_shells_is_killed_they_are_made_all_the_same(scene: Scene) -> None:
    def work() -> None:
        forget()
        Watched(0, in_children=True).begin()
        built(scene.root, NOW)

    apart(work)
    assert list(scene.root.glob(".recado/shells/*.json"))
    scene.stand_at(scene.new)

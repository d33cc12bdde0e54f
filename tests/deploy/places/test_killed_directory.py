"""A deploy that is killed, at any point: visitors see the old release or the new one, whole, and the next run repairs."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from building import Killed, apart
from dying import Watched
from hand_built import at, texts_in
from killed_scene import spread

from recado.deploy.places import directory
from recado.deploy.places.directory import DirectoryPlace

if TYPE_CHECKING:
    from pathlib import Path

    from dying import Deed
    from hand_built import Built

OLD = {
    "acme": {"index.html": "old", "a/b.pdf": "old", "a/c.pdf": "stays"},
    "beta": {"index.html": "of beta"},
    "gone": {"index.html": "withdrawn"},
}
NEW = {
    "acme": {"index.html": "new", "d/e.pdf": "new", "a/c.pdf": "stays"},
    "beta": {"index.html": "of beta"},
    "come": {"index.html": "new here"},
}
BESIDE = {"server/nginx.conf": "new", "server/passwords/come": "new"}


@pytest.fixture(autouse=True)
def _not_synced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "sync_file_system", lambda folder: folder)


def litter(base: Path) -> list[str]:
    return [str(path) for path in base.rglob("*") if any(part.startswith(".") for part in path.relative_to(base).parts)]


def test_a_deploy_killed_at_any_point_shows_the_old_or_the_new_whole(built: Built, tmp_path: Path) -> None:
    deeds = deeds_of(built, tmp_path / "counted")
    assert {"os.symlink", "os.link", "os.rename", "os.mkdir", "os.remove"} <= {deed.what for deed in deeds}
    seen = set()
    for number in spread(deeds, 7):
        base = tmp_path / f"killed-{number}"
        begin(built, base)
        tree = built.staged(NEW, beside=BESIDE)

        def work(base: Path = base, number: int = number) -> None:
            Watched(number).begin()
            DirectoryPlace(base).publish(tree)  # noqa: B023 (called at once)

        with suppress(Killed):
            apart(work)
        there = texts_in(base / "current")
        assert there in (at(OLD), at(NEW)), deeds[number]
        seen.add(there == at(NEW))
        DirectoryPlace(base).publish(built.staged(NEW, beside=BESIDE))
        assert texts_in(base / "current") == at(NEW)
        assert texts_in(base / "server") == {"nginx.conf": "new", "passwords/come": "new"}
        assert "withdrawn" not in texts_in(base).values(), deeds[number]
        assert litter(base) == [], deeds[number]
    assert seen == {True, False}


def begin(built: Built, base: Path) -> None:
    DirectoryPlace(base).publish(built.staged(OLD, beside={"server/nginx.conf": "old", "server/passwords/gone": "old"}))


def deeds_of(built: Built, base: Path) -> list[Deed]:
    begin(built, base)
    tree = built.staged(NEW, beside=BESIDE)

    def work() -> list[Deed]:
        watched = Watched()
        watched.begin()
        DirectoryPlace(base).publish(tree)
        return watched.deeds

    return apart(work)

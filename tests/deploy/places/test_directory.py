"""A folder of this machine: releases, a link that is switched, and nothing copied twice."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hand_built import at, texts_in

from recado.deploy.places.directory import DirectoryPlace
from recado.errors import WorkError

if TYPE_CHECKING:
    from pathlib import Path

    from hand_built import Built

OLD = {"acme": {"index.html": "home", "a/b.pdf": "brief"}, "beta": {"index.html": "of beta"}}
NEW = {"acme": {"index.html": "another home", "a/b.pdf": "brief"}, "beta": {"index.html": "of beta"}}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "srv" / "portal"


def seen(base: Path) -> dict[str, str]:
    return texts_in(base / "current")


def inodes(base: Path) -> dict[str, int]:
    return {path: (base / "current" / path).stat().st_ino for path in seen(base)}


def test_visitors_see_all_of_the_tree_and_nothing_else(built: Built, base: Path) -> None:
    sent = DirectoryPlace(base).publish(built.staged(OLD, top=["robots.txt"]))
    assert seen(base) == at(OLD) | {"robots.txt": "robots.txt"}
    assert sorted(sent.added) == sorted(at(OLD) | {"robots.txt": ""})
    assert sent.size == sum(len(text) for text in seen(base).values())


def test_only_what_changed_is_copied_and_the_release_before_stays_as_it_was(built: Built, base: Path) -> None:
    place = DirectoryPlace(base)
    place.publish(built.staged(OLD))
    before, release = inodes(base), (base / "current").resolve()
    sent = place.publish(built.staged(NEW))
    assert (sent.added, sent.changed, sent.removed) == ((), ("acme/index.html",), ())
    assert seen(base) == at(NEW)
    assert texts_in(release) == at(OLD)
    assert {path for path, inode in inodes(base).items() if before[path] != inode} == {"acme/index.html"}


def test_where_nothing_changed_nothing_is_done(built: Built, base: Path) -> None:
    place = DirectoryPlace(base)
    place.publish(built.staged(OLD))
    release = (base / "current").readlink()
    assert place.publish(built.staged(OLD)).is_nothing
    assert (base / "current").readlink() == release


def test_a_comparison_tells_the_same_and_does_nothing(built: Built, base: Path) -> None:
    place = DirectoryPlace(base)
    first = place.compare(built.staged(OLD, beside={"server/nginx.conf": "x"}))
    assert not base.exists()
    assert first == place.publish(built.staged(OLD, beside={"server/nginx.conf": "x"}))
    tree = built.staged(NEW)
    assert place.compare(tree).changed == ("acme/index.html",)
    assert seen(base) == at(OLD)


def test_a_portal_that_is_gone_is_withdrawn_with_every_older_release_of_it(built: Built, base: Path) -> None:
    place = DirectoryPlace(base)
    place.publish(built.staged(OLD))
    place.publish(built.staged(NEW))
    sent = place.publish(built.staged({"acme": NEW["acme"]}))
    assert sent.removed == ("beta/index.html",)
    assert seen(base) == at({"acme": NEW["acme"]})
    assert "of beta" not in texts_in(base).values()
    with pytest.raises(WorkError, match="no older release"):
        place.roll_back()


def test_a_folder_that_is_not_hers_is_told_with_what_to_do(built: Built, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base.mkdir(parents=True)
    monkeypatch.setattr("os.access", lambda path, _mode: path != base)
    with pytest.raises(WorkError, match=f"{base} is not yours to write into.*sudo chown"):
        DirectoryPlace(base).publish(built.staged(OLD))
    assert list(base.iterdir()) == []


def test_a_rotated_key_leaves_no_older_release_behind(built: Built, base: Path) -> None:
    place = DirectoryPlace(base)
    place.publish(built.staged(OLD))
    tree = built.staged(NEW)
    place.publish(type(tree)(tree.root, tree.version, tree.scratch, tree.beside, is_last=True))
    assert "home" not in texts_in(base).values()


@pytest.mark.parametrize("path", ["acme/index.html", "beta/index.html"])
@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_published_file_that_another_hand_changed_is_noticed_and_put_right(
    built: Built, base: Path, path: str, *, is_deleted: bool
) -> None:
    place = DirectoryPlace(base)
    place.publish(built.staged(OLD))
    (base / "current" / path).unlink()
    if not is_deleted:
        (base / "current" / path).write_text("defaced", encoding="utf-8")
    assert place.compare(built.staged(OLD)).altered == (path,)
    assert place.publish(built.staged(OLD)).altered == (path,)
    assert seen(base) == at(OLD)
    assert place.publish(built.staged(OLD)).altered == ()


def test_a_file_that_another_hand_put_there_is_taken_away(built: Built, base: Path) -> None:
    place = DirectoryPlace(base)
    place.publish(built.staged(OLD))
    (base / "current" / "acme" / "shell.php").write_text("<?php", encoding="utf-8")
    assert place.publish(built.staged(OLD)).altered == ("acme/shell.php",)
    assert seen(base) == at(OLD)


def test_going_back_shows_the_release_before_and_again_the_one_before_that(built: Built, base: Path) -> None:
    place = DirectoryPlace(base)
    third = {"acme": {"index.html": "a third home"}, "beta": OLD["beta"]}
    for portals in (OLD, NEW, third):
        place.publish(built.staged(portals))
    place.roll_back()
    assert seen(base) == at(NEW)
    place.roll_back()
    assert seen(base) == at(OLD)
    with pytest.raises(WorkError, match="no older release"):
        place.roll_back()
    place.publish(built.staged(third))
    assert seen(base) == at(third)


def test_a_release_that_was_gone_back_to_is_not_taken_for_another_hands_work(built: Built, base: Path) -> None:
    place = DirectoryPlace(base)
    for portals in (OLD, NEW):
        place.publish(built.staged(portals))
    place.roll_back()
    sent = place.publish(built.staged(NEW))
    assert (sent.changed, sent.altered) == (("acme/index.html",), ())
    (base / "current" / "acme" / "index.html").write_text("by hand", encoding="utf-8")
    assert place.publish(built.staged(NEW)).altered == ("acme/index.html",)


def test_only_some_old_releases_are_kept_and_nothing_that_none_of_them_needs(built: Built, base: Path) -> None:
    place = DirectoryPlace(base)
    for number in range(9):
        place.publish(built.staged({"acme": {"index.html": f"home {number}"}}))
    assert sorted(text for text in texts_in(base / "portals").values()) == [f"home {number}" for number in range(4, 9)]
    assert len(list((base / "releases").iterdir())) == 5


def test_what_stands_beside_is_written_changed_and_taken_away_and_never_seen(built: Built, base: Path) -> None:
    place = DirectoryPlace(base)
    first = place.publish(built.staged(OLD, beside={"server/nginx.conf": "one", "server/passwords/acme": "a"}))
    assert first.beside == ("server/nginx.conf", "server/passwords/acme")
    then = place.publish(built.staged(OLD, beside={"server/nginx.conf": "two"}))
    assert then.beside == ("server/nginx.conf", "server/passwords/acme")
    assert texts_in(base / "server") == {"nginx.conf": "two"}
    assert seen(base) == at(OLD)


def test_the_web_server_may_read_it_whatever_the_umask_here(built: Built, base: Path) -> None:
    before = os.umask(0o077)
    try:
        DirectoryPlace(base).publish(built.staged(OLD, beside={"server/passwords/acme": "a"}, top=["robots.txt"]))
    finally:
        os.umask(before)
    for path in base.rglob("*"):
        if not path.is_symlink():
            assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path


@pytest.mark.parametrize("what", ["file", "folder", "link elsewhere"])
def test_what_is_not_ours_is_never_replaced(built: Built, base: Path, tmp_path: Path, what: str) -> None:
    base.mkdir(parents=True)
    if what == "file":
        (base / "current").write_text("hers", encoding="utf-8")
    elif what == "folder":
        (base / "current").mkdir()
    else:
        (base / "current").symlink_to(tmp_path)
    with pytest.raises(WorkError, match="in the way"):
        DirectoryPlace(base).publish(built.staged(OLD))
    assert [path.name for path in base.iterdir()] == ["current"]


def test_a_folder_that_cannot_be_made_is_told_with_what_to_do(built: Built, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WorkError, match="sudo install -d"):
        DirectoryPlace(tmp_path / "file" / "portal").publish(built.staged(OLD))


def test_names_of_any_letters_are_published(built: Built, base: Path) -> None:
    names = {"acme": {"requests/x/año nuevo ☃ (1).pdf": "x", "requests/x/-rf": "y", "requests/x/a\\b": "z"}}
    DirectoryPlace(base).publish(built.staged(names))
    assert seen(base) == at(names)

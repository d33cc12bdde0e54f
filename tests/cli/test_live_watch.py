"""Watching real files: what is saved is told, in whatever way an editor saves it, and nothing is lost meanwhile."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import watchfiles

from recado.cli.live_watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ENOUGH = 20.0  # seconds: a wait that lasts so long has failed


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "portal_src" / "acme" / "tasks").mkdir(parents=True)
    (tmp_path / "clients.yml").write_text("practice:\n", encoding="utf-8")
    (tmp_path / "portal_src" / "acme" / "tasks" / "0001-a.md").write_text("a\n", encoding="utf-8")
    return tmp_path


@contextmanager
def watching(root: Path) -> Iterator[Watch]:
    with Watch(root) as watch:
        until(watch, root)
        yield watch


def until(watch: Watch, path: Path) -> frozenset[Path]:
    """Wait until a path is told."""
    told: frozenset[Path] = frozenset()
    while path not in told:
        more = watch.changes(ENOUGH)
        assert more, f"{path} was never told"
        told |= more
    return told


def in_place(file: Path) -> None:
    file.write_text("changed\n", encoding="utf-8")


def by_rename(file: Path) -> None:
    beside = file.with_name("sedQx81")
    beside.write_text("changed\n", encoding="utf-8")
    beside.replace(file)


def with_a_copy_of_the_old(file: Path) -> None:
    file.rename(file.with_name(f"{file.name}~"))
    file.write_text("changed\n", encoding="utf-8")


def by_taking_it_away(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("save", [in_place, by_rename, with_a_copy_of_the_old, by_taking_it_away])
@pytest.mark.parametrize("name", ["clients.yml", "portal_src/acme/tasks/0001-a.md"])
def test_a_file_that_is_saved_is_told(root: Path, name: str, save: Callable[[Path], None]) -> None:
    with watching(root) as watch:
        save(root / name)
        until(watch, root / name)


def test_a_new_folder_is_watched_too(root: Path) -> None:
    with watching(root) as watch:
        thread = root / "portal_src" / "beta"
        thread.mkdir()
        until(watch, thread)
        (thread / "welcome.md").write_text("Hello", encoding="utf-8")
        until(watch, thread / "welcome.md")


def test_what_changes_while_nobody_asks_is_told_afterwards_all_of_it(root: Path) -> None:
    tasks = root / "portal_src" / "acme" / "tasks"
    with watching(root) as watch:
        for number in range(2, 40):
            (tasks / f"{number:04}-a.md").write_text("b\n", encoding="utf-8")
        told: frozenset[Path] = frozenset()
        while len(told) < 38:
            more = watch.changes(ENOUGH)
            assert more
            told |= {path for path in more if path.parent == tasks}


def test_folders_that_come_or_are_replaced_are_known(root: Path) -> None:
    with watching(root) as watch:
        assert not watch.is_outdated
        (root / "site_templates").mkdir()
        until(watch, root / "site_templates")
        assert watch.is_outdated
    with watching(root) as watch:
        assert not watch.is_outdated
        (root / "portal_src").rename(root / "portal_old")
        (root / "portal_src").mkdir()
        assert watch.is_outdated


def test_nothing_is_told_where_nothing_changes(root: Path) -> None:
    with watching(root) as watch:
        assert watch.changes(0.0) == frozenset()
        assert watch.failure is None


def test_a_machine_that_watches_no_more_files_is_told_with_the_reason(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_folders: Path, **_options: object) -> Iterator[set[tuple[int, str]]]:
        raise OSError(28, "OS file watch limit reached")

    monkeypatch.setattr(watchfiles, "watch", refused)
    with Watch(root) as watch:
        until(watch, root)
        assert "OS file watch limit reached" in (watch.failure or "")

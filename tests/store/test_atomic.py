"""Writing: whole or not at all, over nobody's words, with nothing left lying about."""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING, Self

import pytest

from recado.store.atomic import ChangedUnderUsError, replace_if_unchanged, write_new, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def break_call(monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """Make one step of writing fail as a full disk does."""

    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    if call == "write":
        real = os.fdopen

        class Full:
            def __init__(self, descriptor: int, mode: str) -> None:
                self.stream = real(descriptor, mode)

            def __enter__(self) -> Self:
                return self

            def __exit__(self, *_error: object) -> None:
                self.stream.close()

            write = fail

        monkeypatch.setattr(os, "fdopen", Full)
    elif call == "replace":
        monkeypatch.setattr("pathlib.Path.replace", fail)
    else:
        monkeypatch.setattr(os, call, fail)


def test_a_whole_file_is_written_also_into_a_folder_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file.md"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert names_in(path.parent) == ["file.md"]


def test_a_new_file_never_takes_the_place_of_one_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a" / "file.md"
    assert write_new(path, b"first")
    assert not write_new(path, b"second")
    assert path.read_bytes() == b"first"
    assert names_in(path.parent) == ["file.md"]


@pytest.mark.parametrize("standing", ["folder", "broken link"])
def test_a_new_file_takes_the_place_of_nothing_else_either(tmp_path: Path, standing: str) -> None:
    path = tmp_path / "file.md"
    if standing == "folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "nowhere")
    assert not write_new(path, b"x")
    assert names_in(tmp_path) == ["file.md"]


def test_of_many_that_write_the_same_new_file_one_wins_and_its_file_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "file.md"
    together = threading.Barrier(8)
    won: list[int] = []

    def write(number: int) -> None:
        together.wait()
        if write_new(path, str(number).encode() * 10_000):
            won.append(number)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(won) == 1
    assert path.read_bytes() == str(won[0]).encode() * 10_000
    assert names_in(tmp_path) == ["file.md"]


@pytest.mark.parametrize("name", ["x" * 200 + ".md", "ñ" * 100 + ".md"])
def test_a_long_name_is_no_trouble(tmp_path: Path, name: str) -> None:
    write_whole(tmp_path / name, b"x")
    assert write_new(tmp_path / f"y{name[1:]}", b"x")


@pytest.mark.parametrize(
    ("write", "call"),
    [
        (write_whole, "write"),
        (write_whole, "fsync"),
        (write_whole, "replace"),
        (write_new, "write"),
        (write_new, "fsync"),
        (write_new, "link"),
    ],
)
def test_a_disk_that_is_full_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, bytes], object], call: str
) -> None:
    with monkeypatch.context() as patch:
        break_call(patch, call)
        with pytest.raises(OSError, match="No space left"):
            write(tmp_path / "file.md", b"words")
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_disk_that_is_full_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    path = tmp_path / "file.md"
    path.write_bytes(b"old")
    with monkeypatch.context() as patch:
        break_call(patch, call)
        with pytest.raises(OSError, match="No space left"):
            write_whole(path, b"new")
        with pytest.raises(OSError, match="No space left"):
            replace_if_unchanged(path, b"old", b"new")
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["file.md"]


def test_a_file_is_replaced_only_if_it_is_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "file.md"
    path.write_bytes(b"old")
    path.chmod(0o600)
    replace_if_unchanged(path, b"old", b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ChangedUnderUsError):
        replace_if_unchanged(path, b"old", b"newer")
    assert path.read_bytes() == b"new"
    assert names_in(tmp_path) == ["file.md"]


def test_a_file_that_was_deleted_meanwhile_stays_deleted(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replace_if_unchanged(tmp_path / "file.md", b"old", b"new")
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("write", [write_whole, write_new])
def test_content_and_folder_are_synced_in_the_order_that_survives_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, bytes], object]
) -> None:
    steps: list[str] = []
    sync, link, replace = os.fsync, os.link, os.replace

    def fsync(descriptor: int) -> None:
        steps.append("sync folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "sync file")  # noqa: PTH112 (a descriptor)
        sync(descriptor)

    def linked(source: Path, target: Path) -> None:
        steps.append("place")
        link(source, target)

    def replaced(source: Path, target: Path) -> None:
        steps.append("place")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "link", linked)
    monkeypatch.setattr(os, "replace", replaced)
    write(tmp_path / "file.md", b"x")
    assert steps == ["sync file", "place", "sync folder"]


def test_who_could_write_a_file_still_can_after_it_was_replaced(tmp_path: Path) -> None:
    file = tmp_path / "0042-x.md"
    file.write_bytes(b"old")
    file.chmod(0o664)
    replace_if_unchanged(file, b"old", b"new")
    assert file.stat().st_mode & 0o777 == 0o664


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP])
def test_a_disk_without_hard_links_takes_new_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, "not here")

    monkeypatch.setattr(os, "link", refuse)
    assert write_new(tmp_path / "a.md", b"first")
    assert not write_new(tmp_path / "a.md", b"second")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.md", b"first")]

"""Lines in a file that stays small, is nobody else's to read, and may vanish at any time."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from recado.running.log_file import LogFile

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_written_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    LogFile(tmp_path / "log" / "run.jsonl").append(b"one\n")
    assert stat.S_IMODE((tmp_path / "log" / "run.jsonl").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o700


def test_the_file_never_grows_beyond_its_bound_and_the_oldest_lines_go(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "run.jsonl", most_bytes=100, kept=2)
    for number in range(50):
        log.append(b"line %3d\n" % number)
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["run.jsonl", "run.jsonl.1", "run.jsonl.2"]
    assert all(file.stat().st_size <= 100 for file in files)
    lines = b"".join(file.read_bytes() for file in reversed(files)).splitlines()
    assert lines == [b"line %3d" % number for number in range(50)][-len(lines) :]


def test_a_line_larger_than_the_bound_is_written_all_the_same(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "run.jsonl", most_bytes=10, kept=1)
    log.append(b"x" * 50 + b"\n")
    log.append(b"y\n")
    assert (tmp_path / "run.jsonl").read_bytes() == b"y\n"


def test_a_folder_that_was_deleted_is_made_again(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "log" / "run.jsonl")
    log.append(b"one\n")
    (tmp_path / "log" / "run.jsonl").unlink()
    (tmp_path / "log").rmdir()
    log.append(b"two\n")
    assert (tmp_path / "log" / "run.jsonl").read_bytes() == b"two\n"


def test_what_was_moved_aside_long_ago_is_deleted(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "run.jsonl", most_bytes=10, kept=3)
    for number in range(4):
        log.append(b"line %3d\n" % number)
    os.utime(tmp_path / "run.jsonl.3", (0, 0))
    log.prune(days=1)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["run.jsonl", "run.jsonl.1", "run.jsonl.2"]


def test_half_a_line_that_a_full_disk_left_does_not_spoil_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = LogFile(tmp_path / "run.jsonl")
    whole = os.write
    room = [3, 0]

    def write(descriptor: int, content: bytes) -> int:
        if not room:
            return whole(descriptor, content)
        left = room.pop(0)
        if left == 0:
            raise OSError(28, "No space left on device")
        return whole(descriptor, content[:left])

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(OSError, match="No space"):
        log.append(b'{"a": 1}\n')
    log.append(b'{"b": 2}\n')
    assert (tmp_path / "run.jsonl").read_bytes() == b'{"a\n{"b": 2}\n'


def test_a_link_in_the_files_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"hers\n")
    (tmp_path / "run.jsonl").symlink_to(tmp_path / "other")
    with pytest.raises(OSError, match="symbolic"):
        LogFile(tmp_path / "run.jsonl").append(b"one\n")
    assert (tmp_path / "other").read_bytes() == b"hers\n"

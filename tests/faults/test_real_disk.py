"""A real disk that is full, or read-only: the mail waits in the inbox, the worker says so, and files it once there is room."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from verdict import half_written, lost, told, verdict

from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from scene import Scene

_PAGE = b"x" * 4096
MOUNT = shutil.which("mount")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of one megabyte, in memory."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if not mounted("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)):
        pytest.skip("only root may mount a disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)  # noqa: S603, S607 (the system's own)


def mounted(*how: str) -> bool:
    # The system's own program, with a folder of the test's.
    return MOUNT is not None and not subprocess.run([MOUNT, *how], check=False, capture_output=True).returncode  # noqa: S603


@contextmanager
def filled(disk: Path, left: int) -> Iterator[None]:
    """Fill a disk but for so many bytes. What it says of its room is not exact: it is filled until it refuses."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as stream:
        with suppress(OSError):
            while True:
                stream.write(_PAGE)
        stream.truncate(max(0, stream.tell() - left))
    yield
    filler.unlink()


def begun(scene: Scene, disk: Path) -> Workspace:
    """Begin on that disk."""
    begun_elsewhere = scene.begin("before it goes to the disk")
    root = disk / "workspace"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(begun_elsewhere.root, root)
    return Workspace(root)


@contextmanager
def with_room_for(disk: Path, files: int) -> Iterator[None]:
    """Let a disk take so many files more, and no other: this limit is exact on a disk in memory."""
    room = os.statvfs(disk)
    assert mounted("-o", f"remount,nr_inodes={room.f_files - room.f_ffree + files}", str(disk))
    yield
    assert mounted("-o", "remount,nr_inodes=10000", str(disk))


def a_run_without_room(scene: Scene, workspace: Workspace, room: AbstractContextManager[None]) -> str:
    """Make a pass where there is no room, and one where there is; tell how the first one ended."""
    with room:
        ended = scene.run(workspace)
        assert ended.how in {"done", "refused"}, ended
        assert list(half_written(workspace, scene.practice, scene.mails)) == []
        assert list(lost(workspace, scene.practice, scene.twin, scene.mails)) == []
    assert scene.run(workspace).how == "done"
    assert verdict(workspace, scene.practice, scene.twin, scene.mails, moved=scene.kind.waiting) == []
    assert told(workspace, scene.practice) == scene.undisturbed
    return ended.how


def test_on_a_full_disk_mail_waits_and_is_filed_once_there_is_room(
    scenes: dict[tuple[str, str], Scene], small_disk: Path
) -> None:
    scene = scenes["all at once", "move"]
    lefts = (0, 4096, 8192, 12288, 16384, 32768, 65536)
    ends = {left: a_run_without_room(scene, begun(scene, small_disk), filled(small_disk, left)) for left in lefts}
    assert "refused" in ends.values()


@pytest.mark.parametrize("kind", ["request with attachments", "reply with attachments", "quarantined"])
def test_where_a_disk_takes_no_more_files_mail_waits_and_is_filed_once_it_does(
    scenes: dict[tuple[str, str], Scene], small_disk: Path, kind: str
) -> None:
    scene = scenes[kind, "move"]
    ends = [a_run_without_room(scene, begun(scene, small_disk), with_room_for(small_disk, files)) for files in range(10)]
    assert (ends[0], ends[-1]) == ("refused", "done")


def test_on_a_read_only_disk_mail_waits_and_is_filed_once_it_can_be_written(
    scenes: dict[tuple[str, str], Scene], small_disk: Path
) -> None:
    scene = scenes["all at once", "move"]
    workspace = begun(scene, small_disk)
    assert mounted("-o", "remount,ro", str(small_disk))
    ended = scene.run(workspace)
    assert (ended.how, "Read-only" in ended.said) == ("refused", True)
    assert scene.twin.waiting() == list(scene.kind.waiting)
    assert mounted("-o", "remount,rw", str(small_disk))
    assert scene.run(workspace).how == "done"
    assert verdict(workspace, scene.practice, scene.twin, scene.mails, moved=scene.kind.waiting) == []

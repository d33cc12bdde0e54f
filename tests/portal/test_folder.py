"""The folder in which a portal is made: a file stands there whole, or its build fails."""

from __future__ import annotations

import errno
import filecmp
import resource
import tracemalloc
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from recado.portal.build import BuildOptions, build_workspace
from recado.portal.folder import Folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recado.store.workspace import Workspace

OPTIONS = BuildOptions(datetime(2026, 11, 24, 8, 40, tzinfo=UTC))


@pytest.fixture
def little_room() -> Iterator[int]:
    """Let no file grow beyond so many bytes: as on a full disk, what fits is written, and only the next attempt refused."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    yield 1000
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_for_which_there_is_no_room_is_an_error_and_no_half_of_it(tmp_path: Path, little_room: int) -> None:
    folder = Folder(tmp_path, None)
    folder.write("fits.html", bytes(little_room))
    with pytest.raises(OSError) as refused:  # noqa: PT011 (its number tells)
        folder.write("index.html", bytes(little_room + 1))
    assert refused.value.errno == errno.EFBIG


def test_a_large_file_that_is_given_is_never_in_memory_whole(workspace: Workspace) -> None:
    assert not build_workspace(workspace, OPTIONS, keys=["hale"]).errors
    (task, *_others) = sorted(workspace.client("hale").tasks.glob("*.md"))
    given = workspace.client("hale").thread(task.stem) / "files" / "video.mp4"
    given.parent.mkdir(parents=True, exist_ok=True)
    with given.open("wb") as stream:
        stream.truncate(48_000_000)
    tracemalloc.start()
    try:
        (built,) = build_workspace(workspace, OPTIONS, keys=["hale"]).portals
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert built.built
    (published,) = (workspace.site / "hale").rglob("video.mp4")
    assert filecmp.cmp(published, given, shallow=False)
    assert most < 24_000_000


def test_a_file_that_is_given_again_as_it_was_stays_the_same_file(workspace: Workspace) -> None:
    assert not build_workspace(workspace, OPTIONS, keys=["hale"]).errors
    (published, *_others) = (workspace.site / "hale" / "requests").rglob("*.pdf")
    (given,) = workspace.client("hale").tasks.rglob(published.name)
    before = published.stat().st_ino
    given.write_bytes(given.read_bytes())
    (workspace.client("hale").root / "welcome.md").write_text("Good to have you here.\n", encoding="utf-8")
    (built,) = build_workspace(workspace, OPTIONS, keys=["hale"]).portals
    assert built.built
    assert published.stat().st_ino == before

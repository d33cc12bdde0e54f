"""What was filed outlives a power cut: each new entry of a folder is synced once it is made, each file before it is named."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from recado.model.address import Person
from recado.model.message import Kind, Message
from recado.model.ref import Ref
from recado.model.task import Task
from recado.store.filing import Attached, file_into_thread, file_new_task, file_quarantined
from recado.store.workspace import ClientFolder, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 11, 24, 8, 12, 9, tzinfo=UTC)
FILES = (Attached("a.txt", b"1"), Attached("b.txt", b"2"))
MESSAGE = Message("", Person("Jane", "jane@acme.example"), NOW, Kind.REQUEST, digest="sha256:" + "7f3a91c2" * 8)


class Operations:
    """Writes down what is made, renamed and synced, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[tuple[int, Path]] = []
        self.synced: list[tuple[int, Path]] = []
        self._clock = 0
        for name, place in (("mkdir", 0), ("rename", 1), ("replace", 1), ("link", 1)):
            monkeypatch.setattr(os, name, self._making(getattr(os, name), place))
        monkeypatch.setattr(os, "fsync", self._syncing(os.fsync))

    def _tick(self) -> int:
        self._clock += 1
        return self._clock

    def _making(self, real: Callable[..., Any], place: int) -> Callable[..., Any]:
        def make(*arguments: Any, **more: Any) -> Any:
            done = real(*arguments, **more)
            self.made.append((self._tick(), Path(arguments[place])))
            return done

        return make

    def _syncing(self, real: Callable[[int], None]) -> Callable[[int], None]:
        def sync(descriptor: int) -> None:
            real(descriptor)
            self.synced.append((self._tick(), Path(f"/proc/self/fd/{descriptor}").readlink()))

        return sync

    def unsynced(self, root: Path) -> list[Path]:
        """List what was made under a folder, and whose own folder was not synced since."""
        return [
            path
            for when, path in self.made
            if path.is_relative_to(root) and not any(folder == path.parent and later > when for later, folder in self.synced)
        ]


def into_a_new_task(workspace: Workspace) -> None:
    def make(number: int, name: str) -> Task:
        return Task(Ref("ACME", number), name, "Posts", received=NOW)

    file_new_task(workspace.client("acme"), make, "posts", MESSAGE, FILES)


def into_a_thread(workspace: Workspace) -> None:
    file_into_thread(ClientFolder(workspace.root, "acme"), "0005-by-hand", MESSAGE, FILES)


def into_the_quarantine(workspace: Workspace) -> None:
    file_quarantined(workspace, NOW, MESSAGE.digest, "---\nreason: x\n---\n", b"raw")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells what a descriptor is")
@pytest.mark.parametrize("file", [into_a_new_task, into_a_thread, into_the_quarantine])
def test_what_is_filed_is_on_the_disk_when_filing_returns(
    file: Callable[[Workspace], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = tmp_path / "portal_src"
    with monkeypatch.context() as patch:
        operations = Operations(patch)
        file(Workspace(tmp_path))
    written = [path for path in sources.rglob("*") if path.is_file()]
    assert len(written) >= 2
    # Entries made in a folder that was itself renamed since were synced under its earlier name.
    assert operations.unsynced(sources) == []
    assert operations.unsynced(tmp_path) == [path for path in operations.unsynced(tmp_path) if ".recado" in path.parts]
    synced = [path.name for _when, path in operations.synced]
    for path in written:
        name = ".task" if path.parent.name == "tasks" and path.suffix == ".md" else path.name
        assert any(each == name or each.startswith(f".{name}") for each in synced), path

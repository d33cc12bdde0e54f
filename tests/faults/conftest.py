"""What the tests of faults share: the process that makes passes, servers with and without MOVE, and workspaces begun."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from fault_runner import Runner
from imap_twin import ImapTwin
from mail_kinds import MAIL_KINDS
from scene import SERVERS, Scene, new_scene

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def memory_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder in memory where the system has one: syncing costs nothing there, and these tests sync all the time."""
    memory = Path("/dev/shm")  # noqa: S108 (a folder of our own is made in it)
    if not os.access(memory, os.W_OK):
        yield tmp_path_factory.mktemp("faults")
        return
    with TemporaryDirectory(dir=memory, prefix="recado-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    process = Runner()
    yield process
    process.close()


@pytest.fixture(scope="session")
def twins() -> Iterator[dict[str, ImapTwin]]:
    made = {name: ImapTwin(has_move=has_move) for name, has_move in SERVERS.items()}
    yield made
    for twin in made.values():
        twin.close()


@pytest.fixture(scope="session")
def scenes(runner: Runner, twins: dict[str, ImapTwin], memory_folder: Path) -> dict[tuple[str, str], Scene]:
    return {
        (kind, server): new_scene(runner, twins[server], MAIL_KINDS[kind], memory_folder / kind / server)
        for kind in MAIL_KINDS
        for server in SERVERS
    }

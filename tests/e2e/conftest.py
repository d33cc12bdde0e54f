"""What tests with real mail servers share: one of the three servers at a time, another mail program, a practice of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from real_mailbox import PRACTICE
from real_server import NAMES, RealServer, real_server

from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from imapclient import IMAPClient

    from recado.model.practice import Practice


@pytest.fixture(params=NAMES)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RealServer]:
    with real_server(request.param, tmp_path / "server") as running:
        yield running


@pytest.fixture
def other(server: RealServer) -> Iterator[IMAPClient]:
    """Another mail program at the same mailbox."""
    with server.other_program() as client:
        yield client


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "clients.yml").write_text(PRACTICE, encoding="utf-8")
    return Workspace(folder)


@pytest.fixture
def practice(workspace: Workspace) -> Practice:
    return load_practice(workspace)

"""A client's folder to read from and write to, and the file names that stand in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recado.store.workspace import ClientFolder, Workspace

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def client(tmp_path: Path) -> ClientFolder:
    """Acme's folder in an empty workspace, with an empty `tasks` in it."""
    folder = Workspace(tmp_path).client("acme")
    folder.tasks.mkdir(parents=True)
    return folder

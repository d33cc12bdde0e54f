"""What the tests of publishing share: a workspace whose portals are built by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hand_built import Built
from publishing_scene import PRACTICE, Scene

from recado.store.practice_file import parse_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def built(tmp_path: Path) -> Built:
    root = tmp_path / "practice"
    root.mkdir()
    return Built(root)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    (tmp_path / "clients.yml").write_text(PRACTICE, encoding="utf-8")
    scene = Scene(Workspace(tmp_path), parse_practice(PRACTICE))
    scene.build()
    return scene

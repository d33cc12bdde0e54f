"""The demo practice as a workspace of the test's own: one to change, and one that is built once and only looked at."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from killed_scene import whole_scene

from recado.portal.build import BuildOptions, build_practice
from recado.resources import demo_practice
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from killed_scene import Scene


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return _copied(tmp_path)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = _copied(tmp_path_factory.mktemp("built"))
    options = BuildOptions(datetime(2026, 11, 24, 8, 40, tzinfo=UTC))
    assert not build_practice(workspace, load_practice(workspace), options).errors
    return workspace


@pytest.fixture(scope="session")
def demo_copied() -> Callable[[Path], Workspace]:
    """Give what copies the demo practice into a folder."""
    return _copied


@pytest.fixture
def nothing_is_synced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Save the time: what a killed process wrote outlives it in any case."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture
def scene(made_scene: Scene) -> Scene:
    """Give it as no build has seen it."""
    made_scene.begin_anew()
    return made_scene


@pytest.fixture(scope="module")
def made_scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return whole_scene(tmp_path_factory.mktemp("scene"), tmp_path_factory.mktemp("aside") / "full")


def _copied(root: Path) -> Workspace:
    shutil.copy(demo_practice() / "clients.yml", root)
    shutil.copytree(demo_practice() / "portal_src", root / "portal_src")
    return Workspace(root)

"""The practices of the tests of threats: one that is empty and ready for mail, and one whose portals are built."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from edited_practice import build, write_practice
from mail_line import PRACTICE, Line

from ingest.intake import Intake
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def line(tmp_path: Path) -> Line:
    (tmp_path / "clients.yml").write_text(PRACTICE, encoding="utf-8")
    workspace = Workspace(tmp_path)
    practice = load_practice(workspace)
    return Line(workspace, practice, Intake(workspace, practice))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built") / "practice"
    write_practice(root)
    done = build(root)
    assert (done.status, done.err) == (0, "")
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """Give a practice of two clients, each with one request and a portal, to spoil."""
    shutil.copytree(built, tmp_path / "practice", symlinks=True)
    return tmp_path / "practice"

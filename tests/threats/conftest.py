"""The practice of the tests of threats, empty and ready for mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
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

"""What the tests of publishing share: a workspace whose portals are built by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hand_built import Built

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def built(tmp_path: Path) -> Built:
    root = tmp_path / "practice"
    root.mkdir()
    return Built(root)

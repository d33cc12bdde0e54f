"""What the tests of `recado access` share: a folder of keys that is the test's own, and a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kept_access import NOW

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECADO_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("RECADO_NOW", NOW)

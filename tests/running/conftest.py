"""A log that tests can wait at, and a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from heard_log import Heard

from recado.running.report import Report
from recado.running.standing import Standing

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def journal(tmp_path: Path) -> Heard:
    return Heard(tmp_path)


@pytest.fixture
def report() -> Report:
    return Report(Standing(1, "0", "2026-11-24T08:00:00Z"))

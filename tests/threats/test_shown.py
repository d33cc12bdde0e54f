"""What docs/threats.md names as the test of a row is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
NAMED = re.findall(r"`(test_\w+|tests/[\w/.]+)`", (ROOT / "docs" / "threats.md").read_text(encoding="utf-8"))


def test_every_row_names_a_test_that_exists() -> None:
    tests = {
        found
        for file in (ROOT / "tests").rglob("test_*.py")
        for found in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    missing = [named for named in NAMED if named not in tests and not (ROOT / named).is_file()]
    assert missing == []


def test_every_row_of_mail_and_machine_names_one() -> None:
    text = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8").partition("## From the outside")[0]
    rows = [
        line for line in text.splitlines() if line.startswith("|") and not line.startswith(("|---", "| attack", "| accident"))
    ]
    assert len(rows) >= 30
    assert [row for row in rows if "`test" not in row.split("|")[3]] == []

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


def test_every_row_of_mail_machine_and_files_names_one_and_every_other_too_or_says_that_it_is_to_come() -> None:
    text = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
    ours, outside = (rows_of(part) for part in text.split("## From the outside"))
    assert len(ours) >= 45
    assert [row for row in ours if "`test" not in row] == []
    assert len(outside) >= 7
    assert [row for row in outside if "`test" not in row and "to come" not in row] == []


def rows_of(text: str) -> list[str]:
    """Give what the last column of each row says."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return [row.split("|")[3] for row in rows if not row.startswith(("|---", "| attack", "| accident"))]

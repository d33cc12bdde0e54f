"""What the parts say of themselves is written as it changes, whatever the disk does."""

from __future__ import annotations

import stat
import threading
from typing import TYPE_CHECKING

from recado.running.report import Keeper, Report
from recado.running.standing import read_standing

if TYPE_CHECKING:
    from pathlib import Path

    from heard_log import Heard


def test_it_is_written_for_its_owner_alone_and_for_the_last_time_as_it_ends(
    report: Report, journal: Heard, tmp_path: Path
) -> None:
    file = tmp_path / "state" / "run.json"
    written = threading.Semaphore(0)
    keeper = Keeper(report, file, journal, written.release)
    keeper.begin()
    assert written.acquire(timeout=30)
    with report.changing() as standing:
        standing.mailbox.filed = 3
    assert written.acquire(timeout=30)
    keeper.end()
    found = read_standing(file.read_bytes())
    assert found is not None
    assert (found.mailbox.filed, bool(found.ended)) == (3, True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["run.json"]


def test_a_disk_that_takes_nothing_is_told_once_and_told_when_it_is_over(
    report: Report, journal: Heard, tmp_path: Path
) -> None:
    folder = tmp_path / "state"
    folder.write_text("a file in the folder's place", encoding="utf-8")
    keeper = Keeper(report, folder / "run.json", journal)
    keeper.write()
    keeper.write()
    assert [entry.event for entry in journal.entries] == ["not-kept"]
    assert report.copied().trouble
    folder.unlink()
    keeper.write()
    assert journal.entries[-1].said == "How the run stands is kept again."
    assert report.copied().trouble == ""


def test_what_a_killed_run_left_half_written_is_taken_away(report: Report, journal: Heard, tmp_path: Path) -> None:
    (tmp_path / ".run.json.0badc0de0bad.part").write_text("{", encoding="utf-8")
    keeper = Keeper(report, tmp_path / "run.json", journal)
    keeper.begin()
    keeper.end()
    assert not list(tmp_path.glob("*.part"))
    assert not list(tmp_path.glob(".*.part"))

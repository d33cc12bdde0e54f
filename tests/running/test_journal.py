"""One log: shown, kept as JSON, and never what ends a run."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from recado.running.journal import Journal, Level, Part
from recado.running.log_file import LogFile

if TYPE_CHECKING:
    from pathlib import Path

    from heard_log import Heard

    from recado.running.journal import Entry


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "run.jsonl").read_text(encoding="utf-8").splitlines()]


def _raise_key_error(key: str) -> None:
    raise KeyError(key)


def test_what_is_told_is_shown_and_kept_as_json(journal: Heard, tmp_path: Path) -> None:
    journal.tell(Part.MAIL, "filed", "new task: ACME-1 (acme)", {"where": "ACME-1"})
    (kept,) = lines(tmp_path)
    assert kept["at"] == journal.entries[0].at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    del kept["at"]
    assert kept == {
        "level": "info",
        "part": "mail",
        "event": "filed",
        "said": "new task: ACME-1 (acme)",
        "where": "ACME-1",
    }


def test_a_mistake_of_the_program_keeps_where_it_was_and_not_what_it_held(journal: Heard, tmp_path: Path) -> None:
    try:
        _raise_key_error("Our secret launch".upper())
    except KeyError as error:
        journal.bug(Part.FILES, error)
    assert journal.entries[0].level is Level.BUG
    assert "KeyError" in journal.entries[0].said
    text = (tmp_path / "run.jsonl").read_text(encoding="utf-8")
    assert "test_journal.py:" in text
    frames = lines(tmp_path)[0]["traceback"]
    assert isinstance(frames, list)
    assert "OUR SECRET LAUNCH" not in text


def test_what_cannot_be_written_is_told_once_and_counted_when_it_can(tmp_path: Path) -> None:
    shown: list[Entry] = []
    folder = tmp_path / "log"
    folder.write_text("a file stands where the folder should", encoding="utf-8")
    journal = Journal(LogFile(folder / "run.jsonl"), shown.append)
    for number in range(3):
        journal.tell(Part.RUN, "test", f"line {number}")
    assert [entry.event for entry in shown] == ["test", "log-lost", "test", "test"]
    folder.unlink()
    journal.tell(Part.RUN, "test", "line 3")
    assert shown[-1].said == "The log can be written again; 3 lines are missing from it."
    assert [line["event"] for line in lines(folder)] == ["test", "log-written-again"]
    shutil.rmtree(folder)


def test_a_reader_that_hung_up_ends_nothing(tmp_path: Path) -> None:
    def hung_up(_entry: Entry) -> None:
        raise BrokenPipeError

    Journal(LogFile(tmp_path / "run.jsonl"), hung_up).tell(Part.RUN, "test", "on")
    assert lines(tmp_path)[0]["said"] == "on"

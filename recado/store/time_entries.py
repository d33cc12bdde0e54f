"""Time entries: `time/2026-11.csv`, one file a month. Columns are found by their names."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from recado.errors import Problem
from recado.model.ref import parse_ref
from recado.model.time_entry import TimeEntry
from recado.speech import _
from recado.store.csv_rows import CellError, read_rows
from recado.store.source import read_text, shown

if TYPE_CHECKING:
    from recado.store.csv_rows import Row
    from recado.store.workspace import ClientFolder

COLUMNS = ("id", "start", "minutes", "task", "person", "service", "note", "billable", "source")
MONTH = re.compile(r"\d{4}-\d{2}\.csv", re.ASCII)


def read_time(client: ClientFolder, problems: list[Problem]) -> tuple[TimeEntry, ...]:
    """Read all time entries of a client, in order; what cannot be read is added to `problems`."""
    if not client.time.is_dir():
        return ()
    entries: list[TimeEntry] = []
    for path in sorted(path for path in client.time.iterdir() if MONTH.fullmatch(path.name)):
        text = read_text(client, path, problems)
        if text is not None:
            entries += parse_time(text, shown(client, path), problems)
    return tuple(sorted(entries, key=lambda entry: (entry.start, entry.id)))


def parse_time(text: str, file: str, problems: list[Problem]) -> list[TimeEntry]:
    """Read one month's rows."""
    entries = []
    for row in read_rows(text, COLUMNS, file, problems) if text.strip() else ():
        try:
            entries.append(_entry(row))
        except CellError as error:
            problems.append(Problem(file, row.line, str(error)))
    return entries


def _entry(row: Row) -> TimeEntry:
    return TimeEntry(
        id=row.cells["id"].strip(),
        start=row.read("start", _start, _("expected a time with its zone, such as 2026-11-24T09:05:00+01:00")),
        minutes=row.read("minutes", _minutes, _("expected a whole number of minutes")),
        task=row.read("task", lambda text: parse_ref(text) if text else None, _("expected a ref such as ACME-42")),
        person=row.cells["person"].strip(),
        service=row.cells["service"].strip() or None,
        note=row.cells["note"].strip(),
        is_billable=row.read("billable", _truth, _("expected yes or no")),
        source=row.cells["source"].strip(),
    )


def _start(text: str) -> datetime:
    start = datetime.fromisoformat(text)
    if start.tzinfo is None:
        raise ValueError
    return start


def _minutes(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise ValueError
    return int(text)


def _truth(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise ValueError
    return text == "yes"

"""Time entries: `time/2026-11.csv`, one file a month. Columns are found by their names."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from io import StringIO
from typing import TYPE_CHECKING

from recado.errors import Problem
from recado.model.ref import parse_ref
from recado.model.time_entry import TimeEntry
from recado.speech import _
from recado.store.source import read_text, shown

if TYPE_CHECKING:
    from recado.store.workspace import ClientFolder

_MONTH = re.compile(r"\d{4}-\d{2}\.csv", re.ASCII)


def read_time(client: ClientFolder, problems: list[Problem]) -> tuple[TimeEntry, ...]:
    """Read all time entries of a client, in order; what cannot be read is added to `problems`."""
    if not client.time.is_dir():
        return ()
    entries: list[TimeEntry] = []
    for path in sorted(path for path in client.time.iterdir() if _MONTH.fullmatch(path.name)):
        text = read_text(client, path, problems)
        if text is not None:
            entries += parse_time(text, shown(client, path), problems)
    return tuple(sorted(entries, key=lambda entry: (entry.start, entry.id)))


def parse_time(text: str, file: str, problems: list[Problem]) -> list[TimeEntry]:
    """Read one month's rows."""
    rows = csv.DictReader(StringIO(text, newline=""))
    entries = []
    for row in rows:
        try:
            entries.append(_entry(row))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            said = _("this row cannot be read ({reason}); expected id,start,minutes,task,person,service,note,billable,source")
            problems.append(Problem(file, rows.line_num, said.format(reason=error)))
    return entries


def _entry(row: dict[str, str]) -> TimeEntry:
    start = datetime.fromisoformat(row["start"])
    if start.tzinfo is None:
        raise ValueError("start has no zone")
    minutes = int(row["minutes"])
    if minutes < 0:
        raise ValueError("minutes are negative")
    if row["billable"] not in {"yes", "no"}:
        raise ValueError("billable is neither yes nor no")
    return TimeEntry(
        id=row["id"],
        start=start,
        minutes=minutes,
        task=parse_ref(row["task"]) if row["task"] else None,
        person=row["person"],
        service=row["service"] or None,
        note=row["note"] or "",
        is_billable=row["billable"] == "yes",
        source=row["source"] or "",
    )

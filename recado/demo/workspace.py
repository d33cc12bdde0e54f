"""The demo's workspace: a copy of the demo practice in a folder of its own, moved to this week and to the servers' ports."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import tempfile
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from recado.demo.dates import moved_text, weeks_to
from recado.errors import UsageError, WorkError
from recado.speech import _

if TYPE_CHECKING:
    from datetime import datetime, timedelta

MARKER = Path(".recado", "demo")
_MARKER_TEXT = "Made by `recado demo`, which replaces this workspace each time it runs.\n"
_PRACTICE = "clients.yml"
_SOURCE = "portal_src"
_OURS = (_PRACTICE, _SOURCE, "site", "outbox", ".recado")
_MOVED = frozenset({".md", ".yml", ".csv"})
# What hangs on a task stays as it was given: a client's spreadsheet is not ours to rewrite.
_FILES = "files"
_TIME = "time"
_MONTH = re.compile(r"\d{4}-\d{2}\.csv", re.ASCII)


def make_demo_workspace(directory: Path, practice_data: Path, now: datetime, imap_port: int, smtp_port: int) -> None:
    """Make the demo's workspace in `directory`, replacing the one that an earlier demo made there.

    `practice_data` holds the clients.yml and portal_src to copy. Every date in their texts and file names is moved by whole
    weeks, so that the practice's "now" falls in the seven days up to `now`; ids, digests and invoice numbers stay. Raises
    UsageError, before anything is touched, where the folder holds a workspace that is not a demo's, and WorkError where it
    cannot be written.
    """
    _refuse_what_is_not_ours(directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        # Made aside and moved in, piece by piece, the marker first: a demo that is interrupted can be run again.
        with tempfile.TemporaryDirectory(prefix=".recado-demo-", dir=directory) as aside:
            _fill(Path(aside), practice_data, weeks_to(now), (imap_port, smtp_port))
            _mark(directory)
            for name in (_SOURCE, "site", "outbox", _PRACTICE):
                _remove(directory / name)
            for name in (_SOURCE, _PRACTICE):
                Path(aside, name).rename(directory / name)
    except OSError as error:
        text = _("The demo's workspace cannot be written in {directory}: {reason}.")
        raise WorkError(text.format(directory=directory, reason=error.strerror or error)) from error


def with_ports(practice_text: str, imap_port: int, smtp_port: int) -> str:
    """Set the ports of `mailbox` and `outgoing` in the text of a clients.yml; every other byte stays."""
    for section, port in (("mailbox", imap_port), ("outgoing", smtp_port)):
        pattern = re.compile(rf"^({section}:\n(?:[ \t#].*\n|\n)*?[ \t]+port: )\d+", re.MULTILINE)
        practice_text, found = pattern.subn(rf"\g<1>{port}", practice_text, count=1)
        if not found:
            raise ValueError(f"expected a port under {section} in {_PRACTICE}")
    return practice_text


def by_month(rows: list[list[str]]) -> dict[str, list[list[str]]]:
    """Sort time entries into the months in which they start, by the date as it is written in their second field."""
    months: dict[str, list[list[str]]] = defaultdict(list)
    for row in rows:
        months[row[1][:7]].append(row)
    return dict(months)


def _refuse_what_is_not_ours(directory: Path) -> None:
    if not directory.exists():
        return
    if not directory.is_dir():
        raise UsageError(_("{directory} is a file; name a folder for the demo.").format(directory=directory))
    if (directory / MARKER).is_file():
        return
    taken = next((name for name in _OURS if os.path.lexists(directory / name)), None)
    if taken is not None:
        text = _("{directory} has a {name} that the demo did not make, and it is left alone. Name a new or an empty folder.")
        raise UsageError(text.format(directory=directory, name=taken))


def _fill(aside: Path, practice_data: Path, by: timedelta, ports: tuple[int, int]) -> None:
    practice = (practice_data / _PRACTICE).read_text(encoding="utf-8")
    (aside / _PRACTICE).write_text(moved_text(with_ports(practice, *ports), by), encoding="utf-8")
    source = practice_data / _SOURCE
    for path in sorted(source.rglob("*")):
        relative = path.relative_to(source)
        target = aside / _SOURCE / Path(*(moved_text(part, by) for part in relative.parts))
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif relative.parent.name == _TIME and _MONTH.fullmatch(path.name):
            _move_time(path, target.parent, by)
        elif path.suffix in _MOVED and _FILES not in relative.parts:
            _write(target, moved_text(path.read_text(encoding="utf-8"), by))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def _move_time(path: Path, folder: Path, by: timedelta) -> None:
    """Move a month of time entries: what falls into another month now goes into that month's file."""
    header, *rows = csv.reader(io.StringIO(moved_text(path.read_text(encoding="utf-8"), by)))
    for month, entries in by_month(rows).items():
        target = folder / f"{month}.csv"
        if not target.exists():
            _write(target, _csv([header]))
        with target.open("a", encoding="utf-8", newline="") as file:
            file.write(_csv(entries))


def _csv(rows: list[list[str]]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _mark(directory: Path) -> None:
    """Leave the marker, and of the caches nothing: they belong to the workspace that is replaced."""
    marker = directory / MARKER
    if marker.parent.is_dir():
        for path in marker.parent.iterdir():
            if path != marker:
                _remove(path)
    marker.parent.mkdir(exist_ok=True)
    marker.write_text(_MARKER_TEXT, encoding="utf-8")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        with suppress(FileNotFoundError):
            path.unlink()

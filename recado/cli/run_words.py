"""How a run's log is shown: a line each for a person, or JSON for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from recado.running.journal import Level, Part
from recado.speech import pgettext

if TYPE_CHECKING:
    from datetime import tzinfo

    from recado.running.journal import Entry

_WIDTH = 8


def show_line(entry: Entry, zone: tzinfo | None = None) -> None:
    """Print one line: when (by the machine's clock where no zone is told), who says it, what."""
    at = entry.at.astimezone(zone).strftime("%H:%M:%S")
    line = f"{at}  {part_in_words(entry.part).ljust(_WIDTH)} {' · '.join(entry.said.splitlines())}"
    click.echo(click.style(line, fg="red") if entry.level is not Level.INFO else line)


def show_json(entry: Entry) -> None:
    """Print one line of JSON; letters that the terminal's encoding may not have are escaped."""
    click.echo(json.dumps(json.loads(entry.as_json)))


def part_in_words(part: Part) -> str:
    """Name who says a line."""
    return {
        Part.RUN: pgettext("part of a run", "run"),
        Part.MAIL: pgettext("part of a run", "mail"),
        Part.FILES: pgettext("part of a run", "files"),
        Part.PLACE: pgettext("part of a run", "place"),
        Part.JOBS: pgettext("part of a run", "jobs"),
    }[part]

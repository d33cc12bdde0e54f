"""What commands print: columns that line up on a terminal and in a pipe, JSON for programs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_GAP = "  "
_WIDEST = 60  # characters that a column is padded to; what is longer stands whole, out of line


def is_terminal() -> bool:
    """Tell whether a person reads this as it is printed."""
    return sys.stdout.isatty()


def print_json(value: object) -> None:
    """Print a value as JSON, readable; letters that the terminal's encoding may not have are escaped."""
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    click.echo(json.dumps(value, ensure_ascii=not is_unicode, indent=2, default=str))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under headings. On a terminal the columns fit its width; in a pipe nothing is cut."""
    rows = [tuple(" ".join(cell.split()) for cell in row) for row in rows]
    if not is_terminal():
        widths = [min(_WIDEST, max(len(cell) for cell in column)) for column in zip(headings, *rows, strict=True)]
        for row in (headings, *rows):
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            click.echo(_GAP.join(cells).rstrip())
        return
    from rich.console import Console  # noqa: PLC0415 (late: a pipe does not need it)
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))  # Text: a title with [brackets] is no markup
    Console().print(table)

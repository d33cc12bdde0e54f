"""What commands print: columns that line up on a terminal and in a pipe, JSON for programs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

_GAP = "  "
_NARROWEST = 8  # characters that a column which is cut or wrapped keeps
_WIDEST = 60  # characters that a column is padded to; what is longer stands whole, out of line


def is_terminal() -> bool:
    """Tell whether a person reads this as it is printed."""
    return sys.stdout.isatty()


def print_json(value: object) -> None:
    """Print a value as JSON, readable; letters that the terminal's encoding may not have are escaped."""
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    click.echo(json.dumps(value, ensure_ascii=not is_unicode, indent=2, default=str))


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, cut: Collection[str] = (), wrapped: Collection[str] = ()
) -> None:
    """Print rows under headings. On a terminal the columns fit its width; in a pipe nothing is cut.

    Where `cut` or `wrapped` names columns, those alone give way: the first are cut, the second go on in the next line.
    """
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

    console = Console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    columns = zip(headings, *rows, strict=True)
    widest = {heading: max(Text(cell).cell_len for cell in column) for heading, column in zip(headings, columns, strict=True)}
    flexible = {*cut, *wrapped}
    shares = shared_widths(widest, flexible, console.width - len(_GAP) * (len(headings) - 1)) if flexible else {}
    for heading in headings:
        is_cut = heading in cut
        table.add_column(heading, no_wrap=is_cut, overflow="ellipsis" if is_cut else "fold", width=shares.get(heading))
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))  # Text: a title with [brackets] is no markup
    console.print(table)


def shared_widths(widest: Mapping[str, int], flexible: Collection[str], room: int) -> dict[str, int]:
    """Give the width of each column: all it needs; the flexible ones share what room is left, the narrowest first."""
    widths = {name: width for name, width in widest.items() if name not in flexible}
    left = room - sum(widths.values())
    names = sorted((name for name in widest if name in flexible), key=widest.__getitem__)
    for place, name in enumerate(names):
        widths[name] = max(_NARROWEST, min(widest[name], left // (len(names) - place)))
        left -= widths[name]
    return widths

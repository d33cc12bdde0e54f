"""Tables in a mail's HTML: is it data, or only there to place things? Data becomes a table of pipes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.content.markup import Element

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_CELL: Final = 200
_MOST_COLUMNS: Final = 20
_NOT_IN_CELLS: Final = frozenset({"table", "ul", "ol", "blockquote", "h1", "h2", "h3", "pre", "img", "hr"})
_LINES_IN_CELL: Final = 4


def data_rows(table: Element) -> list[list[Element]]:
    """Give the rows of a table of data, each a list of cells; empty for one that only places things.

    Data has at least two rows and two columns, rows of about one length, and short cells without blocks; or header
    cells.
    """
    if table.get("role") == "presentation":
        return []
    rows = [[cell for cell in row.children if isinstance(cell, Element)] for row in _rows(table)]
    rows = [row for row in rows if any(cell.text().strip() for cell in row)]
    columns = max((len(row) for row in rows), default=0)
    cells = [cell for row in rows for cell in row]
    if len(rows) < 2 or not 2 <= columns <= _MOST_COLUMNS:  # noqa: PLR2004 (one row or column is a box)
        return []
    if any(below.tag in _NOT_IN_CELLS for cell in cells for below in cell.walk()):
        return []
    if any(cell.tag == "th" for cell in cells):
        return rows
    is_even = sum(1 for row in rows if len(row) == columns) * 2 > len(rows)
    is_short = all(len(cell.text().strip()) <= _LONGEST_CELL and _breaks(cell) < _LINES_IN_CELL for cell in cells)
    return rows if is_even and is_short else []


def pipe_table(rows: Sequence[Sequence[str]]) -> str:
    """Write rows of Markdown cells as a table, the first row its head."""
    columns = max(len(row) for row in rows)
    filled = [[_in_cell(cell) for cell in row] + [""] * (columns - len(row)) for row in rows]
    head, *body = [f"| {' | '.join(row)} |" for row in filled]
    return "\n".join([head, f"|{' --- |' * columns}", *body])


def _rows(table: Element) -> list[Element]:
    rows: list[Element] = []
    for child in table.children:
        if isinstance(child, Element):
            if child.tag == "tr":
                rows.append(child)
            elif child.tag in {"thead", "tbody", "tfoot"}:
                rows.extend(row for row in child.children if isinstance(row, Element) and row.tag == "tr")
    return rows


def _breaks(cell: Element) -> int:
    return sum(1 for below in cell.walk() if below.tag in {"br", "p", "div"})


def _in_cell(markdown: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", markdown)

"""CSV as people keep it: columns are found by their names, and every row that cannot be read is told with its line."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from recado.errors import Problem
from recado.speech import _
from recado.store.yaml_faults import merge_conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")


class CellError(ValueError):
    """A cell does not say what its column is for; the text says what stands there and what is expected."""


class Row(NamedTuple):
    """One row below the first line, by the names of its columns."""

    line: int
    cells: dict[str, str]

    def read(self, column: str, read: Callable[[str], T], expected: str) -> T:
        """Read one cell, without the spaces around it. Raises CellError where `read` raises ValueError."""
        text = self.cells[column].strip()
        try:
            return read(text)
        except ValueError:
            raise CellError(
                _("`{column}` is {text!r}; {expected}").format(column=column, text=text, expected=expected)
            ) from None


def read_rows(text: str, columns: Sequence[str], file: str, problems: list[Problem]) -> Iterator[Row]:
    """Go through the rows of a table that needs these columns; what cannot be read is added to `problems`."""
    conflict = merge_conflict(text)
    if conflict is not None:
        problems.append(Problem(file, conflict.line, conflict.text))
        return
    reader = csv.reader(StringIO(text, newline="\n"))
    head: list[str] | None = None
    try:
        for cells in reader:
            if not cells:
                continue
            if head is None:
                head = [cell.strip() for cell in cells]
                if not set(columns) <= set(head):
                    said = _("the first line names no columns {missing}; expected {columns}")
                    missing = ", ".join(column for column in columns if column not in head)
                    problems.append(Problem(file, reader.line_num, said.format(missing=missing, columns=",".join(columns))))
                    return
            elif len(cells) != len(head):
                said = _("this row has {number} cells; expected {wanted}, as the first line names them: {columns}")
                text = said.format(number=len(cells), wanted=len(head), columns=",".join(head))
                problems.append(Problem(file, reader.line_num, text))
            else:
                yield Row(reader.line_num, dict(zip(head, cells, strict=True)))
    except csv.Error as error:
        if "new-line" in str(error):
            said = _("a line ends with a carriage return alone; expected the file saved with line ends of Unix (LF)")
        else:  # a cell of more than 128 KiB
            said = _("this row is too long; expected a quote that is closed on its line")
        problems.append(Problem(file, reader.line_num, said))


def cells_of(line: str) -> list[str]:
    """Read the cells of one line. None where it cannot be read alone: it holds line ends, or a cell without end."""
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []

"""What is given once: a ref to one task, a number to one invoice. A second file that claims it is told of, and left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.errors import Problem
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from recado.model.invoice import Invoice
    from recado.model.ref import Ref
    from recado.model.task import Task


def each_once(found: Iterable[tuple[Task | None, str]], problems: list[Problem]) -> tuple[Task, ...]:
    """Give the tasks that were read, each with what errors call its file, in the order of their refs; a ref is one task's."""
    tasks: dict[Ref, Task] = {}
    for task, file in found:
        if task is None:
            continue
        if task.ref in tasks:
            problems.append(repeated(file, task.ref, f"{tasks[task.ref].name}.md"))
            continue
        tasks[task.ref] = task
    return tuple(tasks[ref] for ref in sorted(tasks))


def issued_once(
    found: Iterable[tuple[Invoice | None, str]], shown_as: Callable[[str], str], problems: list[Problem]
) -> list[tuple[Invoice, str]]:
    """Give the issued ones among invoices that were read, each with its file, newest first; a number is one invoice's."""
    invoices: dict[str, tuple[Invoice, str]] = {}
    for invoice, path in found:
        if invoice is None or not invoice.is_issued or invoice.number is None:
            continue
        page = invoice.number.casefold()  # many disks, and many who type an address, do not tell a from A
        if page in invoices:
            problems.append(Problem(shown_as(path), 1, _taken(invoice.number, invoices[page][0].number)))
            continue
        invoices[page] = (invoice, path)
    return sorted(invoices.values(), key=lambda one: (str(one[0].issued), str(one[0].number)), reverse=True)


def repeated(file: str, ref: Ref, first: str) -> Problem:
    """Say that a task's ref is another's already."""
    said = _("{ref} is already {other}; expected a number of its own (`recado task new` gives one)")
    return Problem(file, 1, said.format(ref=ref, other=first))


def _taken(number: str, other: str | None) -> str:
    if number == other:
        return _("the number {number} stands in another file too; expected each number once").format(number=number)
    said = _("the number {number} differs from {other}, of another file, by its capitals alone; expected more of a difference")
    return said.format(number=number, other=other)

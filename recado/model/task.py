"""A task: the work, in the VA's words, and what the front matter of its file says about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recado.model.quick_state import quick_state
from recado.model.status import Status, Turn, is_open, turn_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from recado.model.address import Person
    from recado.model.ref import Ref

# Bodies come from mail: no part of this may try the same signs twice, or a mail of blank lines would hold the build up.
_CHECK = re.compile(r"[ \t]*[-*+][ \t]+\[(?P<mark>[ xX])\][ \t]+(?P<text>\S(?:[^\n]*\S)?)[ \t\r]*")


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a task's checklist."""

    text: str
    is_done: bool


@quick_state
@dataclass(frozen=True, slots=True)
class Task:
    """One task. `name` is its file's name without `.md`: `0042-december-posts`; `estimate` is in minutes.

    `merged_into`: the task of the same client that it went into, and where it goes on; None where it is one of its own.
    """

    ref: Ref
    name: str
    title: str
    status: Status = Status.NEW
    important: bool = False
    urgent: bool = False
    service: str | None = None
    received: datetime | None = None
    due: date | datetime | None = None
    estimate: int | None = None
    requester: Person | None = None
    assignee: str | None = None
    message: str | None = None
    merged_into: Ref | None = None
    body: str = ""

    @property
    def turn(self) -> Turn:
        """Tell who moves next."""
        return turn_of(self.status)

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to be done."""
        return is_open(self.status)

    @property
    def checklist(self) -> tuple[Check, ...]:
        """Read the ticked and unticked lines of the body, in their order."""
        if "[" not in self.body:
            return ()
        return tuple(found for line in self.body.split("\n") if (found := check_in(line)))


def check_in(line: str) -> Check | None:
    """Read a line of a body as one of a checklist: `- [x] Twelve texts`. None where it is none."""
    found = _CHECK.fullmatch(line)
    return Check(found["text"], found["mark"] != " ") if found else None


def number_in_name(name: str) -> int | None:
    """Read the number a task's file name starts with: `0042-december-posts` gives 42. None where there is none."""
    digits = re.match(r"(\d{1,9})(?=-|$)", name, re.ASCII)
    number = int(digits[1]) if digits else 0
    return number or None

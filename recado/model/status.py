"""What state a task is in and, from that, whose turn it is."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """`new` → `accepted` → `doing` ⇄ `waiting` → `review` → `approval` → `done`; `cancelled` from any (DESIGN, section 3)."""

    NEW = "new"
    ACCEPTED = "accepted"
    DOING = "doing"
    WAITING = "waiting"
    REVIEW = "review"
    APPROVAL = "approval"
    DONE = "done"
    CANCELLED = "cancelled"


class Turn(StrEnum):
    """Who moves next: the groups in which a client sees their work."""

    CLIENT = "turn"
    PRACTICE = "doing"
    LATER = "next"
    NOBODY = "done"


_TURNS = {
    Status.NEW: Turn.LATER,
    Status.ACCEPTED: Turn.LATER,
    Status.DOING: Turn.PRACTICE,
    Status.WAITING: Turn.CLIENT,
    Status.REVIEW: Turn.PRACTICE,
    Status.APPROVAL: Turn.CLIENT,
    Status.DONE: Turn.NOBODY,
    Status.CANCELLED: Turn.NOBODY,
}


def turn_of(status: Status) -> Turn:
    """Tell who moves next while a task has this status."""
    return _TURNS[status]


def is_open(status: Status) -> bool:
    """Tell whether something is still to be done."""
    return _TURNS[status] is not Turn.NOBODY
